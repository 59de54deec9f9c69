/**
 * Draws a message into a page: one node with an open shadow root, built by createElement and textContent and styled by a
 * constructed sheet, so that it carries no script, needs no exception from the strictest policy, and neither gives nor
 * takes a style.
 *
 * @import {Block, Button, Message, Run} from './types.js'
 *
 * Why a message closed: the visitor dismissed it or followed a button, or it was taken away.
 * @typedef {'dismissed' | 'clicked' | 'removed'} How
 *
 * @typedef {object} Options
 * @property {Window & typeof globalThis} window  of the page to draw into, which may be another one than the caller's
 * @property {'light' | 'dark'} [scheme]  else the visitor's
 * @property {Record<string, string>} [theme]  tokens of styles.js by name, e.g. `{accent: '#0a7'}`
 * @property {string} [step]  id of the step to begin with
 * @property {boolean} [preview]  looks only: opens no page, takes no focus
 * @property {(button: Button) => void} [onClick]
 * @property {(how: How, leaving: boolean) => void} [onClose]  leaving: for another page, in the same tab
 */
import { own } from './storage.js';
import { css } from './styles.js';

/**
 * A URL without what cannot be seen in it, or '' when it is none of http(s), mailto, tel or relative.
 * @param {unknown} url
 */
export function safeUrl(url) {
  const plain = `${url}`.replace(/\p{C}/gu, '').trim();
  return /^(https?:\/\/[^/\\]|mailto:|tel:|(?![\\/]{2})[^:/?#\\]*([/?#]|$))/i.test(plain) ? plain : '';
}

/** @param {unknown} word @returns {never} */
function unknown(word) {
  throw `cannot draw ${word}`;
}

/**
 * What makes nodes for a page.
 * @param {Document} document @param {(button: Button) => void} [press] called with the button that was pressed
 */
function maker(document, press) {
  /**
   * @template {keyof HTMLElementTagNameMap} T @template I
   * @param {T} tag @param {object} [properties] @param {I[]} [items] @param {(item: I) => Node | string} [draw] each item's node
   */
  function make(tag, properties, items = [], draw = String) {
    const made = Object.assign(document.createElement(tag), properties);
    for (const item of items) made.append(draw(item));
    return made;
  }

  /** @param {Run} run @returns {Node | string} */
  function run({ text, bold, italic, link }) {
    const href = link && safeUrl(link);
    if (href) return make('a', { href }, [{ text, bold, italic }], run);
    if (bold) return make('strong', {}, [{ text, italic }], run);
    return italic ? make('em', {}, [text]) : `${text}`;
  }

  /** @type {Record<string, (block: any) => HTMLElement>} */
  const blocks = {
    heading: ({ text }) => make('h2', {}, [text]),
    text: ({ paragraphs }) => make('div', {}, paragraphs, (runs) => make('p', {}, runs, run)),
    list: ({ ordered, items }) => make(ordered ? 'ol' : 'ul', {}, items, (runs) => make('li', {}, runs, run)),
    image: ({ src, alt, width, height }) =>
      // Lazy before it has a source, so that a message which is only tried, not shown, fetches nothing.
      make('img', {
        loading: 'lazy',
        alt,
        ...(width && height && { width, height }),
        onerror: remove,
        src: safeUrl(src),
      }),
    button(block) {
      const { label, style, action } = block;
      const word = `${style} ${action.type} ${action.target}`;
      if (!/^(primary|secondary|link) (open_url (same|new)|(dismiss|go_to_step|track) undefined)$/.test(word))
        unknown(word);
      return make('button', { type: 'button', className: style, onclick: () => press?.(block) }, [label]);
    },
    divider: () => make('hr'),
    spacer: ({ size }) => make('div', { style: `height:${Number(size)}px` }),
    row: ({ columns }) => make('div', { className: 'row' }, columns, step),
  };

  /** @param {Block[]} list @returns {HTMLElement} */
  const step = (list) =>
    make('div', { className: 'step' }, list, (block) => (own(blocks, block.type) ?? unknown(block.type))(block));

  return { make, step };
}

/** @this {HTMLElement} */
function remove() {
  this.remove();
}

/** @param {Message} message @param {ReturnType<typeof maker>} maker */
function stepsOf({ steps = [] }, { step }) {
  /** @type {Map<string, HTMLElement>} */
  const made = new Map();
  for (const { id, blocks } of steps) made.set(id, step(blocks));
  return made.size ? made : unknown('nothing');
}

/**
 * Why a message cannot be drawn: a word that this snippet does not know, or no content. Undefined when it can.
 * @param {Message} message @param {Document} document
 */
export function undrawable(message, document) {
  try {
    stepsOf(message, maker(document));
  } catch (problem) {
    return `${problem}`;
  }
}

/**
 * Draws a message and shows it. Throws when it cannot be drawn.
 * @param {Message} message @param {Options} options
 */
export function draw(message, { window: page, scheme, theme, step, preview, onClick, onClose }) {
  const { document } = page;
  const { kind, position, width } = message.display;
  const isModal = kind === 'modal';
  const made = maker(document, press);
  const { make } = made;
  const steps = stepsOf(message, made);
  const host = document.createElement('anonmsg-message');
  const root = host.attachShadow({ mode: 'open' });
  const body = make('div');
  const cross = make('button', { type: 'button', className: 'close', ariaLabel: 'Close', onclick: dismiss }, ['×']);
  const said = make('div', { className: 'said', role: 'status' });
  const box = /** @type {HTMLDialogElement} */ (
    make(isModal ? 'dialog' : 'section', { className: `box ${kind} ${position.replace('-', ' ')}` })
  );
  let open = true;

  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(css(scheme));
  root.adoptedStyleSheets = [sheet];
  // A link in a preview leads nowhere.
  body.onclick = () => !preview;
  box.append(body, cross);
  root.append(box, said);
  go(`${step}`);
  if (!body.firstChild) go(steps.keys().next().value);
  wear({ width: `${width}px`, ...theme });
  document.documentElement.append(host);
  // Its styles may be there only when the page is first painted.
  page.requestAnimationFrame(() => {
    const { fontFamily, direction } = page.getComputedStyle(document.body);
    wear({ font: fontFamily, ...theme });
    box.dir = direction;
  });
  if (isModal) ask();
  else float();

  /** @param {Record<string, string>} tokens */
  function wear(tokens) {
    for (const name of Object.keys(tokens)) box.style.setProperty(`--${name}`, `${tokens[name]}`);
  }

  /** As a modal dialog, which a click beside it, one that did not begin inside, or Escape closes. */
  function ask() {
    let began = false;
    box.onpointerdown = ({ target }) => (began = target === box);
    box.onclick = ({ target }) => began && target === box && dismiss();
    box.onclose = dismiss;
    box.open = !!preview;
    if (preview) return;
    box.showModal();
    // On no button, lest the visitor who is typing presses it.
    box.tabIndex = -1;
    box.focus();
  }

  /** Above everything, where the browser can, and announced instead of focused. */
  function float() {
    box.popover = 'manual';
    box.showPopover?.();
    setTimeout(() => (said.textContent = open ? body.innerText : ''), 99);
  }

  /** @param {string | undefined} id of a step; an unknown one changes nothing */
  function go(id) {
    const wanted = steps.get(`${id}`);
    if (!wanted) return;
    body.replaceChildren(wanted);
    box.ariaLabel = (wanted.querySelector('h2') ?? wanted).textContent;
  }

  /** @param {Button} button */
  function press(button) {
    const { action } = button;
    onClick?.(button);
    if (action.type === 'go_to_step') go(action.step);
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
    said.textContent = '';
    // Closed first, for only then the browser gives the focus back.
    box.close?.();
    host.remove();
    onClose?.(how, leaving);
  }

  return { host, go, close };
}
