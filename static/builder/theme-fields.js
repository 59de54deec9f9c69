/**
 * A theme's colours: beside each field one to pick it from, below it what cannot be read well, with a better one to take.
 *
 * @typedef {{id: string, text: string, better: string}} Contrast  id: of the field
 */

/** @param {string} text @returns {string} as a browser's own picker wants it, '' for no colour */
function hexOf(text) {
  const digits = text.trim().replace('#', '');
  if (/^[\da-f]{3}$/i.test(digits)) return `#${digits.replace(/./g, '$&$&')}`;
  return /^[\da-f]{6}$/i.test(digits) ? `#${digits}` : '';
}

/** @param {string | undefined} id @param {string} value */
function choose(id, value) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(id ?? ''));
  if (!field) return;
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** @param {HTMLInputElement} swatch @param {string} typed */
function dye(swatch, typed) {
  swatch.value = hexOf(typed) || (swatch.dataset.base ?? '');
}

/** @param {Event} event */
function follow({ target }) {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.dataset.swatch) return choose(target.dataset.swatch, target.value);
  const swatch = document.querySelector(`[data-swatch="${CSS.escape(target.id)}"]`);
  if (swatch instanceof HTMLInputElement) dye(swatch, target.value);
}

document.addEventListener('input', follow);
// What Undo brings back.
document.addEventListener('change', follow);

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  if (!button?.dataset.use) return;
  choose(button.dataset.use, button.value);
  document.getElementById(button.dataset.use)?.focus();
});

/** Shows what cannot be read well, and nothing else. @param {Contrast[]} contrasts */
export function warn(contrasts) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-contrast]'))) {
    const found = contrasts.find(({ id }) => id === place.dataset.contrast);
    const words = place.querySelector('[data-contrast-text]');
    const button = place.querySelector('button');
    place.hidden = !found;
    if (words && words.textContent !== found?.text) words.textContent = found?.text ?? '';
    if (button) button.value = found?.better ?? '';
  }
}

document.querySelector('[data-wizard]')?.addEventListener('anonmsg:drawn', (event) => {
  const { contrasts } = /** @type {CustomEvent<{contrasts?: Contrast[]}>} */ (event).detail;
  if (contrasts) warn(contrasts);
});
