/**
 * Modules that come after the page, which works without them. One that cannot be fetched, as on a train, is asked for again after
 * a while, or when the browser is online or somebody comes to a field. Chromium keeps no failed fetch; a browser that does goes on
 * without it.
 */

const AGAIN_MS = 5000;
/** What Chromium, Firefox and Safari say. A mistake of the module itself is none of these. */
const UNFETCHED = /dynamically imported module|Importing a module/;

let underWay = 0;

/** The page says in its root's attribute `data-loading` whether any is under way. @param {1 | -1} more */
function mark(more) {
  underWay += more;
  document.documentElement.toggleAttribute('data-loading', underWay > 0);
}

/** @template T @param {() => Promise<T>} load imports it @returns {Promise<T>} once it is there */
export async function loaded(load) {
  mark(1);
  try {
    return await load();
  } catch (error) {
    if (!UNFETCHED.test(String(error))) throw error;
  } finally {
    mark(-1);
  }
  await occasion();
  return loaded(load);
}

/** When another try may succeed. @returns {Promise<unknown>} */
function occasion() {
  return new Promise((resolve) => {
    setTimeout(resolve, AGAIN_MS);
    for (const event of ['online', 'focusin']) addEventListener(event, resolve, { once: true });
  });
}
