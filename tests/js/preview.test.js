/** Part `preview`: what it says of a draft at a time, on a page, to whoever did what; and that it keeps and sends nothing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mock, test } from 'node:test';
import { CONDITIONS } from '../../static/snippet/parts/preview-bar.js';
import { Browser } from './browser.js';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const DAY = 24 * 3600 * 1000;
const SHOP = 'https://www.shop.example/pricing';

/** @type {any} */
const DRAFT = {
  id: 'm1',
  version: 0,
  page_rules: [{ effect: 'include', part: 'path', match: 'starts_with', value: '/pricing' }],
  frequency: { limit: 2, gap_seconds: 60, after_click: 'end' },
  schedule: { starts_at: '2026-12-01T00:00:00Z', ends_at: '2026-12-31T00:00:00Z' },
  display: { kind: 'overlay', position: 'top-left', width: 360 },
  parts: ['schedule', 'frequency'],
  steps: [
    { id: 's1', blocks: [] },
    { id: 's2', blocks: [] },
  ],
};

/** A page with a draft on it. @param {any} [changes] to the draft @param {Record<string, string>} [local] what the browser keeps */
async function previewed(changes, local = {}) {
  const browser = new Browser();
  browser.local = local;
  const parts = ['explain', 'schedule', 'frequency', 'conditions', 'visit'];
  const [{ partsOf }, { Draft }, ...modules] = await browser.loadAll(
    'eligibility',
    'parts/preview-draft',
    ...parts.map((name) => `parts/${name}`),
  );
  const core = modules.pop();
  browser.enter();
  /** @type {any} */
  const page = {
    browser,
    core,
    said: [],
    steps: [],
    sent: 0,
    remembered: [],
    left: false,
    options: null,
  };
  const globals = {
    location: { href: SHOP, search: '' },
    analytics: { _loadOptions: { integrations: { any: { anonymousInApp: true } } } },
    setInterval: (/** @type {() => void} */ look) => (page.look = look),
    clearInterval() {},
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  Object.assign(document, { querySelector: () => page.modal ?? null, referrer: '' });
  const count = () => page.sent++;
  Object.assign(core, { partsOf, listen() {}, report: count, enqueue: count, send: count, review() {} });
  core.withPart = async (/** @type {string} */ name) => modules[parts.indexOf(name)]?.default(core);
  core.kinds.overlay = { places: /^top-left$/, tag: 'section' };
  core.build = () => {};
  core.draw = (/** @type {any} */ _, /** @type {any} */ options) => {
    page.options = options;
    options.onShow();
    return { go: (/** @type {string} */ id) => page.steps.push(id), close: options.onClose };
  };
  const bar = {
    begin() {},
    raise() {},
    follow() {},
    say: (/** @type {any} */ _, /** @type {any[]} */ failed) =>
      page.said.push(failed.map(({ gate, reason }) => `${gate} ${reason}`).join(', ')),
  };
  page.draft = new Draft(
    core,
    bar,
    { ...DRAFT, ...changes },
    {
      remember: (/** @type {any} */ at) => page.remembered.push(at),
      leave: () => (page.left = true),
    },
  );
  await page.draft.begin();
  return page;
}

test.beforeEach(() => mock.timers.enable({ apis: ['Date'], now: NOON }));
test.afterEach(() => mock.timers.reset());

test('the schedule is asked at the time that is pretended', async () => {
  const { draft, said, remembered } = await previewed();
  assert.equal(said.at(-1), 'schedule early');
  const days = { 6: 'schedule early', 7: '', 36: '', 37: 'schedule over' };
  for (const [day, expected] of Object.entries(days)) {
    draft.pretend(NOON - DAY / 2 + Number(day) * DAY);
    assert.equal(said.at(-1), expected, `in ${day} days`);
  }
  draft.pretend(undefined);
  assert.equal(said.at(-1), 'schedule early');
  assert.deepEqual(remembered.map(Boolean), [true, true, true, true, false]);
});

test('it is always shown, whatever keeps it from visitors', async () => {
  const { draft, options } = await previewed();
  assert.ok(draft.drawn);
  assert.equal(options.preview, true);
});

test('another address is another page view', async () => {
  const page = await previewed({ schedule: undefined });
  assert.equal(page.said.at(-1), '');
  location.href = 'https://www.shop.example/about';
  page.look();
  assert.equal(page.said.at(-1), 'page elsewhere');
  const said = page.said.length;
  page.look();
  assert.equal(page.said.length, said, 'nothing new is nothing said');
});

for (const [how, after_click, expected] of [
  ['dismissed', 'keep', 'frequency ended'],
  ['clicked', 'end', 'frequency ended'],
  ['clicked', 'keep', 'frequency gap'],
])
  test(`closed by being ${how} with after_click ${after_click} it says ${expected}, and nothing after a restart`, async () => {
    const { draft, said } = await previewed({ schedule: undefined, frequency: { ...DRAFT.frequency, after_click } });
    draft.drawn.close(how);
    assert.equal(draft.drawn, undefined);
    assert.equal(said.at(-1), expected);
    draft.restart();
    assert.ok(draft.drawn);
    assert.equal(said.at(-1), '');
  });

test('seen as often as is allowed it is seen no more', async () => {
  const { draft, said } = await previewed({
    schedule: undefined,
    frequency: { limit: 1, gap_seconds: 0, after_click: 'keep' },
  });
  draft.drawn.close('clicked');
  assert.equal(said.at(-1), 'frequency limit');
});

test('a modal of the page, and a tag that says no, are reasons', async () => {
  const page = await previewed({ schedule: undefined });
  page.modal = {};
  page.draft.tell();
  assert.equal(page.said.at(-1), 'slot taken');
  page.modal = null;
  Object.assign(globalThis, { analytics: { _loadOptions: {} } });
  page.draft.tell();
  assert.equal(page.said.at(-1), 'enabled off');
});

test('each step comes after the other, and after the last the first', async () => {
  const { draft, steps, options } = await previewed();
  draft.next();
  draft.next();
  options.onClick({ action: { type: 'go_to_step', step: 's2' } });
  draft.next();
  assert.deepEqual(steps, ['s2', 's1', 's1']);
});

test('whoever previews is new, in every restart', async () => {
  const conditions = [{ type: 'visitor', visitor: 'new' }];
  const changes = { schedule: undefined, conditions, parts: ['frequency', 'conditions', 'visit'] };
  const page = await previewed(changes, { ajs_anonymous_id: '"zoe"' });
  assert.equal(page.said.at(-1), '', 'though this browser has been here');
  page.core.visit.note('tracked Order');
  page.draft.restart();
  assert.equal(page.core.visit.noted('tracked Order'), false);
  assert.equal(page.said.at(-1), '');
});

test('a draft that cannot be drawn is told as such', async () => {
  const page = await previewed({ schedule: undefined });
  page.core.draw = page.core.build = () => {
    throw 'confetti';
  };
  page.draft.restart();
  assert.equal(page.draft.drawn, undefined);
  assert.equal(page.said.at(-1), 'content unknown confetti');
});

test('nothing is kept and nothing sent', async () => {
  const page = await previewed({
    conditions: [{ type: 'pages', pages: 2 }],
    parts: [...DRAFT.parts, 'conditions', 'visit'],
  });
  page.options.onClick({ action: { type: 'track', event: 'Sale' } });
  page.draft.restart();
  page.core.send('track', 'Sale');
  page.core.report({});
  page.core.enqueue('track', {});
  page.core.jar.cookie = 'a=b';
  page.draft.leave();
  const { local, session, jar } = page.browser;
  assert.deepEqual([local, session, [...jar], page.sent], [{}, {}, [], 0]);
  assert.equal(page.left, true);
});

test('the bar has a name for every condition', () => {
  const { cases } = JSON.parse(readFileSync(new URL('../contract/conditions.json', import.meta.url), 'utf8'));
  const types = new Set(cases.map((/** @type {any} */ { condition }) => condition.type));
  assert.ok(types.size > 10);
  assert.deepEqual([...types].sort(), Object.keys(CONDITIONS).sort());
});
