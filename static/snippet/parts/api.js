/**
 * Part `api`: what few pages call. It is fetched with the first such call; until then the calls wait in the journal, and with
 * them, in their order, what they would have heard of.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** @param {Core & Lent} core */
export default function register({ journal, listen, guarded, send }) {
  /** @type {Record<string, Set<any>>} */
  const listeners = Object.create(null);

  /** Tracks what happens to some elements. @param {string} happens @returns {(elements: any, event: any, properties?: any) => void} */
  const tracking = (happens) => (elements, event, properties) => {
    for (const element of elements.length ? elements : [elements]) {
      const value = (/** @type {any} */ given) => (typeof given === 'function' ? given(element) : given);
      listen(element, happens, () => send('track', value(event), value(properties)));
    }
  };

  /** @type {Record<string, (...args: any[]) => any>} */
  const methods = {
    // @ts-expect-error so that a call of constructor is none of ours
    __proto__: null,
    pageview: (path) => send('page', { path }),
    trackLink: tracking('click'),
    trackClick: tracking('click'),
    trackForm: tracking('submit'),
    trackSubmit: tracking('submit'),
    on: (type, listener) => (listeners[type] ??= new Set()).add(listener),
    off: (type, listener) => listeners[type]?.delete(listener),
    once(type, listener) {
      const once = (/** @type {any[]} */ ...args) => {
        listeners[type]?.delete(once);
        listener(...args);
      };
      methods.on?.(type, once);
    },
  };

  /** A call that is for us, or that has been sent and may be listened to. @param {[string, ...any[]]} call */
  const hear = ([name, ...args]) => {
    const method = methods[name];
    if (method) guarded(method)(...args);
    else listeners[name]?.forEach(guarded((/** @type {any} */ listener) => listener(...args)));
    return 0;
  };

  journal.splice(0).forEach(hear);
  journal.push = hear;
}
