/**
 * Part `float`: what overlays and banners share. They stand above everything, where the browser can, and are announced instead
 * of focused.
 *
 * @import {Core, Gate, Show} from '../types.js'
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
  const said = make('div', { className: 'said' });
  said.setAttribute('role', 'status');
  box.after(said);
  box.popover = 'manual';
  box.showPopover?.();
  setTimeout(() => (said.textContent = box.isConnected ? body.innerText : ''), HEARD);
}

/** px at the sides of the window and between two. */
const GAPS = 48;

/**
 * Whether another at the same edge would lie under or over it, for want of room beside each other. On a phone there never is.
 * @type {Gate}
 */
function isOverAnother({ display: { position, width } }, { slots = [] }) {
  for (const slot of slots) {
    const across = /center/.test(slot + position) ? 3 : 2;
    if (slot[0] === position[0] && across * width + GAPS > globalThis.innerWidth) return true;
  }
}

/** @param {Core} core */
export default function register(core) {
  const { gates, kinds } = core;
  const { isCrowdedOut } = gates;
  gates.isCrowdedOut = (message, now) => isCrowdedOut?.(message, now) || isOverAnother(message, now);
  kinds.overlay = { places: /^(top|bottom)-(left|center|right)$/, tag: 'section', show };
  kinds.banner = { ...kinds.overlay, places: /^(top|bottom)$/ };
  core.looks += LOOK;
}
