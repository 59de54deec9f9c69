/**
 * Who sees what, on which page, when: the one definition of it. Pure: no DOM, no globals of the page, no clock.
 * The snippet decides with it; the builder's address tester and explanations import this very module.
 *
 * @import {Context, Failure, Message, Parts, Rule} from './types.js'
 */
import { core } from './core.js';

/** The reason where something is not understood: such a message is never shown, and it is never an exception. */
const UNKNOWN = 'unknown';

/** @returns {never} */
function fail() {
  throw UNKNOWN;
}

// Each match as a function of a text and the rule's value, in lower case but for a regex. Part `patterns` adds to them.
core.matches = {
  // @ts-expect-error so that a match called constructor is unknown
  __proto__: null,
  is: (text, value) => text === value,
  contains: (text, value) => text.includes(value),
  starts_with: (text, value) => text.startsWith(value),
  ends_with: (text, value) => text.endsWith(value),
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
    // @ts-expect-error as above
    __proto__: null,
    url: [href],
    host: [host, hostname],
    path: [decoded(pathname)],
    query: [search.slice(1)],
    hash: [hash.slice(1)],
    params: searchParams,
  };
}

/** @param {string} text */
const lower = (text) => text.toLowerCase();

/**
 * Whether a rule's condition holds for an address, whatever its effect. Throws for words it does not know and for a
 * regex that cannot be read.
 * @param {Rule} rule @param {Parts} parts
 */
export function matches({ part, match, value }, parts) {
  const [texts, wanted] = core.readers[part]?.(value, parts) ?? [parts[part], value];
  const test = core.matches[match] ?? fail();
  const same = (/** @type {string} */ text) => {
    if (match === 'regex') return text;
    return part + match === 'pathis' ? lower(text).replace(/\/$/, '') : lower(text);
  };
  for (const text of texts) if (test(same(text), same(wanted))) return true;
  return false;
}

/**
 * Why the page rules of a message keep it from an address, '' where they do not, and the rule that decided: the excluding
 * one, the including one, the one that was not understood, or null where no single rule did.
 * @param {Rule[]} rules @param {Parts} parts
 */
export function pageDecision(rules, parts) {
  /** @type {Record<string, Rule | null>} */
  const first = { include: null, exclude: null };
  let asked = false;
  for (const rule of rules) {
    try {
      const { effect } = rule;
      if (!/^(in|ex)clude$/.test(effect)) fail();
      asked ||= effect === 'include';
      if (matches(rule, parts)) first[effect] ??= rule;
    } catch {
      return { rule, reason: UNKNOWN };
    }
  }
  const { include, exclude } = first;
  return { rule: exclude ?? include ?? null, reason: exclude ? 'excluded' : asked && !include ? 'elsewhere' : '' };
}

/**
 * The gates in the order they are explained; each says why a message may not be shown, or nothing. What cannot be read
 * does not pass: the comparisons are so made that NaN fails them.
 * @type {[name: string, gate: (message: Message, context: Context) => string | false | undefined][]}
 */
const GATES = [
  ['enabled', (_, { enabled }) => !enabled && 'off'],
  ['anonymous', (_, { identified }) => identified && 'known'],
  ['schedule', (message, context) => core.schedule?.(message, context)],
  ['page', ({ page_rules }, { parts }) => pageDecision(page_rules, parts).reason],
  [
    'frequency',
    (message, context) => {
      if (!/^(end|keep)$/.test(message.frequency.after_click)) fail();
      return context.memory(message.id).ended ? 'ended' : core.frequency?.(message, context);
    },
  ],
  ['content', (message, { undrawable }) => undrawable?.(message)],
  [
    'slot',
    ({ display: { kind, position } }, { slots = [] }) => {
      if (!core.kinds[kind]?.places.test(position)) fail();
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
