/** The builder's behaviours, a module each. A page works without them; with them it is quicker. */
import 'htmx.org';
import './colours.js';
import './disclosure.js';
import './copy.js';
import './charts.js';
import './polling.js';
import { loaded } from './loads.js';

if (document.querySelector('[data-wizard]')) loaded(() => import('./wizard.js'));
if (document.querySelector('[data-theme-form]')) loaded(() => import('./theme.js'));
if (document.querySelector('[data-picture]')) loaded(() => import('./template-pictures.js'));
if (document.querySelector('#list')) loaded(() => import('./message-order.js'));
if (document.querySelector('[data-preview-link]')) loaded(() => import('./preview-link.js'));
if (document.querySelector('[data-launch]')) loaded(() => import('./too-high.js'));
if (document.querySelector('[data-rivals]')) loaded(() => import('./collisions.js'));
if (document.querySelector('time[data-local-time]')) loaded(() => import('./local-time.js'));
