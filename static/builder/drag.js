/** Blocks are dragged by their handle, within a step and in and out of columns; a row fits into no column. */
import Sortable from 'sortablejs';
import { renumber } from './entries.js';
import { announce, changed } from './lists.js';

const MOVE_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120;
const editor = document.querySelector('[data-parts]');

/** @param {HTMLElement} list */
function makeSortable(list) {
  if (Sortable.get(list)) return;
  Sortable.create(list, {
    group: { name: 'blocks', put: (to, _from, block) => fits(to.el, block) },
    handle: '[data-handle]',
    draggable: '[data-block]',
    animation: MOVE_MS,
    swapThreshold: 0.65,
    onStart: () => announce(list),
    onEnd: ({ from, to }) => {
      renumber(from);
      changed(to, 'Moved.');
    },
  });
}

/** @param {HTMLElement} list @param {HTMLElement} block */
const fits = (list, block) => list.dataset.blocks === 'step' || !block.classList.contains('block-row');

function follow() {
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-blocks]')))
    makeSortable(list);
}

editor?.addEventListener('change', follow);
if (editor) follow();
