/** `<button data-copies="ID">` puts the text of the element with that id into the clipboard and says so for a moment. */
const SHOWN_MS = 2000;

/** @param {Element} button */
async function copy(button) {
  const source = document.getElementById(button.getAttribute('data-copies') ?? '');
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    confirm(button);
  } catch {
    // On plain http there is no clipboard: leave the text selected, one keystroke from being copied.
    getSelection()?.selectAllChildren(source);
  }
}

/** @param {Element} button */
function confirm(button) {
  const label = /** @type {HTMLElement | null} */ (button.querySelector('[data-copied]'));
  if (!label || label.textContent === label.dataset.copied) return;
  const before = label.textContent;
  label.textContent = label.dataset.copied ?? '';
  setTimeout(() => {
    label.textContent = before;
  }, SHOWN_MS);
}

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copies]') : null;
  if (button) copy(button);
});
