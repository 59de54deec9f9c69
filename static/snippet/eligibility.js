/**
 * Who sees what, on which page, when: the one definition of it. Pure: no DOM, no globals of the page, no clock.
 * The snippet decides with it; the builder's address tester and explanations import this very module.
 *
 * @import {Context, Message, Parts, Rule} from './types.js'
 */
import { core } from './core.js';

/** The reason where something is not understood: such a message is never shown, and it is never an exception. */
const UNKNOWN = 'unknown';

/** @returns {never} */
function fail() {
  throw UNKNOWN;
}

// Each match as a function of a text and the rule's value, both in lower case, and of both as they are. Part `patterns` adds to them.
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
  const { href, host, hostname, pathname, search, hash } = new URL(address);
  return {
    // @ts-expect-error as above
    __proto__: null,
    url: [href],
    host: [host, hostname],
    path: [decoded(pathname)],
    query: [search.slice(1)],
    hash: [hash.slice(1)],
  };
}

/**
 * Whether a rule's condition holds for an address, whatever its effect. Throws for words it does not know and for a
 * regex that cannot be read.
 * @param {Rule} rule @param {Parts} parts
 */
export function matches({ part, match, value }, parts) {
  const [texts, wanted] = core.readers[part]?.(value, parts) ?? [parts[part], value];
  const test = core.matches[match] ?? fail();
  const same = (/** @type {string} */ text) =>
    part + match === 'pathis' ? text.toLowerCase().replace(/\/$/, '') : text.toLowerCase();
  for (const text of texts) if (test(same(text), same(wanted), text, wanted)) return true;
  return false;
}

/**
 * Why the page rules of a message keep it from an address, '' where they do not, and the rule that decided: the excluding
 * one, the including one, the one that was not understood, or null where no single rule did.
 * @param {Rule[]} rules @param {Parts} parts
 */
export function pageDecision(rules, parts) {
  /** @type {Rule | null} */
  let include = null;
  /** @type {Rule | null} */
  let exclude = null;
  let asked = false;
  for (const rule of rules) {
    try {
      const includes = rule.effect === 'include';
      if (!includes && rule.effect !== 'exclude') fail();
      asked ||= includes;
      if (matches(rule, parts)) includes ? (include ??= rule) : (exclude ??= rule);
    } catch {
      return { rule, reason: UNKNOWN };
    }
  }
  return { rule: exclude ?? include ?? null, reason: exclude ? 'excluded' : asked && !include ? 'elsewhere' : '' };
}

// The gates that every message has. Each says why a message may not be shown, true where there is but one reason, or something
// false. What cannot be read does not pass: the comparisons are so made that NaN fails them. Parts add gates of their own; part
// `explain` has their names.
core.gates = {
  // @ts-expect-error as above
  __proto__: null,
  isKnown: (_, { known }) => known,
  isElsewhere: ({ page_rules }, { parts }) => pageDecision(page_rules, parts).reason,
  hasEnded: ({ id, frequency: { after_click } }, { memory }) =>
    /^(end|keep)$/.test(after_click) ? memory(id).ended : UNKNOWN,
  isUndrawable: (message, { undrawable }) => undrawable?.(message),
  isCrowdedOut({ display: { kind, position } }, { slots = [] }) {
    if (!core.kinds[kind]?.places.test(position)) return UNKNOWN;
    for (const taken of slots) if (taken === position || taken === 'center') return true;
  },
};

/** What a gate says; what it cannot read does not pass. @type {import('./types.js').Core['asks']} */
core.asks = (gate, message, context) => {
  try {
    return gate(message, context);
  } catch {
    return UNKNOWN;
  }
};

/** Whether no gate fails. @param {Message} message @param {Context} context */
export function eligible(message, context) {
  // A list, since to go through an object without a prototype takes longer than most gates.
  for (const gate of (context.gates ??= Object.values(core.gates))) if (core.asks(gate, message, context)) return false;
  return true;
}
