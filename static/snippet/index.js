/**
 * The snippet: takes over the loader stub, keeps the promises of its methods, and shows the site's messages to the visitors
 * they are for. It never throws into the page and says nothing on its console; `analytics.anonmsg.explain()` says why.
 *
 * @import {Button, Context, Message} from './types.js'
 * @import {How} from './render.js'
 */
import { callOf, context } from './calls.js';
import { decide, eligible, nextBoundary, ordered, partsOf } from './eligibility.js';
import * as identity from './identity.js';
import { end, memoryOf, recordView } from './memory.js';
import { draw, undrawable } from './render.js';
import { open, report } from './report.js';
import { decode, detached, encode, exclusively, own, uuid } from './storage.js';

/** Read past the document itself, where an image of that name would be found first. @type {any} */
const script = Reflect.get(Document.prototype, 'currentScript', document);
const server = new URL(script?.src || location.href).origin;

/** ms that a manifest is good for: with the ≤ 4 s that caches may add, a pause is in force within 15 s. */
const FRESH = 9000;

let siteKey = '';
let enabled = false;
/** @type {Message[]} */
let messages = [];
let loadedAt = 0;
let loading = false;
/** @type {ReturnType<typeof setTimeout>} */
let boundary;
/** Whether the page view waits to be decided until somebody looks at it. */
let waiting = false;
/** The page view: its address, who made it, and what was painted in it. */
let url = '';
/** @type {Context['parts']} */
let parts;
let visitor = '';
/** @type {Set<string>} */
let painted;
/** What is on screen. @type {Map<Message['id'], {message: Message, close: (how: How) => void}>} */
const shown = new Map();

/** The same function, its failures kept from the page. @template {any[]} A @param {(...args: A) => any} work */
const guarded =
  (work) =>
  (/** @type {A} */ ...args) => {
    try {
      return work(...args);
    } catch {}
  };

/** @param {EventTarget} target @param {string} names @param {(event: any) => any} work */
function listen(target, names, work) {
  for (const name of names.split(' ')) target.addEventListener(name, guarded(work), true);
}

const visible = () => document.visibilityState === 'visible';

/** @returns {Context} */
function situation() {
  // A modal of the page, or its full screen, takes every place as ours does.
  const slots = document.querySelector(':modal') ? ['center'] : [];
  shown.forEach(({ message }) => slots.push(message.display.position));
  return {
    enabled,
    identified: identity.identified() || identity.anonymousId() !== visitor,
    now: Date.now(),
    parts,
    memory: memoryOf(visitor),
    slots,
    undrawable: (message) => (message.content && !message.steps ? undefined : undrawable(message, document)),
  };
}

/** A new page view, where the address is another one or the page has come back. @param {{persisted?: boolean}} event */
function viewed({ persisted }) {
  if (!persisted && url === location.href) return;
  url = location.href;
  parts = partsOf(url);
  visitor = identity.anonymousId();
  painted = new Set();
  review();
}

/** Decides anew about what is on screen and what is not. */
function review() {
  tidy();
  consider();
}

/** Takes away what is for somebody, some page or some time else, and what the site has withdrawn. */
function tidy() {
  // Neither their own views nor their own places count against those on screen.
  const now = situation();
  const { memory } = now;
  now.slots = [];
  now.memory = (id) => ({ ...memory(id), views: 0, lastView: 0 });
  shown.forEach(({ close }, id) => {
    if (!messages.some((message) => message.id === id && eligible(message, now))) close('removed');
  });
}

/** Decides every message for this page view, once somebody looks at it and the manifest is fresh. */
function consider() {
  waiting = true;
  if (!enabled || !visible()) return;
  if (!document.body) return requestAnimationFrame(guarded(consider));
  if (Math.abs(Date.now() - loadedAt) > FRESH) return refresh();
  waiting = false;
  clearTimeout(boundary);
  boundary = setTimeout(guarded(review), Math.min(nextBoundary(messages, Date.now()) - Date.now(), 2 ** 31 - 1));
  const now = situation();
  for (const message of messages) if (due(message, now)) return exclusively(paint);
}

