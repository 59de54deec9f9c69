/**
 * Times the snippet's own decisions. Reads `{messages, page, regexes: [{regex, texts}]}` and prints milliseconds:
 * `cold`, the first decision of all messages in a new process; `warm`, one on a page that has decided before; `rules`,
 * a hundred regex rules on the address that takes them the longest, by the length of the address.
 */
import { readFileSync } from 'node:fs';
import { eligible, matches, partsOf } from '../static/snippet/whole.js';

/** @type {{messages: any[], page: string, regexes: string[], texts: Record<string, string[]>}} */
const { messages, page, regexes, texts } = JSON.parse(readFileSync(0, 'utf8'));

const WARM = 50;

/** @param {() => void} task @returns {number} */
function timed(task) {
  const start = performance.now();
  task();
  return performance.now() - start;
}

/** @param {number[]} times */
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;

let shown = 0;
function decideAll() {
  const context = {
    enabled: true,
    known: false,
    slots: [],
    now: Date.now(),
    parts: partsOf(page),
    memory: () => ({ views: 0, lastView: 0, ended: false }),
  };
  shown = 0;
  for (const message of messages) if (eligible(message, context)) shown++;
}

const rules = regexes.map((value) => ({ effect: 'include', part: 'hash', match: 'regex', value }));

/** @param {string} text */
function tryAll(text) {
  const parts = { url: [], host: [], path: [], query: [], hash: [text], params: new URLSearchParams() };
  for (const rule of rules) matches(/** @type {any} */ (rule), parts);
}

/** @param {string[]} addresses */
const worst = (addresses) =>
  Math.max(...addresses.map((text) => Math.min(...[1, 2, 3].map(() => timed(() => tryAll(text))))));

const cold = timed(decideAll);
const warm = median(Array.from({ length: WARM }, () => timed(decideAll)));
const perHundred = Object.entries(texts).map(([length, addresses]) => [
  length,
  (worst(addresses) * 100) / regexes.length,
]);
console.log(JSON.stringify({ cold, warm, shown, rules: Object.fromEntries(perHundred) }));
