import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, blocked, full } from './browser.js';

test('a value is kept in localStorage, and only there', async () => {
  const browser = new Browser();
  const { read, write } = await browser.load('storage');
  write('key', 'value');
  assert.deepEqual([read('key'), browser.local, browser.session], ['value', { key: 'value' }, {}]);
  write('key', null);
  assert.deepEqual([read('key'), browser.local], [null, {}]);
});

test('full storage hands down to the session, and what is newer is read', async () => {
  const browser = new Browser();
  browser.local = full({ key: 'old' });
  const { read, write } = await browser.load('storage');
  write('key', 'new');
  assert.deepEqual([read('key'), browser.session], ['new', { key: 'new' }]);
  browser.local = { key: 'old' };
  write('key', 'newest');
  assert.deepEqual([read('key'), browser.local, browser.session], ['newest', { key: 'newest' }, {}]);
});

for (const [how, local, session] of [
  ['full', () => full(), () => full()],
  ['blocked', blocked, blocked],
  ['missing', () => null, () => undefined],
]) {
  test(`where both are ${how}, the page remembers, and nothing throws`, async () => {
    const browser = new Browser();
    const { keys, read, write } = await browser.load('storage');
    Object.defineProperty(globalThis, 'localStorage', { get: /** @type {any} */ (local), configurable: true });
    Object.defineProperty(globalThis, 'sessionStorage', { get: /** @type {any} */ (session), configurable: true });
    write('a:2', 'two');
    write('a:1', 'one');
    assert.deepEqual([read('a:1'), keys('a:')], ['one', ['a:1', 'a:2']]);
    write('a:1', null);
    assert.equal(read('a:1'), null);
    browser.enter();
    const next = await browser.load('storage');
    assert.equal(next.read('a:2'), null, 'another page');
  });
}

test('what is on Object.prototype is read from nothing', async () => {
  const { decode, own, readObject } = await new Browser().load('storage');
  const polluted = /** @type {any} */ (Object.prototype);
  polluted.email = 'anna@shop.example';
  try {
    assert.equal(decode('{"a": {"b": 1}}').email, undefined);
    assert.equal(decode('{"a": {"b": 1}}').a.email, undefined);
    assert.equal(own({}, 'email'), undefined);
    assert.equal(own(readObject('nothing'), 'email'), undefined);
  } finally {
    delete polluted.email;
  }
  assert.equal(decode('{"__proto__": {"email": 1}}').email, undefined);
});

test('what is no JSON is itself, and what cannot be written is nothing', async () => {
  const { decode, encode } = await new Browser().load('storage');
  const circle = /** @type {any} */ ({});
  circle.circle = circle;
  assert.deepEqual([decode('plain'), decode('"quoted"'), decode(null)], ['plain', 'quoted', null]);
  assert.deepEqual([encode(circle), encode(undefined), encode('a')], ['', '', '"a"']);
});

for (const [host, domain] of [
  ['www.shop.example', 'shop.example'],
  ['shop.example', 'shop.example'],
  ['a.b.shop.co.uk', 'shop.co.uk'],
  ['localhost', ''],
  ['127.0.0.1', ''],
]) {
  test(`a cookie of ${host} is set for ${domain || 'this host alone'}, and removed there`, async () => {
    const browser = new Browser(host);
    const { cookie, setCookie } = await browser.load('storage');
    setCookie('id', 'ü;"1');
    assert.deepEqual([browser.domainOf('id'), cookie('id')], [[domain], 'ü;"1']);
    setCookie('id', null);
    assert.deepEqual([browser.domainOf('id'), cookie('id')], [[], null]);
  });
}

test('a cookie is read raw, quoted and encoded, and by its whole name', async () => {
  const browser = new Browser();
  const { cookie } = await browser.load('storage');
  for (const text of ['raw', '"raw"', '%22raw%22']) {
    browser.bake(`x_id=no`);
    browser.bake(`id=${text}`);
    assert.equal(cookie('id'), 'raw');
  }
  browser.bake('id=%E0%A4%A');
  assert.equal(cookie('id'), null);
});

test('a uuid is one of version 4, each another', async () => {
  const { uuid } = await new Browser().load('storage');
  const made = new Set(Array.from({ length: 1000 }, () => uuid()));
  assert.equal(made.size, 1000);
  for (const id of made) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test('on plain http, tasks of several tabs never overlap', async () => {
  const browser = new Browser();
  const tabs = await Promise.all(Array.from({ length: 5 }, () => browser.load('storage')));
  let inside = 0;
  let ran = 0;
  await new Promise((/** @type {(done?: any) => void} */ done) => {
    for (const { exclusively } of tabs) {
      exclusively(() => {
        assert.equal(browser.cookies().split('anonmsg_busy_').length - 1, 1, 'nobody else has a flag');
        assert.equal(++inside, 1);
        inside--;
        if (++ran === tabs.length) done();
      });
    }
  });
});

for (const [how, locks] of /** @type {[string, any][]} */ ([
  ['work', { request: (/** @type {string} */ _, /** @type {() => any} */ task) => Promise.resolve(task()) }],
  ['are refused', { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }],
  ['are missing', undefined],
])) {
  test(`a task runs once where Web Locks ${how}`, async () => {
    const { exclusively } = await new Browser().load('storage');
    Object.defineProperty(globalThis, 'navigator', { get: () => ({ locks }), configurable: true });
    let ran = 0;
    await new Promise((/** @type {(done?: any) => void} */ done) => exclusively(() => done(ran++)));
    await new Promise((done) => setImmediate(done));
    assert.equal(ran, 1);
  });
}
