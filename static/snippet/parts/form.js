/**
 * Part `form`: questions, e-mail fields, and ways between steps that follow from what was answered. What was typed stays in
 * the nodes of its step, which outlive its being shown. An answer is sent when the visitor presses a button that goes on.
 *
 * @import {Action, Branch, Button, Core, Draws, Field, Lent, Message, Options, Press} from '../types.js'
 */
import { around } from './around.js';
import { email, LOOK, question } from './fields.js';

/**
 * A message with what it asks. trail: the ids of the steps that the visitor came through, the one that is shown last. known: the
 * address of the page on which the visitor told it who they are.
 *
 * @typedef {{message: Message, options: Options, fields: Field[], buttons: HTMLElement[], trail: string[], close: () => void,
 *   known: string}} Form
 */

/** Says what is wrong with an answer, or nothing any more; whether all is well. @param {Field} field */
function judge({ inputs, error, wrong }) {
  error.textContent = wrong();
  for (const input of inputs) {
    input.setAttribute('aria-invalid', `${!input.validity.valid}`);
    input.setAttribute('aria-describedby', error.id);
  }
  return !error.textContent;
}

/** @param {Field} field */
function lead({ inputs }) {
  (inputs.find(({ validity }) => !validity.valid) ?? inputs[0])?.focus();
}

/** Where a button leads back to, if it does. @param {Form} form @param {Action} action */
function backTo({ trail }, action) {
  if (action.type !== 'go_to_step') return;
  const { to = 'step', when = [], step } = action;
  if (to === 'previous') return trail.at(-2) ?? trail[0];
  if (to === 'step' && !when.length && trail.includes(`${step}`)) return step;
}

/** Where a button leads on to, if it does. @param {Form} form @param {Action} action */
function onTo({ message: { steps = [] }, fields, trail }, action) {
  if (action.type !== 'go_to_step') return;
  /** @param {Branch} branch */
  const fits = ({ question, answers }) =>
    fields.some(
      ({ asked, read }) => asked.id === question && [read()].flat().some((answer) => answers.includes(answer)),
    );
  const at = steps.findIndex(({ id }) => id === trail.at(-1));
  return action.when?.find(fits)?.step ?? (action.to === 'next' ? steps[at + 1]?.id : action.step);
}

/** Keeps the focus in the message, where it was or where all of it is. @param {ShadowRoot} root */
function focusOn(root) {
  const heading = root.querySelector('h2');
  if (heading) heading.tabIndex = -1;
  (heading ?? /** @type {HTMLElement | null} */ (root.querySelector('.step :is(input,textarea,button)')))?.focus();
}

/** @param {Core & Lent} core */
export default function register(core) {
  const { blocks } = core;
  let plain = /** @type {Draws} */ (blocks.button);
  /** Of the message that is being drawn. @type {Form | undefined} */
  let drawing;

  for (const [type, ask] of Object.entries({ question, email }))
    blocks[type] = (block, { make }) => {
      const field = ask(block, make);
      const { node, error } = field;
      const form = drawing;
      form?.fields.push(field);
      node.oninput = () => error.textContent && judge(field);
      // Neither a letter nor Enter is meant for the page.
      node.onkeyup = node.onkeypress = (event) => event.stopPropagation();
      node.onkeydown = (event) => {
        event.stopPropagation();
        const isDone = event.key === 'Enter' && !event.isComposing && /email/.test(field.inputs[0]?.type ?? '');
        if (isDone) form?.buttons.find(({ isConnected }) => isConnected)?.click();
      };
      return node;
    };
  // What stands before the parts that draw must not mind which of them is there first.
  Object.defineProperties(blocks, { button: { get: () => drawButton, set: (given) => (plain = given) } });
  around(core, (draw) => (message, options) => drawForm(draw, message, options));
  core.looks += LOOK;

  /** @param {Core['draw']} draw @param {Message} message @param {Options} options @returns {ReturnType<Core['draw']>} */
  function drawForm(draw, message, options) {
    /** @type {Form} */
    const form = {
      message,
      options,
      fields: [],
      buttons: [],
      trail: [`${message.steps?.[0]?.id}`],
      close() {},
      known: '',
    };
    drawing = form;
    try {
      const drawn = draw(message, options);
      form.close = () => drawn.close('clicked');
      return {
        ...drawn,
        go(step) {
          form.trail = [`${step}`];
          drawn.go(step);
        },
        close(how, leaving) {
          // Whom the message itself made known shall still see its last step, but on no other page.
          if (how !== 'removed' || form.known !== options.window.location.href) drawn.close(how, leaving);
        },
      };
    } finally {
      drawing = undefined;
    }
  }

  /** @type {Draws} */
  function drawButton(block, maker, press) {
    const form = drawing;
    const { type, to = 'step' } = block.action;
    if (!/^(step|next|previous)$/.test(to)) throw `unknown ${to}`;
    // Which part draw does not know: both are pressed without more ado.
    const action = type === 'submit' ? { type: 'dismiss' } : block.action;
    /** @type {HTMLElement} */
    const node = plain({ ...block, action }, maker, form && press && (() => pressed(form, block, press, node)));
    if (type !== 'dismiss' && to !== 'previous') form?.buttons.push(node);
    return node;
  }

  /** @param {Form} form @param {Button} block @param {Press} press @param {HTMLElement} node the button's */
  function pressed(form, block, press, node) {
    const { action } = block;
    const { trail } = form;
    const root = /** @type {ShadowRoot} */ (node.getRootNode());
    const hasFocus = root.activeElement ?? root.querySelector('dialog');
    let goal = backTo(form, action);
    if (!goal && action.type !== 'dismiss') {
      const shown = form.fields.filter(({ node }) => node.isConnected);
      const [wrong] = shown.filter((field) => !judge(field));
      if (wrong) return lead(wrong);
      for (const field of shown) tell(form, field);
      goal = onTo(form, action);
    }
    press(goal ? { ...block, action: { type: 'go_to_step', step: goal } } : block);
    if (action.type === 'submit') form.close();
    if (!goal) return;
    trail.splice(trail.includes(goal) ? trail.indexOf(goal) : trail.length, trail.length, goal);
    if (hasFocus) focusOn(root);
  }

  /** Sends an answer that was not sent yet, or was another one. @param {Form} form @param {Field} field */
  function tell(form, field) {
    const { message, options, trail } = form;
    const { asked, told } = field;
    const answer = field.read();
    field.told = [answer].flat().join('\n');
    const isEmail = asked.type === 'email';
    const isIdentity = isEmail && asked.identifies;
    // Who was told once is not nobody again, and nobody consents to nothing.
    if (field.told === told || options.preview || (isIdentity && !answer)) return;
    core.send?.('track', 'Message Answered', {
      message_id: message.id,
      version: message.version,
      position: message.display.position,
      step: trail.at(-1),
      question_id: asked.id,
      // Who it is stands in the person's traits alone.
      answer: isIdentity ? undefined : answer,
      consent: (isEmail && !!answer && !!asked.consent) || undefined,
    });
    if (!isIdentity) return;
    form.known = options.window.location.href;
    core.send?.('identify', { email: answer });
  }
}
