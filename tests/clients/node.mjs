/**
 * Says with @segment/analytics-node what it is told to on its standard input: `{settings, calls: [[type, fields], …]}`.
 * Prints one JSON a line: each body as it is sent, the status of each answer, and what was not delivered.
 */
import { text } from 'node:stream/consumers';
import { Analytics } from '@segment/analytics-node';

/** @param {object} fact */
const print = (fact) => console.log(JSON.stringify(fact));

const { settings, calls } = JSON.parse(await text(process.stdin));
const analytics = new Analytics(settings);
analytics.on('http_request', ({ body }) => print({ sent: JSON.parse(String(body)) }));
analytics.on('http_response', ({ status }) => print({ status }));
analytics.on('error', ({ reason }) => print({ failed: String(reason) }));
for (const [type, fields] of calls) Reflect.get(analytics, type)(fields);
await analytics.closeAndFlush();
