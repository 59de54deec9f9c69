/**
 * The shapes the snippet works with. The server's anonmsg/message.py is their definition; these follow it.
 *
 * @typedef {{text: string, bold?: boolean, italic?: boolean, link?: string | null}} Run
 *
 * @typedef {{type: 'open_url', url: string, target: 'same' | 'new'}
 *   | {type: 'dismiss'}
 *   | {type: 'go_to_step', step: string}
 *   | {type: 'track', event: string, properties?: Record<string, unknown>}} Action
 *
 * @typedef {{type: 'button', id: string, label: string, style: 'primary' | 'secondary' | 'link', action: Action}} Button
 *
 * @typedef {{type: 'heading', text: string}
 *   | {type: 'text', paragraphs: Run[][]}
 *   | {type: 'list', ordered: boolean, items: Run[][]}
 *   | {type: 'image', src: string, alt: string, width?: number | null, height?: number | null}
 *   | Button
 *   | {type: 'divider'}
 *   | {type: 'spacer', size: number}
 *   | {type: 'row', columns: Block[][]}} Block
 *
 * @typedef {{id: string, blocks: Block[]}} Step
 *
 * @typedef {{effect: 'include' | 'exclude', part: 'url' | 'host' | 'path' | 'query' | 'hash',
 *   match: 'is' | 'contains' | 'starts_with' | 'ends_with' | 'wildcard' | 'regex', value: string}} Rule
 *
 * @typedef {{kind: 'modal' | 'overlay' | 'banner', position: string, width: number}} Display
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {number} version
 * @property {number} priority  lower is first
 * @property {string} launched_at  ISO, UTC; of the first launch
 * @property {{starts_at: string | null, ends_at: string | null}} schedule  ISO, UTC
 * @property {Rule[]} page_rules
 * @property {{limit: number | null, gap_seconds: number, after_click: 'end' | 'keep'}} frequency
 * @property {Display} display
 * @property {Step[]} [steps]
 * @property {string} [content]  path on the server of `{"steps": […]}`, where the steps are not in the manifest
 *
 * @typedef {{site: string, revision: number, messages: Message[]}} Manifest
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
 * @property {boolean} identified
 * @property {number} now  ms since 1970
 * @property {Parts} parts
 * @property {(messageId: string) => Memory} memory
 * @property {string[]} [slots]  positions that are taken; `center`, by a modal, takes them all
 * @property {(message: Message) => string | undefined} [undrawable]  why the content cannot be drawn
 *
 * The reasons: off (anonymousInApp is not true) · known (the visitor is identified) · early, over (schedule) · excluded (by a
 * page rule), elsewhere (no page rule matches) · ended (dismissed or clicked), limit, gap (frequency) · taken (slot) · unknown
 * (a word that this snippet does not know) · cannot draw … (content).
 * @typedef {{gate: string, reason: string}} Failure
 */
export {};
