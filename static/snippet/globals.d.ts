import type { Core, Lent, Message } from './types.js';

declare global {
  /** What the server wraps the snippet in: the manifest's messages, or null where the snippet is to fetch it. */
  const __ANONMSG__: Message[] | null;
  /** The parts that its messages need, by name; all there are where it is null. */
  const __PARTS__: Record<string, (core: Core & Lent) => void>;
  /** The hash of this build, under which the server has the other parts. */
  const __BUILD__: string;
  interface Navigator {
    /** Not in all browsers. */
    globalPrivacyControl?: boolean;
  }
  interface Window {
    /** The loader stub's queue, or whatever else the page has under that name. */
    analytics: any;
  }
}
