/**
 * Part `explain`: why each message is shown or not. Only who asks fetches it.
 *
 * @import {Core, Failure, Gate, Test} from '../types.js'
 */

/** Why a condition is not met, by its type; each is a gate of its own. @type {Record<string, string>} */
const CONDITIONS = {
  // @ts-expect-error so that a type called constructor is unknown
  __proto__: null,
  device: 'other',
  language: 'other',
  referrer: 'other',
  utm: 'other',
  visitor: 'other',
  pages: 'few',
  seconds: 'soon',
  scroll: 'above',
  exit: 'staying',
  element: 'absent',
  clicked: 'unclicked',
  tracked: 'untracked',
};

/** The gate of the conditions of one type. @param {string} wanted @param {Record<string, Test>} tests @returns {Gate} */
const unmet =
  (wanted, tests) =>
  ({ conditions = [] }) =>
    conditions.some((condition) => condition.type === wanted && !tests[wanted]?.met(condition));

/**
 * The gates in the order they are explained: the name, the function, and the reason where there is but one.
 * @param {Core} core @returns {[name: string, gate: Gate | undefined, only?: string][]}
 */
const inOrder = ({ gates, isControl, tests = {} }) => [
  ['enabled', gates.isOff, 'off'],
  ['anonymous', gates.isKnown, 'known'],
  ['consent', gates.isUnagreed, 'consent'],
  ['schedule', gates.isOutOfSeason],
  ['page', gates.isElsewhere],
  [
    'conditions',
    ({ conditions = [] }) => gates.isUnmet && !conditions.every(({ type }) => type in CONDITIONS) && 'unknown',
  ],
  ...Object.entries(CONDITIONS).map(
    ([type, only]) => /** @type {[string, Gate, string]} */ ([type, unmet(type, tests), only]),
  ),
  ['frequency', gates.hasEnded, 'ended'],
  ['frequency', gates.isTooOften],
  ['daily', gates.isEnough, 'enough'],
  ['holdout', isControl, 'control'],
  ['content', gates.isUndrawable],
  ['slot', gates.isCrowdedOut, 'taken'],
];

/** @param {Core} core */
export default function register(core) {
  // Where it fails, the core does not even begin.
  core.gates.isOff = (_, { enabled }) => !enabled;

  core.undrawable = (message, document) => {
    try {
      core.build(message, document);
      if (message.theme) core.looksOf?.(message.theme, 'light dark');
    } catch (problem) {
      return typeof problem === 'string' ? `unknown ${problem}` : 'unknown';
    }
  };

  core.decide = (message, context) => {
    /** @type {Failure[]} */
    const failed = [];
    for (const [gate, test, only] of inOrder(core)) {
      const said = test && core.asks(test, message, context);
      const reason = said === true ? `${only}` : said;
      if (reason && failed.at(-1)?.gate !== gate) failed.push({ gate, reason });
    }
    return failed;
  };

  // Only here it is tried beforehand whether a message can be drawn: to show one, it is simply drawn.
  core.why = (messages, shown, situation) => {
    const now = situation();
    const { undrawable } = now;
    now.undrawable = (message) => undrawable?.(message) ?? (message.steps && core.undrawable(message, document));
    // What is on screen has passed, though its own view and place now seem to speak against it.
    return messages.map((message) => ({
      message: message.id,
      shown: shown.has(message.id),
      failed: shown.has(message.id) ? [] : core.decide(message, now),
    }));
  };
}
