/** Random things that are the same in every run. */

/** @param {number} seed */
export function randomly(seed) {
  let state = seed;
  /** 0 ≤ n < 1, by a linear congruential generator. */
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit);
  return {
    below,
    /** @template T @param {T[]} choices @returns {T} */
    pick: (choices) => /** @type {T} */ (choices[below(choices.length)]),
    /** @template T @param {number} longest @param {() => T} make @returns {T[]} */
    list: (longest, make) => Array.from({ length: below(longest + 1) }, make),
    /** @param {string} alphabet @param {number} longest */
    text: (alphabet, longest) =>
      Array.from({ length: below(longest + 1) }, () => alphabet[below(alphabet.length)]).join(''),
  };
}

const WORDS = [
  '',
  'include',
  'path',
  'is',
  'regex',
  '(',
  '__proto__',
  'constructor',
  'modal',
  'center',
  '2026-11-24',
  'end',
];
const KEYS = [
  'effect',
  'part',
  'match',
  'value',
  'kind',
  'position',
  'limit',
  'starts_at',
  '__proto__',
  'length',
  'steps',
];

/**
 * Any JSON value, made of words that the snippet knows and of others.
 * @param {ReturnType<typeof randomly>} random @param {number} depth
 * @returns {any}
 */
export function anything(random, depth) {
  const kind = random.below(depth ? 8 : 6);
  if (kind === 6) return random.list(3, () => anything(random, depth - 1));
  if (kind === 7) return JSON.parse(`{${random.list(4, () => member(random, depth)).join()}}`);
  return [null, true, random.below(100) - 50, random.pick(WORDS), 1e308, random.pick(WORDS)][kind];
}

/** @param {ReturnType<typeof randomly>} random @param {number} depth */
const member = (random, depth) => `${JSON.stringify(random.pick(KEYS))}:${JSON.stringify(anything(random, depth - 1))}`;
