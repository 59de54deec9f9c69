/**
 * What buttons that lead to a step can choose from: the steps that there are, also those that were just added or moved, and for
 * their branches the questions and their answers.
 */
import { stepsOf } from './step-tabs.js';

const parts = document.querySelector('[data-parts]');

/** @typedef {{id: string, label: string, choices: string[]}} Asked */

/** The questions whose answer can decide. @returns {Asked[]} */
function questions() {
  return [...(parts?.querySelectorAll('.block-question') ?? [])].map(asked).filter(({ choices }) => choices.length);
}

/** @param {Element} block @returns {Asked} */
function asked(block) {
  const value = (/** @type {string} */ field) =>
    /** @type {HTMLInputElement | null} */ (block.querySelector(field))?.value.trim() ?? '';
  return {
    id: value('[data-fresh-id]'),
    label: value('[data-question]'),
    choices: choicesOf(block),
  };
}

/** Which kind has which, its select says (QuestionForm.OFFERED). @param {Element} block @returns {string[]} */
function choicesOf(block) {
  const select = /** @type {HTMLSelectElement | null} */ (block.querySelector('[data-kind]'));
  const points = JSON.parse(select?.dataset.kind ?? '{}')[select?.value ?? ''];
  if (!points) return [];
  if (points.length) return points.map(String);
  const options = /** @type {NodeListOf<HTMLInputElement>} */ (block.querySelectorAll('[data-option]'));
  return [...options].map(({ value }) => value.trim()).filter(Boolean);
}

/** @param {HTMLSelectElement} select @param {[string, string][]} offered */
function offer(select, offered) {
  const chosen = select.value;
  const now = [...select.options].map(({ value, text }) => [value, text]);
  if (JSON.stringify(now) === JSON.stringify(offered)) return;
  select.replaceChildren(...offered.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

/** Ticks stay at the place of an answer, so that they follow when its words change. @param {HTMLElement} branch @param {Asked[]} all */
function offerAnswers(branch, all) {
  const place = /** @type {HTMLElement} */ (branch.querySelector('[data-answers]'));
  const question = /** @type {HTMLSelectElement} */ (branch.querySelector('[data-questions]')).value;
  const choices = all.find(({ id }) => id === question)?.choices ?? [];
  const boxes = /** @type {HTMLInputElement[]} */ ([...place.querySelectorAll('input')]);
  const now = boxes.map(({ value }) => value);
  if (place.dataset.of === question && JSON.stringify(now) === JSON.stringify(choices)) return;
  const same = (place.dataset.of ?? question) === question && now.length === choices.length;
  const ticked = boxes.flatMap(({ checked, value }, at) => (checked ? [same ? (choices[at] ?? '') : value] : []));
  place.dataset.of = question;
  place.replaceChildren(
    ...(choices.length
      ? choices.map((choice) => box(place, choice, ticked.includes(choice)))
      : ['Choose a question first.']),
  );
}

/** @param {HTMLElement} place @param {string} value @param {boolean} checked */
function box(place, value, checked) {
  const label = Object.assign(document.createElement('label'), { className: 'form-check form-check-inline' });
  const input = Object.assign(document.createElement('input'), { type: 'checkbox', className: 'form-check-input' });
  Object.assign(input, { name: place.dataset.answers, value, checked });
  label.append(input, ` ${value}`);
  return label;
}

function follow() {
  const steps = stepsOf().map(({ id, title }) => /** @type {[string, string]} */ ([id, title]));
  const all = questions();
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (parts?.querySelectorAll('[data-steps]') ?? [])) {
    const ways = [...select.options].filter(({ value }) => value.startsWith('+'));
    offer(select, [...ways.map(({ value, text }) => /** @type {[string, string]} */ ([value, text])), ...steps]);
  }
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (parts?.querySelectorAll('[data-questions]') ?? []))
    offer(select, [
      ['', 'Choose a question'],
      ...all.map(({ id, label }) => /** @type {[string, string]} */ ([id, label || 'Question without words'])),
    ]);
  for (const branch of /** @type {NodeListOf<HTMLElement>} */ (parts?.querySelectorAll('.branch') ?? []))
    offerAnswers(branch, all);
}

if (parts) {
  follow();
  parts.addEventListener('change', follow);
  parts.addEventListener('input', follow);
}
