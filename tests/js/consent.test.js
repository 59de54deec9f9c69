import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.js';

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
async function page(browser, t, { options, queue = [], gpc } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 24) });
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
  return { ...identity, ...memory, ...report, core };
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

test('what asks for answers needs full, all else needs nothing', async (t) => {
  const { core } = await page(new Browser(), t, { options: { consent: 'functional' } });
  const asks = { parts: ['draw', 'modal', 'form'] };
  assert.equal(core.gates.isUnagreed({ parts: ['draw', 'modal'] }), false);
  assert.equal(core.gates.isUnagreed(asks), true);
  core.agree('full');
  assert.equal(core.gates.isUnagreed(asks), false);
});
