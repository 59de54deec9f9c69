/**
 * Part `theme`: how a message looks where its site or itself says so, as a style sheet behind all others. The server writes it of
 * what it has looked at (anonmsg/manifest/look.py); here it is refused if it could fetch anything or be read in two ways.
 *
 * @import {Core, Theme} from '../types.js'
 */
import { around } from './around.js';

const FOREIGN = /[\\<]|@i|(url|src|image|set|fade)\(/i;

/** The colours of the schemes that a `color-scheme` names, light where it names none. @param {Theme} theme @param {string} scheme */
function coloursIn({ light = '', dark = '' }, scheme) {
  if (!/dark/.test(scheme)) return light;
  if (!/light/.test(scheme)) return dark;
  return `@media (prefers-color-scheme:light){${light}}@media (prefers-color-scheme:dark){${dark}}`;
}

/** @type {NonNullable<Core['looksOf']>} */
function looksOf(theme, scheme) {
  const looks = `${theme.css ?? ''}@media (forced-colors:none){${coloursIn(theme, scheme)}}`;
  if (FOREIGN.test(looks)) throw 'style';
  return looks;
}

/** @param {Core} core */
export default function register(core) {
  core.looksOf = looksOf;
  around(core, (draw) => (message, options) => {
    const { theme } = message;
    if (!theme) return draw(message, options);
    looksOf(theme, 'light dark');
    const drawn = draw(message, options);
    const { window: page } = options;
    const root = /** @type {ShadowRoot} */ (drawn.host.shadowRoot);
    const box = /** @type {HTMLElement} */ (root.querySelector('.box'));
    const sheet = new page.CSSStyleSheet();
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    // Above the page's own layers there is none but the browser's, where no z-index counts.
    if (theme.z_index) Object.assign(box, { showPopover: undefined });
    // By then it is known whether the page is light or dark, and nothing was painted yet.
    page.requestAnimationFrame(() => sheet.replaceSync(looksOf(theme, box.style.colorScheme)));
    return drawn;
  });
}
