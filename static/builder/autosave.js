/**
 * Keeps what is typed: on the server a second after the last change and at the latest two after the first, and until that has
 * succeeded in this browser, from where it comes back when the page is opened again. The header says how it stands. When somebody
 * else saved meanwhile nothing is overwritten: a notice lets the person at the keyboard choose.
 */
import { besides, put } from './history.js';
import { showMistakes } from './mistakes.js';

const QUIET_MS = 1000;
const LATEST_MS = 2000;
const RETRY_MS = 5000;
/** A connection that stalls counts as none, or Next would wait for it as long as the browser does. */
const PATIENCE_MS = 10_000;

const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-wizard]'));
const url = form.dataset.keepUrl ?? '';
const said = document.querySelector('[data-saved]');
const lock = /** @type {HTMLInputElement} */ (form.elements.namedItem('lock'));
const PLACE = `anonmsg-kept ${url}`;
const SENT = 'anonmsg-sent';

let waiting = 0;
let change = 0;
/** When the first change was made that is not on its way yet, in ms; 0 where there is none. */
let since = 0;
/** @type {Promise<void> | null} while something is on its way */
let keeping = null;
/** On a page that says so itself, Next decides. */
let isElsewhere = form.querySelector('[data-conflict]') !== null;

/** @param {string} text */
function say(text) {
  if (said && said.textContent !== text) said.textContent = text;
}

/** @returns {[string, string][]} */
const pairs = () =>
  [...new FormData(form)].flatMap(([name, value]) =>
    name === 'csrf_token' ? [] : [/** @type {[string, string]} */ ([name, String(value)])],
  );

/** @param {Event} event */
function touched({ target }) {
  if (target instanceof HTMLElement && (target.hasAttribute('name') || target.dataset.list)) keepSoon();
}

/** Fields of one line drop line ends by themselves. @param {string} text */
const inOneLine = (text) => text.replace(/[\r\n]/g, '');

/** Whether something was typed before this script had come. */
const isTyped = () =>
  [...form.elements].some(
    (field) =>
      (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== 'hidden')) &&
      inOneLine(field.value) !== inOneLine(field.defaultValue),
  );

function keepSoon() {
  change += 1;
  write(JSON.stringify(pairs()));
  if (isElsewhere) return;
  say('Saving…');
  since ||= Date.now();
  keepIn(Math.min(QUIET_MS, Math.max(0, since + LATEST_MS - Date.now())));
}

/** Browsers may block or fill up what they remember; then the page alone has it. @param {string | null} text */
function write(text) {
  try {
    if (text === null) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, text);
  } catch {}
}

/** @param {number} ms */
function keepIn(ms) {
  clearTimeout(waiting);
  waiting = setTimeout(keep, ms);
}

/** Send what there is; one at a time, so that they arrive in order. */
function keep() {
  if (isElsewhere || form.inert) return;
  keeping ??= send().finally(() => {
    keeping = null;
  });
}

async function send() {
  const sent = change;
  since = 0;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { method: 'POST', body: new FormData(form), keepalive: document.hidden, signal });
    await understand(response, sent);
  } catch {
    say('Offline: kept in this tab, will be saved');
    keepIn(RETRY_MS);
  }
  if (sent !== change) keepIn(0);
}

/** @param {Response} response @param {number} sent the number of the last change that it knows of */
async function understand(response, sent) {
  const answer = response.headers.get('content-type')?.includes('json') ? await response.json() : {};
  showMistakes(answer.mistakes ?? []);
  if (response.ok && answer.lock) kept(answer, sent);
  else if (answer.notice) elsewhere(answer);
  else if (answer.mistakes) say('Not saved: look at what is marked red');
  else if (response.status < 500)
    say('Not saved: sign in in another tab, then reload this page. It is kept in this one');
  else {
    say('Not saved yet, trying again');
    keepIn(RETRY_MS);
  }
}

