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
 * What makes the nodes of a step, for one page.
 * @param {Document} document @param {(button: Button) => void} [press] called with the button that was pressed
 */
function maker(document, press) {
  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag @param {string} [className] @param {Iterable<Node | string>} [content]
   */
  function make(tag, className = '', content = []) {
    const made = document.createElement(tag);
    made.className = className;
    for (const item of content) made.append(item);
    return made;
  }

  /** @param {string} className @param {() => void} onClick @param {Iterable<string>} [content] */
  function clickable(className, onClick, content) {
    const made = make('button', className, content);
    made.type = 'button';
    made.addEventListener('click', onClick);
    return made;
  }

  /** @param {Run} run */
  function run({ text, bold, italic, link }) {
    /** @type {string | HTMLElement} */
    let node = `${text}`;
    if (italic) node = make('em', '', [node]);
    if (bold) node = make('strong', '', [node]);
    const url = link && safeUrl(link);
    if (!url) return node;
    const anchor = make('a', '', [node]);
    anchor.href = url;
    return anchor;
  }

  /** @template T @param {T[]} list @param {(item: T) => HTMLElement | string} draw */
  function* all(list, draw) {
    for (const item of list) yield draw(item);
  }

  /** @param {'p' | 'li'} tag @param {Run[][]} runs */
  const lines = (tag, runs) => all(runs, (line) => make(tag, '', all(line, run)));

  /** @type {Record<string, (block: any) => HTMLElement>} */
  const blocks = {
    heading: ({ text }) => make('h2', '', [`${text}`]),
    text: ({ paragraphs }) => make('div', '', lines('p', paragraphs)),
    list: ({ ordered, items }) => make(ordered ? 'ol' : 'ul', '', lines('li', items)),
    image({ src, alt, width, height }) {
      const made = make('img');
      // Before src, so that a message which is only tried, not shown, fetches nothing.
      made.loading = 'lazy';
      made.alt = alt;
      if (width && height) Object.assign(made, { width, height });
      made.addEventListener('error', () => made.remove());
      made.src = safeUrl(src);
      return made;
    },
    button(block) {
      const { label, style, action } = block;
      if (!/^(primary|secondary|link)$/.test(style)) unknown(style);
      const does = action.type + (action.target ?? '');
      if (!/^(open_url(same|new)|dismiss|go_to_step|track)$/.test(does)) unknown(does);
      return clickable(style, () => press?.(block), [`${label}`]);
    },
    divider: () => make('hr'),
    spacer({ size }) {
      const made = make('div');
      made.style.height = `${Math.min(160, size)}px`;
      return made;
    },
    row: ({ columns }) => make('div', 'row', all(columns, step)),
  };

  /** @param {Block[]} list @returns {HTMLElement} */
  const step = (list) =>
    make(
      'div',
      'step',
      all(list, (block) => (own(blocks, block.type) ?? unknown(block.type))(block)),
    );

  return { make, clickable, step };
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
export function draw(message, { window: page, scheme, theme, step = '', preview, onClick, onClose }) {
  const { document } = page;
  const { kind, position, width } = message.display;
  const made = maker(document, press);
  const steps = stepsOf(message, made);
  const host = document.createElement('anonmsg-message');
  const root = host.attachShadow({ mode: 'open' });
  const isModal = kind === 'modal';
  const box = /** @type {HTMLDialogElement} */ (
    made.make(isModal ? 'dialog' : 'section', `box ${kind} ${position.replace('-', ' ')}`)
  );
  const body = made.make('div');
  const said = made.make('div', 'said');
  const cross = made.clickable('close', dismiss);
  let open = true;

  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(css(scheme));
  root.adoptedStyleSheets = [sheet];
  said.role = 'status';
  cross.ariaLabel = 'Close';
  box.append(body, cross);
  root.append(box, said);
  go(steps.has(step) ? step : steps.keys().next().value);
  wear();
  page.addEventListener('load', wear);
  document.documentElement.append(host);
  if (isModal) ask();
  else float();

  /** The page's own font and direction, which may come only while it loads, and the theme. */
  function wear() {
    const { fontFamily, direction } = page.getComputedStyle(document.body);
    box.dir = direction;
    const tokens = { width: `${width}px`, font: fontFamily, ...theme };
    for (const [name, value] of Object.entries(tokens)) box.style.setProperty(`--${name}`, value);
  }

  /** As a modal dialog. */
  function ask() {
    let began = false;
    box.addEventListener('pointerdown', ({ target }) => {
      began = target === box;
    });
    box.addEventListener('click', ({ target }) => began && target === box && dismiss());
    // Escape. Not at cancel, which a second Escape skips.
    box.addEventListener('close', dismiss);
    box.open = !!preview;
    if (preview) return;
    box.showModal();
    // Not a button, lest the visitor who is typing presses it.
    box.tabIndex = -1;
    box.focus();
  }

  /** Above everything, where the browser can, and without the focus. */
  function float() {
    box.popover = 'manual';
    box.showPopover?.();
    setTimeout(() => {
      if (open) said.textContent = box.innerText;
    }, 99);
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
    if (action.type === 'open_url') follow(action);
  }

  /** @param {{url: string, target: 'same' | 'new'}} action */
  function follow({ url, target }) {
    const safe = safeUrl(url);
    close('clicked', target === 'same');
    if (!safe || preview) return;
    if (target === 'new') page.open(safe, '_blank', 'noopener');
    else page.location.assign(safe);
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
