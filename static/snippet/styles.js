/**
 * How a message looks. The custom properties of `.box` are its tokens, which a theme replaces. The browser's own colours
 * follow the scheme and forced colours; sizes are in px, since rem would follow whatever the page made of its root. A box
 * lies in the middle unless a margin pins it. Only the entrance moves, and only by transform.
 *
 * @param {'light' | 'dark'} [scheme] else the visitor's
 */
export const css = (scheme) => `
:host{all:initial!important}
*{box-sizing:border-box;margin:0;padding:0}
.box{color-scheme:${scheme ?? 'light dark'};
--surface:Canvas;--text:CanvasText;--line:#8885;--accent:CanvasText;--on-accent:Canvas;--radius:16px;--space:24px;
position:fixed;inset:0;z-index:2147483647;display:flex;flex-direction:column;margin:auto;
width:var(--width);max-width:calc(100% - 32px);height:fit-content;max-height:calc(100% - 32px);overflow:auto;
border:1px solid var(--line);border-radius:var(--radius);background:var(--surface);color:var(--text);
font:16px/1.5 var(--font);overflow-wrap:anywhere;box-shadow:0 8px 40px #0004}
.top{margin-top:16px}
.bottom{margin-bottom:16px}
.left{margin-left:16px}
.right{margin-right:16px}
.modal::backdrop{background:#0008}
.banner{--surface:var(--accent);--text:var(--on-accent);width:auto;max-width:none;margin:0;border-radius:0}
.banner.bottom{margin-top:auto}
.step{display:flex;flex-wrap:wrap;gap:12px;padding:var(--space)}
.step>*{flex:1 1 100%;min-width:0}
h2{font-size:20px;line-height:1.3}
h2:first-child{padding-inline-end:28px}
p+p,li+li{margin-top:8px}
ul,ol{padding-inline-start:20px}
a{color:inherit}
img{width:100%;height:auto;border-radius:8px}
hr{border:0;border-top:1px solid var(--line)}
.row{display:flex;flex-wrap:wrap;gap:12px}
.row>*{flex:1 1 100px;padding:0}
button{min-height:44px;padding:8px 20px;font:inherit;font-weight:600;color:inherit;background:0;border:1px solid #0000;border-radius:10px;cursor:pointer}
.step>button{flex-basis:auto}
.primary{background:var(--accent);color:var(--on-accent)}
.secondary{border-color:var(--line)}
.link{text-decoration:underline}
button:hover{box-shadow:inset 0 0 0 99px #8883}
:focus-visible{outline:2px solid;outline-offset:2px}
.box:focus{outline:0}
.close{position:sticky;top:0;order:-1;flex:none;align-self:end;width:44px;margin-bottom:-44px;padding:0;border-radius:50%;background:inherit;font:28px/1 sans-serif}
.banner .step{align-items:center;justify-content:center;text-align:center;padding:8px 16px;padding-inline-end:60px}
.banner .step>*{flex:0 1 auto;font-size:16px}
.banner img{width:auto;height:44px;object-fit:scale-down}
.banner .primary{background:var(--text);color:var(--surface)}
.said{position:fixed;clip-path:inset(50%)}
@media (max-width:480px){
.overlay{width:auto;margin-inline:16px}
.modal{width:auto;max-width:none;margin-bottom:0;border-radius:var(--radius) var(--radius) 0 0}
}
@media (prefers-reduced-motion:no-preference){
.box{--from:8px;animation:in .15s}
.top{--from:-8px}
@keyframes in{0%{transform:translateY(var(--from))}}
}`;
