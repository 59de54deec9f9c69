/**
 * Follows the wizard's form: shortly after each change the server says what it now means, as sentences for
 * `[data-words]` and as a shape for the preview, which hears of it by the event `anonmsg:drawn`. Nothing is saved.
 */
import { settle } from './mistakes.js';

const QUIET_MS = 200;

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-wizard]'));
let waiting = 0;
let latest = 0;

async function ask() {
  const url = form.dataset.previewUrl;
  if (!url) return;
  const mine = ++latest;
  try {
    const response = await fetch(url, { method: 'POST', body: new FormData(form) });
    // Only the answer to the last question counts.
    if (mine === latest && response.headers.get('content-type')?.includes('json')) tell(await response.json());
  } catch {
    // Offline: what is shown stays, the next change asks again.
  }
}

/** @param {{words?: Record<string, string>, problems?: string[], mistakes?: [string, string][]}} answer */
function tell(answer) {
  if (answer.mistakes) settle(answer.mistakes);
  for (const place of form.querySelectorAll('[data-words]')) {
    const words = answer.words?.[place.getAttribute('data-words') ?? ''];
    if (words !== undefined && place.textContent !== words) place.textContent = words;
  }
  form.dispatchEvent(new CustomEvent('anonmsg:drawn', { detail: answer }));
}

function follow() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, QUIET_MS);
}

/** Whether a field says something else than the server wrote: browsers bring back what was typed before. @param {Element} field */
const isRestored = (field) =>
  field instanceof HTMLSelectElement
    ? [...field.options].some(({ selected, defaultSelected }) => selected !== defaultSelected)
    : field instanceof HTMLInputElement &&
      field.type !== 'hidden' &&
      (field.value !== field.defaultValue || field.checked !== field.defaultChecked);

/** What could not be saved, or came back, is on the page, but not yet in what follows it. */
function begin() {
  if (form.querySelector('[role=alert]:not(:empty)') || [...form.elements].some(isRestored)) follow();
}

begin();
addEventListener('pageshow', begin);
form.addEventListener('input', follow);
form.addEventListener('change', follow);
