import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import explain from '../../static/snippet/parts/explain.js';
import register from '../../static/snippet/parts/theme.js';

const { good, refused } = JSON.parse(readFileSync(new URL('../contract/theme.json', import.meta.url), 'utf8'));

/** A page on which one message is drawn, and what became of it. */
function page() {
  /** @type {(() => void)[]} */
  const frames = [];
  class CSSStyleSheet {
    text = '';
    /** @param {string} text */
    replaceSync(text) {
      this.text = text;
    }
  }
  const box = { style: { colorScheme: '' }, showPopover() {} };
  const root = { adoptedStyleSheets: ['base'], querySelector: (/** @type {string} */ name) => name === '.box' && box };
  const host = { shadowRoot: root };
  let drawings = 0;
  /** @type {any} */
  const core = { draw: () => ++drawings && { host } };
  register(core);
  const window = { CSSStyleSheet, requestAnimationFrame: (/** @type {() => void} */ work) => frames.push(work) };
  return {
    core,
    box,
    root,
    drawings: () => drawings,
    draw: (/** @type {any} */ theme) => core.draw({ theme }, { window }),
    /** By then the box knows its scheme. @param {string} scheme */
    frame(scheme) {
      box.style.colorScheme = scheme;
      for (const work of frames.splice(0)) work();
      return /** @type {any} */ (root.adoptedStyleSheets.at(-1)).text;
    },
  };
}

const { looksOf } = page().core;

for (const theme of good) {
  test(`${JSON.stringify(theme)} makes a style sheet whose every rule ends`, () => {
    for (const scheme of ['light', 'dark', 'light dark', 'normal']) {
      const css = looksOf(theme, scheme);
      assert.equal(css.split('{').length, css.split('}').length);
      assert.doesNotMatch(css, /undefined|null|None|NaN|url\(|\\|<|\/\*|@import/);
    }
  });
}

for (const theme of refused) {
  test(`${JSON.stringify(theme)} is drawn by nobody`, () => {
    const { core, draw, drawings } = page();
    assert.throws(() => looksOf(theme, 'light dark'));
    assert.throws(() => draw(theme));
    assert.equal(drawings(), 0);
    Object.assign(core, { gates: {}, build() {} });
    explain(core);
    assert.equal(core.undrawable({ theme }), 'unknown style');
  });
}

test('asked why, it finds nothing in what can be drawn', () => {
  const { core } = page();
  Object.assign(core, { gates: {}, build() {} });
  explain(core);
  assert.equal(core.undrawable({ theme: good.at(-1) }), undefined);
  assert.equal(core.undrawable({}), undefined);
});

test('a message without a theme is drawn as if this part were not there', () => {
  const { draw, root, drawings } = page();
  draw(undefined);
  assert.deepEqual(root.adoptedStyleSheets, ['base']);
  assert.equal(drawings(), 1);
});

const TOKENS = { css: 'p{}', light: '.box{--accent:#aaaaaa;--surface:#bbbbbb}', dark: '.box{--accent:#cccccc}' };
/** Of these colours the one scheme alone, or each where the visitor prefers it. @type {[string, RegExp, RegExp][]} */
const SCHEMES = [
  ['light', /--accent:#aaaaaa/, /#cccccc|prefers/],
  ['normal', /--accent:#aaaaaa/, /#cccccc|prefers/],
  ['only light', /--accent:#aaaaaa/, /#cccccc|prefers/],
  ['dark', /--accent:#cccccc/, /#aaaaaa|#bbbbbb|prefers/],
  ['light dark', /scheme:light\)\{[^@]*#aaaaaa.*scheme:dark\)\{[^@]*#cccccc/, /#aaaaaa.*#aaaaaa/],
];
for (const [scheme, wanted, unwanted] of SCHEMES) {
  test(`on a page of scheme ${scheme} the colours are those of it, and in forced colours none`, () => {
    const { draw, frame, root } = page();
    draw(TOKENS);
    assert.equal(root.adoptedStyleSheets.length, 2);
    const css = frame(scheme);
    assert.match(css, wanted);
    assert.doesNotMatch(css, unwanted);
    assert.doesNotMatch(css.slice(0, css.indexOf('@media (forced-colors:none)')), /#\w{6}/);
  });
}

test('with a z-index a message stands among the layers of the page, without one above them', () => {
  const [above, among] = [page(), page()];
  above.draw({ css: '.box{--radius:1px}' });
  among.draw({ css: '.box{z-index:10}', z_index: 10 });
  assert.equal(typeof above.box.showPopover, 'function');
  assert.equal(among.box.showPopover, undefined);
  assert.match(among.frame('light'), /z-index:10\}/);
});