/** @param {{lock: string, at: string}} answer @param {number} sent */
function kept(answer, sent) {
  lock.value = answer.lock;
  if (sent !== change) return;
  write(null);
  say(`Saved at ${new Date(answer.at).toLocaleTimeString([], { timeStyle: 'short' })}`);
  form.dispatchEvent(new CustomEvent('anonmsg:kept'));
}

/** @param {{lock: string, notice: string}} answer */
function elsewhere(answer) {
  isElsewhere = true;
  say('Changed elsewhere');
  const notice = new DOMParser().parseFromString(answer.notice, 'text/html').body.firstElementChild;
  document.getElementById('elsewhere')?.remove();
  if (notice) form.prepend(notice);
  notice?.querySelector('[data-keep-mine]')?.addEventListener('click', () => overrule(answer.lock));
  notice?.querySelector('[data-take-theirs]')?.addEventListener('click', giveIn);
}

/** @param {string} theirs the lock that says their version was seen */
function overrule(theirs) {
  lock.value = theirs;
  isElsewhere = false;
  document.getElementById('elsewhere')?.remove();
  say('Saving…');
  keepIn(0);
}

function giveIn() {
  write(null);
  form.dispatchEvent(new CustomEvent('anonmsg:kept'));
  location.reload();
}

/** Bring back what this browser holds from before; the server draws it. Throws when it does not. @param {[string, string][]} kept */
async function bringBack(kept) {
  const body = new FormData(form);
  for (const name of [...body.keys()]) if (name !== 'csrf_token') body.delete(name);
  for (const [name, value] of kept) body.append(name, value);
  body.append('order', 'look');
  const response = await fetch(form.action, { method: 'POST', body });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const steps = /** @type {HTMLElement | null} */ (page.querySelector('[data-parts]'));
  if (!steps) throw new Error(`not drawn: ${response.status}`);
  lock.value = kept.find(([name]) => name === 'lock')?.[1] ?? lock.value;
  put(/** @type {HTMLElement} */ (document.adoptNode(steps)), besides(kept));
}

/** Nobody types into what is about to be replaced, nor over what is not back yet. @param {[string, string][] | null} before */
async function comeBack(before) {
  form.inert = before !== null;
  try {
    if (before) await bringBack(before);
    goOn();
  } catch {
    if (before) stayAway(before);
  } finally {
    form.dataset.ready = '';
  }
}

function goOn() {
  form.inert = false;
  if (isTyped()) keepSoon();
}

/** The server cannot be reached, the session has ended, or the message was archived. @param {[string, string][]} before */
function stayAway(before) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById('not-back'));
  const notice = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  form.before(notice);
  const again = () => {
    if (!notice.isConnected) return;
    notice.remove();
    comeBack(before);
  };
  addEventListener('online', again, { once: true });
  notice.querySelector('[data-try-again]')?.addEventListener('click', again);
  notice.querySelector('[data-drop]')?.addEventListener('click', () => {
    notice.remove();
    write(null);
    goOn();
  });
}

/** Next and Back save it themselves, after what is on its way, or they would take that for somebody else's. @param {SubmitEvent} event */
function submit(event) {
  clearTimeout(waiting);
  if (keeping) {
    event.preventDefault();
    keeping.then(() => form.requestSubmit(event.submitter));
  } else sessionStorage.setItem(SENT, PLACE);
}

/** What was sent with Next or Back need not be kept once another step has come. */
function forget() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (!url && sent) localStorage.removeItem(sent);
}

/** @returns {[string, string][] | null} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? 'null');
  } catch {
    return null;
  }
}

forget();
if (url) {
  form.addEventListener('input', touched);
  form.addEventListener('change', touched);
  form.addEventListener('submit', submit);
  form.addEventListener('anonmsg:keep', () => keepIn(0));
  addEventListener('online', () => change && keepIn(0));
  document.addEventListener('visibilitychange', () => document.hidden && waiting && keep());
  const before = form.querySelector('[role=alert]:not(:empty)') ? null : remembered();
  comeBack(before);
}
