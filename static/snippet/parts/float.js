/**
 * Part `float`: what overlays and banners share. They stand above everything, where the browser can, and are announced instead
 * of focused.
 *
 * @import {Core, Show} from '../types.js'
 */

/** ms until a new live region is listened to. */
const HEARD = 99;

const LOOK = `
.top{margin-top:16px}
.bottom{margin-bottom:16px}
.left{margin-left:16px}
.right{margin-right:16px}
.said{position:fixed;clip-path:inset(50%)}
@media (max-width:480px){
.overlay{width:auto!important;margin-inline:16px}
}
@media (prefers-reduced-motion:no-preference){
.top{animation-name:down}
@keyframes down{0%{transform:translateY(-8px)}}
}`;

/** @type {Show} */
function show(box, { make, body }) {
  const said = make('div', { className: 'said', role: 'status' });
  box.after(said);
  box.popover = 'manual';
  box.showPopover?.();
  setTimeout(() => (said.textContent = box.isConnected ? body.innerText : ''), HEARD);
}

/** @param {Core} core */
export default function register(core) {
  const { kinds } = core;
  kinds.overlay = { places: /^(top|bottom)-(left|center|right)$/, tag: 'section', show };
  kinds.banner = { ...kinds.overlay, places: /^(top|bottom)$/ };
  core.looks += LOOK;
}
