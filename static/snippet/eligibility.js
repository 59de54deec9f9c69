/**
 * Who sees what, on which page, when: the one definition of it. Pure: no DOM, no globals of the page, no clock.
 * The snippet decides with it; the builder's address tester and explanations import this very module.
 *
 * @import {Context, Failure, Message, Parts, Rule} from './types.js'
 */

/** The reason where something is not understood: such a message is never shown, and it is never an exception. */
const UNKNOWN = 'unknown';

/** The bounds that keep a regex harmless: characters of the pattern, and of the text that it is tried on. */
const LONGEST_PATTERN = 200;
const LONGEST_TEXT = 2048;

/** Stands for the ends of a text in wildcard(); in no address, since it is half a character. */
const EDGE = '\ud800';

/** @returns {never} */
function fail() {
  throw UNKNOWN;
}

/** @type {Map<string, RegExp>} */
const compiled = new Map();

/** @param {string} source */
function compile(source) {
  if (source.length > LONGEST_PATTERN) fail();
  const found = compiled.get(source) ?? new RegExp(source, 'i');
  compiled.set(source, found);
  return found;
}

/**
 * Whether the whole text fits, `*` standing for any characters: each piece is looked for once, left to right.
 * @param {string} text @param {string} value
 */
function wildcard(text, value) {
  const whole = EDGE + text + EDGE;
  let at = 0;
  for (const piece of (EDGE + value + EDGE).split('*')) {
    const found = whole.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

/**
 * Each match as a function of a text and the rule's value, in lower case but for a regex.
 * @type {Record<string, (text: string, value: string) => boolean>}
 */
const MATCHES = {
  // @ts-expect-error so that a match called constructor is unknown
  __proto__: null,
  is: (text, value) => text === value,
  contains: (text, value) => text.includes(value),
  starts_with: (text, value) => text.startsWith(value),
  ends_with: (text, value) => text.endsWith(value),
  wildcard,
  regex: (text, value) => compile(value).test(text.slice(0, LONGEST_TEXT)),
};

/** Percent-decoded; one that is malformed stays as it is. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * An address taken apart as page rules see it. Throws TypeError when it is no absolute URL.
 * @param {string} address
 * @returns {Parts}
 */
export function partsOf(address) {
  const { href, host, hostname, pathname, search, hash, searchParams } = new URL(address);
  return {
    // @ts-expect-error so that a part called constructor is unknown
    __proto__: null,
    url: [href],
    host: [host, hostname],
    path: [decoded(pathname)],
    query: [search.slice(1)],
    hash: [hash.slice(1)],
    params: searchParams,
  };
}

/** A value `name=value`; what stands before the = of a pattern is no name. */
const PARAMETER = /^([^=*^$()[\]+?\\|{}]+)=(.*)/s;

/** @param {string} text */
const lower = (text) => text.toLowerCase();

/** The values of a query parameter. @param {string} name @param {URLSearchParams} params */
function repeats(name, params) {
  /** @type {string[]} */
  const found = [];
  params.forEach((value, key) => lower(key) === lower(name) && found.push(value));
  return found;
}

/**
 * Whether a rule's condition holds for an address, whatever its effect. Throws for words it does not know and for a
 * regex that cannot be read.
 * @param {Rule} rule @param {Parts} parts
 */
export function matches({ part, match, value }, parts) {
  const [, name, rest = value] = (part === 'query' && PARAMETER.exec(value)) || [];
  const test = MATCHES[match] ?? fail();
  const same = (/** @type {string} */ text) => {
    if (match === 'regex') return text;
    return part + match === 'pathis' ? lower(text).replace(/\/$/, '') : lower(text);
  };
  for (const text of name ? repeats(name, parts.params) : parts[part]) if (test(same(text), same(rest))) return true;
  return false;
}

/**
 * What the page rules of a message say about an address, and the rule that decided: the excluding one, the including
 * one, the one that was not understood, or null where no single rule did.
 * @param {Rule[]} rules @param {Parts | string} page
 */
export function pageDecision(rules, page) {
  const parts = typeof page === 'string' ? partsOf(page) : page;
  /** @type {Rule | null} */
  let decider = null;
  let asked = false;
  for (const rule of rules) {
    const excludes = rule.effect === 'exclude';
    try {
      if (!excludes && rule.effect !== 'include') fail();
      asked ||= !excludes;
      if (matches(rule, parts) && (excludes ? decider?.effect !== 'exclude' : !decider)) decider = rule;
    } catch {
      return { matches: false, rule, reason: UNKNOWN };
    }
  }
  const matched = decider ? decider.effect === 'include' : !asked;
  return { matches: matched, rule: decider, reason: matched ? '' : decider ? 'excluded' : 'elsewhere' };
}

/**
 * The gates in the order they are explained; each says why a message may not be shown, or nothing. What cannot be read
 * does not pass: the comparisons are so made that NaN fails them.
 * @type {[name: string, gate: (message: Message, context: Context) => string | false | undefined][]}
 */
const GATES = [
  ['enabled', (_, { enabled }) => !enabled && 'off'],
  ['anonymous', (_, { identified }) => identified && 'known'],
  [
    'schedule',
    ({ schedule: { starts_at, ends_at } }, { now }) => {
      if (starts_at !== null && !(Date.parse(starts_at) <= now)) return 'early';
      return ends_at !== null && !(now < Date.parse(ends_at)) && 'over';
    },
  ],
  ['page', ({ page_rules }, { parts }) => pageDecision(page_rules, parts).reason],
  [
    'frequency',
    ({ id, frequency: { limit, gap_seconds, after_click } }, { memory, now }) => {
      const { views, lastView, ended } = memory(id);
      if (!/^(end|keep)$/.test(after_click)) fail();
      if (ended) return 'ended';
      if (limit !== null && !(views < limit)) return 'limit';
      return gap_seconds !== 0 && !(now - lastView >= gap_seconds * 1000) && 'gap';
    },
  ],
  ['content', (message, { undrawable }) => undrawable?.(message)],
  [
    'slot',
    ({ display: { kind, position } }, { slots = [] }) => {
      if (!/^(modal center|overlay (top|bottom)-(left|center|right)|banner (top|bottom))$/.test(`${kind} ${position}`))
        fail();
      for (const taken of slots) if (taken === position || taken === 'center') return 'taken';
    },
  ],
];

/**
 * Every gate that failed, with its reason; empty when the message may be shown.
 * @param {Message} message @param {Context} context @param {boolean} [hasty] stop at the first, which costs less
 */
export function decide(message, context, hasty) {
  /** @type {Failure[]} */
  const failed = [];
  for (const [gate, test] of GATES) {
    let reason;
    try {
      reason = test(message, context);
    } catch {
      reason = UNKNOWN;
    }
    if (reason) failed.push({ gate, reason });
    if (reason && hasty) break;
  }
  return failed;
}

/** Whether no gate fails. @param {Message} message @param {Context} context */
export const eligible = (message, context) => !decide(message, context, true)[0];

/** @param {any} a @param {any} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts messages into the order they are decided in: priority, first launch, id. @param {Message[]} messages */
export const ordered = (messages) =>
  messages.sort(
    (a, b) => compare(a.priority, b.priority) || compare(a.launched_at, b.launched_at) || compare(a.id, b.id),
  );

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
