/**
 * Part `conditions`: what else a message asks for. Each type is a part of its own, which adds to `core.tests` whether it is met
 * and, where that comes later, what it watches; it then has all messages decided again.
 *
 * @import {Core, Gate} from '../types.js'
 */

/** @param {Core} core */
export default function register(core) {
  core.tests ??= Object.create(null);
  core.view ??= { since: performance.now() };
  const { tests } = core;
  /** @type {unknown} */
  let parts;
  /**
   * Asked first, for every message, so that what is waited for is known, and the page view's own facts begin with it.
   * @type {Gate}
   */
  const isWatched = ({ conditions = [] }, context) => {
    if (parts !== context.parts) core.view = { since: performance.now() };
    parts = context.parts;
    for (const condition of conditions) tests[condition.type]?.watch?.(condition);
    return false;
  };
  core.gates = Object.assign(Object.create(null), { isWatched }, core.gates);
  // One of an unknown type is never met.
  core.gates.isUnmet = ({ conditions = [] }) => conditions.some((condition) => !tests[condition.type]?.met(condition));
}
