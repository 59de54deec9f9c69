/**
 * Sends calls to the server and loses none: each is kept under a key of its own until the server has answered for it, so
 * that it outlives the page, and any tab of the site may send it.
 */
import { decode, encode, exclusively, keys, read, write } from './storage.js';

const QUEUE = 'anonmsg:call:';
/** What is on its way: every call up to `last` waits until `until` (ms), in all tabs. */
const SENDING = 'anonmsg:sending';
/** Calls kept at most: about half a megabyte of the site's storage. */
const KEPT = 500;
/** A call that the server would refuse, and a chunk that fetch still takes with keepalive; bytes. */
const LARGEST_CALL = 32_000;
const LARGEST_CHUNK = 48_000;
/** ms: calls made in one breath travel together; an answer that does not come is not waited for longer. */
const BREATH = 300;
const PATIENCE = 10_000;
const LONGEST_WAIT = 300_000;

const send = window.fetch;
/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text).length;

/** @type {string} */
let address;
/** @type {string} */
let writeKey;
let failures = 0;
let made = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} server origin @param {string} key the site's */
export function open(server, key) {
  address = `${server}/v1/b`;
  writeKey = key;
  soon(BREATH);
  const hide = () => {
    if (document.visibilityState === 'hidden') flush();
  };
  document.addEventListener('visibilitychange', hide);
  addEventListener('pagehide', flush);
  addEventListener('online', () => {
    write(SENDING, null);
    flush();
  });
}

/** @param {number} ms */
function soon(ms) {
  timer ??= setTimeout(() => {
    timer = undefined;
    exclusively(flush);
  }, ms);
}

/** Puts a call at the end of the queue. @param {object} call */
export function report(call) {
  const text = encode(call);
  if (!text || bytes(text) > LARGEST_CALL) return;
  write(`${QUEUE}${Date.now()}:${String(++made).padStart(6, '0')}:${Math.random().toString(36).slice(2, 8)}`, text);
  const waiting = keys(QUEUE);
  for (let i = 0; i < waiting.length - KEPT; i++) write(String(waiting[i]), null);
  if (address) soon(BREATH);
}

/** The mark that other calls are being sent, or must wait, while it holds. @param {number} now */
function sending(now) {
  const mark = decode(read(SENDING));
  return mark?.until > now && mark.until <= now + LONGEST_WAIT ? mark : null;
}

/** Sends the oldest calls that are not on their way already. */
function flush() {
  const now = Date.now();
  const mark = sending(now);
  const chunk = [];
  let body = '';
  for (const key of keys(QUEUE)) {
    if (mark && key <= mark.last) continue;
    const call = read(key);
    if (body && bytes(body + call) > LARGEST_CHUNK) break;
    body += `${body && ','}${call}`;
    chunk[chunk.length] = key;
  }
  if (body)
    deliver(chunk, `{"batch":[${body}],"writeKey":${encode(writeKey)},"sentAt":"${new Date(now).toISOString()}"}`);
  else if (mark && keys(QUEUE).length) soon(mark.until - now);
}

/** @param {string[]} chunk keys @param {string} body */
async function deliver(chunk, body) {
  const last = chunk[chunk.length - 1];
  write(SENDING, encode({ until: Date.now() + PATIENCE, last }));
  const { status, wait } = await post(body);
  if (status >= 200 && status < 500 && status !== 408 && status !== 429) {
    failures = 0;
    for (const key of chunk) write(key, null);
    write(SENDING, null);
    if (keys(QUEUE).length) soon(0);
  } else {
    const backoff = Math.min(LONGEST_WAIT, Math.max(wait, 1000 * 2 ** failures++ * (0.5 + Math.random() / 2)));
    write(SENDING, encode({ until: Date.now() + backoff, last: '~' }));
    soon(backoff);
  }
}

/**
 * What the server answered: its status, 0 when there was no answer, and how many ms it asks us to wait.
 * @param {string} body
 */
async function post(body) {
  try {
    const answer = await send.call(window, address, {
      method: 'POST',
      body,
      keepalive: true,
      credentials: 'omit',
      signal: AbortSignal.timeout(PATIENCE),
      headers: { 'Content-Type': 'text/plain' },
    });
    const after = answer.headers.get('Retry-After') ?? '';
    return { status: answer.status, wait: Number(after) * 1000 || Date.parse(after) - Date.now() || 0 };
  } catch {
    return { status: 0, wait: 0 };
  }
}
