/**
 * Templates as pictures: each `[data-picture]` that is scrolled near is drawn by the production snippet over a quiet page, scaled
 * to the room there is. Nobody can come into it; its name stands beside it.
 */
import { draw, undrawable } from '../snippet/whole.js';
import { dress, layPage } from './quiet-page.js';

/** Of the page beneath, in CSS pixels; a banner is looked at from further away. */
const WIDTH = 560;
const WIDE = 880;
const RATIO = 3 / 4;
/** Pixels above and below a message. */
const AROUND = 48;
const NEAR = '300px';

class Picture {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {import('../snippet/types.js').Message} */
    this.message = { id: '', ...JSON.parse(place.dataset.picture ?? '') };
    this.width = this.message.display.kind === 'banner' ? WIDE : WIDTH;
    this.frame = Object.assign(document.createElement('iframe'), { inert: true, tabIndex: -1, title: '' });
    /** @type {ReturnType<typeof draw> | undefined} */
    this.drawn = undefined;
    place.replaceChildren(this.frame);
    this.paint();
    // Some browsers replace an empty frame's document once it has loaded.
    this.frame.addEventListener('load', () => this.paint());
    new ResizeObserver(() => this.fit()).observe(place);
  }

  paint() {
    const window = /** @type {Window & typeof globalThis} */ (this.frame.contentWindow);
    this.drawn?.close('removed');
    layPage(window);
    dress(window.document, 'light', this.message.display.kind === 'modal');
    this.fit();
    // Of one that says nothing yet the page beneath is all there is.
    if (undrawable(this.message, window.document) !== undefined) this.place.dataset.painted = '';
    else this.drawn = draw(this.message, { window, scheme: 'light', preview: true, onShow: () => this.makeRoom() });
  }

  /** A message that is higher than the page is looked at from further away, too. */
  makeRoom() {
    const root = this.drawn?.host.shadowRoot;
    root?.querySelector('[role=status]')?.remove();
    const height = (root?.querySelector('.box')?.scrollHeight ?? 0) + AROUND;
    this.width = Math.max(this.width, Math.ceil(height / RATIO));
    this.fit();
    this.place.dataset.painted = '';
  }

  fit() {
    const { place, frame, width } = this;
    frame.style.setProperty('width', `${width}px`);
    frame.style.setProperty('height', `${width * RATIO}px`);
    frame.style.setProperty('transform', `scale(${place.clientWidth / width})`);
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      new Picture(/** @type {HTMLElement} */ (target));
    }
  },
  { rootMargin: NEAR },
);

for (const place of document.querySelectorAll('[data-picture]')) near.observe(place);
