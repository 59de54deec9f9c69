/**
 * Part `draw`: draws a message into a page, as one node with an open shadow root, built by createElement and textContent
 * and styled by a constructed sheet, so that it carries no script, needs no exception from the strictest policy, and
 * neither gives nor takes a style. It knows the blocks that nearly every message has; other parts know the kinds of display.
 *
 * @import {Block, Button, Core, Draws, How, Maker, Press, Run, Step} from '../types.js'
 */
import { BASE } from './styles.js';

/** How dark backgrounds begin: with less than 100 of red, which is enough to tell, or less than half of the lightness. */
const DARK = /^\w+\((srgb )?(\d?\d,|0 |0\.[0-4])/;

/**
 * A URL without what cannot be seen in it, or '' when it is none of http(s), mailto, tel or relative.
 * @param {unknown} url
 */
function safeUrl(url) {
  const plain = `${url}`.replace(/\p{C}/gu, '').trim();
  return /^(https?:\/\/[^/\\]|mailto:|tel:|(?![\\/]{2})[^:/?#\\]*([/?#]|$))/i.test(plain) ? plain : '';
}

/** @param {unknown} word @returns {never} */
function unknown(word) {
  throw word;
}

/** The target of what has none. */
const NONE = /^undefined$/;

/** @param {Core} core @returns {Record<string, Draws>} */
const blocksFor = (core) => ({
  heading: ({ text }, { make }) => make('h2', {}, [text]),
  text: ({ paragraphs }, { make, run }) => make('div', {}, paragraphs, (runs) => make('p', {}, runs, run)),
  button(block, { make }, press) {
    const { label, style, action } = block;
    if (style !== 'primary' && !core.styles?.test(style)) unknown(style);
    if (!core.actions[action.type]?.test(/** @type {any} */ (action).target)) unknown(action.type);
    return make('button', { type: 'button', className: style, onclick: () => press?.(block) }, [label]);
  },
});

/** What makes nodes for a page. @param {Core} core @param {Document} document @param {Press} [press] @returns {Maker} */
function makerFor({ blocks, run }, document, press) {
  /** @type {Maker['make']} */
  function make(tag, properties, items = [], draw = String) {
    const made = Object.assign(document.createElement(tag), properties);
    for (const item of items) made.append(draw(item));
    return made;
  }

  /** @param {Block[]} list @returns {HTMLElement} */
  const step = (list) =>
    make('div', { className: 'step' }, list, (block) =>
      (blocks[block.type] ?? unknown(block.type))(block, maker, press),
    );

  const maker = { make, run: (/** @type {Run} */ words) => run(words, maker), step, safeUrl };
  return maker;
}

/**
 * Whether a page is light or dark: by what it painted itself, or else by what it says.
 * @param {Window & typeof globalThis} page
 */
function schemeOf({ document, getComputedStyle }) {
  const { backgroundColor, colorScheme } = getComputedStyle(document.documentElement);
  const paint = (getComputedStyle(document.body).backgroundColor + backgroundColor).replaceAll('rgba(0, 0, 0, 0)', '');
  return paint ? (DARK.test(paint) ? 'dark' : 'light') : colorScheme;
}

/** @param {Core} core @returns {Core['draw']} */
const drawBy =
  (core) =>
  (message, { window: page, scheme, preview, onShow, onClick, onClose }) => {
    const { document } = page;
    const { kind, position, width } = message.display;
    const { tag, show } = core.kinds[kind] ?? unknown(kind);
    const maker = makerFor(core, document, press);
    const { make } = maker;
    const stepOf = core.stepsOf(message, maker);
    const host = document.createElement('anonmsg-message');
    const root = host.attachShadow({ mode: 'open' });
    const body = make('div');
    const cross = make('button', { type: 'button', className: 'close', onclick: dismiss }, ['×']);
    const box = /** @type {HTMLDialogElement} */ (
      make(tag, { className: `box ${kind} ${position.replace('-', ' ')}` })
    );
    let open = true;

    // As attributes, since Firefox has the properties only since 119.
    cross.setAttribute('aria-label', 'Close');
    const sheet = new page.CSSStyleSheet();
    sheet.replaceSync(BASE + core.looks);
    root.adoptedStyleSheets = [sheet];
    box.append(body, cross);
    root.append(box);
    go();
    document.documentElement.append(host);
    // Its styles may be there only when the page is first painted; and shown earlier, it would be laid out twice.
    page.requestAnimationFrame(() => {
      if (!open) return;
      const { fontFamily, direction } = page.getComputedStyle(document.body);
      Object.assign(box.style, { width: `${width}px`, fontFamily, direction, colorScheme: scheme ?? schemeOf(page) });
      show(box, { make, body, onCross: dismiss, preview });
      onShow?.();
    });

    /** @param {string} [id] of a step; an unknown one changes nothing */
    function go(id) {
      const wanted = stepOf(id);
      if (!wanted) return;
      body.replaceChildren(wanted);
      box.setAttribute('aria-label', (wanted.querySelector('h2') ?? wanted).textContent);
    }

    /** @param {Button} button */
    function press(button) {
      const { action } = button;
      onClick?.(button);
      const { step } = /** @type {{step?: string}} */ (action);
      if (step) go(step);
      if (action.type === 'dismiss') dismiss();
      if (action.type !== 'open_url') return;
      const url = safeUrl(action.url);
      const leaving = action.target === 'same';
      close('clicked', leaving);
      if (!url || preview) return;
      if (leaving) page.location.assign(url);
      else page.open(url, '_blank', 'noopener');
    }

    function dismiss() {
      close('dismissed');
    }

    /** @param {How} how */
    function close(how, leaving = false) {
      if (!open) return;
      open = false;
      // Closed first, for only then the browser gives the focus back.
      box.close?.();
      host.remove();
      onClose?.(how, leaving);
    }

    return { host, go, close };
  };

/** @param {Core} core */
export default function register(core) {
  Object.assign(core.blocks, blocksFor(core));
  core.run ??= ({ text }) => `${text}`;
  Object.assign(core.actions, { open_url: /^(same|new)$/, dismiss: NONE, track: NONE });
  core.stepsOf ??= ({ steps = [] }, { step }) => {
    // Which throws where there is none.
    const [{ blocks }] = /** @type {[Step]} */ (steps);
    const made = step(blocks);
    return () => made;
  };
  core.build = (message, document) => core.stepsOf(message, makerFor(core, document));
  core.draw = drawBy(core);
}
