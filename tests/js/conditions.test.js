import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { core as together } from '../../static/snippet/core.js';
import { decide, partsOf } from '../../static/snippet/whole.js';

const { cases, unknown } = JSON.parse(readFileSync(new URL('../contract/conditions.json', import.meta.url), 'utf8'));
const NAMES = 'conditions device language visit seconds scroll exit element clicked tracked'.split(' ');
const parts = await Promise.all(NAMES.map((name) => import(`../../static/snippet/parts/${name}.js`)));
const HOST = 'www.shop.example';

/** @param {string} name @param {PropertyDescriptor} how */
const define = (name, how) => Object.defineProperty(globalThis, name, { configurable: true, ...how });

/** A tab in which pages are loaded and things happen. The parts see it as they see a browser. */
class Tab {
  /** @param {Record<string, any>} browser what is not as usual @param {any} message */
  constructor({ cookie = '', session, height = 1600, ...browser }, message) {
    this.message = message;
    this.elements = new Set();
    this.stored = session === 'blocked' ? undefined : {};
    this.now = 1000;
    this.scrollY = 0;
    const querySelector = (/** @type {string} */ selector) => {
      if (selector === '(') throw new SyntaxError(selector);
      return this.elements.has(selector) ? {} : null;
    };
    this.document = {
      referrer: browser.referrer ?? '',
      cookie,
      documentElement: { scrollHeight: height },
      querySelector,
      createDocumentFragment: () => ({ querySelector }),
    };
    /** @type {Record<string, string>} */
    this.local = {};
    this.browser = { userAgent: 'Firefox', maxTouchPoints: 0, language: 'en', ...browser };
    this.location = { host: HOST, search: browser.search ?? '' };
    this.load();
  }

  enter() {
    const tab = this;
    define('navigator', { value: this.browser });
    define('location', { value: this.location });
    define('document', { value: this.document });
    define('localStorage', { value: this.local });
    define('innerHeight', { value: 600 });
    define('scrollY', { value: this.scrollY });
    define('sessionStorage', {
      get() {
        if (!tab.stored) throw new DOMException('blocked', 'SecurityError');
        return tab.stored;
      },
    });
    define('performance', { value: { now: () => this.now } });
    define('MutationObserver', { value: Observer });
  }

  /** A page of the website, the first of the visit or a later one. */
  load() {
    /** @type {[string, (event: any) => void][]} */
    this.listening = [];
    /** @type {any} */
    this.core = {
      matches: together.matches,
      gates: Object.create(null),
      listen: (/** @type {any} */ _, /** @type {string} */ name, /** @type {any} */ work) =>
        this.listening?.push([name, work]),
      review: () => {},
    };
    this.enter();
    for (const { default: register } of parts) register(this.core);
    this.local.ajs_anonymous_id = 'x';
    this.view();
  }

  /** The next page is none that another website leads to. */
  next() {
    this.document.referrer = `https://${HOST}/before`;
    this.location.search = '';
    this.load();
  }

  view() {
    this.parts = {};
  }

  /** @param {string} name @param {object} event */
  tell(name, event) {
    for (const [heard, work] of this.listening ?? []) if (heard === name) work(event);
  }

  /** @param {string} what happens */
  happen(what) {
    const [verb, ...rest] = what.split(' ');
    const thing = rest.join(' ');
    /** @type {Record<string, () => unknown>} */
    const happenings = {
      load: () => this.next(),
      view: () => this.view(),
      close: () => (this.stored = {}),
      wait: () => (this.now += Number(thing) * 1000),
      scroll: () => {
        this.scrollY =
          (Number(thing) / 100) * (this.document.documentElement.scrollHeight - 600) - (thing === '49' ? 1 : 0);
        this.enter();
        this.tell('scroll', {});
      },
      leave: () =>
        this.tell('mouseout', {
          relatedTarget: rest.includes('element') ? {} : null,
          clientY: rest.includes('side') ? 9 : 0,
        }),
      add: () => this.elements.add(thing),
      remove: () => this.elements.delete(thing),
      click: () => this.tell('click', { target: { closest: (/** @type {string} */ selector) => selector === thing } }),
      track: () => this.core.heard('track', thing),
      page: () => this.core.heard('page', thing),
    };
    happenings[`${verb}`]?.() ?? assert.ok(happenings[`${verb}`], what);
  }

