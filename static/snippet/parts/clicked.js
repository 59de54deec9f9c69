/**
 * Part `clicked`: a message that comes once something of the page was clicked, in this visit.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** @param {string} selector */
const named = (selector) => `clicked ${selector}`;

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  /** What messages wait for. @type {Set<string>} */
  const selectors = new Set();
  core.listen?.(document, 'click', ({ target }) => {
    for (const selector of selectors) {
      try {
        if (target.closest(selector)) core.visit.note(named(selector));
      } catch {}
    }
  });
  core.tests ??= Object.create(null);
  core.tests.clicked = {
    watch: ({ selector }) => selectors.add(selector),
    met({ selector }) {
      // Throws where no browser understands it.
      document.createDocumentFragment().querySelector(selector);
      return core.visit.noted(named(selector));
    },
  };
}
