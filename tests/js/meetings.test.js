import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetings, said } from '../../static/builder/meetings.js';

const NOW = Date.parse('2030-01-01T12:00:00Z');
/** @type {import('../../static/builder/page-rules.js').Visited} */
const VISITED = {
  addresses: [
    ['https://shop.example/pricing?x=1', 7],
    ['https://shop.example/pricing/legal', 2],
    ['https://shop.example/', 4],
  ],
  views: 13,
  whole: true,
};

/** @param {string} name @param {object} [changes] @returns {import('../../static/builder/meetings.js').Rival} */
const rival = (name, changes) => ({
  id: name,
  name,
  position: 'bottom-right',
  where: 'bottom right',
  page_rules: [],
  starts_at: null,
  ends_at: null,
  always: false,
  ...changes,
});

/** @param {string} value @param {object} [changes] */
const on = (value, changes) => ({
  page_rules: [{ effect: 'include', part: 'path', match: 'starts_with', value, ...changes }],
});
const [PRICING, LEGAL, BLOG] = [on('/pricing'), on('/pricing/legal'), on('/blog')];
const NOT_PRICING = { page_rules: [{ effect: 'exclude', part: 'path', match: 'starts_with', value: '/pricing' }] };
const ELSEWHERE = { position: 'bottom-left' };
const MODAL = { position: 'center', where: 'center' };

/** The two, and what is said of them: page views that both fit, “covers”, “may”, or nothing. @type {[string, object, object, string][]} */
const CASES = [
  ['the same pages', PRICING, PRICING, '9'],
  ['some of the pages', PRICING, LEGAL, '2'],
  ['every page', {}, {}, '13'],
  ['other places', PRICING, { ...PRICING, ...ELSEWHERE }, ''],
  ['other pages', PRICING, BLOG, ''],
  ['excluded pages', PRICING, { page_rules: [...NOT_PRICING.page_rules, ...PRICING.page_rules] }, ''],
  ['pages that nobody looked at', BLOG, on('/blog/2026'), 'may'],
  ['pages that nobody looked at, and all', BLOG, {}, 'may'],
  ['a regex that nobody looked at', on('^/x/', { match: 'regex' }), BLOG, ''],
  ['a regex and all', on('^/x/', { match: 'regex' }), {}, 'may'],
  ['a query', on('a=1', { part: 'query', match: 'is' }), on('A=1', { part: 'query', match: 'is' }), 'may'],
  ['a hash', on('top', { part: 'hash', match: 'is' }), on('to', { part: 'hash' }), 'may'],
  ['hosts', on('a.example', { part: 'host', match: 'is' }), on('b.example', { part: 'host', match: 'is' }), ''],
  [
    'the same host',
    on('a.example', { part: 'host', match: 'is' }),
    on('*.example', { part: 'host', match: 'wildcard' }),
    'may',
  ],
  ['one after the other', { ends_at: '2030-02-01T00:00:00Z' }, { starts_at: '2030-02-01T00:00:00Z' }, ''],
  ['one after the other, by own clocks', { ends_at: '2030-02-01T00:00:00' }, { starts_at: '2030-02-01T00:00:00' }, ''],
  ['a moment together, by own clocks', { ends_at: '2030-02-01T00:00:01' }, { starts_at: '2030-02-01T00:00:00' }, '13'],
  ['before it in the last zones only', { ends_at: '2030-02-01T11:00:00' }, { starts_at: '2030-02-01T23:00:00Z' }, ''],
  ['with it in the last zones only', { ends_at: '2030-02-01T11:00:01' }, { starts_at: '2030-02-01T23:00:00Z' }, '13'],
  ['with it in the first zones only', { ends_at: '2030-02-01T00:00:00Z' }, { starts_at: '2030-02-01T13:59:59' }, '13'],
  ['after it in the first zones', { ends_at: '2030-02-01T00:00:00Z' }, { starts_at: '2030-02-01T14:00:00' }, ''],
  ['a moment together', { ends_at: '2030-02-01T00:00:01Z' }, { starts_at: '2030-02-01T00:00:00Z' }, '13'],
  ['always, on all its pages', { ...PRICING, always: true }, LEGAL, 'covers'],
  ['always, on some of its pages', { ...LEGAL, always: true }, PRICING, '2'],
  ['always, but later', { ...PRICING, always: true, starts_at: '2030-02-01T00:00:00Z' }, LEGAL, '2'],
  ['always, and ending before', { ...PRICING, always: true, ends_at: '2030-02-01T00:00:00Z' }, LEGAL, '2'],
  ['always, but not yet everywhere', { ...PRICING, always: true, starts_at: '2030-01-01T01:00:00' }, LEGAL, '2'],
  ['always, and everywhere', { ...PRICING, always: true, starts_at: '2030-01-01T00:00:00' }, LEGAL, 'covers'],
  ['always, since before', { ...PRICING, always: true, starts_at: '2029-02-01T00:00:00Z' }, LEGAL, 'covers'],
  ['always, on pages that nobody looked at', { ...BLOG, always: true }, on('/blog/2026'), 'may'],
  ['always, on pages that nobody looked at, by the same rules', { ...BLOG, always: true }, BLOG, 'covers'],
  ['always, on every page there is', { always: true }, on('/blog'), 'covers'],
  ['always, on every page but some', { ...NOT_PRICING, always: true }, on('/blog'), 'may'],
  ['a modal, always, beside another place', { ...MODAL, always: true }, { ...PRICING, ...ELSEWHERE }, 'covers'],
  ['a modal, always, on all its pages', { ...PRICING, ...MODAL, always: true }, { ...LEGAL, ...ELSEWHERE }, 'covers'],
  ['a modal, always, on some of its pages', { ...LEGAL, ...MODAL, always: true }, { ...PRICING, ...ELSEWHERE }, ''],
  ['a modal, now and then, beside another place', MODAL, ELSEWHERE, ''],
  ['another place, always, before a modal', { ...ELSEWHERE, always: true }, MODAL, ''],
  ['a word that is not understood', on('/', { match: 'odd' }), {}, 'may'],
];

