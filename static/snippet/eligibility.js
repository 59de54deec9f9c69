/**
 * Who sees what, on which page, when: the one definition of it. Pure: no DOM, no globals of the page, no clock.
 * The snippet decides with it; the builder's address tester and explanations import this very module.
 *
 * @import {Context, Display, Failure, Message, Parts, Rule} from './types.js'
 */

/** Longest pattern that is compiled and longest text it is tried on (the bounds that keep a regex harmless). */
const LONGEST_PATTERN = 200;
const LONGEST_TEXT = 2048;

/** What a rule, a time or a display says that this snippet does not know: never shown, never an exception. */
const UNKNOWN = 'not understood';

/** @type {Map<string, RegExp>} */
const patterns = new Map();

/** @param {string} source */
function pattern(source) {
  let found = patterns.get(source);
  if (!found) {
    if (source.length > LONGEST_PATTERN) throw UNKNOWN;
    patterns.set(source, (found = new RegExp(source, 'i')));
  }
  return found;
}

/**
 * Each match as a function of the text and the rule's value; both are in lower case but for regex.
 * @type {Map<string, (text: string, value: string) => boolean>}
 */
const MATCHES = new Map([
  ['is', (text, value) => text === value],
  ['contains', (text, value) => text.includes(value)],
  ['starts_with', (text, value) => text.startsWith(value)],
  ['ends_with', (text, value) => text.endsWith(value)],
  ['wildcard', wildcard],
  ['regex', (text, value) => pattern(value).test(text.slice(0, LONGEST_TEXT))],
]);

/**
 * Whether the whole text fits, `*` standing for any characters. Each piece is looked for once, left to right.
 * @param {string} text @param {string} value
 */