/** @param {Message} message @param {Context} now */
const due = (message, now) => !painted.has(message.id) && !shown.has(message.id) && eligible(message, now);

/** Paints what may be seen. All is asked again: since it was decided, another tab or the visitor may have moved on. */
function paint() {
  let now = situation();
  waiting = !visible();
  for (const message of messages) {
    if (waiting || !due(message, now)) continue;
    guarded(show)(message);
    now = situation();
  }
}

/** @param {Message} message */
function show(message) {
  painted.add(message.id);
  if (!message.steps) return fetchSteps(message);
  const { close } = draw(message, {
    window,
    onClick: guarded((button) => clicked(message, button)),
    onClose: guarded((how, leaving) => closed(message, how, leaving)),
  });
  shown.set(message.id, { message, close });
  recordView(visitor, message.id, Date.now());
  tell('Viewed', message);
}

/** @param {Message} message @param {Button} button */
function clicked(message, { id, action }) {
  tell('Clicked', message, id);
  if (action.type === 'track') send('track', action.event, action.properties);
}

/** @param {Message} message @param {How} how @param {boolean} leaving the page, where nothing more is to be painted */
function closed(message, how, leaving) {
  shown.delete(message.id);
  if (how === 'removed') return;
  if (how === 'dismissed') tell('Dismissed', message);
  if (how === 'dismissed' || message.frequency.after_click === 'end') end(visitor, message.id);
  if (!leaving) consider();
}

/** @param {string} what happened @param {Message} message @param {string} [button_id] */
function tell(what, { id, version, display: { position } }, button_id) {
  const properties = { message_id: id, version, position, button_id };
  enqueue('track', { event: `Message ${what}`, properties, anonymousId: visitor });
}

/** @param {string} path @param {RequestCache} [cache] */
const fetchJson = async (path, cache) =>
  decode(await (await fetch(server + path, { cache, credentials: 'omit', signal: AbortSignal.timeout(5000) })).text());

/** Fetches the manifest anew; when that fails, the one that is there is used. */
async function refresh() {
  if (loading) return;
  loading = true;
  try {
    adopt(await fetchJson(`/v1/sites/${siteKey}/messages.json`, 'no-cache'));
  } catch {}
  loading = false;
  loadedAt = Date.now();
  guarded(review)();
}

/** @param {any} manifest */
function adopt(manifest) {
  messages = ordered(detached(manifest).messages);
}

/** Fetches what is not in the manifest. @param {Message} message */
async function fetchSteps(message) {
  try {
    message.steps = (await fetchJson(`${message.content}`)).steps;
    painted.delete(message.id);
    consider();
  } catch {}
}

/** For each message, whether it is shown, and every gate that keeps it from being shown, with the reason. */
function explain() {
  return messages.map((message) => ({
    message: message.id,
    shown: shown.has(message.id),
    failed: decide(message, situation()),
  }));
}

/** @param {string} type @param {Record<string, any>} fields @param {any} [options] */
function enqueue(type, fields, options) {
  const call = {
    type,
    messageId: uuid(),
    anonymousId: identity.anonymousId(),
    userId: identity.userId(),
    timestamp: own(options, 'timestamp') ?? new Date(),
    ...fields,
    context: { ...context(), ...own(options, 'context') },
  };
  report(call);
  return call;
}

/** @type {Record<string, Set<any>>} */
const listeners = {};

/** Sends what the page said. @param {string} type @param {any[]} args */
function send(type, ...args) {
  const { fields, options } = callOf(type, args);
  if (type === 'identify') {
    identity.identify(fields.userId, fields.traits);
    fields.traits = identity.traits();
    tidy();
  }
  const event = enqueue(type, fields, options);
  own(listeners, type)?.forEach(guarded((/** @type {any} */ listener) => listener(...args)));
  for (const callback of args) if (typeof callback === 'function') setTimeout(callback, 0, { event });
  return Promise.resolve({ event });
}

