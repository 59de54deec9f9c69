/**
 * What the page says with a tracking method, in the many forms that analytics.js takes, as a call of the Segment spec.
 */

/**
 * The fields of a call and the options given with it. Texts and objects may each be left out; null and undefined hold the
 * place of an object, but not that of a text before it.
 * @param {string} type @param {any[]} args
 * @returns {[fields: Record<string, any>, options: any]}
 */
export function callOf(type, [...args]) {
  args[0] ?? args.shift();
  // Numbers stand for texts: ids of users are often numbers.
  const [text, second] = args.filter((arg) => /string|number/.test(typeof arg)).map(String);
  const [object, options] = args.filter((arg) => /object|undefined/.test(typeof arg));
  const name = second ?? text;
  const category = second && text;
  const fields = {
    identify: { userId: text, traits: object },
    page: { name, category, properties: { ...pageContext(), name, category, ...object } },
    track: { event: text, properties: object ?? {} },
  };
  return [fields[/** @type {keyof typeof fields} */ (type)], options];
}

/** In place of the time zone. */
const LATER = '\0';

function pageContext() {
  const { href: url, pathname: path, search } = location;
  const { referrer, title } = document;
  return { path, referrer, search, title, url };
}

/**
 * Where and by what a call is made. utm_campaign is the name of the campaign, the others go by what follows utm_. The time zone
 * is put in by report.js: to be asked for it costs a browser more than all the rest of showing a message.
 */
export function context() {
  /** @type {Record<string, string>} */
  const campaign = {};
  const { userAgent, language } = navigator;
  new URLSearchParams(location.search).forEach((value, key) => {
    const [, name] = key.split('utm_');
    if (name) campaign[name === 'campaign' ? 'name' : name] = value;
  });
  return {
    page: pageContext(),
    userAgent,
    locale: language,
    timezone: LATER,
    campaign,
    library: { name: 'anonmsg', version: '0.1.0' },
  };
}
