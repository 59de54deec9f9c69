import type { Manifest } from './types.js';

declare global {
  /** What the server wraps the snippet in: the site's manifest, or null where the snippet is to fetch it. */
  const __ANONMSG__: Manifest | null;
  interface Window {
    /** The loader stub's queue, or whatever else the page has under that name. */
    analytics: any;
  }
}