function wildcard(text, value) {
  const pieces = value.split('*');
  const last = pieces.length - 1;
  if (!last) return text === value;
  const end = text.length - String(pieces[last]).length;
  if (!text.endsWith(String(pieces[last]))) return false;
  let at = 0;
  for (let i = 0; i < last; i++) {
    const piece = String(pieces[i]);
    const found = i ? text.indexOf(piece, at) : text.startsWith(piece) ? 0 : -1;
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}

/** Percent-decoded where that is possible; a malformed escape stays as it is. @param {string} text */
function decoded(text) {
  return text.replace(/(%[\da-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/** One trailing slash less. @param {string} path */
const bare = (path) => (path.endsWith('/') ? path.slice(0, -1) : path);

/**
 * An address taken apart as page rules see it. Throws TypeError when it is no absolute URL.
 * @param {string} href
 * @returns {Parts}
 */
export function partsOf(href) {
  const url = new URL(href);
  const params = /** @type {[string, string][]} */ ([]);
  url.searchParams.forEach((value, name) => {
    params[params.length] = [name, value];
  });
  return {
    url: url.href,
    host: [url.host, url.hostname],
    path: decoded(url.pathname),
    query: url.search.slice(1),
    hash: url.hash.slice(1),
    params,
  };
}

/** The texts that a rule is tried on, and the value to try. @param {Rule} rule @param {Parts} parts */
function subject({ part, match, value }, parts) {
  const at = part === 'query' ? value.indexOf('=') : 0;
  const name = value.slice(0, at).toLowerCase();
  // A pattern with special characters before its = is one for the whole query.
  if (at > 0 && !(/^(wildcard|regex)$/.test(match) && /[*^$()[\]{}+?\\|]/.test(name))) {
    const texts = [];
    for (const [key, text] of parts.params) if (key.toLowerCase() === name) texts[texts.length] = text;
    return { texts, value: value.slice(at + 1) };
  }
  if (part === 'host') return { texts: parts.host, value };
  if (!/^(url|path|query|hash)$/.test(part)) throw UNKNOWN;
  if (part === 'path' && match === 'is') return { texts: [bare(parts.path)], value: bare(value) };
  return { texts: [parts[part]], value };
}

/**
 * Whether a rule's condition holds for an address, whatever its effect. Throws for words it does not know and for a
 * regex that cannot be read.
 * @param {Rule} rule @param {Parts} parts
 */
export function matches(rule, parts) {
  const test = MATCHES.get(rule.match);
  if (!test) throw UNKNOWN;
  const { texts, value } = subject(rule, parts);
  const pick =
    rule.match === 'regex' ? (/** @type {string} */ text) => text : (/** @type {string} */ text) => text.toLowerCase();
  for (const text of texts) if (test(pick(text), pick(value))) return true;
  return false;
}

/**
 * What the page rules of a message say about an address, and the rule that decided: the excluding one, the including
 * one, the one that was not understood, or null where no single rule did.
 * @param {Rule[]} rules @param {Parts | string} page
 * @returns {{matches: boolean, rule: Rule | null, reason?: string}}
 */
export function pageDecision(rules, page) {
  const parts = typeof page === 'string' ? partsOf(page) : page;
  let included = null;
  let includes = 0;
  let excluded = null;
  for (const rule of rules) {
    try {
      if (rule.effect !== 'include' && rule.effect !== 'exclude') throw UNKNOWN;
      const hit = matches(rule, parts);
      if (rule.effect === 'include') {
        includes++;
        if (hit) included ||= rule;
      } else if (hit) excluded ||= rule;
    } catch {
      return { matches: false, rule, reason: UNKNOWN };
    }
  }
  if (excluded) return { matches: false, rule: excluded, reason: 'excluded by a rule' };
  if (includes && !included) return { matches: false, rule: null, reason: 'no rule matches' };
  return { matches: true, rule: included };
}

/** @param {string | null} iso */
function time(iso) {
  const ms = iso == null ? NaN : Date.parse(iso);
  if (iso != null && !(ms > 0)) throw UNKNOWN;
  return ms;
}

/** @param {Message} message @param {number} now */
function schedule({ schedule: { starts_at, ends_at } }, now) {
  if (time(starts_at) > now) return 'not started';
  return time(ends_at) <= now ? 'ended' : undefined;
}

/** @param {Message} message @param {Context} context */
function frequency({ id, frequency: { limit, gap_seconds, after_click } }, { memory, now }) {
  if (!/^(end|keep)$/.test(after_click) || !(limit === null || limit > 0) || !(gap_seconds >= 0)) throw UNKNOWN;
  const { views, lastView, ended } = memory(id);
  if (ended) return 'the visitor dismissed it or clicked';
  if (limit !== null && views >= limit) return 'limit reached';
  return views && now - lastView < gap_seconds * 1000 ? 'viewed too recently' : undefined;
}

const MODAL = 'center';
const PLACES = {
  modal: /^center$/,
  overlay: /^(top|bottom)-(left|center|right)$/,
  banner: /^(top|bottom)$/,
};

/** The corner or edge that a message takes; only one at a time may. @param {Display} display */
export function slot({ kind, position }) {
  const places = /^(modal|overlay|banner)$/.test(kind) && PLACES[kind];
  if (!places || !places.test(position)) throw UNKNOWN;
  return position;
}

/**
 * The gates in the order they are explained; each says why a message may not be shown, or nothing.
 * @type {[name: string, gate: (message: Message, context: Context) => string | undefined][]}
 */
const GATES = [
  ['enabled', (_, { enabled }) => (enabled ? undefined : 'the install tag does not say anonymousInApp: true')],
  ['anonymous', (_, { identified }) => (identified ? 'the visitor is identified' : undefined)],
  ['schedule', (message, { now }) => schedule(message, now)],
  ['page', (message, { parts }) => pageDecision(message.page_rules, parts).reason],
  ['frequency', frequency],
  ['content', (message, { undrawable }) => undrawable?.(message)],
  [
    'slot',
    ({ display }, { busy, slots = [] }) => {
      const wanted = slot(display);
      if (busy) return 'the page shows a modal of its own';
      for (const taken of slots) if (taken === wanted || taken === MODAL) return 'another message is shown there';
    },
  ],
];

/**
 * The gates that keep a message from being shown, one after the other, so that a caller who wants only the first pays
 * for no more. A gate that cannot read the message says so and is not passed.
 * @param {Message} message @param {Context} context
 * @returns {Generator<Failure, void>}
 */
function* failures(message, context) {
  for (const [gate, test] of GATES) {
    let reason;
    try {
      reason = test(message, context);
    } catch {
      reason = UNKNOWN;
    }
    if (reason) yield { gate, reason };
  }
}

/**
 * Every gate that failed, with its reason; empty when the message may be shown.
 * @param {Message} message @param {Context} context
 */
export const decide = (message, context) => [...failures(message, context)];

/** Whether no gate fails. @param {Message} message @param {Context} context */
export const eligible = (message, context) => failures(message, context).next().done === true;

/**
 * The messages in the order they are decided: priority, first launch, id. What is no message is left out.
 * @param {Message[]} messages
 */
export function ordered(messages) {
  const kept = [];
  for (const message of messages) if (message && typeof message === 'object') kept[kept.length] = message;
  return kept.sort((a, b) => a.priority - b.priority || order(a.launched_at, b.launched_at) || order(a.id, b.id));
}

/** @param {string} a @param {string} b */
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The next moment at which some message starts or ends, in ms; Infinity when there is none.
 * @param {Message[]} messages @param {number} now
 */
export function nextBoundary(messages, now) {
  let next = Infinity;
  for (const { schedule } of messages) {
    for (const iso of [schedule?.starts_at, schedule?.ends_at]) {
      const at = Date.parse(iso ?? '');
      if (at > now && at < next) next = at;
    }
  }
  return next;
}
