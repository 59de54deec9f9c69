/**
 * Part `modal`: a message as a modal dialog, which a click beside it, one that did not begin inside, or Escape closes.
 *
 * @import {Core, Show} from '../types.js'
 */

const LOOK = `
.modal::backdrop{background:#0008}
@media (max-width:480px){
.modal{width:auto!important;max-width:none;margin-bottom:0;border-radius:var(--radius) var(--radius) 0 0}
}`;

/** @type {Show} */
function show(box, { onCross, preview }) {
  let began = false;
  // Neither returns anything: false would keep links and boxes to tick from working.
  box.onpointerdown = ({ target }) => {
    began = target === box;
  };
  box.onclick = ({ target }) => {
    if (began && target === box) onCross();
  };
  box.onclose = onCross;
  if (preview) box.open = true;
  else {
    // On no button, lest the visitor who is typing presses it: at once, where a browser knows autofocus on a dialog.
    box.tabIndex = -1;
    box.autofocus = true;
    box.showModal();
    box.focus();
    // Where a browser first looked for a button.
    box.scrollTop = 0;
  }
}

/** @param {Core} core */
export default function register(core) {
  core.kinds.modal = { places: /^center$/, tag: 'dialog', show };
  core.looks += LOOK;
}
