/**
 * Part `frequency`: messages that are not shown always, but so often, or after some time again. Pure.
 *
 * @import {Core} from '../types.js'
 */

/** @param {Core} core */
export default function register(core) {
  // What cannot be read does not pass: NaN fails these comparisons.
  core.gates.isTooOften = ({ id, frequency: { limit = null, gap_seconds = 0 } }, { memory, now, slots }) => {
    if (!slots) return;
    const { views, lastView } = memory(id);
    if (limit !== null && !(views < limit)) return 'limit';
    return gap_seconds !== 0 && !(now - lastView >= gap_seconds * 1000) && 'gap';
  };
}
