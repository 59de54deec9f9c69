/**
 * Part `rich`: lists, images, columns, dividers and spacers.
 *
 * @import {Core, Draws} from '../types.js'
 */

const LOOK = `
li+li{margin-top:8px}
ul,ol{padding-inline-start:20px}
img{width:100%;height:auto;border-radius:8px}
hr{border:0;border-top:1px solid var(--line)}
.row{display:flex;flex-wrap:wrap;gap:12px}
.row>*{flex:1 1 100px;padding:0}`;

/** @this {HTMLElement} */
function remove() {
  this.remove();
}

/**
 * The widths that an uploaded image is kept in, which follow from the address of the widest (anonmsg/images/remaking.py). Browsers
 * that do not know `auto` count with a message of middling width.
 * @param {string} src
 */
function sources(src) {
  const [, start, widest] = /^(https?:[^\s,]+\/images\/[\w-]+\/[0-9a-f]{32}-)(\d+)\.webp$/.exec(src) ?? [];
  if (!widest) return;
  const widths = [...[320, 640, 960, 1440].filter((width) => width < +widest), widest];
  return { sizes: 'auto,480px', srcset: widths.map((width) => `${start}${width}.webp ${width}w`).join() };
}

/** @type {Record<string, Draws>} */
const BLOCKS = {
  list: ({ ordered, items }, { make, run }) =>
    // The markers stand where the text begins.
    make(ordered ? 'ol' : 'ul', { dir: 'auto' }, items, (runs) => make('li', {}, runs, run)),
  image: ({ src, alt, width, height }, { make, safeUrl }) =>
    // Lazy before it has a source, so that a message which is only tried, not shown, fetches nothing.
    make('img', {
      loading: 'lazy',
      alt,
      ...(width && height && { width, height, ...sources(src) }),
      decoding: 'async',
      onerror: remove,
      src: safeUrl(src),
    }),
  divider: (_, { make }) => make('hr'),
  spacer: ({ size }, { make }) => make('div', { style: `height:${Number(size)}px` }),
  row: ({ columns }, { make, step }) => make('div', { className: 'row' }, columns, step),
};

/** @param {Core} core */
export default function register(core) {
  Object.assign(core.blocks, BLOCKS);
  core.looks += LOOK;
}
