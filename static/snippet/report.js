/**
 * Sends calls to the server and loses none: each is kept under a key of its own until the server has answered for it, so
 * that it outlives the page, and any tab of the site may send it.
 */
import { core } from './core.js';
import { encode, exclusively, keys, read, readObject, write, writeObject } from './storage.js';

const QUEUE = 'anonmsg:call:';
/** What waits, in all tabs: every call up to `last`, until `until` (ms), because it is on its way or has failed. */
const PENDING = 'anonmsg:pending';
/** How many calls are kept: about half a megabyte of the site's storage. */
const KEPT = 500;
/** Bytes: what the server takes of one call, and what fetch takes with keepalive, with some room. */
const LARGEST_CALL = 32_000;
const LARGEST_CHUNK = 48_000;
/** ms: calls are written down so much later; those made in one breath travel together; an answer is waited for that long; so is a server in trouble, at most. */
const MOMENT = 150;
const BREATH = 300;
const PATIENCE = 10_000;
const LONGEST_WAIT = 300_000;

const { fetch } = window;
/** @param {string} text */
const bytes = (text) => new Blob([text]).size;

let address = '';
let writeKey = '';
/** @type {boolean} */
let isOn;
let made = 1e5;
let failures = 0;
/** The timer that runs; 0: none does. */
let timed = 0;

/** Starts sending, with what earlier pages left. @param {string} server origin @param {string} key the site's @param {boolean} enabled whether messages are on */
export function open(server, key, enabled) {
  address = `${server}/v1/b`;
  writeKey = key;
  isOn = enabled;
  soon(BREATH);
  core.listen(document, 'visibilitychange', () => document.visibilityState === 'hidden' && flush());
  core.listen(window, 'pagehide', flush);
  core.listen(window, 'online', () => {
    write(PENDING, null);
    flush();
  });
}

/** @param {number} ms */
function soon(ms) {
  timed = timed || setTimeout(exclusively, ms, flush);
}

/** Calls just made. They are written down a moment later, or before the page goes: showing a message comes first. @type {string[]} */
let fresh = [];

/** Puts a call at the end of the queue. @param {object} call */
export function report(call) {
  fresh.push(encode(call));
  setTimeout(keep, MOMENT);
  soon(BREATH);
}

/** The browser's, as JSON. */
let zone = '';

core.settle = keep;

function keep() {
  try {
    zone ||= encode(Intl.DateTimeFormat().resolvedOptions().timeZone);
  } catch {}
  // Nothing, where it cannot be written: among the others it would spoil them all.
  for (const text of fresh)
    if (text && bytes(text) < LARGEST_CALL)
      write(
        `${QUEUE}${Date.now()}${++made}${Math.random()}`,
        text.replace('"\\u0000"', zone || /** @type {any} */ (null)),
      );
  fresh = [];
  // Once for each call, so one goes for each that came.
  const kept = keys(QUEUE);
  if (kept[KEPT]) write(/** @type {string} */ (kept[0]), null);
}

/** @param {number} ms @param {string} last key */
const postpone = (ms, last) => writeObject(PENDING, { until: Date.now() + ms, last });

/** Sends the oldest calls that do not wait. */
function flush() {
  timed = 0;
  keep();
  const { until, last } = readObject(PENDING);
  const wait = until - Date.now();
  /** @type {string[]} */
  const chunk = [];
  let batch = '';
  for (const key of keys(QUEUE)) {
    if (wait > 0 && wait < LONGEST_WAIT && key <= last) soon(wait);
    else {
      const text = read(key);
      if (batch && bytes(batch + text) > LARGEST_CHUNK) break;
      batch += (batch && ',') + text;
      chunk.push(key);
    }
  }
  if (batch && address) {
    // For the builder's install page: whether messages are on, and how many tags the page has, by a text of theirs.
    const tags = document.documentElement.textContent.split('twice."').length - 1;
    deliver(
      chunk,
      `{"batch":[${batch}],"writeKey":${encode(writeKey)},"sentAt":${encode(new Date())},"setup":[${isOn},${tags}]}`,
    );
  }
}

/** @param {string[]} chunk keys @param {string} body */
async function deliver(chunk, body) {
  postpone(PATIENCE, /** @type {string} */ (chunk.at(-1)));
  let status = 0;
  let wait = 0;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      body,
      keepalive: true,
      credentials: 'omit',
    });
    status = answer.status;
    wait = 1000 * /** @type {any} */ (answer.headers.get('Retry-After'));
    // Until it is read, what was sent counts against the 64 kB that a browser lets be under way with keepalive.
    await answer.text();
  } catch {}
  // Any other answer is final: the server has the calls, or will never take them.
  if (!status || status === 429 || status >= 500) {
    wait = Math.min(LONGEST_WAIT, wait || 1000 * 2 ** failures++ * (0.5 + Math.random()));
    postpone(wait, '~');
  } else {
    failures = wait = 0;
    for (const key of chunk) write(key, null);
    write(PENDING, null);
  }
  soon(wait);
}