for (const [name, first, second, expected] of CASES) {
  test(`two messages that take ${name}: ${expected || 'nothing is said'}`, () => {
    const found = meetings([rival('a', first), rival('b', second)], VISITED, NOW);
    const outcomes = found.map(({ views, covers }) => (covers ? 'covers' : String(views || 'may')));
    assert.deepEqual(outcomes, expected ? [expected] : []);
    assert.ok(found.every(({ first, second }) => first.name === 'a' && second.name === 'b'));
  });
}

test('there are cases of each outcome', () => {
  assert.deepEqual(
    new Set(CASES.map(([, , , expected]) => expected.replace(/\d+/, 'n'))),
    new Set(['n', 'may', 'covers', '']),
  );
});

test('where nobody is known to have looked at anything it is never said for sure', () => {
  assert.deepEqual(
    meetings([rival('a', PRICING), rival('b', { ...PRICING, always: true }), rival('c', LEGAL)], undefined, NOW).map(
      said,
    ),
    [
      '“a” and “b” may take the same place (bottom right) on the same pages. “a” would come first.',
      '“a” and “c” may take the same place (bottom right) on the same pages. “a” would come first.',
      '“b” and “c” may take the same place (bottom right) on the same pages. “b” would come first.',
    ],
  );
});

test('what is sure is said with how often', () => {
  const one = meetings([rival('a', LEGAL), rival('b', on('/', { match: 'is' })), rival('c')], VISITED, NOW).map(said);
  assert.deepEqual(one, [
    '“a” and “c” take the same place (bottom right) on the same pages, with 2 page views in the last 7 days. “a” comes first.',
    '“b” and “c” take the same place (bottom right) on the same pages, with 4 page views in the last 7 days. “b” comes first.',
  ]);
});

test('what leaves no room is said by how it is known', () => {
  const always = (/** @type {object} */ changes) => rival('a', { ...changes, always: true });
  const one = [
    [always({}), rival('b', BLOG)],
    [always(PRICING), rival('b', LEGAL)],
    [always(MODAL), rival('b', ELSEWHERE)],
  ].flatMap((rivals) => meetings(rivals, VISITED, NOW).map(said));
  assert.deepEqual(one, [
    'Only visitors who have closed “a” see “b”: it comes first and takes the same place (bottom right) on all its pages.',
    'Only visitors who have closed “a” see “b”: it comes first and takes the same place (bottom right) on all its pages that were viewed lately.',
    'Only visitors who have closed “a” see “b”: it is a modal that comes first on all its pages, and beside a modal nothing shows.',
  ]);
});
