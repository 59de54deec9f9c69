/**
 * The shapes the snippet works with. The server's anonmsg/message is their definition; these follow it.
 *
 * @typedef {{text: string, bold?: boolean, italic?: boolean, link?: string | null}} Run
 *
 * @typedef {{type: 'open_url', url: string, target: 'same' | 'new'}
 *   | {type: 'dismiss'}
 *   | {type: 'go_to_step', step?: string, to?: 'step' | 'next' | 'previous', when?: Branch[]}
 *   | {type: 'submit'}
 *   | {type: 'track', event: string, properties?: Record<string, unknown>}} Action
 *
 * Another step for who gave one of these answers: an option, or a number.
 * @typedef {{question: string, answers: (string | number)[], step: string}} Branch
 *
 * @typedef {{type: 'question', id: string, kind: 'single' | 'multiple' | 'rating' | 'nps' | 'text', label: string,
 *   options: string[], required: boolean, marks: 'stars' | 'numbers', low: string, high: string}} Question
 *
 * @typedef {{type: 'email', id: string, label: string, consent: string, identifies: boolean, required: boolean}} Email
 *
 * @typedef {{type: 'button', id: string, label: string, style: 'primary' | 'secondary' | 'link', action: Action}} Button
 *
 * @typedef {{type: 'heading', text: string}
 *   | {type: 'text', paragraphs: Run[][]}
 *   | {type: 'list', ordered: boolean, items: Run[][]}
 *   | {type: 'image', src: string, alt: string, width?: number | null, height?: number | null}
 *   | Button
 *   | Question
 *   | Email
 *   | {type: 'divider'}
 *   | {type: 'spacer', size: number}
 *   | {type: 'row', columns: Block[][]}} Block
 *
 * @typedef {{id: string, blocks: Block[]}} Step
 *
 * @typedef {{effect: 'include' | 'exclude', part: 'url' | 'host' | 'path' | 'query' | 'hash',
 *   match: 'is' | 'contains' | 'starts_with' | 'ends_with' | 'wildcard' | 'regex', value: string}} Rule
 *
 * @typedef {{type: string} & Record<string, any>} Condition  what else must hold; its fields are those of its type
 *
 * @typedef {{kind: 'modal' | 'overlay' | 'banner', position: string, width: number}} Display
 *
 * How a message looks, as rules of a style sheet: in any case, and where the page is light or dark; what is not there is as without
 * a theme.
 * @typedef {{css?: string, light?: string, dark?: string, z_index?: number}} Theme
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {number} version
 * @property {{starts_at: string | null, ends_at: string | null}} [schedule]  ISO, UTC or by the visitor's own clock; none
 *   where it has neither
 * @property {Rule[]} page_rules
 * @property {{limit?: number | null, gap_seconds?: number, after_click: 'end' | 'keep'}} frequency  no limit and no gap where it is
 *   shown always
 * @property {Condition[]} [conditions]  none where there are none
 * @property {number} [holdout]  percent of the visitors who never see it
 * @property {number} [daily]  views of any messages of the site that a visitor has at most in 24 hours
 * @property {Display} display
 * @property {Theme} [theme]  the site's, and over it what the message has of its own
 * @property {string[]} parts  of the snippet that it needs (static/snippet/parts)
 * @property {Step[]} [steps]
 * @property {string} [content]  path on the server of `{"steps": […]}`, where the steps are not in the manifest
 *
 * @typedef {{site: string, revision: number, messages: Message[]}} Manifest  messages: in the order they are decided
 *
 * What a visitor did with one message; lastView in ms since 1970, 0 before the first.
 * @typedef {{views: number, lastView: number, ended: boolean}} Memory
 *
 * An address taken apart, once for each page view: for each part the texts that a rule is tried on.
 * @typedef {Record<Rule['part'], string[]> & {params: URLSearchParams}} Parts
 *
 * Everything a decision looks at.
 * @typedef {object} Context
 * @property {boolean} enabled  the install tag says anonymousInApp
 * @property {boolean} known  identified, or somebody else than the page view was for
 * @property {number} now  ms since 1970
 * @property {Parts} parts
 * @property {(messageId: string) => Memory} memory
 * @property {string[]} [slots]  positions that are taken; `center`, by a modal, takes them all. None for a message that is on screen
 *   already: neither its own place nor its own views count against it
 * @property {(message: Message) => string | undefined} [undrawable]  why the content cannot be drawn
 * @property {Gate[]} [gates]  gathered with the first message that is decided
 *
 * The reasons: off (anonymousInApp is not true) · known (the visitor is identified) · consent (the visitor's does not allow
 * what it asks for) · early, over (schedule) · excluded (by a
 * page rule), elsewhere (no page rule matches) · other, few, soon, above, staying, absent, unclicked, untracked (conditions, each
 * a gate of its own) · ended (dismissed or clicked), limit, gap (frequency) · enough (daily) · control (holdout) · taken (slot) · unknown
 * (a word that this snippet does not know) · unknown … or the name of the part that is not there (content).
 * @typedef {{gate: string, reason: string}} Failure
 *
 * A call as it is sent.
 * @typedef {Record<string, any> & {type: string}} Call
 *
 * What a visitor agreed to: that nothing be kept; ids and memory, in the browser only; activity too.
 * @typedef {'none' | 'functional' | 'full'} Level
 *
 * Says why a message may not be shown, true where there is but one reason, or something false.
 * @typedef {(message: Message, context: Context) => string | boolean | undefined} Gate
 *
 * What makes the nodes of a message for one page.
 * @typedef {object} Maker
 * @property {<T extends keyof HTMLElementTagNameMap, I>(tag: T, properties?: object, items?: I[],
 *   draw?: (item: I) => Node | string) => HTMLElementTagNameMap[T]} make  draw: each item's node
 * @property {(run: Run) => Node | string} run
 * @property {(blocks: Block[]) => HTMLElement} step
 * @property {(url: unknown) => string} safeUrl  '' for one that leads astray
 *
 * @typedef {(button: Button) => void} Press
 * @typedef {(block: any, maker: Maker, press?: Press) => HTMLElement} Draws
 *
 * @typedef {(box: HTMLDialogElement,
 *   drawn: {make: Maker['make'], body: HTMLElement, onCross: () => void, preview?: boolean}) => void} Show
 *
 * A kind of display: its positions, its element, and what brings it up.
 * @typedef {{places: RegExp, tag: 'dialog' | 'section', show: Show}} Kind
 *
 * What is asked on the page: its nodes, what was answered so far, what of it was told, and what is wrong with it, as a browser
 * says it; nothing when all is well.
 * @typedef {{asked: Question | Email, node: HTMLElement, inputs: (HTMLInputElement | HTMLTextAreaElement)[], error: HTMLElement,
 *   told: string, read: () => any, wrong: () => string}} Field
 *
 * Why a message closed: the visitor dismissed it or followed a button, or it was taken away.
 * @typedef {'dismissed' | 'clicked' | 'removed'} How
 *
 * @typedef {object} Options  of drawing
 * @property {Window & typeof globalThis} window  of the page to draw into, which may be another one than the caller's
 * @property {'light' | 'dark'} [scheme]  else the page's
 * @property {boolean} [preview]  looks only: opens no page, takes no focus
 * @property {() => void} [onShow]
 * @property {Press} [onClick]
 * @property {(how: How, leaving: boolean) => void} [onClose]  leaving: for another page, in the same tab
 *
 * What a type of condition comes to: whether it is met, and what is done with each there is, whether its message may be shown or
 * not. Once it is met, it stays so in this page view.
 * @typedef {{met: (condition: any) => boolean | undefined, watch?: (condition: any) => void}} Test
 *
 * What a visit is known by: whether the visitor had been here before, the page views, what led here, and what happened.
 * @typedef {{returning: boolean, pages: number, referrer: string, utm: Record<string, string>, done: string[]}} Visit
 *
 * What the parts add to, so that the core need not know them. A part is a function of it.
 * @typedef {object} Core
 * @property {Record<string, (text: string, value: string, asItIs: string, valueAsItIs: string) => boolean>} matches  by the
 *   word of a rule; text and value in lower case, and as they are
 * @property {Record<string, (value: string, parts: Parts) => [string[], string] | undefined>} readers  by the part of an address
 * @property {Record<string, Draws>} blocks  by type
 * @property {RegExp} [styles]  of buttons, but for primary
 * @property {Record<string, RegExp>} actions  of buttons by type: what their target may be
 * @property {(run: Run, maker: Maker) => Node | string} run  of words
 * @property {Record<string, Kind>} kinds  of display
 * @property {Record<string, Gate>} gates  by why a message fails them
 * @property {(gate: Gate, message: Message, context: Context) => ReturnType<Gate>} asks  a gate; `unknown` where it throws
 * @property {Record<string, Test>} tests  of conditions, by type; with part `conditions`
 * @property {{since: number} & Record<string, any>} view  the page view's own facts, since when (ms on the page's clock)
 * @property {{note: (words: string) => void, noted: (words: string) => boolean, anew: () => void}} visit  what happened in
 *   it, and how it begins anew, from what is kept; with part `visit`
 * @property {(message: Message) => boolean} [isControl]  whether the visitor is in its control group; with part `holdout`
 * @property {(messages: Message[]) => void} [wake]  at the next start or end of one
 * @property {import('./parts/around.js').Wrap[]} [wraps]  around what draws
 * @property {string} looks  the styles that come after those of all messages
 * @property {(theme: Theme, scheme: string) => string} [looksOf]  the style sheet of a theme where the page's `color-scheme` is so;
 *   throws 'style' where it could fetch something; with part `theme`
 * @property {(message: Message, maker: Maker) => (id?: string) => HTMLElement | undefined} stepsOf  makes the steps: each by its id,
 *   the first without one
 * @property {(message: Message, document: Document) => unknown} build  its nodes; throws when it cannot be drawn
 * @property {(message: Message, options: Options) => {host: HTMLElement, go: (step: string | undefined) => void,
 *   close: (how: How, leaving?: boolean) => void}} draw  and show; throws when it cannot be drawn
 *
 * With part `explain`.
 * @property {(message: Message, document: Document) => string | undefined} undrawable  why a message cannot be drawn: a word
 *   that is not known, or no content
 * @property {(message: Message, context: Context) => Failure[]} decide  every gate that failed, with its reason; empty when the
 *   message may be shown
 * @property {(messages: Message[], shown: Map<string, unknown>,
 *   situation: () => Context) => {message: string, shown: boolean, failed: Failure[]}[]} why
 *
 * What parts that only websites need are lent besides.
 * @typedef {object} Lent
 * @property {[name: string, args: any[], answer?: unknown][]} journal  the calls that part `api` is to make, and to answer; with
 *   no name, calls that were made: the call, and whether it was held
 * @property {boolean} [held]  calls are not sent before the page's middlewares have seen them
 * @property {(() => any)[]} layers  where things are kept, from the most lasting to the page's memory
 * @property {{cookie: string}} jar  of cookies: the document
 * @property {(target: EventTarget, names: string, work: (event: any) => any) => void} listen
 * @property {<A extends any[]>(work: (...args: A) => any) => (...args: A) => any} guarded
 * @property {(type: string, ...args: any[]) => Promise<{event: Call}>} send  what the page said with one of its methods
 * @property {(type: string, fields: Record<string, any>, options?: any) => Call} enqueue  makes a call
 * @property {(call: Call) => void} report  puts it at the end of the queue
 * @property {(key: string, id: string | null) => unknown} keepId  an id, where analytics.js keeps it; null removes it
 * @property {(key: string, text: string | null) => void} write  into the most lasting layer that takes it; null removes it
 * @property {() => void} settle  writes down, as far as that is allowed, the calls that were just made
 * @property {(said: unknown) => Level} [agree]  puts a level in force, that is none for a word it does
 *   not know, and tells which is; with part `consent`
 * @property {(type: string, ...args: any[]) => void} [heard]  what the page said; with part `tracked`
 * @property {() => void} review
 * @property {(address: string) => Parts} partsOf  as page rules see it; throws when it is no absolute URL
 * @property {(task: () => unknown) => unknown} [leased]  runs it while no other tab runs one, where there are no Web Locks; with part `lease`
 * @property {string} server  its origin
 * @property {(key: string, options?: any) => void} begins  for a site, with what is given to `load`
 * @property {<T>(name: string, work?: () => T) => Promise<T>} withPart  fetches a part, once, and then does some work
 * @property {(siteKey: string, adopt: (messages: Message[]) => void) => Promise<void>} renew  adopts them as they are now, if
 *   they can be fetched; with part `fetch`
 * @property {(message: Message) => void} fetchSteps  fetches them, once, and has the messages decided anew; with part `fetch`
 * @property {(value: any) => any} detached  from Object.prototype
 */
export {};
