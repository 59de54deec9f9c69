/**
 * The order of the messages, where the list stands in it: a row is dragged by its handle. Dropped, it does what “Move up” and
 * “Move down” in its menu do, which keyboards and pages without scripts use.
 */
import Sortable from 'sortablejs';

const MOVE_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120;

/** @param {HTMLElement} row that was dropped @param {HTMLElement} list */
function dropped(row, list) {
  const form = row.querySelector('form[data-move]');
  const before = form?.querySelector('[name=before]');
  if (!(form instanceof HTMLFormElement) || !(before instanceof HTMLInputElement)) return;
  before.value = row.nextElementSibling?.id.replace('message-', '') ?? list.dataset.order ?? '';
  form.requestSubmit();
}

// The list comes anew again and again, and with it the rows, though not always the table.
addEventListener(
  'pointerdown',
  ({ target }) => {
    const list = target instanceof Element ? target.closest('[data-order]') : null;
    if (!(list instanceof HTMLElement) || Sortable.get(list)) return;
    Sortable.create(list, {
      handle: '[data-handle]',
      animation: MOVE_MS,
      onEnd: ({ item, oldIndex, newIndex }) => oldIndex !== newIndex && dropped(item, list),
    });
  },
  true,
);