/** Tracks what happens to some elements. @param {string} happens @returns {(elements: any, event: any, properties?: any) => void} */
const tracking = (happens) => (elements, event, properties) => {
  for (const element of elements.length ? elements : [elements]) {
    const value = (/** @type {any} */ given) => (typeof given === 'function' ? given(element) : given);
    listen(element, happens, () => send('track', value(event), value(properties)));
  }
};

/** What the page can call. All else that the stub names does nothing. @type {Record<string, (...args: any[]) => any>} */
const methods = {
  load: start,
  trackLink: tracking('click'),
  trackClick: tracking('click'),
  trackForm: tracking('submit'),
  trackSubmit: tracking('submit'),
  pageview: (path) => send('page', { path }),
  // A text given to setTimeout would be run as script.
  ready: (callback) => Promise.resolve(typeof callback === 'function' && setTimeout(callback)),
  on: (type, listener) => (listeners[type] ??= new Set()).add(listener),
  off: (type, listener) => listeners[type]?.delete(listener),
  once(type, listener) {
    const once = (/** @type {any[]} */ ...args) => {
      listeners[type]?.delete(once);
      listener(...args);
    };
    methods.on?.(type, once);
  },
  reset: identity.reset,
  setAnonymousId: identity.setAnonymousId,
  user: () => ({ id: identity.userId, traits: identity.traits, anonymousId: identity.setAnonymousId }),
};

/** @param {string} key the site's @param {any} [options] */
function start(key, options) {
  if (siteKey || !key) return;
  siteKey = key;
  open(server, key);
  // In the options of any integration or beside them; on the page that the visitor is on, not in the frames in it.
  enabled = /"anonymousInApp":true/.test(encode(options)) && window.top === window;
  if (enabled) watch();
}

/** Sees every page view from here on. */
function watch() {
  if (__ANONMSG__) {
    adopt(__ANONMSG__);
    // Going back, a browser takes scripts from its cache however old they are.
    if (performance.navigation.type !== 2) loadedAt = Date.now();
  }
  for (const name of /** @type {const} */ (['pushState', 'replaceState'])) {
    const original = history[name];
    /** @this {History} @param {[any, any]} args */
    const followed = function (...args) {
      original.apply(this, args);
      guarded(viewed)({});
    };
    // Which does nothing where the history is frozen.
    Reflect.set(history, name, followed);
  }
  listen(window, 'popstate hashchange pageshow', viewed);
  // Another tab may have identified the visitor, or closed it.
  listen(window, 'storage', () => shown.size && tidy());
  listen(document, 'visibilitychange prerenderingchange', () => waiting && consider());
  // A modal of the page has closed, or its full screen: what waited may come.
  listen(document, 'close fullscreenchange', consider);
}

/** Puts the methods where the stub was, does what the stub was asked for, and looks at the page. */
function takeOver() {
  // The same object, since the page may have kept it.
  const analytics = window.analytics;
  if (own(analytics, 'anonmsg') || !own(analytics, 'invoked')) return;
  const asked = analytics.splice?.(0) ?? [];
  for (const type of ['identify', 'track', 'page', 'group', 'alias']) methods[type] = (...args) => send(type, ...args);
  for (const name of [...analytics.methods, 'initialize', ...Object.keys(methods)]) {
    analytics[name] = guarded((...args) => methods[name]?.(...args) ?? analytics);
  }
  analytics.push = guarded((/** @type {any[]} */ [name, ...args]) => analytics[name](...args));
  analytics.anonmsg = { explain };
  start(own(analytics, '_writeKey'), own(analytics, '_loadOptions'));
  for (const call of asked) analytics.push(call);
  if (enabled) viewed({});
}

guarded(takeOver)();
