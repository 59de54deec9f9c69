/**
 * Draws a message into a page: one node with an open shadow root, built by createElement and textContent and styled by a
 * constructed sheet, so that it carries no script, needs no exception from the strictest policy, and neither gives nor
 * takes a style.
 *
 * @import {Block, Button, Message, Run} from './types.js'
 *
 * @typedef {object} Options
 * @property {Window & typeof globalThis} window  of the page to draw into, which may be another one than the caller's
 * @property {'light' | 'dark'} [scheme]  else the visitor's
 * @property {Record<string, string>} [theme]  tokens of styles.js by name, e.g. `{accent: '#0a7'}`
 * @property {string} [step]  id of the step to begin with
 * @property {boolean} [preview]  looks only: opens no page, takes no focus
 * @property {(button: Button) => void} [onClick]
 * @property {(how: How, button?: Button) => void} [onClose]
 *
 * Why a message closed: the visitor dismissed it or followed a button, or it was taken away.
 * @typedef {'dismissed' | 'clicked' | 'removed'} How
 */
import { own } from './storage.js';
import { css } from './styles.js';

const UNSEEN = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffd]/g;
const SAFE = /^(?:https?:\/\/[^/\\]|mailto:|tel:|(?![\\/]{2})[^:/?#\\]*(?:[/?#]|$))/i;

/**
 * The URL without what cannot be seen, or '' when it is none of http(s), mailto, tel or relative.
 * @param {unknown} url
 */
export function safeUrl(url) {
  const plain = String(url)
    .trim()
    .replace(UNSEEN, (hidden) => (hidden === ' ' ? '%20' : ''));
  return plain && SAFE.test(plain) ? plain : '';
}

/** @param {boolean} known @param {unknown} word */
function must(known, word) {
  if (!known) throw `“${word}” cannot be drawn`;
}

/** Makes the nodes of one page. `press` is called with the button that was pressed. */
class Maker {
  /** @param {Document} document @param {(button: Button) => void} [press] */
  constructor(document, press) {
    this.document = document;
    this.press = press;
  }

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag @param {string} [className] @param {Iterable<Node | string>} [content]
   */
  make(tag, className = '', content = []) {
    const made = this.document.createElement(tag);
    if (className) made.className = className;
    for (const item of content) made.append(item);
    return made;
  }

  /** @param {Run} run */
  run({ text, bold, italic, link }) {
    /** @type {Node | string} */
    let node = String(text);
    if (italic) node = this.make('em', '', [node]);
    if (bold) node = this.make('strong', '', [node]);
    const url = link && safeUrl(link);
    if (!url) return node;
    const anchor = this.make('a', '', [node]);
    anchor.href = url;
    return anchor;
  }

  /** @param {'p' | 'li'} tag @param {Run[][]} lines */
  *lines(tag, lines) {
    for (const line of lines) {
      const made = this.make(tag);
      for (const run of line) made.append(this.run(run));
      yield made;
    }
  }

  /** @param {Block[]} list */
  *blocks(list) {
    for (const block of list) {
      const draw = own(BLOCKS, block.type);
      must(draw, block.type);
      yield draw(block, this);
    }
  }

  /** @param {Block[]} list */
  step(list) {
    return this.make('div', 'step', this.blocks(list));
  }
}

/** @type {Record<string, (block: any, maker: Maker) => HTMLElement>} */
const BLOCKS = {
  heading: ({ text }, maker) => maker.make('h2', '', [String(text)]),
  text: ({ paragraphs }, maker) => maker.make('div', '', maker.lines('p', paragraphs)),
  list: ({ ordered, items }, maker) => maker.make(ordered ? 'ol' : 'ul', '', maker.lines('li', items)),
  image,
  button,
  divider: (_, maker) => maker.make('hr'),
  spacer({ size = 16 }, maker) {
    const made = maker.make('div');
    made.style.height = `${Math.min(160, Math.max(0, size))}px`;
    return made;
  },
  row: ({ columns }, maker) => maker.make('div', 'row', stepsOf(columns, maker)),
};

/** @param {Block[][]} columns @param {Maker} maker */
function* stepsOf(columns, maker) {
  for (const blocks of columns) yield maker.step(blocks);
}

/** @param {Extract<Block, {type: 'image'}>} block @param {Maker} maker */
function image({ src, alt, width, height }, maker) {
  const made = maker.make('img');
  // Before src, so that a message which is only tried, not shown, fetches nothing.
  made.loading = 'lazy';
  made.alt = alt ?? '';
  if (width && height) {
    made.width = width;
    made.height = height;
  }
  made.addEventListener('error', () => made.remove());
  const url = safeUrl(src);
  if (!/^(mailto|tel):/i.test(url)) made.src = url;
  return made;
}

/** @param {Button} block @param {Maker} maker */
function button(block, maker) {
  const { label, style = 'primary', action } = block;
  must(/^(primary|secondary|link)$/.test(style), style);
  must(/^(open_url|dismiss|go_to_step|track)$/.test(action.type), action.type);
  if (action.type === 'open_url') must(/^(same|new)$/.test(action.target), action.target);
  const made = maker.make('button', style, [String(label)]);
  made.type = 'button';
  made.addEventListener('click', () => maker.press?.(block));
  return made;
}

/** @param {Message} message @param {Maker} maker */
function stepsById({ steps = [] }, maker) {
  /** @type {Map<string, HTMLElement>} */
  const made = new Map();
  for (const { id, blocks } of steps) made.set(id, maker.step(blocks));
  must(made.size > 0, 'nothing');
  return made;
}

/**
 * Why a message cannot be drawn: a word that this snippet does not know, or no content. Undefined when it can.
 * @param {Message} message @param {Document} document
 */
export function undrawable(message, document) {
  try {
    stepsById(message, new Maker(document));
  } catch (problem) {
    return typeof problem === 'string' ? problem : 'content not understood';
  }
}

/**
 * Draws a message and shows it. Throws when it cannot be drawn; then nothing was added to the page.
 * @param {Message} message @param {Options} options
 */
export function draw(message, { window: page, scheme, theme = {}, step, preview, onClick, onClose }) {
  const { document } = page;
  const { kind, position, width = 480 } = message.display;
  const maker = new Maker(document, press);
  const steps = stepsById(message, maker);
  const host = document.createElement('anonmsg-message');
  const root = host.attachShadow({ mode: 'open' });
  const box = maker.make(kind === 'modal' ? 'dialog' : 'section', `box ${kind} ${position.replace('-', ' ')}`);
  const said = maker.make('div', 'said');
  const body = maker.make('div');
  let open = true;

  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(css(scheme));
  root.adoptedStyleSheets = [sheet];

  box.style.setProperty('--width', String(width));
  box.append(
    body,
    closeButton(maker, () => close('dismissed')),
  );
  said.setAttribute('role', 'status');
  root.append(box, said);
  show(step ?? '');
  wear();
  document.documentElement.append(host);
  page.addEventListener('load', wear);
  if (box instanceof page.HTMLDialogElement) present(box);
  else float(box);

  /** The page's own font and direction, which its styles may bring only while it loads. */
  function wear() {
    const { fontFamily, direction } = page.getComputedStyle(document.body);
    box.style.setProperty('--font', fontFamily);
    box.dir = direction;
    for (const name of Object.keys(theme)) box.style.setProperty(`--${name}`, String(theme[name]));
  }

  /** @param {HTMLDialogElement} dialog */
  function present(dialog) {
    let began = false;
    dialog.addEventListener('pointerdown', ({ target }) => {
      began = target === dialog;
    });
    dialog.addEventListener('click', ({ target }) => {
      if (began && target === dialog && !preview) close('dismissed');
    });
    // The end of closing rather than its start: a second Escape skips that.
    dialog.addEventListener('close', () => close('dismissed'));
    if (preview) return dialog.setAttribute('open', '');
    dialog.tabIndex = -1;
    dialog.showModal();
    // On no button, lest the visitor who is typing presses one.
    dialog.focus();
  }

  /** Above everything, where the browser can, and without taking the focus. @param {HTMLElement} section */
  function float(section) {
    if ('popover' in section) {
      section.popover = 'manual';
      section.showPopover();
    }
    setTimeout(() => announce(section), 100);
  }

  /** @param {HTMLElement} section */
  function announce(section) {
    if (open) said.textContent = section.innerText;
  }

  /** @param {string} id of a step; of an unknown one, the first is shown at the start and nothing changes later */
  function show(id) {
    const wanted = steps.get(id) ?? (body.firstChild ? null : steps.values().next().value);
    if (!wanted) return;
    body.replaceChildren(wanted);
    box.setAttribute('aria-label', (wanted.querySelector('h2') ?? wanted).textContent?.slice(0, 80) ?? '');
  }

  /** @param {Button} pressed */
  function press(pressed) {
    const { action } = pressed;
    onClick?.(pressed);
    if (action.type === 'go_to_step') show(action.step);
    if (action.type === 'dismiss') close('dismissed', pressed);
    if (action.type === 'open_url') {
      close('clicked', pressed);
      if (!preview) follow(page, action.url, action.target);
    }
  }

  /** @param {How} how @param {Button} [pressed] */
  function close(how, pressed) {
    if (!open) return;
    open = false;
    said.textContent = '';
    page.removeEventListener('load', wear);
    // The browser gives the focus back to where it was.
    if (box instanceof page.HTMLDialogElement) box.close();
    host.remove();
    onClose?.(how, pressed);
  }

  return { host, show, close };
}

/** @param {Maker} maker @param {() => void} onClick */
function closeButton(maker, onClick) {
  const made = maker.make('button', 'close');
  made.type = 'button';
  made.setAttribute('aria-label', 'Close');
  made.addEventListener('click', onClick);
  return made;
}

/** @param {Window} page @param {string} url @param {'same' | 'new'} target */
function follow(page, url, target) {
  const safe = safeUrl(url);
  if (!safe) return;
  if (target === 'new') page.open(safe, '_blank', 'noopener');
  else page.location.assign(safe);
}