  /** Whether the message may be shown, as far as conditions go. */
  decide() {
    this.enter();
    const { isWatched, isUnmet } = this.core.gates;
    return [isWatched, isUnmet].every(
      (gate) => !together.asks(gate, this.message, /** @type {any} */ ({ parts: this.parts })),
    );
  }
}

class Observer {
  observe() {}
  disconnect() {}
}

/** @param {any} condition @param {any} browser @param {string[]} does */
function outcome(condition, browser, does) {
  const tab = new Tab(browser, { conditions: [condition] });
  let met = tab.decide();
  for (const what of does) {
    tab.happen(what);
    met = tab.decide();
  }
  return met;
}

for (const { condition, browser, does, met } of cases) {
  test(`${JSON.stringify(condition)} in ${JSON.stringify(browser)} after “${does.join(', ')}”`, () => {
    assert.equal(outcome(condition, browser, does), met);
  });
}

for (const condition of unknown) {
  test(`not understood, so not shown: ${JSON.stringify(condition)}`, () => {
    const does = ['add (', 'click (', 'track x', 'wait 9999', 'scroll 100', 'view', 'load'];
    assert.equal(outcome(condition, {}, does), false);
  });
}

test('a message without conditions is none of theirs', () => {
  assert.equal(new Tab({}, {}).decide(), true);
});

test('all must hold', () => {
  const message = { conditions: [{ type: 'pages', pages: 1 }, { type: 'exit' }] };
  const tab = new Tab({}, message);
  assert.equal(tab.decide(), false);
  tab.happen('leave');
  assert.equal(tab.decide(), true);
});

test('what is kept of a visit is bounded and tells nobody who it is', () => {
  const search = `?utm_source=${'x'.repeat(900)}&email=ann@shop.example`;
  const tab = new Tab(
    { referrer: 'https://mail.example/inbox?user=ann#ann', search },
    { conditions: [{ type: 'pages', pages: 1 }] },
  );
  tab.decide();
  const kept = JSON.parse(/** @type {any} */ (tab.stored)['anonmsg:visit']);
  assert.deepEqual(kept, {
    returning: false,
    pages: 1,
    referrer: 'https://mail.example/inbox',
    utm: { source: 'x'.repeat(500), medium: '', campaign: '', term: '', content: '' },
    done: [],
  });
});

for (const spoiled of [
  '',
  'null',
  '[]',
  '"x"',
  '{"pages":"x","done":5,"utm":null}',
  '{"__proto__":{"returning":true}}',
]) {
  test(`a visit kept as ${spoiled} throws nothing`, () => {
    const tab = new Tab(
      {},
      {
        conditions: [
          { type: 'pages', pages: 2 },
          { type: 'utm', parameter: 'source', match: 'is', value: 'x' },
        ],
      },
    );
    tab.stored = { 'anonmsg:visit': spoiled };
    tab.next();
    assert.equal(tab.decide(), false);
  });
}

test('each condition that is not met is a gate of its own in the explanation', () => {
  new Tab({}, {}).enter();
  const conditions = [
    { type: 'device', devices: ['phone'] },
    { type: 'language', languages: ['en'] },
    { type: 'exit' },
    { type: 'element', selector: '(' },
    { type: 'unheard_of' },
  ];
  const message = {
    id: 'm',
    page_rules: [],
    frequency: { limit: null, gap_seconds: 0, after_click: 'end' },
    conditions,
  };
  const display = { kind: 'modal', position: 'center', width: 480 };
  const context = { enabled: true, known: false, now: 1, slots: [], parts: partsOf(`https://${HOST}/`) };
  const memory = () => ({ views: 0, lastView: 0, ended: false });
  assert.deepEqual(decide(/** @type {any} */ ({ ...message, display }), { ...context, memory }), [
    { gate: 'conditions', reason: 'unknown' },
    { gate: 'device', reason: 'other' },
    { gate: 'exit', reason: 'staying' },
    { gate: 'element', reason: 'unknown' },
  ]);
});
