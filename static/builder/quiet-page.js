/** A page that is nobody's, for frames in which only the message is to speak. */
const PAGE = `
  html { color-scheme: var(--scheme); background: light-dark(#fff, #16161a); }
  body { margin: 0; padding: 6% 8%; font: 16px/1.5 system-ui, sans-serif; }
  i { display: block; height: 14px; margin: 0 0 14px; border-radius: 4px; background: light-dark(#eef0f3, #26262c); }
  i.bar { height: 28px; width: 40%; margin-bottom: 28px; }
  .shade { position: fixed; inset: 0; background: #0008; }
  i.picture { height: 180px; margin: 28px 0; border-radius: 8px; }
`;
const LINES = ['bar', '', '', 'picture', '', '', '', 'picture', '', ''];

/** @param {Window & typeof globalThis} window of an empty frame */
export function layPage({ document, CSSStyleSheet }) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PAGE);
  document.adoptedStyleSheets = [sheet];
  document.body.replaceChildren(
    ...LINES.map((name) => Object.assign(document.createElement('i'), { className: name })),
  );
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
