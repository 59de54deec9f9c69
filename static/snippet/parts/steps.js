/**
 * Part `steps`: several steps, and buttons that lead from one to another.
 *
 * @import {Core} from '../types.js'
 */

/** @param {Core} core */
export default function register(core) {
  core.actions.go_to_step = /^undefined$/;
  core.stepsOf = ({ steps = [] }, { step }) => {
    /** @type {Map<string | undefined, HTMLElement>} */
    const made = new Map();
    for (const { id, blocks } of steps) made.set(id, step(blocks));
    const [first] = made.values();
    if (!first) throw 'nothing';
    return (id) => (id === undefined ? first : made.get(id));
  };
}
