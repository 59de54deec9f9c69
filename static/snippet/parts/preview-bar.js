/**
 * The bar of a preview: what can be tried, and whether a visitor would see the message here and now. It stands at the edge where the
 * message is not, above the page, and keeps its keys to itself.
 *
 * @import {Draft} from './preview-draft.js'
 * @import {Failure} from '../types.js'
 */

const LOOK = `
:host{all:initial!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
:focus-visible{outline:2px solid #fff;outline-offset:2px}
.bar{position:fixed;inset:auto 0 0;z-index:2147483647;width:auto;max-width:64rem;max-height:50vh;margin:8px auto;padding:8px 12px;overflow:auto;
display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;border:1px solid #6b6b76;border-radius:12px;background:#1c1c22;color:#fff;
color-scheme:dark;font:14px/1.4 system-ui,sans-serif;box-shadow:0 4px 16px #0006}
.bar.up{inset:0 0 auto}
.shade{position:fixed;inset:0;z-index:2147483647;background:#0008}
b{font-weight:600}
p{flex:1 1 calc(100% - 5rem)}
button,input{min-height:36px;padding:4px 10px;border:1px solid #8a8a96;border-radius:8px;background:#2e2e37}
button{cursor:pointer}
button:hover{background:#41414c}
button:disabled{opacity:.5;cursor:default}
label{display:flex;gap:6px;align-items:center}
details[open]{flex-basis:100%}
summary{cursor:pointer;padding:4px 0}
ul{list-style:none;columns:16rem;max-width:56rem}
li{break-inside:avoid}
@media (max-width:480px){
.bar{gap:6px;margin:4px;padding:6px 8px;font-size:13px}
.bar.modal{inset:0 0 auto}
p{flex-basis:100%}
}`;

/** The gates that every message has, by their names, and those of conditions. @type {Record<string, string>} */
const GATES = {
  enabled: 'Messages are on',
  schedule: 'Schedule',
  page: 'Page rules',
  frequency: 'Frequency',
  content: 'Content',
  slot: 'Place on the page',
};
/** @type {Record<string, string>} */
export const CONDITIONS = {
  device: 'Device',
  language: 'Language',
  referrer: 'Where the visitor came from',
  utm: 'UTM parameter',
  visitor: 'New or returning visitor',
  pages: 'Pages seen',
  seconds: 'Time on the page',
  scroll: 'Scrolled',
  exit: 'About to leave',
  element: 'Something on the page',
  clicked: 'Something was clicked',
  tracked: 'An event was tracked',
};
/** By gate and reason. @type {Record<string, string>} */
const REASONS = {
  'enabled off': 'the install tag does not say anonymousInApp: true',
  'schedule early': 'it starts later',
  'schedule over': 'it has ended',
  'page elsewhere': 'no page rule fits this page',
  'page excluded': 'a page rule keeps it off this page',
  'frequency ended': 'this visitor closed it or followed a button',
  'frequency limit': 'this visitor has seen it as often as allowed',
  'frequency gap': 'this visitor saw it a moment ago',
  'slot taken': 'a dialog of the page is open',
};

/** @param {Failure} failure */
const reasonOf = ({ gate, reason }) =>
  REASONS[`${gate} ${reason}`] ?? (gate in CONDITIONS ? 'not yet, or not for this visitor' : reason);

/** @param {string} tag @param {object} [properties] @param {(Node | string)[]} children @returns {any} */
const make = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

