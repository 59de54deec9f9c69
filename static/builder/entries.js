/**
 * The entries of the lists in a form: what they are called, how they are copied. A list is an element with `data-list`, its
 * entries are its children with `data-entry`, both hold their name; an entry's fields are named after it (anonmsg/forms/lists.py).
 */
const NAMED = [
  'id',
  'name',
  'for',
  'aria-describedby',
  'aria-labelledby',
  'data-entry',
  'data-list',
  'data-answers',
  'input',
  'toolbar',
];

/** @param {Element} entry */
const all = (entry) => [entry, ...entry.querySelectorAll('*')];

/** @param {Element} element */
export const entryOf = (element) => /** @type {HTMLElement | null} */ (element.closest('[data-entry]'));

/** @param {string} name */
export const listNamed = (name) =>
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-list="${CSS.escape(name)}"]`));

/** Everything in the entry that is called after it is called after `name` now. @param {HTMLElement} entry @param {string} name */
function rename(entry, name) {
  const old = entry.dataset.entry ?? '';
  if (old === name) return;
  const mention = new RegExp(`(^| )${old}(?=[- ]|$)`, 'g');
  for (const element of all(entry)) {
    const orders = element instanceof HTMLButtonElement ? ['value'] : [];
    for (const attribute of [...NAMED, ...orders]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace(mention, `$1${name}`));
    }
  }
}

/** Names and numbers follow the order, so that the server means the same fields. @param {HTMLElement} list */
export function renumber(list) {
  for (const [at, entry] of /** @type {HTMLElement[]} */ ([...list.children]).entries()) {
    rename(entry, `${list.dataset.list}-${at}`);
    for (const number of entry.querySelectorAll('[data-number]')) {
      if (entryOf(number) === entry) number.textContent = String(at + 1);
    }
  }
}

/** A new entry as a template has it. @param {HTMLTemplateElement} template @param {HTMLElement} list */
export function fresh(template, list) {
  const placeholder = template.dataset.name ?? `__${template.id.replace('new-', '')}__`;
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const entry = /** @type {HTMLElement} */ (fragment.firstElementChild);
  entry.dataset.entry = placeholder;
  rename(entry, `${list.dataset.list}-${list.children.length}`);
  withFreshIds(entry);
  return entry;
}

/** Where a question is renamed, those that go by its answer follow. @param {Element} entry */
function withFreshIds(entry) {
  const options = /** @type {NodeListOf<HTMLOptionElement>} */ (entry.querySelectorAll('[data-questions] option'));
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (entry.querySelectorAll('[data-fresh-id]'))) {
    const before = field.value;
    field.value = freshId(field.dataset.freshId ?? '');
    for (const option of options) if (before && option.value === before) option.value = field.value;
  }
}

/** @param {string} prefix */
const freshId = (prefix) =>
  [...crypto.getRandomValues(new Uint8Array(5))].reduce((id, byte) => id + byte.toString(16).padStart(2, '0'), prefix);

/**
 * The same element once more, with what was typed and chosen. An editor of rich text is left out: it starts anew where the
 * copy is put. @template {HTMLElement} T @param {T} element @returns {T}
 */
export function copyOf(element) {
  for (const option of element.querySelectorAll('option')) option.toggleAttribute('selected', option.selected);
  const copy = /** @type {T} */ (element.cloneNode(true));
  for (const part of copy.querySelectorAll('trix-toolbar, trix-editor')) part.remove();
  return copy;
}

/** A copy that is somebody of its own. @param {HTMLElement} entry */
export function twin(entry) {
  const copy = copyOf(entry);
  withFreshIds(copy);
  return copy;
}
