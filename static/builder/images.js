/**
 * Uploads in an image block: by its button, pasted, or dropped on it. The server makes the picture anew and says its address and
 * size, which go into the block's fields. A block is known by a mark while its upload is under way, so that the picture comes also
 * to where the block was moved or copied, or brought back by undo.
 *
 * @typedef {{src?: string, width?: number, height?: number, note?: string, error?: string}} Answer
 */
import { record } from './history.js';
import { say } from './image-size.js';

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-wizard]'));
const steps = /** @type {HTMLElement | null} */ (form.querySelector('[data-upload-url]'));
const { uploadUrl = '', uploadMost = '0' } = steps?.dataset ?? {};
const MB = 1024 ** 2;
const UNREACHED = 'The server cannot be reached. Try again once you are online.';
const TOO_LARGE = 'This file is too large for the server. Save it smaller, for example as JPEG and 2000 pixels wide.';
const UNCLEAR = 'The picture was not taken. Sign in in another tab, then try again here.';

/** Uploads under way. @type {Map<string, XMLHttpRequest>} */
const under = new Map();
/** What came of the others. @type {Map<string, Answer>} */
const answers = new Map();
/** The form that waits for the uploads, and its button. @type {(() => void) | null} */
let onward = null;

/** @param {EventTarget | null} target */
const blockAt = (target) =>
  target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('.block-image')) : null;

/** @param {Element} block @param {string} part */
const partOf = (block, part) => /** @type {HTMLElement} */ (block.querySelector(`[data-upload-${part}]`));

/** @param {string} mark */
const marked = (mark) =>
  /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`.block-image[data-upload="${mark}"]`));

/** @param {HTMLElement} block @param {{state?: string, error?: string, done?: number}} says */
function show(block, { state = '', error = '', done = -1 }) {
  partOf(block, 'state').textContent = state;
  partOf(block, 'error').textContent = error;
  const bar = /** @type {HTMLProgressElement} */ (partOf(block, 'bar'));
  bar.hidden = done < 0;
  if (done < 1) bar.value = Math.max(done, 0);
  else bar.removeAttribute('value');
}

/** @param {HTMLElement} block @param {File | undefined} file */
function upload(block, file) {
  if (!file) return;
  under.get(block.dataset.upload ?? '')?.abort();
  delete block.dataset.upload;
  if (file.size > Number(uploadMost))
    return show(block, {
      error: `“${file.name}” has ${Math.ceil(file.size / MB)} MB, ${Number(uploadMost) / MB} MB are the most. Save it smaller, for example as JPEG and 2000 pixels wide.`,
    });
  const mark = crypto.getRandomValues(new Uint32Array(2)).join('-');
  block.dataset.upload = mark;
  show(block, { state: `Uploading “${file.name}”…`, done: 0 });
  send(mark, file);
}

/** @param {string} mark @param {File} file */
function send(mark, file) {
  const request = new XMLHttpRequest();
  under.set(mark, request);
  request.open('POST', uploadUrl);
  request.setRequestHeader(
    'X-CSRFToken',
    /** @type {HTMLInputElement} */ (form.elements.namedItem('csrf_token')).value,
  );
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    const done = loaded / total;
    const state = done < 1 ? `Uploading “${file.name}”…` : `Making “${file.name}” ready…`;
    for (const block of marked(mark)) show(block, { state, done });
  });
  request.addEventListener('load', () => finish(mark, understood(request)));
  request.addEventListener('error', () => finish(mark, { error: UNREACHED }));
  request.addEventListener('abort', () => finish(mark, {}));
  request.send(file);
}

/** @param {XMLHttpRequest} request @returns {Answer} */
function understood(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    // The answer of a proxy, of a page to sign in, or of an error.
    if (request.status === 413) return { error: TOO_LARGE };
    return { error: request.status < 500 ? UNCLEAR : UNREACHED };
  }
}

/** @param {string} mark @param {Answer} answer */
function finish(mark, answer) {
  under.delete(mark);
  answers.set(mark, answer);
  settle();
  if (under.size || !onward) return;
  onward();
  onward = null;
}

/** To each block whose upload is done, wherever it is by now: what came of it. */
function settle() {
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.block-image[data-upload]'))) {
    const answer = answers.get(block.dataset.upload ?? '');
    if (!answer) continue;
    delete block.dataset.upload;
    fill(block, answer);
  }
}

/** @param {HTMLElement} block @param {Answer} answer */
function fill(block, { src, width, height, note = '', error }) {
  if (!src) return show(block, { error });
  // To be undone by itself, however soon it came.
  record();
  const field = /** @type {HTMLInputElement} */ (block.querySelector('[data-image]'));
  for (const [name, value] of Object.entries({ src, width, height })) {
    const each = /** @type {HTMLInputElement} */ (document.getElementById(field.id.replace(/src$/, name)));
    each.value = String(value);
  }
  say(field, false);
  show(block, { state: `Uploaded: ${width} × ${height} pixels. ${note}`.trim() });
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Nobody goes to another step while a picture is on its way. @param {SubmitEvent} event */
function wait(event) {
  if (event.target !== form || !under.size) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  onward = () => form.requestSubmit(event.submitter);
}

/** Text goes where it is pasted, also when a picture of it comes along. @param {ClipboardEvent} event */
function paste(event) {
  const block = blockAt(event.target);
  const data = event.clipboardData;
  if (!block || !data?.files.length || data.types.includes('text/plain')) return;
  event.preventDefault();
  upload(block, data.files[0]);
}

/** A file that is dropped beside a block would take the place of the page. @param {DragEvent} event */
function drag(event) {
  const data = event.dataTransfer;
  if (!data?.types.includes('Files')) return;
  event.preventDefault();
  const block = blockAt(event.target);
  for (const each of document.querySelectorAll('.block-image'))
    each.classList.toggle('is-over', each === block && event.type === 'dragover');
  data.dropEffect = block ? 'copy' : 'none';
  if (block && event.type === 'drop') upload(block, data.files[0]);
}

if (steps) {
  steps.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('[data-upload-button]') : null;
    if (button) partOf(/** @type {HTMLElement} */ (blockAt(button)), 'file').click();
  });
  steps.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset.uploadFile !== undefined) {
      upload(/** @type {HTMLElement} */ (blockAt(target)), target.files?.[0]);
      target.value = '';
    } else settle();
  });
  document.addEventListener('submit', wait, true);
  document.addEventListener('paste', paste);
  for (const name of /** @type {const} */ (['dragover', 'drop', 'dragleave'])) document.addEventListener(name, drag);
  addEventListener('beforeunload', (event) => under.size && event.preventDefault());
}
