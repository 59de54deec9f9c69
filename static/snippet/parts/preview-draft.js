/**
 * The draft of a preview: drawn as on any page, decided about as for a visitor who has never been here, at the time it is or at one
 * that is pretended. It is always shown, and the bar says whether a visitor would see it too.
 *
 * @import {Bar} from './preview-bar.js'
 * @import {Button, Context, Core, How, Lent, Memory, Message} from '../types.js'
 */

/** ms between two looks at the address, which pages change without saying so. */
const LOOK = 500;
/** What part `visit` keeps, of somebody who has never been here. */
const NEWCOMER = { 'anonmsg:visit': '{"returning":false}' };
/** @returns {Memory} */
const nothing = () => ({ views: 0, lastView: 0, ended: false });

export class Draft {
  /**
   * @param {Core & Lent} core @param {Bar} bar @param {Message} message
   * @param {{remember: (at?: number) => void, leave: () => void}} does
   */
  constructor(core, bar, message, { remember, leave }) {
    this.core = core;
    this.bar = bar;
    this.message = message;
    this.remember = remember;
    this.leaves = leave;
    this.steps = (message.steps ?? []).map(({ id }) => id);
    /** The step that is shown. */
    this.step = 0;
    /** When it is pretended to be, in ms. @type {number | undefined} */
    this.at = undefined;
    /** What this visitor did so far. */
    this.seen = nothing();
    /** @type {ReturnType<Core['draw']> | undefined} */
    this.drawn = undefined;
    /** Whether the message was closed by the visitor. */
    this.closed = false;
    this.stored = { ...NEWCOMER };
    this.url = '';
    /** @type {Context['parts'] | undefined} */
    this.parts = undefined;
  }

  /** @param {number} [at] */
  async begin(at) {
    const { core, bar } = this;
    this.at = at;
    // Parts keep and send nothing of this.
    core.layers = [0, 1, 2].map(() => () => this.stored);
    core.jar = { cookie: '' };
    Object.assign(core, { report() {}, enqueue() {}, send() {} });
    for (const name of ['explain', ...this.message.parts]) {
      await core.withPart(name);
    }
    core.review = () => this.tell();
    bar.begin(this, at);
    this.restart();
    this.timer = setInterval(() => this.follow(), LOOK);
    core.listen(document, 'keydown', ({ key }) => key === 'Escape' && this.isModal && this.drawn?.close('dismissed'));
    // Left on another page, which this one was kept for going back to.
    core.listen(window, 'pageshow', ({ persisted }) => persisted && location.reload());
  }

  get isModal() {
    return this.message.display.kind === 'modal';
  }

  get now() {
    return this.at ?? Date.now();
  }

  /** A visitor who has never been here opens the page. */
  restart() {
    this.seen = nothing();
    this.stored = { ...NEWCOMER };
    this.core.visit?.anew();
    this.look();
    this.show();
  }

  /** A page view begins. */
  look() {
    this.url = location.href;
    this.parts = this.core.partsOf(this.url);
  }

  /** Another address is another page view. */
  follow() {
    if (this.url === location.href) return;
    this.look();
    this.tell();
  }

  show() {
    this.drawn?.close('removed');
    this.drawn = undefined;
    this.closed = false;
    this.step = 0;
    try {
      this.drawn = this.core.draw(this.message, {
        window,
        preview: true,
        onShow: () => this.shown(),
        onClick: (button) => this.clicked(button),
        onClose: (how) => this.gone(how),
      });
    } catch {
      // What cannot be drawn is among the reasons.
    }
    this.tell();
  }

  shown() {
    this.seen.views++;
    this.seen.lastView = this.now;
    this.bar.raise();
  }

  /** @param {Button} button */
  clicked({ action }) {
    const { step } = /** @type {{step?: string}} */ (action);
    if (step && this.steps.includes(step)) this.step = this.steps.indexOf(step);
    this.bar.follow(this);
  }

  /** @param {How} how */
  gone(how) {
    this.drawn = undefined;
    if (how === 'removed') return;
    this.closed = true;
    this.seen.ended ||= how === 'dismissed' || this.message.frequency.after_click === 'end';
    this.tell();
  }

  /** The step after the one that is shown; after the last comes the first. */
  next() {
    if (!this.drawn) this.show();
    this.step = (this.step + 1) % this.steps.length;
    this.drawn?.go(this.steps[this.step]);
    this.bar.follow(this);
  }

  /** @param {number} [at] ms; the time it is, without */
  pretend(at) {
    this.at = at;
    this.remember(at);
    this.tell();
  }

  leave() {
    clearInterval(this.timer);
    this.core.review = () => {};
    this.drawn?.close('removed');
    this.leaves();
  }

  /** Says whether a visitor would see it here and now. */
  tell() {
    this.bar.say(this, this.core.decide(this.message, this.context()));
  }

  /** @returns {Context} */
  context() {
    const { core, message } = this;
    const parts = /** @type {Context['parts']} */ (this.parts);
    /** @type {Context} */
    const context = {
      enabled: /"anonymousInApp":true/.test(JSON.stringify(/** @type {any} */ (window).analytics._loadOptions)),
      known: false,
      now: this.now,
      parts,
      // What is on screen has passed, though its own view now seems to speak against it.
      memory: () => (this.drawn ? nothing() : this.seen),
      slots: document.querySelector(':modal') ? ['center'] : [],
      undrawable: () => core.undrawable(message, document),
    };
    // What is waited for; to be decided about, a message has to be asked this first.
    core.gates.isWatched?.(message, context);
    return context;
  }
}
