/**
 * The live preview: the production snippet's own renderer draws into a frame of the chosen device's width.
 *
 * @typedef {{display: import('../snippet/types.js').Display, steps: import('../snippet/types.js').Step[]}} Drawn
 */
import { draw, undrawable } from '../snippet/whole.js';
import { View } from './preview-view.js';
import { dress, fetchShop, layPage, layShop } from './quiet-page.js';

const CLOSED_MS = 600;
/** The heights of the devices by their widths, in CSS pixels. @type {Record<number, number>} */
const HEIGHTS = { 390: 720, 768: 900, 1024: 760 };
/** Pixels of the window that are for what stands above and below one, and what it gets in any case. */
const AROUND = 340;
const LEAST = 320;

/** @param {Drawn} drawn */
const messageOf = (drawn) =>
  /** @type {import('../snippet/types.js').Message} */ (/** @type {unknown} */ ({ id: '', ...drawn }));

/** One preview section. */
class Preview {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.frame = /** @type {HTMLIFrameElement} */ (section.querySelector('[data-preview-frame]'));
    this.window = /** @type {Window & typeof globalThis} */ (this.frame.contentWindow);
    /** @type {Drawn} */
    this.drawn = JSON.parse(section.dataset.drawn ?? '');
    this.device = /** @type {HTMLElement} */ (this.frame.parentElement);
    this.view = new View(section, () => this.look());
    /** The page that lies in the frame. */
    this.page = 'plain';
    this.step = '';
    /** @type {ShadowRoot | null} of the message that is shown */
    this.root = null;
    /** @type {ReturnType<typeof draw>['close'] | undefined} takes it away, even before it could be shown */
    this.close = undefined;
    layPage(this.window);
    // Some browsers replace an empty frame's document once it has loaded.
    this.frame.addEventListener('load', () => {
      layPage(this.window);
      this.page = 'plain';
      this.look();
    });
    section.addEventListener('click', ({ target }) => {
      const step = target instanceof HTMLElement ? target.dataset.step : undefined;
      if (step !== undefined) this.turnTo(step);
    });
    new ResizeObserver(() => this.fit()).observe(/** @type {Element} */ (this.device.parentElement));
    this.take(this.drawn);
    this.look();
  }

  /** As it is chosen by now. */
  async look() {
    this.fit();
    const { page } = this.view.chosen;
    if (page === this.page) return this.paint();
    this.page = `${page}`;
    if (page !== 'shop') layPage(this.window);
    else {
      const shop = await fetchShop(`${this.section.dataset.shop}`).catch(() => undefined);
      // Meanwhile another may have been chosen.
      if (this.view.chosen.page !== page) return;
      if (!shop) return this.missShop();
      layShop(this.window, shop);
    }
    this.paint();
  }

  missShop() {
    this.page = 'plain';
    this.paint();
    this.note('The demo shop cannot be fetched just now.');
  }

  /** @param {Drawn} drawn */
  take(drawn) {
    this.drawn = drawn;
    if (!drawn.steps.some(({ id }) => id === this.step)) this.step = drawn.steps[0]?.id ?? '';
    this.offerSteps();
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    this.take(drawn);
    this.paint();
  }

  paint() {
    const { close } = this;
    const isEmpty = !this.drawn.steps.some(({ blocks }) => blocks.length);
    this.close = undefined;
    close?.('removed');
    this.window.document.documentElement.dir = `${this.view.chosen.dir}`;
    dress(this.window.document, this.view.scheme, !isEmpty && this.drawn.display.kind === 'modal');
    this.note(isEmpty ? 'Add a block, and it shows here.' : '');
    if (!isEmpty) this.paintMessage();
  }

  paintMessage() {
    const { window, step } = this;
    const steps = this.drawn.steps.map(({ id, blocks }) => ({
      id,
      blocks: blocks.filter((block) => this.canDraw(block)),
    }));
    const { host, go, close } = draw(messageOf({ ...this.drawn, steps }), {
      window,
      scheme: this.view.scheme,
      preview: true,
      onClose: () => this.close && this.paintAgain(),
    });
    this.close = close;
    go(step);
    this.root = host.shadowRoot;
    // A link in a preview leads nowhere.
    this.root?.addEventListener('click', (event) => event.preventDefault());
    // A preview is looked at; only on a website is a message announced.
    this.root?.querySelector('[role=status]')?.remove();
    this.section.dispatchEvent(new Event('anonmsg:painted'));
    const left = this.drawn.steps.flatMap(({ blocks }) => blocks).filter((block) => !this.canDraw(block));
    if (left.length) this.note(`Without what cannot be drawn yet: ${left.map(({ type }) => type).join(', ')}.`);
  }

  /** @param {import('../snippet/types.js').Block} block */
  canDraw(block) {
    return (
      undrawable(messageOf({ ...this.drawn, steps: [{ id: '', blocks: [block] }] }), this.window.document) === undefined
    );
  }

  /** A preview that was closed comes back by itself. */
  paintAgain() {
    setTimeout(() => this.paint(), CLOSED_MS);
  }

  /** @param {string} text */
  note(text) {
    const place = this.section.querySelector('[data-preview-note]');
    if (place && place.textContent !== text) place.textContent = text;
  }

  /** A button for each step, where there are several. */
  offerSteps() {
    const place = /** @type {Element} */ (this.section.querySelector('[data-preview-steps]'));
    const ids = this.drawn.steps.map(({ id }) => id);
    if (ids.length < 2) return place.replaceChildren();
    place.replaceChildren(...ids.map((id, at) => this.stepButton(id, at + 1)));
  }

  /** @param {string} id @param {number} number */
  stepButton(id, number) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn btn-icon btn-sm', textContent: String(number) });
    button.dataset.step = id;
    button.setAttribute('aria-pressed', String(id === this.step));
    return button;
  }

  /** Show another step. @param {string} id */
  turnTo(id) {
    if (id === this.step || !this.drawn.steps.some((step) => step.id === id)) return;
    this.step = id;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.section.querySelectorAll('[data-step]')))
      button.setAttribute('aria-pressed', String(button.dataset.step === id));
    this.paint();
  }

  /** Scale the device to the room there is. */
  fit() {
    const { device, frame } = this;
    const { width } = this.view;
    const stage = /** @type {HTMLElement} */ (device.parentElement);
    device.dataset.width = String(width);
    frame.style.setProperty('width', `${width}px`);
    frame.style.setProperty('height', `${HEIGHTS[width]}px`);
    const scale = Math.min(
      1,
      stage.clientWidth / device.offsetWidth,
      Math.max(LEAST, innerHeight - AROUND) / device.offsetHeight,
    );
    device.style.setProperty('transform', `scale(${scale})`);
    device.style.setProperty('margin-inline-start', `${(stage.clientWidth - device.offsetWidth * scale) / 2}px`);
    stage.style.setProperty('height', `${device.offsetHeight * scale}px`);
  }
}

const section = /** @type {HTMLElement | null} */ (document.querySelector('[data-preview]'));

/** The page's preview, where it has one. */
export const preview = section && new Preview(section);

document.querySelector('[data-wizard]')?.addEventListener('anonmsg:drawn', (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.steps) preview?.show(detail);
  else preview?.note(detail.problems[0] ?? '');
});
