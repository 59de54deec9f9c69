/** The content that did not fit into the manifest: fetched once, and there again whenever the manifest comes anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import register from '../../static/snippet/parts/fetch.js';

const CONTENT = '/v1/sites/k/content/m/0123.json';
const STEPS = [{ id: 's1', blocks: [] }];

/** A page whose server answers with these, one after the other. @param {...any} answers what is JSON, or throws */
function page(...answers) {
  /** @type {any} */
  const core = { server: 'https://a.example', detached: (/** @type {any} */ value) => value, reviews: 0 };
  core.review = () => {
    core.reviews += 1;
  };
  /** @type {string[]} */
  const asked = [];
  Object.defineProperty(globalThis, 'fetch', {
    configurable: true,
    value: async (/** @type {string} */ url) => {
      asked.push(url);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { json: async () => answer };
    },
  });
  register(core);
  return { core, asked };
}

/** As the manifest has it, each time another object. @returns {any} */
const message = () => ({ id: 'm', content: CONTENT });

test('it is fetched once, also for the same message of a manifest that came anew', async () => {
  const { core, asked } = page({ steps: STEPS });
  const [first, again, later] = [message(), message(), message()];
  await Promise.all([core.fetchSteps(first), core.fetchSteps(again)]);
  await core.fetchSteps(later);
  for (const each of [first, again, later]) assert.equal(each.steps, STEPS);
  assert.deepEqual(asked, [`https://a.example${CONTENT}`]);
  assert.equal(core.reviews, 3);
});

test('what cannot be fetched is asked for again by the next look, and not before', async () => {
  const { core, asked } = page(new TypeError('offline'), null, {}, { steps: STEPS });
  const tried = message();
  for (const _ of [1, 2, 3]) await core.fetchSteps(tried);
  assert.equal(tried.steps, undefined);
  assert.equal(core.reviews, 0, 'or it would be looked for again and again');
  await core.fetchSteps(tried);
  assert.equal(tried.steps, STEPS);
  assert.equal(asked.length, 4);
  assert.equal(core.reviews, 1);
});

test('a message without a path is not looked for', async () => {
  const { core, asked } = page();
  await core.fetchSteps({ id: 'm' });
  assert.deepEqual(asked, []);
});
