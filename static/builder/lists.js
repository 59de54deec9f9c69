/**
 * Lists in a form: page rules, steps, blocks, answers. A button named `order` carries the same order that the server understands
 * when no script runs (anonmsg/forms/lists.py); here it is done at once, and nothing typed or focused is lost. Whoever wants to
 * know of a change before it happens listens to `anonmsg:order`, afterwards to `change`, both from the list.
 */
import { entryOf, fresh, listNamed, renumber, twin } from './entries.js';

const FOCUSABLE = 'input:not([type=hidden]), select, textarea, trix-editor';

/** @param {Element | null | undefined} element */
function focus(element) {
  if (element instanceof HTMLElement) element.focus();
}

/** The first thing to fill in that can be seen. @param {HTMLElement} entry */
const firstField = (entry) => [...entry.querySelectorAll(FOCUSABLE)].find((field) => field.checkVisibility());

/** @param {HTMLElement} list @param {string} type */
function add(list, type) {
  const template = document.getElementById(list.dataset.template ?? `new-${type}`);
  if (!(template instanceof HTMLTemplateElement)) return;
  const entry = fresh(template, list);
  list.append(entry);
  changed(list, 'Added.');
  focus(firstField(entry) ?? entry.querySelector('button'));
}

/** @param {HTMLElement} list @param {HTMLElement} entry */
function copy(list, entry) {
  const made = twin(entry);
  entry.after(made);
  changed(list, 'Duplicated.');
  focus(firstField(made) ?? made.querySelector('button'));
}

/** @param {HTMLElement} list @param {HTMLElement} entry */
function remove(list, entry) {
  const near = entry.nextElementSibling ?? entry.previousElementSibling;
  const next = near?.querySelector('button[value^=remove]') ?? document.getElementById(list.dataset.adder ?? '');
  entry.remove();
  focus(next ?? list.parentElement?.querySelector('button[value^=add]'));
  changed(list, 'Removed.');
}

/** @param {HTMLElement} list @param {HTMLElement} entry @param {HTMLElement} button @param {'up' | 'down'} way */
function move(list, entry, button, way) {
  if (way === 'up') entry.previousElementSibling?.before(entry);
  else entry.nextElementSibling?.after(entry);
  button.focus();
  changed(list, `Moved ${way}.`);
}

/** Entries of this list came, went or moved. @param {HTMLElement} list @param {string} said to those who do not see it */
export function changed(list, said) {
  renumber(list);
  const status = document.getElementById('said');
  if (status) status.textContent = said;
  list.dispatchEvent(new CustomEvent('change', { bubbles: true }));
}

/** @param {HTMLElement} list */
export const announce = (list) => list.dispatchEvent(new CustomEvent('anonmsg:order', { bubbles: true }));

/** @param {HTMLButtonElement} button */
function obey(button) {
  const [verb, name = '', type = ''] = button.value.split(' ');
  const entry = entryOf(button);
  const list = verb === 'add' ? listNamed(name) : entry?.parentElement;
  if (!list) return;
  announce(list);
  if (verb === 'add') add(list, type);
  else if (verb === 'copy' && entry) copy(list, entry);
  else if (verb === 'remove' && entry) remove(list, entry);
  else if ((verb === 'up' || verb === 'down') && entry) move(list, entry, button, verb);
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[name=order]') : null;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  obey(button);
});
