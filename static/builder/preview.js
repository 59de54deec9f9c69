/**
 * The live preview: the production snippet's own renderer draws into an empty frame of the chosen device's width.
 *
 * @typedef {{display: import('../snippet/types.js').Display, steps: import('../snippet/types.js').Step[]}} Drawn
 */
import { draw, undrawable } from '../snippet/whole.js';
import { dress, layPage } from './quiet-page.js';

const CLOSED_MS = 600;
const PHONE = 600;

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
    this.device = innerWidth < PHONE ? 390 : 1024;
    /** @type {'light' | 'dark'} */
    this.scheme = 'light';
    this.step = '';
    /** @type {ShadowRoot | null} of the message that is shown */
    this.root = null;
    /** @type {ReturnType<typeof draw>['close'] | undefined} takes it away, even before it could be shown */
    this.close = undefined;
    layPage(this.window);
    this.press('[data-device]', String(this.device));
    section.addEventListener('click', (event) => this.choose(event));
    // Some browsers replace an empty frame's document once it has loaded.
    this.frame.addEventListener('load', () => {
      layPage(this.window);
      this.paint();
    });
    new ResizeObserver(() => this.fit()).observe(/** @type {Element} */ (this.frame.parentElement));
    this.show(this.drawn);
  }

  /** @param {string} buttons @param {string} value of the one that is pressed */
  press(buttons, value) {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.section.querySelectorAll(buttons))) {
      button.setAttribute('aria-pressed', String(Object.values(button.dataset).includes(value)));
    }
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    this.drawn = drawn;
    if (!drawn.steps.some(({ id }) => id === this.step)) this.step = drawn.steps[0]?.id ?? '';
    this.offerSteps();
    this.paint();
  }

  paint() {
    const { close } = this;
    const isEmpty = !this.drawn.steps.some(({ blocks }) => blocks.length);
    this.close = undefined;
    close?.('removed');
    dress(this.window.document, this.scheme, !isEmpty && this.drawn.display.kind === 'modal');
    this.note(isEmpty ? 'Add a block, and it shows here.' : '');
    if (!isEmpty) this.paintMessage();
  }

  paintMessage() {
    const { window, scheme, step } = this;
    const steps = this.drawn.steps.map(({ id, blocks }) => ({
      id,
      blocks: blocks.filter((block) => this.canDraw(block)),
    }));
    const { host, go, close } = draw(messageOf({ ...this.drawn, steps }), {
      window,
      scheme,
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
    this.press('[data-step]', id);
    this.paint();
  }

  /** @param {MouseEvent} event */
  choose(event) {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (!button) return;
    const { device, scheme, step } = button.dataset;
    if (device) this.device = Number(device);
    if (scheme) this.scheme = scheme === 'dark' ? 'dark' : 'light';
    if (step !== undefined) this.step = step;
    this.press('[data-device]', String(this.device));
    this.press('[data-scheme]', this.scheme);
    this.press('[data-step]', this.step);
    this.fit();
    this.paint();
  }

  /** Scale the device to the room there is. */
  fit() {
    const stage = /** @type {HTMLElement} */ (this.frame.parentElement);
    const height = this.device < 500 ? 720 : 800;
    const scale = Math.min(1, stage.clientWidth / this.device, 560 / height);
    this.frame.style.setProperty('width', `${this.device}px`);
    this.frame.style.setProperty('height', `${height}px`);
    this.frame.style.setProperty('transform', `scale(${scale})`);
    stage.style.setProperty('height', `${height * scale}px`);
    this.frame.style.setProperty('margin-inline-start', `${(stage.clientWidth - this.device * scale) / 2}px`);
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
