/**
 * As much of a browser as the snippet's modules without a DOM need. Modules keep state and take references when they load,
 * so each `load` is a new copy of them: a new page.
 */

/** What no site may set a cookie for. */
const PUBLIC = ['example', 'co.uk', 'uk'];

export class Browser {
  /** @param {string} [host] */
  constructor(host = 'www.shop.example') {
    this.host = host;
    /** @type {Record<string, string>} */
    this.local = {};
    /** @type {Record<string, string>} */
    this.session = {};
    /** @type {Map<string, {name: string, value: string, domain: string}>} */
    this.jar = new Map();
    /** What the server answers to a batch. @type {() => Promise<any>} */
    this.answer = async () => reply(200);
    /** @type {any[]} */
    this.sent = [];
    /** @type {Map<string, () => void>} */
    this.heard = new Map();
    this.visibilityState = 'visible';
    /** All text of the page, that of its scripts included. */
    this.text = '';
  }

  /** A page of this browser: the module, loaded anew. @param {string} module @returns {Promise<any>} */
  async load(module) {
    const [loaded] = await this.loadAll(module);
    return loaded;
  }

  /** Modules of one page, and last the core that they share. @param {string[]} modules @returns {Promise<any[]>} */
  async loadAll(...modules) {
    this.enter();
    pages++;
    const { registerHooks } = await import('node:module');
    const page = `page=${pages}`;
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        return /snippet/.test(found.url) && !found.url.includes('?')
          ? { ...found, url: `${found.url}?${page}` }
          : found;
      },
    });
    try {
      const { core } = await import(`../../static/snippet/core.js?${page}`);
      core.guarded = guarded;
      core.withPart = (/** @type {string} */ _, /** @type {() => any} */ work) => work();
      core.listen = (/** @type {any} */ _, /** @type {string} */ name, /** @type {() => void} */ work) =>
        this.heard.set(name, work);
      (await import(`../../static/snippet/parts/lease.js?${page}`)).default(core);
      const loaded = [];
      for (const module of modules) loaded.push(await import(`../../static/snippet/${module}.js?${page}`));
      return [...loaded, core];
    } finally {
      hooks.deregister();
    }
  }

  /** Makes the globals this browser's. */
  enter() {
    const browser = this;
    const listen = (/** @type {string} */ name, /** @type {() => void} */ work) => this.heard.set(name, work);
    define('window', globalThis);
    define('navigator', {});
    define('location', { hostname: this.host });
    define('localStorage', () => browser.local);
    define('sessionStorage', () => browser.session);
    define('addEventListener', listen);
    define('document', {
      addEventListener: listen,
      documentElement: {
        get textContent() {
          return browser.text;
        },
      },
      get visibilityState() {
        return browser.visibilityState;
      },
      get cookie() {
        return browser.cookies();
      },
      set cookie(text) {
        browser.bake(text);
      },
    });
    define('fetch', async (/** @type {string} */ url, /** @type {any} */ options) => {
      this.sent.push({ url, ...options, body: JSON.parse(options.body) });
      return this.answer();
    });
  }

  cookies() {
    return [...this.jar.values()].map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** @param {string} text */
  bake(text) {
    const [pair, ...attributes] = text.split('; ');
    const [, name, value] = /** @type {string[]} */ (/^([^=]*)=(.*)$/.exec(String(pair)));
    const given = Object.fromEntries(attributes.map((attribute) => attribute.split('=')));
    const domain = given.domain ?? '';
    if (domain && (PUBLIC.includes(domain) || !`.${this.host}`.endsWith(`.${domain}`))) return;
    const key = `${name};${domain}`;
    if (given['max-age'] === '0') this.jar.delete(key);
    else this.jar.set(key, { name: String(name), value: String(value), domain });
  }

  /** @param {string} name */
  domainOf(name) {
    return [...this.jar.values()].filter((cookie) => cookie.name === name).map(({ domain }) => domain);
  }
}

let pages = 0;

/** @param {(...args: any[]) => any} work */
const guarded =
  (work) =>
  (/** @type {any[]} */ ...args) => {
    try {
      return work(...args);
    } catch {}
  };

/** @param {string} name @param {any} value of the global; a function without parameters gives it anew each time */
function define(name, value) {
  const get = typeof value === 'function' && !value.length ? value : () => value;
  Object.defineProperty(globalThis, name, { get, configurable: true });
}

/** @param {number} status @param {Record<string, string>} [headers] */
export const reply = (status, headers = {}) => ({ status, headers: new Headers(headers), text: async () => '' });

/** Storage that is full, or blocked: reading works in the one, nothing in the other. */
export const full = (/** @type {Record<string, string>} */ kept = {}) =>
  new Proxy(kept, {
    set() {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });

export const blocked = () => {
  throw new DOMException('blocked', 'SecurityError');
};
