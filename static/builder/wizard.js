/**
 * The wizard's form: says what is not saved, sends what was typed before it goes to another step, saves on ⌘/Ctrl-S, and
 * leads to what could not be saved. Its parts are modules of their own.
 */
import './chooses.js';
import './lists.js';
import './live.js';
import './preview.js';
import './address-tester.js';
import './forecast.js';
import './selectors.js';
import './position-map.js';
import './own-zone.js';
import './image-size.js';
import './images.js';
import './step-choices.js';
import './history.js';
import './begun.js';
import './columns.js';
import './autosave.js';
import './local-time.js';
import './theme-fields.js';
import './template-choice.js';
import './timeline.js';
import './block-selection.js';
import { loaded } from './loads.js';
import { chooseStepOf } from './step-tabs.js';

if (document.querySelector('[data-parts]')) {
  loaded(() => import('./rich.js'));
  loaded(() => import('./drag.js'));
}

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-wizard]'));
const FIELD = 'input:not([type=hidden]), select, textarea, trix-editor, button[name=order]';
const KEPT = 'anonmsg-wizard-place';
let dirty = form.querySelector('[aria-invalid], .alert-danger') !== null;

/** @param {Event} event */
function touch({ target }) {
  // What has no name, such as the addresses to try, is not a part of the message; a list says that it changed itself.
  if (target instanceof HTMLElement && !target.hasAttribute('name') && !target.dataset.list) return;
  // Nor is what was looked at, which is kept with each tick.
  if (target instanceof HTMLElement && 'tick' in target.dataset) return;
  dirty = true;
  const said = document.querySelector('[data-saved]');
  if (said && !form.dataset.keepUrl) said.textContent = 'Not saved yet';
}

/** Send the form and go to the step of this name. @param {string} go */
function send(go) {
  const button = document.createElement('button');
  button.name = 'go';
  button.value = go;
  button.hidden = true;
  form.append(button);
  form.requestSubmit(button);
}

/** @param {MouseEvent} event */
function saveBeforeLeaving(event) {
  const link = event.target instanceof Element ? event.target.closest('[data-go]') : null;
  if (!link || !dirty || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  send(link.getAttribute('data-go') ?? '');
}

/** Without leaving the page where it keeps itself. @param {KeyboardEvent} event */
function saveByKey(event) {
  if (event.key.toLowerCase() !== 's' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (form.dataset.keepUrl) return form.dispatchEvent(new CustomEvent('anonmsg:keep'));
  const place = { path: location.pathname, focus: document.activeElement?.id, top: scrollY };
  sessionStorage.setItem(KEPT, JSON.stringify(place));
  send('stay');
}

/** After ⌘/Ctrl-S: back to the field and the place where the key was pressed. The first save gives the message an address. */
function resume() {
  const place = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  sessionStorage.removeItem(KEPT);
  if (place?.path !== location.pathname && !place?.path.endsWith('/new')) return;
  scrollTo({ top: place.top });
  document.getElementById(place.focus ?? '')?.focus({ preventScroll: true });
}

/** To the first field that is wrong, or to what a link of the review names: a field, or a part of the page with fields. */
function lead() {
  const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const target = form.querySelector('[aria-invalid]') ?? named;
  if (!target) return;
  chooseStepOf(target);
  target.closest('details')?.setAttribute('open', '');
  const within = target.checkVisibility() ? target : target.closest('fieldset');
  const field = within?.matches(FIELD)
    ? within
    : [...(within?.querySelectorAll(FIELD) ?? [])].find((each) => each.checkVisibility());
  if (field instanceof HTMLElement) field.focus();
}

form.addEventListener('input', touch);
form.addEventListener('change', touch);
for (const saved of ['submit', 'anonmsg:kept']) {
  form.addEventListener(saved, () => {
    dirty = false;
  });
}
document.addEventListener('click', saveBeforeLeaving);
document.addEventListener('keydown', saveByKey);
addEventListener('beforeunload', (event) => {
  if (dirty) event.preventDefault();
});
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
resume();
lead();
