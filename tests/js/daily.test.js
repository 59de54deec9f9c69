import assert from 'node:assert/strict';
import { test } from 'node:test';
import { core as together } from '../../static/snippet/core.js';
import '../../static/snippet/eligibility.js';
import register from '../../static/snippet/parts/daily.js';
import { randomly } from './random.js';

const HOUR = 3_600_000;

/** @param {string} name @param {PropertyDescriptor} how */
const define = (name, how) => Object.defineProperty(globalThis, name, { configurable: true, ...how });

/** A browser in which tabs are opened. */
class Browser {
  constructor() {
    /** @type {any} */
    this.local = {};
    /** @type {any} */
    this.session = {};
    this.visitor = 'v1';
    this.now = 100 * HOUR;
  }

  enter() {
    define('window', { value: { analytics: { user: () => ({ anonymousId: () => this.visitor }) } } });
    for (const [name, kept] of /** @type {[string, any][]} */ ([
      ['localStorage', this.local],
      ['sessionStorage', this.session],
    ])) {
      define(name, {
        get() {
          if (!kept) throw new DOMException('blocked', 'SecurityError');
          return kept;
        },
      });
    }
    Date.now = () => this.now;
  }

  tab() {
    /** @type {any} */
    const core = { gates: Object.create(null), draw: (/** @type {any} */ _, /** @type {any} */ options) => options };
    register(core);
    return core;
  }

  /** Whether it may be shown; without places, whether it may stay. @param {any} core @param {any} message @param {string[] | null} slots */
  may(core, message, slots = []) {
    this.enter();
    return !together.asks(core.gates.isEnough, message, /** @type {any} */ ({ now: this.now, slots }));
  }

  /** Shows it where it may be shown, and says whether it was. @param {any} core @param {any} message */
  show(core, message, options = {}) {
    const may = this.may(core, message);
    if (may) core.draw(message, options)?.onClose?.('dismissed', false);
    return may;
  }
}

const [A, B] = ['a', 'b'].map((id) => ({ id, daily: 2 }));

test('views of any message count, in any tab, and those a day ago no more', () => {
  const browser = new Browser();
  const [one, other] = [browser.tab(), browser.tab()];
  assert.deepEqual([browser.show(one, A), browser.show(other, A)], [true, true]);
  for (const message of [A, B])
    for (const tab of [one, other, browser.tab()]) assert.equal(browser.show(tab, message), false);
  browser.now += 24 * HOUR - 1;
  assert.equal(browser.show(one, B), false);
  browser.now += 2;
  assert.deepEqual([browser.show(one, B), browser.show(one, B), browser.show(one, B)], [true, true, false]);
});

test('what is on screen does not keep itself away', () => {
  const browser = new Browser();
  const tab = browser.tab();
  const once = { id: 'a', daily: 1 };
  assert.equal(browser.may(tab, once), true);
  tab.draw(once, {});
  assert.deepEqual([browser.may(tab, once, null), browser.may(tab, { ...once, id: 'b' })], [true, false]);
  assert.equal(browser.may(tab, once), false);
});

test('a new visitor begins anew', () => {
  const browser = new Browser();
  const tab = browser.tab();
  assert.deepEqual([browser.show(tab, A), browser.show(tab, A), browser.show(tab, A)], [true, true, false]);
  browser.visitor = 'v2';
  assert.equal(browser.show(tab, A), true);
});

test('without a limit, in a preview, and where drawing fails nothing counts', () => {
  const browser = new Browser();
  const tab = browser.tab();
  for (let i = 0; i < 5; i++) assert.equal(browser.show(tab, { id: 'a' }), true);
  for (let i = 0; i < 5; i++) assert.equal(browser.show(tab, A, { preview: true }), true);
  const broken = browser.tab();
  broken.draw = () => {
    throw 'unknown';
  };
  for (let i = 0; i < 5; i++) assert.throws(() => browser.show(broken, A));
  assert.equal(browser.may(tab, A), true);
});

for (const [name, blocked] of Object.entries({ local: ['local'], both: ['local', 'session'] })) {
  test(`where ${name} of the storages are blocked it still counts, without an exception`, () => {
    const browser = new Browser();
    for (const layer of blocked) Reflect.set(browser, layer, undefined);
    browser.visitor = name;
    const tab = browser.tab();
    assert.deepEqual([browser.show(tab, A), browser.show(tab, A), browser.show(tab, A)], [true, true, false]);
  });
}

for (const spoiled of ['', 'null', '5', '{}', '["v1","x",null]', '["v1",9e99]']) {
  test(`views kept as ${spoiled} are none`, () => {
    const browser = new Browser();
    browser.local['anonmsg:day'] = spoiled;
    assert.equal(browser.show(browser.tab(), A), true);
  });
}

for (const daily of ['many', null, {}, Number.NaN]) {
  test(`a limit of ${JSON.stringify(daily)} is not understood, so nothing is shown`, () => {
    const browser = new Browser();
    assert.equal(browser.may(browser.tab(), { id: 'a', daily }), false);
  });
}

test('at random, no 24 hours ever hold more views than the limit, and none is refused without need', () => {
  const random = randomly(7);
  for (let round = 0; round < 200; round++) {
    const browser = new Browser();
    const daily = 1 + random.below(4);
    const tabs = [browser.tab(), browser.tab()];
    /** @type {number[]} */
    const views = [];
    for (let i = 0; i < 40; i++) {
      browser.now += random.below(12 * HOUR);
      const lately = views.filter((at) => at > browser.now - 24 * HOUR).length;
      const shown = browser.show(random.pick(tabs), { id: random.pick(['a', 'b', 'c']), daily });
      assert.equal(shown, lately < daily, `round ${round}, view ${i}`);
      if (shown) views.push(browser.now);
    }
  }
});
