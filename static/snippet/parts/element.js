/**
 * Part `element`: a message that needs an element of the page, which may come later. Once it was there in a page view, it counts.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** ms between two looks at a page that keeps changing. */
const PAUSE = 250;

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  /** What messages wait for. @type {Set<string>} */
  const wanted = new Set();
  /** @type {MutationObserver | undefined} */
  let observer;
  const look = () => {
    observer ??= new MutationObserver(() => {
      observer?.disconnect();
      setTimeout(find, PAUSE);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  };
  /** All is decided again only where something is there: that may ask the server for the messages. */
  const find = () => {
    if (![...wanted].some((selector) => document.querySelector(selector))) return look();
    wanted.clear();
    core.review?.();
  };
  core.tests ??= Object.create(null);
  core.tests.element = {
    // What no browser understands is an error, and so keeps the message away for another reason.
    met({ selector }) {
      core.view.found ??= new Set();
      if (document.querySelector(selector)) core.view.found.add(selector);
      const met = core.view.found.has(selector);
      if (!met && core.review) {
        wanted.add(selector);
        look();
      }
      return met;
    },
  };
}
