import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decide, partsOf, undrawable } from '../../static/snippet/whole.js';

/** @type {{now: string, page: string, cases: {name: string, fails: string[], message: any}[]}} */
const { now, page, cases } = JSON.parse(readFileSync(new URL('../contract/messages.json', import.meta.url), 'utf8'));

/** Enough of a document to try whether something can be drawn. */
const document = /** @type {any} */ ({ createElement: () => ({ append() {}, setAttribute() {} }) });

/** @param {import('../../static/snippet/types.js').Message} message */
const failing = (message) =>
  decide(message, {
    enabled: true,
    known: false,
    slots: [],
    now: Date.parse(now),
    parts: partsOf(page),
    memory: () => ({ views: 0, lastView: 0, ended: false }),
    undrawable: (message) => undrawable(message, document),
  }).map(({ gate }) => gate);

test('there are cases that may be shown and cases that may not', () => {
  assert.ok(cases.filter(({ fails }) => !fails.length).length > 50);
  assert.ok(cases.filter(({ fails }) => fails.length).length > 50);
});

for (const { name, fails, message } of cases) {
  test(name, () => assert.deepEqual(failing(message), fails));
}
