/**
 * Undo and redo for the content: what was added, removed, moved, duplicated, typed and chosen. A state is a copy of the steps
 * and the values of the fields outside them. In a text field ⌘/Ctrl-Z stays the field's own; anywhere else it is ours.
 *
 * @typedef {{key: string, steps: HTMLElement, others: [string, string][]}} State
 */
import { copyOf } from './entries.js';

const MOST = 100;
const QUIET_MS = 400;
const TYPED = 'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, trix-editor';

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-wizard]'));
const steps = /** @type {HTMLElement | null} */ (form.querySelector('[data-parts]'));
const [undoButton, redoButton] = ['[data-undo]', '[data-redo]'].map(
  (name) => /** @type {HTMLButtonElement | null} */ (form.querySelector(name)),
);

/** @type {State[]} */
let past = [];
/** @type {State[]} */
let future = [];
/** @type {State | undefined} */
let now;
let waiting = 0;

/** The content as it is sent. Trix writes a space at an end in two ways. @returns {[string, string][]} */
const sent = () =>
  [...new FormData(form)].flatMap(([name, value]) =>
    /^(steps|display|theme)-/.test(name) ? [[name, String(value).replaceAll('&nbsp;', ' ')]] : [],
  );

/** What is not of the steps. @param {[string, string][]} content */
export const besides = (content) => content.filter(([name]) => /^(display|theme)-/.test(name));

/** @param {HTMLElement} steps @returns {State} */
const state = (steps) => ({
  key: JSON.stringify(sent()),
  steps: copyOf(steps),
  others: besides(sent()),
});

/** Take down where things stand, if anything changed since. What is being dragged has not come to stand yet. */
export function record() {
  clearTimeout(waiting);
  if (!steps || !now || steps.querySelector('.sortable-chosen') || JSON.stringify(sent()) === now.key) return;
  past = [...past.slice(-MOST), now];
  future = [];
  now = state(steps);
  offer();
}

function offer() {
  undoButton?.toggleAttribute('disabled', !past.length);
  redoButton?.toggleAttribute('disabled', !future.length);
}

function undo() {
  record();
  const before = past.pop();
  if (!before || !now) return;
  future.push(now);
  restore(before, 'Undone.');
}

function redo() {
  record();
  const after = future.pop();
  if (!after || !now) return;
  past.push(now);
  restore(after, 'Done again.');
}

/** @param {State} wanted @param {string} said */
function restore(wanted, said) {
  now = wanted;
  put(wanted.steps, wanted.others);
  offer();
  const status = document.getElementById('said');
  if (status) status.textContent = said;
}

/** Show these steps and values. @param {HTMLElement} wanted @param {[string, string][]} others */
export function put(wanted, others) {
  steps?.replaceChildren(...copyOf(wanted).childNodes);
  for (const [name, value] of others) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) choose(field, value);
  }
  steps?.dispatchEvent(new CustomEvent('change', { bubbles: true }));
}

/** @param {Element} field @param {string} value */
function choose(field, value) {
  if (field instanceof HTMLInputElement && field.type === 'radio') field.checked = field.value === value;
  else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  if (!(field instanceof HTMLInputElement) || field.type !== 'radio' || field.checked)
    field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** @param {KeyboardEvent} event */
function byKey(event) {
  if (!(event.metaKey || event.ctrlKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key !== 'z' && key !== 'y') return;
  if (event.target instanceof Element && event.target.matches(TYPED)) return;
  event.preventDefault();
  if (key === 'z' && !event.shiftKey) undo();
  else redo();
}

function recordSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(record, QUIET_MS);
}

if (steps) {
  now = state(steps);
  form.addEventListener('input', recordSoon);
  form.addEventListener('change', recordSoon);
  form.addEventListener('anonmsg:order', record);
  undoButton?.addEventListener('click', undo);
  redoButton?.addEventListener('click', redo);
  document.addEventListener('keydown', byKey);
}
