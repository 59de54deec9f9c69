/** Says next to their fields what could not be saved, as a page of the server does (templates/macros/form.html). */

/** @param {[string, string][]} mistakes each the id of a field and what is wrong with it */
export function showMistakes(mistakes) {
  for (const old of document.querySelectorAll('[data-mistake]')) clear(old);
  for (const [id, text] of mistakes) {
    const field = document.getElementById(id);
    if (field) mark(field, text);
  }
}

/**
 * What the server's page said of fields goes once the server no longer says it of them; of the others it says what it says now.
 * @param {[string, string][]} mistakes all that keep the step from being saved
 */
export function settle(mistakes) {
  for (const said of document.querySelectorAll('[data-wizard] .field-error[id$="-error"]:not([data-mistake])')) {
    const texts = mistakes.flatMap(([id, text]) => (`${id}-error` === said.id ? [text] : []));
    if (!texts.length) clear(said);
    else if (said.textContent !== texts.join(' ')) said.textContent = texts.join(' ');
  }
  for (const line of document.querySelectorAll('.wizard-mistakes li')) settleLine(line, mistakes);
}

/** One line of what the page says above all fields. @param {Element} line @param {[string, string][]} mistakes */
function settleLine(line, mistakes) {
  const id = line.querySelector('a')?.getAttribute('href')?.slice(1);
  if (!id || mistakes.some(([named]) => named === id)) return;
  const alert = line.closest('[role=alert]');
  line.remove();
  const left = alert?.querySelectorAll('li').length;
  const count = alert?.querySelector('[data-count]');
  if (count) count.textContent = left === 1 ? 'One thing needs your attention:' : `${left} things need your attention:`;
  if (!left) alert?.remove();
}

/** @param {Element} said */
function clear(said) {
  const field = document.getElementById(said.getAttribute('data-mistake') ?? said.id.slice(0, -'-error'.length));
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
