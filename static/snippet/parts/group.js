/**
 * The visitor's group, kept as analytics.js keeps it: the id in localStorage (as JSON) and in a cookie, the traits in localStorage.
 *
 * @import {Core, Lent} from '../types.js'
 */

const ID = 'ajs_group_id';
const TRAITS = 'ajs_group_properties';

/** @param {Core & Lent} core */
export function groupKeptBy(core) {
  /** What was written last is in the lowest layer that has it. @param {string} key @returns {any} */
  function stored(key) {
    let value = null;
    for (const layer of core.layers) {
      try {
        value = JSON.parse(layer()[key]);
      } catch {}
    }
    return value;
  }

  return {
    /** @param {any} [id] takes its place; null removes it @returns {string | null} */
    id(id) {
      if (id !== undefined) core.keepId(ID, id === null ? null : `${id}`);
      return stored(ID);
    },
    /** @param {any} [traits] take their place; null removes them @returns {Record<string, any>} */
    traits(traits) {
      if (traits !== undefined) core.write(TRAITS, traits && JSON.stringify(traits));
      return { ...stored(TRAITS) };
    },
    /** Another id than before is another group, with none of the former traits. @param {any} id @param {object} given */
    identify(id, given) {
      const before = this.id();
      this.traits({ ...((!before || before === `${id}`) && this.traits()), ...given });
      if (id != null) this.id(id);
    },
    reset() {
      this.id(null);
      this.traits(null);
    },
  };
}
