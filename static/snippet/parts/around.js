/**
 * How a part takes part in drawing, whichever of the parts is there first.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** @typedef {(draw: Core['draw']) => Core['draw']} Wrap */

/** Puts a wrapper around whatever draws; the first that was put is the outermost. @param {Core & Partial<Lent>} core @param {Wrap} wrap */
export function around(core, wrap) {
  core.wraps ??= install(core);
  core.wraps.push(wrap);
}

/** @param {Core & Partial<Lent>} core @returns {Wrap[]} */
function install(core) {
  let { draw } = core;
  /** @type {Wrap[]} */
  const wraps = [];
  const wrapped = () => wraps.reduceRight((inner, wrap) => wrap(inner), draw);
  // Not by its name in a text, which the build would leave as it is.
  Object.defineProperties(core, { draw: { get: wrapped, set: (given) => (draw = given) } });
  return wraps;
}
