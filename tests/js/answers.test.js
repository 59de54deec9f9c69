import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { question } from '../../static/snippet/parts/fields.js';

const { longest, cases } = JSON.parse(readFileSync(new URL('../contract/answers.json', import.meta.url), 'utf8'));

/** Enough of a node to be asked what was answered. @param {string} _tag @param {object} [properties] @param {any[]} [items] @param {(item: any) => any} [draw] @returns {any} */
function make(_tag, properties, items = [], draw = String) {
  items.map(draw);
  return { setAttribute() {}, ...properties };
}

test('there is a case that is chosen, one that is scored and one that is typed', () => {
  const kinds = cases.map((/** @type {any} */ { question }) => question.kind);
  for (const kind of ['single', 'rating', 'nps', 'text']) assert.ok(kinds.includes(kind), kind);
});

for (const { question: asked, choices } of cases) {
  test(`what can be answered to a question of the kind ${asked.kind}`, () => {
    const { inputs, read } = /** @type {{inputs: any[], read: () => unknown}} */ (question(asked, make));
    if (!choices.length)
      return assert.deepEqual(
        inputs.map(({ maxLength }) => maxLength),
        [longest],
      );
    assert.equal(inputs.length, choices.length);
    for (const [at, choice] of choices.entries()) {
      for (const [place, input] of inputs.entries()) input.checked = place === at;
      assert.deepEqual([read()].flat(), [choice]);
    }
  });
}
