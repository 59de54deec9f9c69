/**
 * Warns of a message that is higher than a phone: the production snippet draws it into a frame of that size, which nobody sees,
 * and each step that would have to be scrolled is one to look at.
 */
import { draw, undrawable } from '../snippet/whole.js';
import { warn } from './launch-gate.js';
import { layPage } from './quiet-page.js';

/** In CSS pixels: the screen of most phones is at least that large. */
const PHONE = [390, 844];

/** Places of the steps that have to be scrolled. @param {ReturnType<typeof draw>} drawn @param {{id: string}[]} steps */
function scrolled({ host, go }, steps) {
  const box = host.shadowRoot?.querySelector('.box');
  return steps.flatMap(({ id }, at) => {
    go(id);
    return box && box.scrollHeight > box.clientHeight + 1 ? [at] : [];
  });
}

/** @param {number[]} places @param {number} steps */
function said(places, steps) {
  const numbers = places.map((at) => at + 1).join(', ');
  const which = steps === 1 ? 'The message is' : places.length === 1 ? `Step ${numbers} is` : `Steps ${numbers} are`;
  return `${which} higher than the screen of a phone (${PHONE.join(' × ')}): visitors have to scroll.`;
}

/** @param {HTMLElement} list the checks @param {HTMLElement} preview */
function measure(list, preview) {
  const message = { id: '', ...JSON.parse(preview.dataset.drawn ?? '') };
  if (undrawable(message, document) !== undefined) return;
  const frame = Object.assign(document.createElement('iframe'), { className: 'phone', inert: true, tabIndex: -1 });
  frame.setAttribute('aria-hidden', 'true');
  // Some browsers replace an empty frame's document until it has loaded.
  frame.addEventListener('load', paint, { once: true });
  document.body.append(frame);

  function paint() {
    const window = /** @type {Window & typeof globalThis} */ (frame.contentWindow);
    layPage(window);
    const drawn = draw(message, { window, scheme: 'light', preview: true, onShow: () => look(drawn) });
  }

  /** @param {ReturnType<typeof draw>} drawn */
  function look(drawn) {
    const places = scrolled(drawn, message.steps);
    frame.remove();
    list.dataset.measured = '';
    if (!places.length) return;
    const [key, href] = [`${list.dataset.tooHigh}`, `${list.dataset.content}#steps-${places[0]}-blocks`];
    warn({ key, text: said(places, message.steps.length), href });
  }
}

const [list, preview] = ['[data-checks]', '[data-preview]'].map((name) => document.querySelector(name));
if (list instanceof HTMLElement && preview instanceof HTMLElement) measure(list, preview);
