/**
 * Samples of what a theme makes of messages, drawn by the production snippet over a quiet page.
 *
 * @import {Block, Display, Theme} from '../snippet/types.js'
 */
import { draw, looksOf } from '../snippet/whole.js';
import { dress, layPage } from './quiet-page.js';

const WIDTH = 800;
const AGAIN_MS = 600;

/** @type {(id: string, label: string, style?: 'primary' | 'secondary' | 'link') => Block} */
const button = (id, label, style = 'primary') => ({ type: 'button', id, label, style, action: { type: 'dismiss' } });
/** @type {Block} */
const EMAIL = { type: 'email', id: 'e', label: 'E-mail', consent: '', identifies: false, required: false };

/** @type {Record<string, {display: Display, blocks: Block[], height: number}>} */
const SAMPLES = {
  modal: {
    height: 470,
    display: { kind: 'modal', position: 'center', width: 480 },
    blocks: [
      { type: 'heading', text: 'Join the club' },
      {
        type: 'text',
        paragraphs: [
          [{ text: '10 % off', bold: true }, { text: ' your first order. ' }, { text: 'Terms', link: '/terms' }],
        ],
      },
      EMAIL,
      button('b1', 'Sign up'),
      button('b2', 'Not now', 'secondary'),
    ],
  },
  overlay: {
    height: 400,
    display: { kind: 'overlay', position: 'bottom-right', width: 360 },
    blocks: [
      { type: 'heading', text: 'How do you like the shop?' },
      {
        type: 'question',
        id: 'q',
        kind: 'rating',
        label: 'Your rating',
        options: [],
        required: false,
        marks: 'numbers',
        low: 'Not at all',
        high: 'A lot',
      },
      { type: 'divider' },
      button('b1', 'Send'),
      button('b2', 'Later', 'link'),
    ],
  },
  banner: {
    height: 150,
    display: { kind: 'banner', position: 'top', width: 480 },
    blocks: [{ type: 'text', paragraphs: [[{ text: 'Free shipping until Sunday' }]] }, button('b1', 'Shop now')],
  },
};

const section = /** @type {HTMLElement} */ (document.querySelector('[data-samples]'));
/** @type {Theme} */
let theme = JSON.parse(section.dataset.samples ?? '{}');
let scheme = /** @type {'light' | 'dark'} */ ('light');

class Sample {
  /** @param {HTMLIFrameElement} frame */
  constructor(frame) {
    this.frame = frame;
    this.of = /** @type {typeof SAMPLES[string]} */ (SAMPLES[frame.dataset.sample ?? '']);
    /** @type {ReturnType<typeof draw> | undefined} */
    this.drawn = undefined;
    this.lay();
    // Some browsers replace an empty frame's document once it has loaded.
    frame.addEventListener('load', () => this.lay());
    new ResizeObserver(() => this.fit()).observe(/** @type {Element} */ (frame.parentElement));
  }

  get window() {
    return /** @type {Window & typeof globalThis} */ (this.frame.contentWindow);
  }

  lay() {
    layPage(this.window);
    this.paint();
  }

  paint() {
    const { display, blocks } = this.of;
    const { drawn } = this;
    this.drawn = undefined;
    drawn?.close('removed');
    dress(this.window.document, scheme, display.kind === 'modal');
    const message = { id: '', display, steps: [{ id: '', blocks }], theme };
    const onClose = () => this.drawn && setTimeout(() => this.paint(), AGAIN_MS);
    this.drawn = draw(/** @type {any} */ (message), { window: this.window, scheme, preview: true, onClose });
    const { shadowRoot } = this.drawn.host;
    // A link in a sample leads nowhere, and what is only looked at is not announced.
    shadowRoot?.addEventListener('click', (event) => event.preventDefault());
  }

  /** As the theme is now, without drawing it anew: what is on screen only changes its colours. */
  follow() {
    this.drawn?.host.shadowRoot?.adoptedStyleSheets.at(-1)?.replaceSync(looksOf?.(theme, scheme) ?? '');
  }

  /** Scale the page to the room there is. */
  fit() {
    const stage = /** @type {HTMLElement} */ (this.frame.parentElement);
    const scale = Math.min(1, stage.clientWidth / WIDTH);
    this.frame.style.setProperty('width', `${WIDTH}px`);
    this.frame.style.setProperty('height', `${this.of.height}px`);
    this.frame.style.setProperty('transform', `scale(${scale})`);
    stage.style.setProperty('height', `${this.of.height * scale}px`);
  }
}

const samples = [.../** @type {NodeListOf<HTMLIFrameElement>} */ (section.querySelectorAll('[data-sample]'))].map(
  (frame) => new Sample(frame),
);

/** @param {Theme} chosen */
export function show(chosen) {
  theme = chosen;
  for (const sample of samples) sample.follow();
}

section.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  if (!button?.dataset.scheme) return;
  scheme = button.dataset.scheme === 'dark' ? 'dark' : 'light';
  for (const each of section.querySelectorAll('[data-scheme]'))
    each.setAttribute('aria-pressed', String(each === button));
  for (const sample of samples) sample.paint();
});
