/** Once an image's address is typed, its own width and height go along, so that a message keeps the room while it loads. */

/** @param {HTMLInputElement} field */
function measure(field) {
  const [width, height] = ['width', 'height'].map((name) => sibling(field, name));
  if (!width || !height) return;
  width.value = height.value = '';
  const picture = new Image();
  picture.addEventListener('load', () => {
    width.value = String(picture.naturalWidth || '');
    height.value = String(picture.naturalHeight || '');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  if (/^https?:\/\//i.test(field.value.trim())) picture.src = field.value.trim();
}

/** @param {HTMLInputElement} field @param {string} name */
const sibling = (field, name) =>
  /** @type {HTMLInputElement | null} */ (document.getElementById(field.id.replace(/src$/, name)));

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset.image !== undefined) measure(target);
});
