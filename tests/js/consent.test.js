import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, blocked, full } from './browser.js';

/** What a visitor of long standing has, and what is not ours. */
const KEPT = {
  ajs_anonymous_id: '"visitor-1"',
  ajs_user_id: '"u1"',
  ajs_user_traits: '{"email":"ann@mail.example"}',
  ajs_group_id: '"g1"',
  ajs_group_properties: '{"plan":"pro"}',
  'anonmsg:memory': '{"visitor-1":{"m1":{"views":2,"lastView":5,"ended":false}}}',
  'anonmsg:call:1': '{"type":"page"}',
  'anonmsg:pending': '{"until":1,"last":"~"}',
  theirs: 'stays',
};
const FUNCTIONAL = ['ajs_anonymous_id', 'anonmsg:memory', 'theirs'];

/** A browser in which all that was kept, and a cookie that subdomains share. */
function visited() {
  const browser = new Browser();
  Object.assign(browser.local, KEPT);
  browser.session['anonmsg:visit'] = '{}';
  browser.bake('ajs_anonymous_id=visitor-1; path=/; domain=shop.example');
  browser.bake('ajs_user_id=u1; path=/; domain=shop.example');
  browser.bake('theirs=stays; path=/');
  return browser;
}

/**
 * A page of it, up to where the snippet has taken over.
 * @param {Browser} browser @param {import('node:test').TestContext} t
 * @param {{options?: any, queue?: any[][], gpc?: boolean}} [said] by the page and the browser
 */
async function page(browser, t, said) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 24) });
  return tab(browser, said);
}

/** One more page of it. @param {Browser} browser @param {Parameters<typeof page>[2]} [said] */
async function tab(browser, { options, queue = [], gpc } = {}) {
  const [storage, identity, memory, report, part, core] = await browser.loadAll(
    'storage',
    'identity',
    'memory',
    'report',
    'parts/consent',
  );
  Object.assign(globalThis, { analytics: Object.assign(queue, { _loadOptions: options }) });
  Object.assign(globalThis.navigator, { globalPrivacyControl: gpc });
  Object.assign(core, { write: storage.write, review() {}, gates: Object.create(null) });
  part.default(core);
  report.open('https://anonmsg.example', 'KEY', true);
  const hears = /** @type {any} */ (browser.heard.get('storage'));
  return { ...identity, ...memory, ...report, core, hears };
}

/** Lets time pass, and what waits for promises happen. @param {import('node:test').TestContext} t @param {number} ms */
async function pass(t, ms) {
  for (let gone = 0; gone < ms; gone += 100) {
    t.mock.timers.tick(100);
    for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done));
  }
}

/** @param {Browser} browser what it keeps, by name */
const keeps = (browser) => Object.keys({ ...browser.local, ...browser.session }).sort();
/** @param {Browser} browser */
const cookies = (browser) => [...browser.jar.values()].map(({ name }) => name).sort();

/** @type {[string, Parameters<typeof page>[2], 'none' | 'functional' | 'full'][]} */
const SAID = [
  ['nothing', {}, 'full'],
  ['full', { options: { consent: 'full' } }, 'full'],
  ['functional', { options: { consent: 'functional' } }, 'functional'],
  ['none', { options: { consent: 'none' } }, 'none'],
  ['a word that is no level', { options: { consent: 'all' } }, 'none'],
  ['false', { options: { consent: false } }, 'none'],
  ['null, which is nothing', { options: { consent: null } }, 'full'],
  ['a call in the queue', { queue: [['page'], ['consent', 'functional']] }, 'functional'],
  ['two calls, of which the last counts', { queue: [['consent', 'none'], ['page'], ['consent', 'full']] }, 'full'],
  ['a call, which wins over the options', { options: { consent: 'full' }, queue: [['consent', 'none']] }, 'none'],
  ['Global Privacy Control', { gpc: true }, 'functional'],
  ['Global Privacy Control, and the options say full', { gpc: true, options: { consent: 'full' } }, 'full'],
  ['Global Privacy Control, and a call says none', { gpc: true, queue: [['consent', 'none']] }, 'none'],
  ['that it has none of it', { gpc: false }, 'full'],
];

