/**
 * Part `banner`: how a message looks along an edge of the window, on one line where there is room. It floats as overlays do.
 *
 * @import {Core} from '../types.js'
 */

const LOOK = `
.banner{--surface:var(--accent);--text:var(--on-accent);width:auto!important;max-width:none;margin:0;border-radius:0}
.banner.bottom{margin-top:auto}
.banner .step{align-items:center;justify-content:center;text-align:center;padding:8px 16px;padding-inline-end:60px}
.banner .step>*{flex:0 1 auto;font-size:16px}
.banner img{width:auto;height:44px;object-fit:scale-down}
.banner .primary{background:var(--text);color:var(--surface)}
@media (min-width:640px){
.banner .step{padding-inline:60px}
}
.banner .row>*{flex:0 1 auto;padding:0}`;

/** @param {Core} core */
export default function register(core) {
  core.looks += LOOK;
}
