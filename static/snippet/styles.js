/**
 * How a message looks. The custom properties of `.box` are its tokens, which a theme replaces; sizes are in px, since rem
 * would follow whatever the page made of its root. Only the entrance moves, and only by transform.
 *
 * @param {'light' | 'dark'} [scheme] else the visitor's
 */
export const css = (scheme) => `
:host{all:initial!important;display:contents!important}
*,::before,::after{box-sizing:border-box}
.box{
--surface:#fff;--text:#18181b;--line:#d4d4d8;--accent:#18181b;--on-accent:#fff;--bar:#18181b;--on-bar:#fff;
--radius:16px;--space:24px;--font:system-ui,sans-serif;
position:fixed;inset:auto;z-index:2147483647;display:flex;flex-direction:column;margin:0;padding:0;
width:var(--width);max-width:calc(100% - 32px);height:fit-content;max-height:calc(100vh - 32px);max-height:calc(100dvh - 32px);
overflow:auto;overscroll-behavior:contain;border:1px solid transparent;border-radius:var(--radius);outline:0;
background:var(--surface) padding-box;color:var(--text);font:400 16px/1.5 var(--font);text-align:start;overflow-wrap:anywhere;
box-shadow:0 0 0 1px rgb(0 0 0/.06),0 4px 12px rgb(0 0 0/.08),0 16px 48px rgb(0 0 0/.16)}
.top{top:16px}
.bottom{bottom:16px}
.left{left:16px}
.right{right:16px}
.center{left:0;right:0;margin-inline:auto}
.modal{inset:0;margin:auto}
.modal::backdrop{background:rgb(0 0 0/.5)}
.modal:not(:modal){box-shadow:0 0 0 999vmax rgb(0 0 0/.5)}
.banner{--surface:var(--bar);--text:var(--on-bar);left:0;right:0;width:auto;max-width:none;max-height:50vh;border-radius:0;border-width:0}
.banner.top{top:0;border-bottom-width:1px}
.banner.bottom{bottom:0;border-top-width:1px}
.step{display:flex;flex-wrap:wrap;gap:12px;padding:var(--space)}
.step>*{flex:1 1 100%;min-width:0;margin:0}
h2{font-size:20px;font-weight:600;line-height:1.3;letter-spacing:-.01em;text-wrap:balance}
.modal h2{font-size:24px}
.step>:first-child:not(img){padding-inline-end:28px}
p{margin:0}
p+p{margin-top:8px}
ul,ol{padding-inline-start:20px}
li+li{margin-top:4px}
a{color:inherit;text-underline-offset:2px}
img{display:block;width:100%;max-width:100%;height:auto;border-radius:calc(var(--radius)/2)}
.step>img:first-child{flex-basis:calc(100% + 2*var(--space));max-width:none;margin:calc(0px - var(--space)) calc(0px - var(--space)) 4px;border-radius:0}
hr{border:0;border-top:1px solid var(--line)}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(100px,1fr));gap:16px}
.row>.step{padding:0;align-content:start}
button{font:inherit;color:inherit;cursor:pointer;background:none;border:1px solid transparent;border-radius:calc(var(--radius)*.625)}
.step>button{flex:1 1 auto;min-height:44px;padding:8px 20px;font-weight:600}
.step>.primary{background:var(--accent);color:var(--on-accent)}
.step>.secondary{border-color:var(--line)}
.step>.link{text-decoration:underline;text-underline-offset:2px;font-weight:400}
button:hover{box-shadow:inset 0 0 0 99px rgb(128 128 128/.16)}
:focus-visible{outline:2px solid;outline-offset:2px}
.box:focus-visible{outline:0}
.close{position:sticky;top:0;order:-1;flex:none;align-self:flex-end;width:44px;height:44px;margin:0 0 -44px;padding:0;border-radius:50%;z-index:1}
.close::before,.close::after{content:"";position:absolute;inset:21px 14px auto;border-top:2px solid;transform:rotate(45deg)}
.close::after{transform:rotate(-45deg)}
.banner .step{align-items:center;justify-content:center;gap:8px 20px;min-height:60px;padding:8px 60px}
.banner .step>*{flex:0 1 auto;padding-inline-end:0}
.banner h2{font-size:16px}
.banner img,.banner .step>img:first-child{flex:none;width:auto;height:44px;margin:0;object-fit:scale-down}
.banner .step>button{padding-inline:16px}
.banner .primary{background:var(--on-bar);color:var(--bar)}
.banner .close{margin:8px 8px -52px}
.said{position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:480px){
.overlay{left:16px;right:16px;width:auto}
.modal{inset:auto 0 0;margin:0;width:auto;max-width:none;max-height:90vh;border-radius:var(--radius) var(--radius) 0 0;padding-bottom:env(safe-area-inset-bottom)}
.banner .step{justify-content:start;padding-inline:16px 56px}
}
@media (prefers-reduced-motion:no-preference){
.box{animation:in .15s ease-out;--from:8px}
.top{--from:-8px}
@keyframes in{from{transform:translateY(var(--from))}}
}
@media ${scheme ? (scheme === 'dark' ? 'all' : 'not all') : '(prefers-color-scheme:dark)'}{
.box{--surface:#27272a;--text:#fafafa;--line:#52525b;--accent:#fafafa;--on-accent:#18181b;--bar:#3f3f46;--on-bar:#fff;color-scheme:dark;border-color:#3f3f46}
}`;
