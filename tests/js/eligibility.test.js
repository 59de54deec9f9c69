import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decide, eligible, matches, nextBoundary, pageDecision, partsOf } from '../../static/snippet/whole.js';
import { anything, randomly } from './random.js';

/** @typedef {import('../../static/snippet/types.js').Message} Message */

const contract = JSON.parse(readFileSync(new URL('../contract/decision.json', import.meta.url), 'utf8'));

/** A message that passes every gate, changed. @param {object} [changes] @returns {Message} */
const message = (changes) => ({
  id: 'm1',
  version: 1,
  schedule: { starts_at: null, ends_at: null },
  page_rules: [],
  frequency: { limit: null, gap_seconds: 0, after_click: 'end' },
  display: { kind: 'modal', position: 'center', width: 480 },
  parts: [],
  steps: [],
  ...changes,
});

/** @param {any} [changes] */
function situation(changes = {}) {
  const memory = changes.memory ?? { views: 0, lastView: 0, ended: false };
  const parts = partsOf(contract.page);
  return { enabled: true, known: false, now: contract.now, parts, slots: [], ...changes, memory: () => memory };
}

test('there are cases of both outcomes', () => {
  for (const cases of [contract.rules, contract.pages]) {
    assert.deepEqual(new Set(cases.map((/** @type {any} */ { matches }) => matches)), new Set([true, false]));
  }
  assert.ok(contract.gates.some((/** @type {any} */ { failed }) => !failed.length));
});

for (const { part, match, value, url, matches: expected } of contract.rules) {
  test(`${part} ${match} ${value} ${expected ? 'matches' : 'does not match'} ${url}`, () => {
    assert.equal(matches({ effect: 'include', part, match, value }, partsOf(url)), expected);
  });
}

for (const { name, rules, url, matches: expected, decider } of contract.pages) {
  test(`page rules: ${name}`, () => {
    const { reason, rule } = pageDecision(rules, partsOf(url));
    assert.deepEqual([!reason, rule], [expected, decider === null ? null : rules[decider]]);
  });
}

for (const { name, message: changes, context, failed } of contract.gates) {
  test(`gates: ${name}`, () => {
    const found = decide(message(changes), situation(context));
    assert.deepEqual(
      found.map(({ gate, reason }) => [gate, reason]),
      failed,
    );
    assert.equal(eligible(message(changes), situation(context)), !failed.length);
  });
}

for (const { name, message: changes, gates } of contract.unknown) {
  test(`not understood, so not shown: ${name}`, () => {
    const context = situation({ memory: { views: 1, lastView: contract.now - 1, ended: false } });
    assert.deepEqual(
      decide(message(changes), context).map(({ gate }) => gate),
      gates,
    );
  });
}

test('an address that is none is an error for who asks, not a match', () => {
  assert.throws(() => partsOf('/pricing'), TypeError);
});

test('a regex sees the first 2,048 characters of a text', () => {
  /** @param {number} length */
  const found = (length) =>
    matches(
      { effect: 'include', part: 'path', match: 'regex', value: 'x$' },
      partsOf(`https://shop.example/${'a'.repeat(length)}x`),
    );
  assert.deepEqual([found(2046), found(2047)], [true, false]);
});

test('a gate that is not reached costs nothing', () => {
  const { memory, ...context } = situation({ enabled: false });
  const never = () => assert.fail('asked for the memory of a message that is not enabled');
  assert.equal(eligible(message(), { ...context, memory: never }), false);
});

test('the next boundary is the nearest start or end to come', () => {
  const at = (/** @type {number} */ seconds) => new Date(contract.now + seconds * 1000).toISOString();
  const messages = [
    message({ schedule: { starts_at: at(-10), ends_at: at(60) } }),
    message({ schedule: { starts_at: at(30), ends_at: null } }),
    message({ schedule: null }),
    message({ schedule: { starts_at: 'soon', ends_at: null } }),
  ];
  assert.equal(nextBoundary(messages, contract.now), contract.now + 30_000);
  assert.equal(nextBoundary([message()], contract.now), Infinity);
  assert.equal(nextBoundary([], contract.now), Infinity);
});

/** What a wildcard means, in so many words. @param {string} text @param {string} value @returns {boolean} */
function fits(text, value) {
  if (!value) return !text;
  if (value[0] !== '*') return text[0] === value[0] && fits(text.slice(1), value.slice(1));
  return fits(text, value.slice(1)) || (text !== '' && fits(text.slice(1), value));
}

test('a wildcard matches what its definition says, on 20,000 random pairs', () => {
  const random = randomly(1);
  const seen = new Set();
  for (let i = 0; i < 20_000; i++) {
    const text = `/${random.text('ab', 8)}`;
    const value = random.text('ab*', 6).replace(/^/, random.pick(['/', '*', '']));
    const expected = fits(text, value);
    const rule = /** @type {const} */ ({ effect: 'include', part: 'path', match: 'wildcard', value });
    assert.equal(matches(rule, partsOf(`https://shop.example${text}`)), expected, `${value} on ${text}`);
    seen.add(expected);
  }
  assert.equal(seen.size, 2);
});

test('no manifest and no memory, however random, makes a decision throw, or pass what it cannot read', () => {
  const random = randomly(2);
  for (let i = 0; i < 5_000; i++) {
    const broken = /** @type {any} */ (message());
    const field = random.pick(['schedule', 'page_rules', 'frequency', 'display']);
    broken[field] = anything(random, 3);
    const failed = decide(broken, situation());
    assert.ok(Array.isArray(failed));
    if (field !== 'page_rules') assert.notEqual(failed.length, 0, JSON.stringify(broken));
    assert.ok(decide(anything(random, 2), situation()).length > 0);
  }
});

test('whatever the page rules, an exclude that matches keeps a message away', () => {
  const random = randomly(3);
  const url = 'https://shop.example/pricing';
  const rule = () =>
    /** @type {import('../../static/snippet/types.js').Rule} */ ({
      effect: random.pick(['include', 'exclude']),
      part: random.pick(['url', 'host', 'path', 'query', 'hash']),
      match: random.pick(['is', 'contains', 'starts_with', 'ends_with', 'wildcard']),
      value: random.pick(['/pricing', 'shop', '', '*', 'x', '/pric*']),
    });
  for (let i = 0; i < 2_000; i++) {
    const rules = random.list(6, rule);
    const includes = rules.filter(({ effect }) => effect === 'include');
    const excludes = rules.filter(({ effect }) => effect === 'exclude');
    const hits = (/** @type {typeof rules} */ some) => some.some((one) => matches(one, partsOf(url)));
    const expected = !hits(excludes) && (!includes.length || hits(includes));
    assert.equal(!pageDecision(rules, partsOf(url)).reason, expected, JSON.stringify(rules));
  }
});
