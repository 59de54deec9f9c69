import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, reply } from './browser.js';

const SERVER = 'https://anonmsg.example';

/**
 * Opens a page whose timers stand still until they are run.
 * @param {Browser} browser @param {import('node:test').TestContext} t @param {number} [minute] of its clock
 */
async function page(browser, t, minute = 0) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 24, 6, minute) });
  const module = await browser.load('report');
  module.open(SERVER, 'KEY', true);
  return module;
}

/** Lets time pass, and what waits for promises happen. @param {import('node:test').TestContext} t @param {number} ms */
async function pass(t, ms) {
  for (let gone = 0; gone < ms; gone += 100) {
    t.mock.timers.tick(100);
    for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done));
  }
}

/** @param {Browser} browser @returns {number[][]} the calls of each batch */
const numbers = (browser) => browser.sent.map(({ body }) => body.batch.map((/** @type {any} */ { n }) => n));
/** @param {Browser} browser */
const kept = (browser) => Object.keys(browser.local).filter((key) => key.startsWith('anonmsg:call:')).length;

test('calls made in one breath are one batch, in order, within two seconds', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  for (let n = 0; n < 20; n++) report({ n });
  await pass(t, 200);
  assert.equal(kept(browser), 20);
  await pass(t, 1900);
  assert.deepEqual(numbers(browser), [Array.from({ length: 20 }, (_, n) => n)]);
  assert.equal(kept(browser), 0);
  const [{ url, method, keepalive, credentials, headers, body }] = browser.sent;
  // Without headers a text is sent as text/plain, for which no browser asks beforehand.
  assert.deepEqual(
    { url, method, keepalive, credentials, headers },
    { url: `${SERVER}/v1/b`, method: 'POST', keepalive: true, credentials: 'omit', headers: undefined },
  );
  assert.equal(body.writeKey, 'KEY');
  assert.ok(Date.parse(body.sentAt));
});

for (const [enabled, text, setup] of /** @type {const} */ ([
  [true, '', [true, 0]],
  [false, 'x("Snippet included twice.");', [false, 1]],
  [true, '"Snippet included twice." Shop "Segment snippet included twice."', [true, 2]],
  [true, '"Snippet included twice." [1,"console.error(\\"Snippet included twice.\\")"]', [true, 1]],
])) {
  test(`a batch says how its page is set up: ${setup}`, async (t) => {
    const browser = new Browser();
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { open, report } = await browser.load('report');
    browser.text = text;
    open(SERVER, 'KEY', enabled);
    report({ n: 1 });
    await pass(t, 2000);
    assert.deepEqual(browser.sent[0]?.body.setup, setup);
  });
}

for (const status of [200, 204, 400, 401, 413]) {
  test(`${status} is final`, async (t) => {
    const browser = new Browser();
    browser.answer = async () => reply(status);
    const { report } = await page(browser, t);
    report({ n: 1 });
    await pass(t, 60_000);
    assert.deepEqual([numbers(browser), kept(browser)], [[[1]], 0]);
  });
}

for (const [what, answer] of /** @type {[string, () => Promise<any>][]} */ ([
  ['429', async () => reply(429)],
  ['500', async () => reply(500)],
  ['503', async () => reply(503)],
  ['no network', () => Promise.reject(new TypeError('Failed to fetch'))],
])) {
  test(`after ${what} the calls are kept and sent again, less and less often`, async (t) => {
    const browser = new Browser();
    browser.answer = answer;
    const { report } = await page(browser, t);
    report({ n: 1 });
    await pass(t, 2_000);
    const early = browser.sent.length;
    assert.ok(early >= 1);
    assert.equal(kept(browser), 1);
    await pass(t, 60_000);
    assert.ok(browser.sent.length > early, 'tried again');
    assert.ok(browser.sent.length < 12, `${browser.sent.length} tries in a minute`);
    browser.answer = async () => reply(200);
    await pass(t, 300_000);
    assert.equal(kept(browser), 0);
  });
}

test('Retry-After is waited for, by pages that come later too', async (t) => {
  const browser = new Browser();
  browser.answer = async () => reply(503, { 'Retry-After': '30' });
  const { report } = await page(browser, t);
  report({ n: 1 });
  await pass(t, 1_000);
  browser.answer = async () => reply(200);
  const next = await browser.load('report');
  next.open(SERVER, 'KEY', true);
  next.report({ n: 2 });
  await pass(t, 28_000);
  assert.deepEqual(numbers(browser), [[1]]);
  await pass(t, 4_000);
  assert.deepEqual(numbers(browser), [[1], [1, 2]]);
});

test('a network that is back is used at once', async (t) => {
  const browser = new Browser();
  browser.answer = () => Promise.reject(new TypeError('Failed to fetch'));
  const { report } = await page(browser, t);
  report({ n: 1 });
  await pass(t, 120_000);
  const tries = browser.sent.length;
  browser.answer = async () => reply(200);
  browser.heard.get('online')?.();
  await pass(t, 100);
  assert.deepEqual([browser.sent.length, kept(browser)], [tries + 1, 0]);
});

test('what a page left behind is sent by the next', async (t) => {
  const browser = new Browser();
  browser.answer = () => Promise.reject(new TypeError('Failed to fetch'));
  (await page(browser, t)).report({ n: 1 });
  browser.heard.get('pagehide')?.();
  await pass(t, 1);
  assert.equal(kept(browser), 1, 'the page goes before anybody took it');
  t.mock.timers.reset();
  browser.sent.length = 0;
  browser.answer = async () => reply(200);
  (await page(browser, t, 1)).report({ n: 2 });
  await pass(t, 5_000);
  assert.deepEqual(numbers(browser).flat().sort(), [1, 2]);
});

