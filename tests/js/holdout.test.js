import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import daily from '../../static/snippet/parts/daily.js';
import register, { hash, isControl } from '../../static/snippet/parts/holdout.js';

const { shares, cases } = JSON.parse(readFileSync(new URL('../contract/holdout.json', import.meta.url), 'utf8'));

/** @param {any} holdout @param {string} [id] @returns {any} */
const message = (holdout, id = 'm1') => ({ id, version: 3, holdout, daily: 9 });

for (const { visitor, message: id, hash: expected, control } of cases) {
  test(`“${visitor}” and “${id}”`, () => {
    assert.equal(hash(`${visitor}:${id}`), expected);
    assert.deepEqual(
      shares.filter((/** @type {number} */ share) => isControl(visitor, message(share, id))),
      control,
    );
  });
}

test('the hash is that of its authors', () => {
  assert.deepEqual([hash(''), hash('a'), hash('foobar')], [0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});

test('a share of 10 % is about a tenth, another one for each message, and a part of 20 %', () => {
  const visitors = Array.from({ length: 20_000 }, (_, at) => `visitor-${at}`);
  /** @param {number} share @param {string} id */
  const group = (share, id) => new Set(visitors.filter((visitor) => isControl(visitor, message(share, id))));
  const [tenth, fifth, other] = [group(10, 'm1'), group(20, 'm1'), group(10, 'm2')];
  assert.ok(Math.abs(tenth.size - 2000) < 200, `${tenth.size}`);
  assert.ok([...tenth].every((visitor) => fifth.has(visitor)));
  assert.ok([...tenth].filter((visitor) => other.has(visitor)).length < 400);
});

for (const odd of ['many', {}, Number.NaN]) {
  test(`a share of ${JSON.stringify(odd)} is not understood, so nobody sees it`, () => {
    assert.equal(isControl('ann', message(odd)), true);
  });
}

test('without a share nobody is kept from it', () => {
  assert.equal(isControl('ann', message(undefined)), false);
});

/** A page, its visitor in the control group of every message with a share. @param {((core: any) => void)[]} parts */
function page(parts) {
  const analytics = { user: () => ({ anonymousId: () => 'ann' }) };
  Object.defineProperty(globalThis, 'window', { value: { analytics }, configurable: true });
  Object.defineProperty(globalThis, 'localStorage', { value: {}, configurable: true });
  Object.defineProperty(globalThis, 'document', { value: { body: {} }, configurable: true });
  /** @type {string[]} */
  const log = [];
  /** @type {any} */
  const core = {
    gates: Object.create(null),
    draw: (/** @type {any} */ { id }) => log.push(`drew ${id}`) && {},
    send: (/** @type {any[]} */ ...call) => log.push(JSON.stringify(call)),
    review: () => log.push('review'),
  };
  for (const part of parts) part(core);
  const gates = () => Object.values(core.gates).map((gate) => gate(message(100), { now: Date.now() }));
  assert.ok(gates().every((failed) => !failed));
  return { core, log };
}

for (const parts of [[register], [register, daily], [daily, register]]) {
  test(`a would-be view is recorded instead, by ${parts.length} parts in either order`, async () => {
    const { core, log } = page(parts);
    const close = (/** @type {string} */ how) => log.push(how);
    core.draw(message(100), { onClose: close, onShow: () => log.push('viewed') });
    core.draw(message(0, 'm2'), { onClose: close });
    core.draw(message(100, 'm3'), { onClose: close, preview: true });
    await new Promise((done) => setTimeout(done));
    const held = JSON.stringify(['track', 'Message Held Out', { message_id: 'm1', version: 3 }]);
    assert.deepEqual(log, [held, 'drew m2', 'drew m3', 'removed', 'review']);
    const { 'anonmsg:day': kept } = /** @type {any} */ (localStorage);
    assert.equal(kept ? JSON.parse(kept).length - 1 : undefined, parts.length > 1 ? 1 : undefined);
  });
}
