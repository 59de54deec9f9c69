/** The theme's page: after every change the server says what it now means, for the samples and beside the colours. */
import { warn } from './theme-fields.js';
import { show } from './theme-samples.js';

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-theme-form]'));
const note = document.querySelector('[data-samples-note]');
let isAsking = false;
let isNews = false;

/** One question at a time: a colour that is dragged asks as often as it is answered. */
async function ask() {
  isNews = true;
  if (isAsking) return;
  isAsking = true;
  while (isNews) {
    isNews = false;
    await answer().catch(() => tell('The samples wait for the server.'));
  }
  isAsking = false;
}

async function answer() {
  const response = await fetch(form.dataset.lookUrl ?? '', { method: 'POST', body: new FormData(form) });
  const { theme, contrasts, mistakes } = await response.json();
  if (mistakes) return tell(mistakes[0][1]);
  show(theme);
  warn(contrasts);
  tell('');
}

/** @param {string} words why the samples do not follow */
function tell(words) {
  if (note && note.textContent !== words) note.textContent = words;
}

form.addEventListener('input', ask);
form.addEventListener('change', ask);
// What could not be saved is in the form alone.
if (form.querySelector('[aria-invalid]')) ask();
