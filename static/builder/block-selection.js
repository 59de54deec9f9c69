/** Selecting a block on either side, in the list or in the preview, selects it on the other. */
import { preview } from './preview.js';

const list = document.querySelector('[data-list="steps"]');
const OUTLINE = '2px solid #4f46e5';
/** @type {Element | null} */
let chosen = null;

/** The blocks of a step; those inside a row are chosen with it. @param {Element} part */
const blocksOf = (part) => [...(part.querySelector('[data-blocks=step]')?.children ?? [])];

/** The places, among the blocks of a step, of those that are drawn. @param {number} step */
const drawnPlaces = (step) =>
  (preview?.drawn.steps[step]?.blocks ?? []).flatMap((block, at) => (preview?.canDraw(block) ? [at] : []));

/** The preview's elements, one for each block that is drawn. */
const elements = () => [...(preview?.root?.querySelector('.step')?.children ?? [])];

/** Outlines the chosen block in the preview. */
function mark() {
  const part = chosen?.closest('.part');
  if (!preview || !part || !chosen) return;
  const step = [...(part.parentElement?.children ?? [])].indexOf(part);
  if (preview.drawn.steps[step]?.id !== preview.step) return;
  const at = drawnPlaces(step).indexOf(blocksOf(part).indexOf(chosen));
  for (const [place, element] of elements().entries()) {
    /** @type {HTMLElement} */ (element).style.setProperty('outline', place === at ? OUTLINE : '');
  }
}

/** The block in the list that was clicked in the preview. @param {MouseEvent} event */
function blockClicked(event) {
  const path = event.composedPath();
  const at = elements().findIndex((element) => path.includes(element));
  const step = preview?.drawn.steps.findIndex(({ id }) => id === preview?.step) ?? -1;
  const part = list?.children[step];
  return at < 0 || !part ? undefined : blocksOf(part)[drawnPlaces(step)[at] ?? -1];
}

if (list && preview) {
  list.addEventListener('focusin', ({ target }) => {
    chosen = target instanceof Element ? target.closest('[data-blocks=step] > [data-block]') : null;
    mark();
  });
  preview.section.addEventListener('anonmsg:painted', mark);
  preview.window.addEventListener('click', (event) => {
    const block = blockClicked(event);
    const fields = block?.querySelectorAll('input:not([type=hidden]), textarea, trix-editor, select, button') ?? [];
    const field = [...fields].find(
      (each) => each.checkVisibility() && !each.matches('[name=order], [data-trix-attribute]'),
    );
    block?.scrollIntoView({ block: 'nearest' });
    if (field instanceof HTMLElement) field.focus();
  });
}
