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

/** @type {Record<string, Draws>} */
const BLOCKS = {
  list: ({ ordered, items }, { make, run }) =>
    make(ordered ? 'ol' : 'ul', {}, items, (runs) => make('li', {}, runs, run)),
  image: ({ src, alt, width, height }, { make, safeUrl }) =>
    // Lazy before it has a source, so that a message which is only tried, not shown, fetches nothing.
    make('img', {
      loading: 'lazy',
      alt,
      ...(width && height && { width, height }),
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
