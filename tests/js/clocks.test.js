import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import register, { nextBoundary } from '../../static/snippet/parts/schedule.js';

const { cases } = JSON.parse(readFileSync(new URL('../contract/clocks.json', import.meta.url), 'utf8'));
const own = process.env.TZ;
/** @type {any} */
const core = { gates: Object.create(null) };
register(core);

after(() => {
  if (own === undefined) delete process.env.TZ;
  else process.env.TZ = own;
});

for (const { zone, now, schedule, reason } of cases) {
  const [name, local] = schedule.starts_at ? ['starts', schedule.starts_at] : ['ends', schedule.ends_at];
  test(`in ${zone} what ${name} at ${local} is ${reason || 'shown'} at ${now}`, () => {
    process.env.TZ = zone;
    assert.equal(core.gates.isOutOfSeason({ schedule }, { now: Date.parse(now) }) || '', reason);
    const at = nextBoundary(/** @type {any} */ ([{ schedule }]), Date.parse(now) - 1);
    assert.equal(at - Date.parse(now), name === 'starts' ? (reason ? 1000 : 0) : reason ? 0 : 1000);
  });
}

test('the zone of this process does change, or the above would prove nothing', () => {
  const seen = new Set();
  for (const zone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
    process.env.TZ = zone;
    seen.add(Date.parse('2026-12-01T09:00:00'));
  }
  assert.equal(seen.size, 2);
});
