/**
 * What visitors answer with, by the browser's own controls: how it is drawn, what was answered, and what is wrong with that,
 * which the browser says in its own language.
 *
 * @import {Email, Field, Maker, Question} from '../types.js'
 */

/** Characters: as Python has it (tests/contract/answers.json), and the longest address there can be. */
const LONGEST_TEXT = 1000;
const LONGEST_EMAIL = 254;

export const LOOK = `
.box{--on:var(--accent);--off:var(--on-accent)}
.banner{--on:var(--text);--off:var(--surface)}
fieldset{min-width:0;border:0}
legend,.ask span{display:block;width:100%;padding:0;margin-bottom:8px;font-weight:600}
.must:after{content:" *";content:" *"/"";font-weight:400}
.ask{display:block}
input,textarea{font:inherit;color:inherit}
textarea,[type=email]{display:block;width:100%;min-height:44px;padding:9px 12px;background:0;border:1px solid #888;border-radius:10px;resize:none;field-sizing:content}
[type=radio],[type=checkbox]{appearance:none;flex:none;width:20px;height:20px;border:2px solid #888;border-radius:50%;cursor:pointer}
[type=radio]:checked{border:6px solid var(--on)}
[type=checkbox]{border-radius:5px;text-align:center;line-height:16px}
[type=checkbox]:checked{border-color:var(--on);background:var(--on);color:var(--off)}
[type=checkbox]:checked:before{content:"✓"}
label{cursor:pointer}
textarea{min-height:68px}
.tick,.consent{text-align:start}
.tick{display:flex;align-items:center;gap:12px;min-height:44px;padding:9px 12px;border:1px solid var(--line);border-radius:10px}
.tick+.tick{margin-top:8px}
.tick:hover,.tick:has(:checked){border-color:var(--on)}
.consent{display:flex;gap:10px;padding:12px 0;font-size:14px;line-height:20px}
.scale{display:grid;grid-template-columns:repeat(5,1fr);gap:6px}
.nps{grid-template-columns:repeat(6,1fr)}
.stars{display:flex;gap:0}
.scaled:has(.stars){width:fit-content}
.scale label{position:relative;text-align:center}
.scale input{position:absolute;inset:0;width:100%;height:100%;opacity:0;cursor:pointer}
.scale span{display:block;min-width:44px;border:1px solid #888;border-radius:10px;line-height:42px}
.scale :hover+span{border-color:var(--on)}
.scale :checked+span{background:var(--on);color:var(--off);border-color:var(--on);outline:2px solid #0000}
.scale :focus-visible+span{outline:2px solid var(--on);outline-offset:2px}
.stars span,.stars :checked+span{border-color:#0000;background:0;color:inherit;font-size:32px}
.stars span:before{content:"☆"}
.stars label:has(:checked,~label :checked) span:before{content:"★";color:var(--on)}
:checked,:checked+span{forced-color-adjust:none}
.ends{display:flex;justify-content:space-between;gap:16px;margin-top:6px;font-size:14px}
.error{margin-top:8px;font-size:14px;font-weight:600}
.error:before{content:"⚠ "/""}
.error:empty{display:none}
[aria-invalid=true]{border-color:currentColor;box-shadow:0 0 0 1px}
h2:focus{outline:0}
:not(.banner)>*>.step>:first-child :is(legend,.ask span){padding-inline-end:28px}
@media (min-width:640px){
.banner .scale{grid-template-columns:repeat(5,44px)}
.banner .nps{grid-template-columns:repeat(11,44px)}
.banner .scaled{width:fit-content;margin:auto}
.banner .tick{display:inline-flex;margin:0 4px;vertical-align:top}
}
.banner .scaled:has(.stars){margin:auto}
.banner .step:has(.ask){align-items:end}
.banner textarea{min-height:44px}
.banner :is(textarea,[type=email]){min-width:min(320px,70vw)}`;

/** @param {unknown} word @returns {never} */
function unknown(word) {
  throw `unknown ${word}`;
}

/** What can be chosen. @param {Question} question @returns {(string | number)[]} */
function choicesOf({ kind, options }) {
  if (kind === 'rating') return [1, 2, 3, 4, 5];
  if (kind === 'nps') return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  return kind === 'single' || kind === 'multiple' ? options : unknown(kind);
}

