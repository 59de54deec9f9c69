import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.js';

/** What analytics.js left in this browser. @param {{local?: Record<string, string>, cookies?: Record<string, string>}} kept */
function browserWith({ local = {}, cookies = {} }) {
  const browser = new Browser();
  Object.assign(browser.local, local);
  for (const [name, value] of Object.entries(cookies)) browser.bake(`${name}=${value}`);
  return browser;
}

const ANONYMOUS = [
  ['in localStorage, as JSON', { local: { ajs_anonymous_id: '"a1"' } }],
  ['in localStorage, as text', { local: { ajs_anonymous_id: 'a1' } }],
  ['in a cookie, raw', { cookies: { ajs_anonymous_id: 'a1' } }],
  ['in a cookie, quoted', { cookies: { ajs_anonymous_id: '%22a1%22' } }],
  ['in both, where the cookie wins', { local: { ajs_anonymous_id: '"b2"' }, cookies: { ajs_anonymous_id: 'a1' } }],
  [
    'in localStorage beside an empty cookie',
    { local: { ajs_anonymous_id: '"a1"' }, cookies: { ajs_anonymous_id: '' } },
  ],
];

for (const [where, kept] of /** @type {[string, any][]} */ (ANONYMOUS)) {
  test(`an anonymous id that is ${where} stays, and is put in both places`, async () => {
    const browser = browserWith(kept);
    const { anonymousId } = await browser.load('identity');
    assert.equal(anonymousId(), 'a1');
    assert.match(String(browser.local.ajs_anonymous_id), /^(a1|"a1")$/);
    assert.match(browser.cookies(), /ajs_anonymous_id=(a1|%22a1%22)(;|$)/);
  });
}

test('a visitor without an id gets one, and keeps it on the next page', async () => {
  const browser = new Browser();
  const id = (await browser.load('identity')).anonymousId();
  assert.match(id, /^[\da-f-]{36}$/);
  assert.equal((await browser.load('identity')).anonymousId(), id);
  assert.deepEqual(browser.domainOf('ajs_anonymous_id'), ['shop.example']);
});

test('an id of digits only stays what it is', async () => {
  const { anonymousId, userId } = await browserWith({
    local: { ajs_user_id: '42' },
    cookies: { ajs_anonymous_id: '12345678901234567890' },
  }).load('identity');
  assert.deepEqual([anonymousId(), userId()], ['12345678901234567890', '42']);
});

const IDENTIFIED = [
  [false, 'nobody', {}],
  [false, 'traits without an e-mail', { local: { ajs_user_traits: '{"name": "Anna"}' } }],
  [false, 'an empty id', { local: { ajs_user_id: '""' }, cookies: { ajs_user_id: '' } }],
  [false, 'null, as analytics.js writes it', { local: { ajs_user_id: 'null', ajs_user_traits: 'null' } }],
  [false, 'traits that are no JSON', { local: { ajs_user_traits: 'email' } }],
  [true, 'an id in localStorage', { local: { ajs_user_id: '"anna"' } }],
  [true, 'an id in a cookie', { cookies: { ajs_user_id: 'anna' } }],
  [true, 'an e-mail among the traits', { local: { ajs_user_traits: '{"email": "anna@shop.example"}' } }],
];

for (const [expected, what, kept] of /** @type {[boolean, string, any][]} */ (IDENTIFIED)) {
  test(`${what} is ${expected ? 'identified' : 'anonymous'}`, async () => {
    assert.equal((await browserWith(kept).load('identity')).identified(), expected);
  });
}

test('of two user ids the one in localStorage wins', async () => {
  const browser = browserWith({ local: { ajs_user_id: '"anna"' }, cookies: { ajs_user_id: 'bob' } });
  assert.equal((await browser.load('identity')).userId(), 'anna');
});

test('identify keeps the anonymous id of whoever was nobody, and adds to their traits', async () => {
  const { anonymousId, identify, traits, userId } = await new Browser().load('identity');
  const id = anonymousId();
  identify(undefined, { plan: 'pro' });
  identify('anna', { name: 'Anna' });
  identify('anna', { name: 'Anne' });
  assert.deepEqual([userId(), anonymousId(), { ...traits() }], ['anna', id, { plan: 'pro', name: 'Anne' }]);
});

test('identify as somebody else makes a new anonymous id and forgets the traits', async () => {
  const { anonymousId, identify, traits, userId } = await new Browser().load('identity');
  const id = anonymousId();
  identify('anna', { plan: 'pro' });
  identify('bob', { name: 'Bob' });
  assert.deepEqual([userId(), { ...traits() }], ['bob', { name: 'Bob' }]);
  assert.notEqual(anonymousId(), id);
});

test('reset forgets everything everywhere', async () => {
  const browser = new Browser();
  const { anonymousId, identify, identified, reset } = await browser.load('identity');
  const id = anonymousId();
  identify('anna', { email: 'anna@shop.example' });
  assert.equal(identified(), true);
  reset();
  assert.deepEqual([browser.local, browser.cookies()], [{}, '']);
  assert.equal(identified(), false);
  assert.notEqual(anonymousId(), id);
});

test('an id given changes it, null makes a new one, undefined asks', async () => {
  const { anonymousId } = await new Browser().load('identity');
  assert.deepEqual([anonymousId('mine'), anonymousId(), anonymousId(undefined)], ['mine', 'mine', 'mine']);
  assert.match(anonymousId(null), /^[\da-f-]{36}$/);
});
