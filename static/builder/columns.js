/** A row with fewer columns than before: what stood in the last one moves to the end of the one before it. */
import { renumber } from './entries.js';
import { changed } from './lists.js';

/** @param {HTMLSelectElement} select */
function follow(select) {
  if (select.value !== '2') return;
  const lists = /** @type {NodeListOf<HTMLElement>} */ (
    select.closest('[data-block]')?.querySelectorAll('[data-blocks]')
  );
  const [, second, third] = lists;
  if (!second || !third?.children.length) return;
  second.append(...third.children);
  renumber(third);
  changed(second, 'Moved to the second column.');
}

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.columns !== undefined) follow(target);
});