for (const [what, said, level] of SAID) {
  test(`said: ${what}. In force: ${level}`, async (t) => {
    const browser = visited();
    const { report, anonymousId, core } = await page(browser, t, said);
    const before = anonymousId();
    report({ n: 1 });
    await pass(t, 5_000);
    const sent = browser.sent.flatMap(({ body }) => body.batch.map((/** @type {any} */ { n, type }) => n ?? type));
    const first = { full: ['page', 1], functional: [], none: [] }[level];
    assert.deepEqual(sent, first);
    const kept = {
      full: keeps(visited()).filter((name) => !/call|pending/.test(name)),
      functional: [...FUNCTIONAL, 'anonmsg:visit'].sort(),
      none: ['theirs'],
    };
    assert.deepEqual(keeps(browser), kept[level]);
    const jar = {
      full: ['ajs_anonymous_id', 'ajs_user_id', 'theirs'],
      functional: ['ajs_anonymous_id', 'theirs'],
      none: ['theirs'],
    };
    assert.deepEqual(cookies(browser), jar[level]);
    assert.equal(before === 'visitor-1', level !== 'none', 'with nothing kept it is somebody new');
    assert.equal(anonymousId(), before, 'for as long as the page is there');
    assert.equal(core.agree(level), level);
    const queue = /** @type {any} */ (globalThis).analytics;
    assert.deepEqual(
      [...queue].map(([name]) => name),
      (said?.queue ?? []).map(([name]) => name).filter((name) => name !== 'consent'),
    );
  });
}

test('at none, the page itself remembers who is there and what they saw', async (t) => {
  const browser = new Browser();
  const { anonymousId, identify, identified, recordView, end, memoryOf } = await page(browser, t, {
    options: { consent: 'none' },
  });
  const visitor = anonymousId();
  recordView(visitor, 'm1', 7);
  end(visitor, 'm2');
  assert.deepEqual(memoryOf(visitor)('m1'), { views: 1, lastView: 7, ended: false });
  assert.equal(memoryOf(visitor)('m2').ended, true);
  identify('u1', { email: 'ann@mail.example' });
  assert.equal(identified(), true);
  await pass(t, 1_000);
  assert.deepEqual([browser.local, browser.session, browser.cookies(), browser.sent], [{}, {}, '', []]);
});

test('who withdraws leaves nothing behind, not even calls that were just made, and stays who they are on this page', async (t) => {
  const browser = visited();
  const { report, anonymousId, identified, memoryOf, core } = await page(browser, t);
  report({ n: 1 });
  assert.equal(core.agree('none'), 'none');
  report({ n: 2 });
  browser.heard.get('pagehide')?.();
  await pass(t, 5_000);
  assert.deepEqual([keeps(browser), cookies(browser), browser.sent], [['theirs'], ['theirs'], []]);
  assert.deepEqual([anonymousId(), identified(), memoryOf('visitor-1')('m1').views], ['visitor-1', true, 2]);
});

test('who agrees later is kept from then on, and what was not sent before is not sent', async (t) => {
  const browser = new Browser();
  const { report, anonymousId, userId, identify, recordView, core } = await page(browser, t, {
    options: { consent: 'none' },
  });
  const visitor = anonymousId();
  recordView(visitor, 'm1', 7);
  identify('u1', { plan: 'free' });
  report({ n: 1 });
  await pass(t, 1_000);
  core.agree('functional');
  assert.deepEqual(keeps(browser), ['ajs_anonymous_id', 'anonmsg:memory']);
  core.agree('full');
  assert.deepEqual(keeps(browser), ['ajs_anonymous_id', 'ajs_user_id', 'ajs_user_traits', 'anonmsg:memory']);
  assert.deepEqual([anonymousId(), userId()], [visitor, 'u1']);
  assert.deepEqual(cookies(browser), ['ajs_anonymous_id', 'ajs_user_id']);
  report({ n: 2 });
  await pass(t, 1_000);
  assert.deepEqual(
    browser.sent.map(({ body }) => body.batch),
    [[{ n: 2 }]],
  );
});

/** What is written into a browser's localStorage from now on, as the event of it says it. @param {Browser} browser */
function written(browser) {
  /** @type {{key: string, newValue: string | null}[]} */
  const events = [];
  browser.local = new Proxy(browser.local, {
    set(target, key, newValue) {
      events.push({ key: String(key), newValue });
      return Reflect.set(target, key, newValue);
    },
    deleteProperty(target, key) {
      if (key in target) events.push({ key: String(key), newValue: null });
      return Reflect.deleteProperty(target, key);
    },
  });
  return events;
}

