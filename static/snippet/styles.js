/**
 * How a message looks. The custom properties of `.box` are its tokens, which a theme replaces; sizes are in px, since rem
 * would follow whatever the page made of its root. Only the entrance moves, and only by transform. Borders that cannot be
 * seen appear in forced colours.
 *
 * @param {'light' | 'dark'} [scheme] else the visitor's
 */
export const css = (scheme) => `
:host{all:initial!important}
*{box-sizing:border-box;margin:0;padding:0}
.box{--surface:#fff;--text:#18181b;--line:#d4d4d8;--accent:#18181b;--on-accent:#fff;--radius:16px;--space:24px;
position:fixed;inset:auto;z-index:2147483647;display:flex;flex-direction:column;
width:var(--width);max-width:calc(100% - 32px);height:fit-content;max-height:calc(100% - 32px);overflow:auto;
border:1px solid transparent;border-radius:var(--radius);background:var(--surface);color:var(--text);
font:16px/1.5 var(--font);text-align:start;overflow-wrap:anywhere;
box-shadow:0 0 0 1px rgb(0 0 0/.06),0 8px 40px rgb(0 0 0/.2)}
.top{top:16px}
.bottom{bottom:16px}
.left{left:16px}
.right{right:16px}
.center{left:0;right:0;margin:0 auto}
.modal{inset:0;margin:auto}
.modal::backdrop{background:rgb(0 0 0/.5)}
.banner{--surface:var(--accent);--text:var(--on-accent);inset:0 0 auto;width:auto;max-width:none;border-radius:0}
.banner.bottom{inset:auto 0 0}
.step{display:flex;flex-wrap:wrap;gap:12px;padding:var(--space)}
.step>*{flex:1 1 100%;min-width:0}
h2{font-size:20px;line-height:1.3}
h2:first-child{padding-inline-end:28px}
p+p,li+li{margin-top:8px}
ul,ol{padding-inline-start:20px}
a{color:inherit}
img{width:100%;height:auto;border-radius:8px}
hr{border:0;border-top:1px solid var(--line)}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(100px,1fr));gap:12px}
.row>*{padding:0}
button{flex:1 1 auto!important;min-height:44px;padding:8px 20px;font:inherit;font-weight:600;color:inherit;background:0;border:1px solid transparent;border-radius:10px;cursor:pointer}
.primary{background:var(--accent);color:var(--on-accent)}
.secondary{border-color:var(--line)}
.link{text-decoration:underline}
button:hover{box-shadow:inset 0 0 0 99px rgb(128 128 128/.16)}
:focus-visible{outline:2px solid;outline-offset:2px}
.box:focus{outline:0}
.close{position:sticky;top:0;order:-1;flex:none!important;align-self:end;width:44px;height:44px;margin-bottom:-44px}
.close::before,.close::after{content:"";position:absolute;inset:20px 13px auto;border-top:2px solid;rotate:45deg}
.close::after{rotate:-45deg}
.banner .step{align-items:center;justify-content:center;padding:8px 60px 8px 16px}
.banner .step>*{flex:0 1 auto;font-size:16px}
.banner img{width:auto;height:44px;object-fit:scale-down}
.banner .primary{background:var(--text);color:var(--surface)}
.said{position:fixed;clip-path:inset(50%)}
@media (max-width:480px){
.overlay{left:16px;right:16px;width:auto}
.modal{inset:auto 0 0;margin:0;width:auto;max-width:none;border-radius:var(--radius) var(--radius) 0 0}
}
@media (prefers-reduced-motion:no-preference){
.box{--from:8px;animation:in .15s}
.top{--from:-8px}
@keyframes in{0%{transform:translateY(var(--from))}}
}
@media ${scheme ? (scheme === 'dark' ? 'all' : 'not all') : '(prefers-color-scheme:dark)'}{
.box{--surface:#27272a;--text:#fafafa;--line:#52525b;--accent:#fafafa;--on-accent:#18181b;border-color:#3f3f46}
.banner{--surface:#3f3f46;--text:#fff}
}`;