/** @param {Question} question */
function lookOf({ kind, marks }) {
  if (kind === 'nps') return 'scale nps';
  if (kind !== 'rating') return '';
  return marks === 'stars' ? 'scale stars' : marks === 'numbers' ? 'scale' : unknown(marks);
}

/** @param {boolean} required */
const must = (required) => ({ className: required ? 'must' : '' });

/** @template T @param {T} node */
const itself = (node) => node;

let made = 0;

/** @param {Maker['make']} make */
const errorOf = (make) => {
  const error = make('p', { className: 'error', id: `anonmsg${++made}` });
  // As an attribute, like all that helps listeners: Firefox has the properties only since 119.
  error.setAttribute('role', 'alert');
  return error;
};

/** @param {Question} asked @param {Maker['make']} make @returns {Field} */
export const question = (asked, make) =>
  asked.kind === 'text'
    ? typed(asked, make('textarea', { rows: 2, maxLength: LONGEST_TEXT }), make)
    : chosen(asked, make);

/** @param {Question} asked @param {Maker['make']} make @returns {Field} */
function chosen(asked, make) {
  const { kind, label, required, low, high } = asked;
  const choices = choicesOf(asked);
  const look = lookOf(asked);
  const error = errorOf(make);
  const several = kind === 'multiple';
  const radio = { type: 'radio', name: error.id, required };
  const inputs = choices.map(() => make('input', several ? { type: 'checkbox' } : radio));
  const scale = make('div', { className: look }, inputs, (input) => {
    const at = inputs.indexOf(input);
    const end = at ? !(at + 1 in choices) && high : low;
    if (look) input.setAttribute('aria-label', `${choices[at]}/${choices.at(-1)}${end ? `, ${end}` : ''}`);
    const words = make('span', {}, /stars/.test(look) ? [] : [choices[at]]);
    return make('label', { className: look ? '' : 'tick' }, [input, words], itself);
  });
  const ends = make('div', { className: 'ends' }, [low, high], (end) => make('span', {}, [end]));
  ends.setAttribute('aria-hidden', 'true');
  const legend = make('legend', must(required), [label]);
  const answers = make('div', { className: look && 'scaled' }, low || high ? [scale, ends] : [scale], itself);
  const node = make('fieldset', {}, [legend, answers, error], itself);
  if (!several) node.setAttribute('role', 'radiogroup');
  const given = () => choices.filter((_, at) => inputs[at]?.checked);
  return {
    asked,
    node,
    inputs,
    error,
    told: '',
    read: () => (several ? given() : given()[0]),
    wrong() {
      const isMissing = required && !given().length;
      // Of several check boxes a browser knows each alone.
      if (several && inputs[0]) inputs[0].required = isMissing;
      return isMissing ? make('input', radio).validationMessage : '';
    },
  };
}

/** @param {Email} asked @param {Maker['make']} make @returns {Field} */
export function email(asked, make) {
  const { consent } = asked;
  const format = { pattern: '.+@.+\\..+', maxLength: LONGEST_EMAIL };
  const input = make('input', { type: 'email', name: 'email', autocomplete: 'email', ...format });
  const box = make('input', { type: 'checkbox' });
  const line = make('label', { className: 'consent' }, [box, consent], itself);
  const field = typed(asked, input, make, consent ? [line] : []);
  const { wrong } = field;
  if (consent) field.inputs.push(box);
  field.wrong = () => {
    box.required = !!input.value;
    const words = wrong();
    // Below what it is about.
    (words ? input.parentElement : line)?.after(field.error);
    return words || (consent && box.validationMessage);
  };
  return field;
}

/**
 * @param {Question | Email} asked @param {HTMLInputElement | HTMLTextAreaElement} input @param {Maker['make']} make
 * @param {Node[]} [more] what is drawn below
 * @returns {Field}
 */
function typed(asked, input, make, more = []) {
  const { label, required } = asked;
  const error = errorOf(make);
  const read = () => input.value.trim();
  input.required = required;
  const words = make('span', must(required), [label]);
  return {
    asked,
    node: make('div', {}, [make('label', { className: 'ask' }, [words, input], itself), ...more, error], itself),
    inputs: [input],
    error,
    told: '',
    read,
    // Blanks alone say nothing.
    wrong: () => (required && !read() ? make('input', { required }) : input).validationMessage,
  };
}
