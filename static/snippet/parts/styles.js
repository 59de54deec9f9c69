/**
 * How every message looks. The custom properties of `.box` are its tokens, which a theme replaces. The browser's own colours
 * follow the scheme and forced colours; sizes are in px, since rem would follow whatever the page made of its root. A box
 * lies in the middle unless a margin pins it. Only the entrance moves, and only by transform. What other parts add comes
 * after it.
 */
export const BASE = `
:host{all:initial!important}
*{box-sizing:border-box;margin:0;padding:0;unicode-bidi:plaintext}
:focus-visible{outline:2px solid;outline-offset:2px}
.box{outline:0;--surface:Canvas;--text:CanvasText;--line:#8885;--accent:CanvasText;--on-accent:Canvas;--radius:16px;--space:24px;
position:fixed;inset:0;z-index:2147483647;display:flex;flex-direction:column;margin:auto;
max-width:calc(100% - 32px);height:fit-content;max-height:calc(100% - 32px);overflow:auto;
border:1px solid var(--line);border-radius:var(--radius);background:var(--surface);color:var(--text);
font-size:16px;line-height:1.5;overflow-wrap:anywhere;box-shadow:0 8px 24px #0004}
.step{display:flex;flex-wrap:wrap;gap:12px;padding:var(--space)}
.step>*{flex:100%}
h2{font-size:20px;padding-inline-end:28px}
p+p{margin-top:8px}
button{min-height:44px;padding:8px 24px;font:inherit;font-weight:600;color:inherit;background:0;border:1px solid #0000;border-radius:10px;cursor:pointer}
.step>button{flex-basis:auto}
.primary{background:var(--accent);color:var(--on-accent);forced-color-adjust:none}
button:hover{opacity:.8}
.close{position:sticky;top:0;order:-1;align-self:end;width:44px;margin-bottom:-44px;padding:0;background:inherit;font-size:28px;font-weight:400}
@media (prefers-reduced-motion:no-preference){
.box{animation:in .15s}
@keyframes in{0%{transform:translateY(8px)}}
}`;
