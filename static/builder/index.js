/** The builder's behaviours, a module each. A page works without them; with them it is quicker. */
import 'htmx.org';
import './colours.js';
import './disclosure.js';
import './copy.js';
import './charts.js';
import './polling.js';

if (document.querySelector('[data-wizard]')) import('./wizard.js');
if (document.querySelector('#list')) import('./message-order.js');
if (document.querySelector('[data-rivals]')) import('./collisions.js');
