/**
 * Lists in a form: page rules, steps, blocks. A button named `order` carries the same order that the server understands when
 * no script runs (anonmsg/forms/lists.py); here it is done at once, and nothing typed or focused is lost.
 */
const FOCUSABLE = 'input:not([type=hidden]), select, textarea';
let made = 1000;

/** @param {Element} element */
const entryOf = (element) => /** @type {HTMLElement | null} */ (element.closest('[data-entry]'));

/** @param {string} name */
const listNamed = (name) =>
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-list="${CSS.escape(name)}"]`));

/** A copy of a template with every mention of its name replaced. @param {HTMLTemplateElement} template @param {string} name */
function copy(template, name) {
  const placeholder = `__${template.id.replace('new-', '')}__`;
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  for (const element of fragment.querySelectorAll('*')) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll(placeholder, name);
    }
    if (element instanceof HTMLInputElement && element.dataset.freshId)
      element.value = freshId(element.dataset.freshId);
  }
  return fragment;
}

/** @param {string} prefix */
const freshId = (prefix) =>
  [...crypto.getRandomValues(new Uint8Array(5))].reduce((id, byte) => id + byte.toString(16).padStart(2, '0'), prefix);

/** @param {Element | null | undefined} element */
function focus(element) {
  if (element instanceof HTMLElement) element.focus();
}

/** @param {HTMLElement} list @param {string} type */
function add(list, type) {
  const template = document.getElementById(list.dataset.template ?? `new-${type}`);
  if (!(template instanceof HTMLTemplateElement)) return;
  list.append(copy(template, `${list.dataset.list}-${made++}`));
  const entry = /** @type {HTMLElement} */ (list.lastElementChild);
  focus(entry.querySelector(FOCUSABLE) ?? entry.querySelector('button'));
  changed(list, 'Added.');
}

/** @param {HTMLElement} entry */
function remove(entry) {
  const list = /** @type {HTMLElement} */ (entry.parentElement);
  const near = entry.nextElementSibling ?? entry.previousElementSibling;
  const next = near?.querySelector('button[value^=remove]') ?? document.getElementById(list.dataset.adder ?? '');
  entry.remove();
  focus(next ?? list.parentElement?.querySelector('button[value^=add]'));
  changed(list, 'Removed.');
}

/** @param {HTMLElement} entry @param {HTMLElement} button @param {'up' | 'down'} way */
function move(entry, button, way) {
  const list = /** @type {HTMLElement} */ (entry.parentElement);
  if (way === 'up') entry.previousElementSibling?.before(entry);
  else entry.nextElementSibling?.after(entry);
  button.focus();
  changed(list, `Moved ${way}.`);
}

/** @param {HTMLElement} list @param {string} said */
function changed(list, said) {
  for (const [at, entry] of [...list.children].entries()) {
    for (const number of entry.querySelectorAll('[data-number]')) {
      if (entryOf(number) === entry) number.textContent = String(at + 1);
    }
  }
  const status = document.getElementById('said');
  if (status) status.textContent = said;
  list.dispatchEvent(new CustomEvent('change', { bubbles: true }));
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[name=order]') : null;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const [verb, name = '', type = ''] = button.value.split(' ');
  const entry = entryOf(button);
  const list = listNamed(name);
  if (verb === 'add' && list) add(list, type);
  else if (verb === 'remove' && entry) remove(entry);
  else if ((verb === 'up' || verb === 'down') && entry) move(entry, button, verb);
});
