/** Says next to their fields what could not be saved, as a page of the server does (templates/macros/form.html). */

/** @param {[string, string][]} mistakes each the id of a field and what is wrong with it */
export function showMistakes(mistakes) {
  for (const old of document.querySelectorAll('[data-mistake]')) clear(old);
  for (const [id, text] of mistakes) {
    const field = document.getElementById(id);
    if (field) mark(field, text);
  }
}

/** @param {Element} said */
function clear(said) {
  const field = document.getElementById(said.getAttribute('data-mistake') ?? '');
  field?.removeAttribute('aria-invalid');
  field?.classList.remove('is-invalid');
  field?.setAttribute('aria-describedby', (field.getAttribute('aria-describedby') ?? '').replace(said.id, '').trim());
  said.remove();
}

/** @param {HTMLElement} field @param {string} text */
function mark(field, text) {
  const said = Object.assign(document.createElement('div'), { className: 'field-error', textContent: text });
  said.id = `${field.id}-error`;
  document.getElementById(said.id)?.remove();
  said.dataset.mistake = field.id;
  field.classList.add('is-invalid');
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${said.id}`.trim());
  field.after(said);
}
