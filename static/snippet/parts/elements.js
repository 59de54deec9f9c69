/**
 * What part `api` does for links and forms: tracks what the visitor does with them, and goes on where they lead once that is noted.
 *
 * @import {Lent} from '../types.js'
 */

/** ms: the longest that a visitor waits for it. */
const PATIENCE = 300;

/** @param {Promise<unknown>} noted */
const soon = (noted) => Promise.race([noted, new Promise((done) => setTimeout(done, PATIENCE))]);

/** One element, a list of them, or jQuery's, as an array. @param {any} given @returns {Element[]} */
const listed = (given) => (given instanceof Element ? [given] : Array.from(given?.toArray?.() ?? given ?? []));

/** What the page gave, or what its function says of the element. @param {any} given @param {Element} element */
const told = (given, element) => (typeof given === 'function' ? given(element) : given);

/** Where a click on it leads, itself or by a link inside. @param {Element} element */
const leadsTo = (element) =>
  element.getAttribute('href') ||
  element.getAttributeNS('http://www.w3.org/1999/xlink', 'href') ||
  element.querySelector('a')?.getAttribute('href');

/** Whether the page stays open when it is followed. @param {Element} element @param {any} event */
const staysOpen = (element, { ctrlKey, shiftKey, metaKey, button }) =>
  element.getAttribute('target') === '_blank' || ctrlKey || shiftKey || metaKey || button === 1;

/** @param {Lent} core @returns {(elements: any, event: any, properties?: any, options?: any) => void} */
export const tracksClicks =
  ({ guarded, send }) =>
  (elements, event, properties, options) => {
    for (const element of listed(elements)) {
      const clicked = (/** @type {Event} */ click) => {
        const noted = send('track', told(event, element), told(properties, element), options ?? {});
        const url = leadsTo(element);
        if (!url || staysOpen(element, click)) return;
        click.preventDefault();
        soon(noted).then(guarded(() => location.assign(url)));
      };
      element.addEventListener('click', guarded(clicked));
    }
  };

/** @param {Lent} core @returns {(forms: any, event: any, properties?: any, options?: any) => void} */
export const tracksSubmits =
  ({ guarded, send }) =>
  (forms, event, properties, options) => {
    for (const form of listed(forms)) {
      const submitted = (/** @type {Event} */ submit) => {
        submit.preventDefault();
        const noted = send('track', told(event, form), told(properties, form), options ?? {});
        // Not the form's own, which a field called submit hides.
        const go = () => HTMLFormElement.prototype.submit.call(/** @type {HTMLFormElement} */ (form));
        soon(noted).then(guarded(go));
      };
      const { jQuery, Zepto } = /** @type {any} */ (window);
      const query = jQuery ?? Zepto;
      // Which hears of submits that jQuery makes up, as the browser does not.
      if (query) query(form).submit(guarded(submitted));
      else form.addEventListener('submit', guarded(submitted));
    }
  };
