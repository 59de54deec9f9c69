/**
 * What the parts add to, so that the core need not know them. Their tables have no prototype, so that a word called
 * constructor is unknown.
 *
 * @import {Core, Lent} from './types.js'
 */
const table = () => Object.create(null);

export const core = /** @type {Core & Lent} */ (
  /** @type {unknown} */ ({
    readers: table(),
    blocks: table(),
    actions: table(),
    kinds: table(),
    looks: '',
    journal: [],
  })
);
