import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.js';

const NEW = { views: 0, lastView: 0, ended: false };

test('a visitor who saw nothing has no memory of it', async () => {
  const { memoryOf } = await new Browser().load('memory');
  assert.deepEqual(memoryOf('anna')('m1'), NEW);
});

test('views are counted for each visitor and message, across pages', async () => {
  const browser = new Browser();
  for (const now of [1000, 2000]) (await browser.load('memory')).recordView('anna', 'm1', now);
  const { memoryOf } = await browser.load('memory');
  assert.deepEqual(memoryOf('anna')('m1'), { views: 2, lastView: 2000, ended: false });
  assert.deepEqual([memoryOf('anna')('m2'), memoryOf('bob')('m1')], [NEW, NEW]);
});

test('what has ended stays ended, and its views stay counted', async () => {
  const { end, memoryOf, recordView } = await new Browser().load('memory');
  recordView('anna', 'm1', 1000);
  end('anna', 'm1');
  assert.deepEqual(memoryOf('anna')('m1'), { views: 1, lastView: 1000, ended: true });
  recordView('anna', 'm1', 2000);
  assert.deepEqual(memoryOf('anna')('m1'), { views: 2, lastView: 2000, ended: true });
});

test('the latest visitors are remembered, the others forgotten', async () => {
  const browser = new Browser();
  const { memoryOf, recordView } = await browser.load('memory');
  for (let i = 0; i < 100; i++) recordView(`visitor-${i}`, 'm1', 1000);
  assert.equal(memoryOf('visitor-99')('m1').views, 1);
  assert.equal(memoryOf('visitor-96')('m1').views, 1);
  assert.deepEqual(memoryOf('visitor-1')('m1'), NEW);
  assert.ok(String(browser.local['anonmsg:memory']).length < 500);
});

for (const [what, kept] of [
  ['no JSON', 'nonsense'],
  ['a list', '[1, 2]'],
  ['a number', '7'],
  ['a visitor who is no object', '{"anna": 3}'],
  ['a message that is no object', '{"anna": {"m1": "often"}}'],
  ['null', 'null'],
]) {
  test(`memory that is ${what} is like none`, async () => {
    const browser = new Browser();
    browser.local['anonmsg:memory'] = String(kept);
    const { memoryOf, recordView } = await browser.load('memory');
    assert.equal(memoryOf('anna')('m1').views, 0);
    recordView('anna', 'm1', 1000);
    assert.equal(memoryOf('anna')('m1').views, 1);
  });
}

test('names of what every object has are names like others', async () => {
  const { memoryOf, recordView } = await new Browser().load('memory');
  for (const name of ['constructor', 'toString', '__proto__']) {
    assert.deepEqual(memoryOf(name)(name), NEW);
    recordView('anna', name, 1000);
  }
  assert.equal(memoryOf('anna')('constructor').views, 1);
});