/** @typedef {'none' | 'functional' | 'full'} Level */
const LEVELS = ['none', 'functional', 'full'];
/** @type {[here: Level, there: [from: Level, to: Level], then: Level][]} */
const ELSEWHERE = [
  ['full', ['full', 'none'], 'none'],
  ['full', ['full', 'functional'], 'functional'],
  ['full', ['functional', 'none'], 'none'],
  ['functional', ['full', 'none'], 'none'],
  ['functional', ['full', 'functional'], 'functional'],
  ['none', ['full', 'functional'], 'none'],
  ['none', ['none', 'full'], 'none'],
  ['functional', ['none', 'full'], 'functional'],
  ['full', ['full', 'full'], 'full'],
];

for (const [here, [from, to], then] of ELSEWHERE) {
  test(`at ${here}, another tab goes from ${from} to ${to}: ${then} is in force here`, async (t) => {
    const browser = new Browser();
    const there = await page(browser, t, { options: { consent: from } });
    const one = await tab(browser, { options: { consent: here } });
    one.identify('u1', { plan: 'free' });
    const visitor = one.anonymousId();
    one.report({ n: 1 });
    const events = written(browser);
    there.core.agree(to);
    for (const event of events) one.hears(event);
    const isLower = then !== here;
    one.report({ n: 2 });
    await pass(t, 1_000);
    assert.equal(one.core.agree(), then);
    assert.deepEqual(
      browser.sent.flatMap(({ body }) => body.batch),
      then === 'full' ? [{ n: 1 }, { n: 2 }] : [],
    );
    assert.equal(one.core.gates.isUnagreed({ parts: [] }), isLower, 'nothing more is shown');
    assert.equal(one.userId(), isLower ? null : 'u1');
    assert.equal(one.anonymousId() === visitor, !isLower || then === 'functional');
    const mayBeKept = { none: /^theirs$/, functional: /^ajs_anonymous_id$/, full: /^ajs_/ }[then];
    if (to !== 'full')
      assert.deepEqual(
        [...keeps(browser), ...cookies(browser)].filter((name) => !mayBeKept.test(name)),
        [],
      );
    const isTold = events.some(({ key }) => key === 'anonmsg:withdrawn');
    assert.equal(isTold, LEVELS.indexOf(to) < LEVELS.indexOf(from), 'what is less is told, and nothing else');
    one.core.agree('full');
    assert.equal(one.core.gates.isUnagreed({ parts: [] }), false, 'until the page says a level');
  });
}

test('to begin with less tells nobody, and neither does what other keys say', async (t) => {
  const browser = visited();
  const one = await page(browser, t);
  const events = written(browser);
  await tab(browser, { options: { consent: 'none' } });
  assert.ok(events.length, 'it deletes');
  for (const event of events) one.hears(event);
  one.hears({ key: null, newValue: null });
  one.hears({ key: 'consent', newValue: 'none' });
  assert.equal(one.core.agree(), 'full');
});

test('a word that is no level is none in the other tabs too', async (t) => {
  const browser = new Browser();
  const one = await page(browser, t);
  one.hears({ key: 'anonmsg:withdrawn', newValue: 'some' });
  assert.equal(one.core.agree(), 'none');
});

for (const [what, storage] of /** @type {[string, () => any][]} */ ([
  ['blocked', blocked],
  ['full', () => full({ theirs: 'stays' })],
])) {
  test(`where storage is ${what}, a withdrawal holds for its own tab and throws nothing`, async (t) => {
    const browser = new Browser();
    const kept = what === 'full' ? storage() : undefined;
    Object.defineProperty(browser, 'local', { get: kept ? () => kept : storage });
    const { core, report, anonymousId } = await page(browser, t);
    const visitor = anonymousId();
    report({ n: 1 });
    assert.equal(core.agree('none'), 'none');
    await pass(t, 1_000);
    assert.deepEqual([browser.sent, browser.session, browser.cookies()], [[], {}, '']);
    assert.equal(anonymousId(), visitor);
  });
}

test('what asks for answers needs full, all else needs nothing', async (t) => {
  const { core } = await page(new Browser(), t, { options: { consent: 'functional' } });
  const asks = { parts: ['draw', 'modal', 'form'] };
  assert.equal(core.gates.isUnagreed({ parts: ['draw', 'modal'] }), false);
  assert.equal(core.gates.isUnagreed(asks), true);
  core.agree('full');
  assert.equal(core.gates.isUnagreed(asks), false);
});
