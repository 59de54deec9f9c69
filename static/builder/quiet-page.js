/** What lies under a message in a frame: a page that is nobody's, so that only the message speaks, or the demo shop. */
const PAGE = `
  html { color-scheme: var(--scheme); background: light-dark(#fff, #16161a); }
  body { margin: 0; padding: 6% 8%; font: 16px/1.5 system-ui, sans-serif; }
  i { display: block; height: 14px; margin: 0 0 14px; border-radius: 4px; background: light-dark(#eef0f3, #26262c); }
  i.bar { height: 28px; width: 40%; margin-bottom: 28px; }
  i.picture { height: 180px; margin: 28px 0; border-radius: 8px; }
`;
const SHADE = '.shade { position: fixed; inset: 0; background: #0008; }';
const LINES = ['bar', '', '', 'picture', '', '', '', 'picture', '', ''];

/** @param {Window & typeof globalThis} window @param {string} styles */
function dressIn({ document, CSSStyleSheet }, styles) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [sheet];
}

/** @param {Window & typeof globalThis} window of an empty frame */
export function layPage(window) {
  const { document } = window;
  dressIn(window, PAGE + SHADE);
  document.head.replaceChildren();
  document.body.inert = false;
  document.body.replaceChildren(
    ...LINES.map((name) => Object.assign(document.createElement('i'), { className: name })),
  );
}

/** The demo shop. @param {string} url */
export async function fetchShop(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The shop answered ${answer.status}.`);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

/**
 * Its markup and styles without its scripts, its install tag among them: nothing is counted, and nothing leads away.
 * @param {Window & typeof globalThis} window of an empty frame @param {Document} shop
 */
export function layShop(window, shop) {
  for (const script of shop.querySelectorAll('script')) script.remove();
  const { document } = window;
  dressIn(window, SHADE);
  document.head.replaceChildren(
    ...[...shop.querySelectorAll('link[rel=stylesheet]')].map((link) => document.importNode(link)),
  );
  document.body.replaceChildren(...[...shop.body.childNodes].map((node) => document.importNode(node, true)));
  document.body.inert = true;
}

/**
 * Light or dark, and darker behind a modal, whose backdrop only a page that is used has.
 * @param {Document} document @param {string} scheme @param {boolean} isShaded
 */
export function dress(document, scheme, isShaded) {
  for (const old of document.querySelectorAll('.shade')) old.remove();
  document.documentElement.style.setProperty('--scheme', scheme);
  if (isShaded) document.body.append(Object.assign(document.createElement('div'), { className: 'shade' }));
}
