/**
 * Once an image's address is typed, its own width and height go along, so that a message keeps the room while it loads. Where
 * nothing loads, the field says so: neither the preview nor the visitors would see anything of it.
 */

/** @param {HTMLInputElement} field */
function measure(field) {
  const [width, height] = ['width', 'height'].map((name) => sibling(field, name));
  if (!width || !height) return;
  width.value = height.value = '';
  say(field, false);
  const address = field.value.trim();
  /** Pictures come when they like: one whose address is no longer there says nothing. */
  const isStill = () => field.value.trim() === address;
  const picture = new Image();
  picture.addEventListener('load', () => {
    if (!isStill()) return;
    width.value = String(picture.naturalWidth || '');
    height.value = String(picture.naturalHeight || '');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  picture.addEventListener('error', () => isStill() && say(field, true));
  if (/^https?:\/\//i.test(address)) picture.src = address;
}

/** Under the field: that there is no picture, or its usual hint. @param {HTMLInputElement} field @param {boolean} missing */
export function say(field, missing) {
  const hint = document.getElementById(`${field.id}-help`);
  if (!hint) return;
  hint.setAttribute('role', 'status');
  hint.dataset.always ??= hint.textContent ?? '';
  hint.textContent = missing ? 'No picture could be loaded from this address.' : hint.dataset.always;
  hint.className = missing ? 'field-error' : 'form-hint';
}

/** @param {HTMLInputElement} field @param {string} name */
const sibling = (field, name) =>
  /** @type {HTMLInputElement | null} */ (document.getElementById(field.id.replace(/src$/, name)));

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset.image !== undefined) measure(target);
});
