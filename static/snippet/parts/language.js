/**
 * Part `language`: the browser's preferred language. `de` is also `de-AT`, but not the other way round.
 *
 * @import {Core} from '../types.js'
 */

/** @param {Core} core */
export default function register(core) {
  core.tests ??= Object.create(null);
  core.tests.language = {
    met({ languages }) {
      const preferred = `${navigator.language}-`.toLowerCase();
      return languages.some((/** @type {string} */ language) => preferred.startsWith(`${language}-`.toLowerCase()));
    },
  };
}
