import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { matches } from '../../static/snippet/whole.js';

/** @type {{good: {regex: string, searched: string, matches: Record<string, boolean>}[]}} */
const { good } = JSON.parse(readFileSync(new URL('../contract/patterns.json', import.meta.url), 'utf8'));

/** @param {string} text @returns {import('../../static/snippet/types.js').Parts} an address whose hash is any text */
const withHash = (text) => ({ url: [], host: [], path: [], query: [], hash: [text], params: new URLSearchParams() });

for (const { regex, searched, matches: expected } of good) {
  test(`${regex} finds what RE2 finds`, () => {
    assert.ok(Object.keys(expected).length > 20);
    for (const [text, found] of Object.entries(expected)) {
      for (const value of [regex, searched]) {
        const rule = /** @type {const} */ ({ effect: 'include', part: 'hash', match: 'regex', value });
        assert.equal(matches(rule, withHash(text)), found, `${value} in ${JSON.stringify(text)}`);
      }
    }
  });
}
