/** The builder's behaviours, a module each. A page works without them; with them it is quicker. */
import 'htmx.org';
import './colours.js';
import './disclosure.js';
import './copy.js';