/** As a field for date and time has it, on the browser's clock. @param {number} at ms */
const local = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export class Bar {
  constructor() {
    this.host = document.createElement('anonmsg-preview');
    this.host.lang = 'en';
    this.host.dir = 'ltr';
    this.root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    this.root.adoptedStyleSheets = [sheet];
    this.words = make('p');
    this.words.setAttribute('role', 'status');
    this.bar = make('div', { className: 'bar', popover: 'manual' });
    this.bar.setAttribute('role', 'region');
    this.bar.setAttribute('aria-label', 'Message preview');
    this.shade = make('div', { className: 'shade', hidden: true });
    this.list = make('ul');
    this.next = make('button', { type: 'button' }, 'Next step');
    // Neither the page's shortcuts nor its listeners are meant.
    for (const type of ['keydown', 'keyup', 'keypress', 'input', 'change', 'click'])
      this.host.addEventListener(type, (event) => event.stopPropagation());
  }

  /** @param {string} label @param {() => void} work */
  button(label, work) {
    return make('button', { type: 'button', onclick: work }, label);
  }

  /** Only this, and a way out. @param {string} text @param {() => void} leave */
  refuse(text, leave) {
    this.bar.replaceChildren(make('b', {}, 'Preview'), this.words, this.button('Leave preview', leave));
    this.appear(text);
  }

  /** @param {Draft} draft @param {number} [at] when it is pretended to be, in ms */
  begin(draft, at) {
    const { kind, position } = draft.message.display;
    this.bar.classList.add(kind);
    this.bar.classList.toggle('up', position.startsWith('bottom'));
    this.next.disabled = draft.steps.length < 2;
    this.next.onclick = () => draft.next();
    this.shade.onclick = () => draft.drawn?.close('dismissed');
    const time = make('input', { type: 'datetime-local', value: at === undefined ? '' : local(at) });
    time.oninput = () => draft.pretend(time.value ? Date.parse(time.value) : undefined);
    this.bar.replaceChildren(
      make('b', {}, 'Preview'),
      this.words,
      this.button('Restart as a new visitor', () => draft.restart()),
      this.next,
      make('label', {}, 'Pretend it is', time),
      this.button('Leave preview', () => draft.leave()),
      make('details', {}, make('summary', {}, 'What decides'), this.list),
    );
    this.appear('');
  }

  /** @param {string} text */
  appear(text) {
    this.root.replaceChildren(this.shade, this.bar);
    document.documentElement.append(this.host);
    this.bar.showPopover?.();
    this.write(text);
  }

  /** Above what was shown after it. The focus stays where it is. */
  raise() {
    const focused = /** @type {HTMLElement | null} */ (this.root.activeElement);
    this.bar.hidePopover?.();
    this.bar.showPopover?.();
    focused?.focus({ preventScroll: true });
  }

  /** @param {Draft} draft @param {Failure[]} failed */
  say(draft, failed) {
    this.follow(draft);
    this.write(sentence(draft, failed));
    const asked = (draft.message.conditions ?? []).map(({ type }) => type);
    const rows = Object.entries({ ...GATES, ...CONDITIONS }).filter(([gate]) => gate in GATES || asked.includes(gate));
    this.list.replaceChildren(
      ...rows.map(([gate, name]) => {
        const failure = failed.find((each) => each.gate === gate);
        return make('li', {}, failure ? `✕ ${name}: ${reasonOf(failure)}` : `✓ ${name}`);
      }),
    );
  }

  /** What is on screen. @param {Draft} draft */
  follow({ isModal, drawn, step, steps }) {
    this.shade.hidden = !(isModal && drawn);
    this.next.textContent = steps.length > 1 ? `Next step (${step + 1} of ${steps.length})` : 'Next step';
  }

  /** @param {string} text */
  write(text) {
    if (this.words.textContent !== text) this.words.textContent = text;
  }

  remove() {
    this.host.remove();
  }
}

/** @param {Draft} draft @param {Failure[]} failed */
function sentence({ closed, seen, drawn }, failed) {
  const [first] = failed;
  if (closed)
    return seen.ended ? 'Closed. This visitor does not see it again.' : 'Closed. This visitor sees it again later.';
  if (!drawn) return 'This draft cannot be drawn yet: finish it in the builder.';
  if (!first) return 'A new visitor sees it here.';
  return `Shown to you only. A new visitor would not see it here: ${reasonOf(first)}.`;
}
