/**
 * What the page says with a tracking method, in the many forms that analytics.js takes, as a call of the Segment spec.
 */

/**
 * The fields of a call and the options given with it. Texts and objects may each be left out; null and undefined hold the
 * place of an object, but not that of a text before it.
 * @param {string} type @param {any[]} args
 * @returns {{fields: Record<string, any>, options: any}}
 */
export function callOf(type, [...args]) {
  args[0] ?? args.shift();
  // Numbers stand for texts: ids of users are often numbers.
  const [text, second] = args.filter((arg) => /string|number/.test(typeof arg)).map(String);
  const [object, options] = args.filter((arg) => /object|undefined/.test(typeof arg));
  const name = second ?? text;
  const fields = {
    alias: { userId: text, previousId: second },
    group: { groupId: text, traits: object },
    identify: { userId: text, traits: object },
    page: { name, category: second && text, properties: { ...pageContext(), name, ...object } },
    track: { event: text, properties: object ?? {} },
  };
  return { fields: fields[/** @type {keyof typeof fields} */ (type)], options: type === 'alias' ? object : options };
}

function pageContext() {
  const { href: url, pathname: path, search } = location;
  const { referrer, title } = document;
  return { path, referrer, search, title, url };
}

/**
 * Where and by what a call is made. utm_campaign is the name of the campaign, the others go by what follows utm_. Without the
 * time zone: to be asked for it costs a browser more than all the rest of showing a message.
 */
export function context() {
  /** @type {Record<string, string>} */
  const campaign = {};
  const { userAgent, language } = navigator;
  new URLSearchParams(location.search).forEach((value, key) => {
    if (key.startsWith('utm_')) campaign[key === 'utm_campaign' ? 'name' : key.slice(4)] = value;
  });
  return {
    page: pageContext(),
    userAgent,
    locale: language,
    campaign,
    library: { name: 'anonmsg', version: '0.1.0' },
  };
}
