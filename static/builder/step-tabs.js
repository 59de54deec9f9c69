/**
 * Of a message's steps one is edited and previewed at a time: a tab for each, called after the first thing that the step says.
 * `follow` is asked for whenever steps or their titles may have changed.
 */
import { preview } from './preview.js';

const parts = document.querySelector('[data-parts]');
const tabs = document.querySelector('[data-step-tabs]');
let chosen = '';

/** @typedef {{id: string, title: string, part: HTMLElement}} StepOfMessage */

/** The steps as they stand in the form. @returns {StepOfMessage[]} */
export function stepsOf() {
  return /** @type {HTMLElement[]} */ ([...(parts?.children ?? [])]).map((part, at) => ({
    id: /** @type {HTMLInputElement | null} */ (part.querySelector('[data-step-id]'))?.value ?? '',
    title: titleOf(part, at + 1),
    part,
  }));
}

/** As PartForm.title has it. @param {HTMLElement} part @param {number} number */
function titleOf(part, number) {
  const naming = /** @type {HTMLInputElement[]} */ ([...part.querySelectorAll('[data-naming]')]);
  const first = naming.map(({ value }) => value.trim()).find(Boolean);
  return first ? `Step ${number}: ${first}` : `Step ${number}`;
}

/** Edit and preview this step. @param {string} id */
export function choose(id) {
  chosen = id;
  show();
  preview?.turnTo(id);
}

function show() {
  const steps = stepsOf();
  if (!steps.some(({ id }) => id === chosen)) chosen = steps[0]?.id ?? '';
  for (const { id, part } of steps) part.hidden = id !== chosen;
  drawTabs(steps.length > 1 ? steps : []);
}

/** Those that are there stay: while one is being clicked, the field that is left by it says that it changed. @param {StepOfMessage[]} steps */
function drawTabs(steps) {
  const old = /** @type {HTMLElement[]} */ ([...(tabs?.children ?? [])]);
  for (const tab of old.slice(steps.length)) tab.remove();
  tabs?.append(...steps.slice(old.length).map(() => document.createElement('button')));
  for (const [at, step] of steps.entries()) fill(/** @type {HTMLElement} */ (tabs?.children[at]), step);
}

/** @param {HTMLElement} button @param {StepOfMessage} step */
function fill(button, { id, title }) {
  Object.assign(button, { type: 'button', className: 'btn btn-sm step-tab', title });
  if (button.textContent !== title) button.textContent = title;
  button.dataset.stepTab = id;
  button.setAttribute('aria-pressed', String(id === chosen));
}

/** A step that was just added, or that holds what the focus is led to, is the one to edit. */
function follow() {
  const ids = stepsOf().map(({ id }) => id);
  const added = known.length && ids.length > known.length ? ids.find((id) => !known.includes(id)) : undefined;
  known = ids;
  choose(added ?? chosen);
}

/** @type {string[]} */
let known = [];

/** The step that holds this element. @param {Element | null | undefined} element */
export function chooseStepOf(element) {
  const id = stepsOf().find(({ part }) => part.contains(element ?? null))?.id;
  if (id && id !== chosen) choose(id);
}

if (parts && tabs) {
  follow();
  parts.addEventListener('change', follow);
  parts.addEventListener('input', show);
  tabs.addEventListener('click', ({ target }) => {
    const id = target instanceof HTMLElement ? target.dataset.stepTab : undefined;
    if (id) choose(id);
  });
  document.querySelector('[data-preview-steps]')?.addEventListener('click', ({ target }) => {
    const id = target instanceof HTMLElement ? target.dataset.step : undefined;
    if (id) choose(id);
  });
  document.querySelector('[data-wizard]')?.addEventListener('anonmsg:drawn', () => preview?.turnTo(chosen));
}