test('a page that is hidden sends at once', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  report({ n: 1 });
  browser.heard.get('visibilitychange')?.();
  assert.deepEqual(numbers(browser), [], 'still visible');
  browser.visibilityState = 'hidden';
  browser.heard.get('visibilitychange')?.();
  assert.deepEqual(numbers(browser), [[1]]);
  browser.heard.get('pagehide')?.();
  await pass(t, 1_000);
  assert.deepEqual(numbers(browser), [[1]], 'not twice');
});

test('tabs share the queue, and no call is sent by two', async (t) => {
  const browser = new Browser();
  const tabs = [await page(browser, t)];
  for (let i = 1; i < 10; i++) {
    const tab = await browser.load('report');
    tab.open(SERVER, 'KEY', true);
    tabs.push(tab);
  }
  for (let n = 0; n < 100; n++) tabs[n % 10].report({ n });
  await pass(t, 10_000);
  const sent = numbers(browser).flat();
  assert.deepEqual([sent.length, new Set(sent).size, kept(browser)], [100, 100, 0]);
});

test('chunks have at most 48 kB, in whatever script', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  for (let n = 0; n < 30; n++) report({ n, text: '字'.repeat(2000) });
  await pass(t, 10_000);
  assert.deepEqual(
    numbers(browser).flat(),
    Array.from({ length: 30 }, (_, n) => n),
  );
  for (const { body } of browser.sent) assert.ok(new Blob([JSON.stringify(body.batch)]).size <= 48_100);
});

test('a call that no server takes is not kept, nor one that is no JSON', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  const circle = /** @type {any} */ ({});
  circle.circle = circle;
  report({ text: 'x'.repeat(33_000) });
  report(circle);
  report({ n: 1 });
  await pass(t, 1_000);
  assert.deepEqual(numbers(browser), [[1]]);
});

test('the queue is bounded: the oldest calls give way', async (t) => {
  const browser = new Browser();
  browser.answer = () => Promise.reject(new TypeError('Failed to fetch'));
  const { report } = await page(browser, t);
  for (let n = 0; n < 600; n++) report({ n });
  await pass(t, 200);
  assert.equal(kept(browser), 500);
  browser.sent.length = 0;
  browser.answer = async () => reply(200);
  await pass(t, 5_000);
  const sent = numbers(browser).flat();
  assert.deepEqual([sent[0], sent.at(-1), sent.length], [100, 599, 500]);
});

test('a clock that was put back does not hold calls for long', async (t) => {
  const browser = new Browser();
  browser.local['anonmsg:pending'] = JSON.stringify({ until: Date.UTC(2027, 0, 1), last: '~' });
  const { report } = await page(browser, t);
  report({ n: 1 });
  await pass(t, 1_000);
  assert.deepEqual(numbers(browser), [[1]]);
});

test('where nothing can be stored, calls are sent from the page’s memory', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  const none = () => {
    throw new Error('blocked');
  };
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(globalThis, name, { get: none, configurable: true });
  }
  report({ n: 1 });
  await pass(t, 1_000);
  assert.deepEqual(numbers(browser), [[1]]);
});

test('before the site is known, calls are kept and not sent', async (t) => {
  const browser = new Browser();
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { open, report } = await browser.load('report');
  report({ n: 1 });
  await pass(t, 1_000);
  assert.deepEqual([numbers(browser), kept(browser)], [[], 1]);
  open(SERVER, 'KEY', true);
  await pass(t, 1_000);
  assert.deepEqual(numbers(browser), [[1]]);
});

test('the time zone is put in when a call is written down', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const asked = t.mock.method(Intl, 'DateTimeFormat');
  report({ context: { timezone: '\0' } });
  report({ context: { timezone: 'Mars/Olympus' } });
  assert.equal(asked.mock.callCount(), 0, 'a message may be shown first');
  await pass(t, 1_000);
  const sent = browser.sent.flatMap(({ body }) => body.batch);
  assert.deepEqual(
    sent.map(({ context }) => context.timezone),
    [timezone, 'Mars/Olympus'],
  );
  assert.equal(asked.mock.callCount(), 1);
});

test('a browser that has no time zones sends all the same', async (t) => {
  const browser = new Browser();
  const { report } = await page(browser, t);
  t.mock.method(Intl, 'DateTimeFormat', () => {
    throw new Error('none');
  });
  report({ n: 1, context: { timezone: '\0' } });
  await pass(t, 1_000);
  assert.deepEqual(
    browser.sent.flatMap(({ body }) => body.batch),
    [{ n: 1, context: { timezone: null } }],
  );
});

test('tabs that failed together do not try again together', async (t) => {
  const tries = new Set();
  for (const chance of [0, 0.25, 0.5, 0.999]) {
    t.mock.method(Math, 'random', () => chance);
    const browser = new Browser();
    browser.answer = async () => reply(503);
    (await page(browser, t)).report({ n: 1 });
    await pass(t, 600);
    tries.add(JSON.parse(String(browser.local['anonmsg:pending'])).until);
    t.mock.timers.reset();
  }
  assert.equal(tries.size, 4, `${[...tries]}`);
});
