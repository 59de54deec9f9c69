/**
 * Part `theme`: how a message looks where its site or itself says so, as a style sheet behind all others. The server has refused
 * what could mean more than a colour or a name there; it is looked at again here, and an unknown word is drawn by nobody.
 *
 * @import {Core, Palette, Theme} from '../types.js'
 */
import { around } from './around.js';

const COLOUR = /^#[\da-f]{6}$/i;
const FAMILY = /^[\p{L}\p{M}\p{N} _-]+$/u;

/** @type {Record<string, string>} */
const FONTS = {
  // @ts-expect-error so that a font called constructor is unknown
  __proto__: null,
  page: '',
  system: 'system-ui',
  humanist: 'Seravek,Ubuntu,Calibri',
  rounded: 'ui-rounded,Quicksand,Comfortaa',
  serif: 'Charter,Cambria,Georgia,serif',
  mono: 'ui-monospace,Menlo,Consolas,monospace',
};

/** @type {Record<string, string>} */
const SHADOWS = {
  // @ts-expect-error as above
  __proto__: null,
  none: 'none',
  soft: '0 8px 24px #0004',
  strong: '0 16px 48px #0006',
};

const OUTLINE =
  '.primary{background:0;color:var(--accent);border:2px solid}.banner .primary{background:0;color:inherit}';
const PILL = 'button{border-radius:99px}';
/** @type {Record<string, string>} */
const BUTTONS = {
  // @ts-expect-error as above
  __proto__: null,
  filled: '',
  filled_pill: PILL,
  outline: OUTLINE,
  outline_pill: OUTLINE + PILL,
};

/** Within 8 pixels: a banner is too wide to grow. @type {Record<string, string>} */
const ENTRANCES = {
  // @ts-expect-error as above
  __proto__: null,
  rise: '',
  slide: '.box{animation-name:slide}.right{--from:8px}@keyframes slide{0%{transform:translateX(var(--from,-8px))}}',
  grow: '.box:not(.banner){animation-name:grow}@keyframes grow{0%{transform:scale(.98)}}',
  none: '.box{animation:none}',
};

/** @param {unknown} word @returns {never} */
function unknown(word) {
  throw word;
}

/** @param {Record<string, string>} table @param {string} word */
const wordOf = (table, word) => table[word] ?? unknown(word);

/** @param {number} size */
const whole = (size) => (Number.isInteger(size) ? size : unknown(size));

/** @param {string} family */
const named = (family) => (FAMILY.test(family) ? `"${family}",system-ui` : unknown(family));

/** The rules of each field. @type {Record<string, (value: any, theme: Theme) => string>} */
const RULES = {
  font(font, { family = '' }) {
    const stack = font === 'named' ? named(family) : wordOf(FONTS, font);
    // Where the page's own stands at the element.
    return stack && `.box{font-family:${stack},sans-serif!important}`;
  },
  text_size: (size) =>
    `.box{font-size:${whole(size)}px}h2{font-size:1.25em}.banner .step>*{font-size:inherit}` +
    '.consent,.ends,.error{font-size:.875em;line-height:1.4}',
  radius: (radius) =>
    `.box{--radius:${whole(radius)}px}` +
    'button,textarea,[type=email],.tick,.scale span,img{border-radius:calc(var(--radius)*.625)}',
  // What stands beside the cross leaves it its room.
  spacing: (space) =>
    `.box{--space:${whole(space)}px}.step,.row{gap:calc(var(--space)/2)}` +
    'h2,.step>:first-child :is(legend,.ask span){padding-inline-end:calc(52px - var(--space))}',
  shadow: (shadow) => `.box{box-shadow:${wordOf(SHADOWS, shadow)}}`,
  buttons: (look) => wordOf(BUTTONS, look),
  entrance: (way) => `@media (prefers-reduced-motion:no-preference){${wordOf(ENTRANCES, way)}}`,
  z_index: (level) => `.box{z-index:${whole(level)}}`,
};

/** @param {Palette} palette */
function colours(palette) {
  const token = (/** @type {keyof Palette} */ name) => {
    const colour = palette[name];
    if (colour === undefined) return '';
    return COLOUR.test(colour) ? `--${name.replace('_', '-')}:${colour};` : unknown(colour);
  };
  // A banner's surface is the accent.
  return `.box{${token('accent')}${token('on_accent')}${token('line')}}.box:not(.banner){${token('surface')}${token('text')}}`;
}

/** The colours of the schemes that a `color-scheme` names, light where it names none. @param {Theme} theme @param {string} scheme */
function coloursIn({ light = {}, dark = {} }, scheme) {
  const [inLight, inDark] = [colours(light), colours(dark)];
  if (!/dark/.test(scheme)) return inLight;
  if (!/light/.test(scheme)) return inDark;
  return `@media (prefers-color-scheme:light){${inLight}}@media (prefers-color-scheme:dark){${inDark}}`;
}

/** @type {NonNullable<Core['looksOf']>} */
function looksOf(theme, scheme) {
  const rules = Object.entries(RULES).map(([name, rule]) => {
    const value = theme[/** @type {keyof Theme} */ (name)];
    return value === undefined ? '' : rule(value, theme);
  });
  return `${rules.join('')}@media (forced-colors:none){${coloursIn(theme, scheme)}}`;
}

/** @param {Core} core */
export default function register(core) {
  core.looksOf = looksOf;
  around(core, (draw) => (message, options) => {
    const { theme } = message;
    if (!theme) return draw(message, options);
    const looks = looksOf(theme, 'light');
    const drawn = draw(message, options);
    const { window: page } = options;
    const root = /** @type {ShadowRoot} */ (drawn.host.shadowRoot);
    const box = /** @type {HTMLElement} */ (root.querySelector('.box'));
    const sheet = new page.CSSStyleSheet();
    sheet.replaceSync(looks);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    // Above the page's own layers there is none but the browser's, where no z-index counts.
    if (theme.z_index) Object.assign(box, { showPopover: undefined });
    // By then it is known whether the page is light or dark, and nothing was painted yet.
    page.requestAnimationFrame(() => sheet.replaceSync(looksOf(theme, box.style.colorScheme)));
    return drawn;
  });
}
