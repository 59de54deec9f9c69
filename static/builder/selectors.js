/**
 * CSS selectors: only a browser can say whether it understands one, so this one does, beside the field. Saved, one that is not
 * understood would keep the message from being shown.
 */
const SAID = 'No browser understands this selector, so the message would not be shown.';

/** @param {string} selector */
function isUnderstood(selector) {
  try {
    document.createDocumentFragment().querySelector(selector);
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLInputElement} field */
function judge(field) {
  const fine = !field.value.trim() || isUnderstood(field.value);
  const id = `${field.id}-judged`;
  document.getElementById(id)?.remove();
  field.classList.toggle('is-invalid', !fine);
  field.toggleAttribute('aria-describedby', !fine);
  if (fine) return;
  field.setAttribute('aria-describedby', id);
  const error = document.createElement('div');
  Object.assign(error, { id, className: 'field-error', role: 'status', textContent: SAID });
  field.after(error);
}

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset.selector) judge(target);
});
for (const field of document.querySelectorAll('input[data-selector]')) {
  if (field instanceof HTMLInputElement && !field.classList.contains('is-invalid')) judge(field);
}
