//! The launcher's looks, as constructed style sheets: a page's `style-src` does not stop those.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Document, ShadowRoot};

/// Logical properties throughout, so that a right-to-left page gets its launcher on the left.
const CSS: &str = "\
:host{all:initial}\
button{font:inherit;cursor:pointer}\
.launcher{position:fixed;z-index:10000000;inset-block-end:max(20px,env(safe-area-inset-bottom));\
inset-inline-end:20px;inline-size:56px;block-size:56px;border:0;border-radius:50%;padding:16px;color:#fff;\
background:var(--accent,#1f2937);box-shadow:0 4px 16px #0004;transition:transform .15s}\
.launcher:hover{transform:scale(1.05)}\
:focus-visible{outline:3px solid #fff;outline-offset:0;box-shadow:0 0 0 6px #1d4ed8}\
svg{display:block;inline-size:24px;block-size:24px;fill:none;stroke:currentColor;stroke-width:2;\
stroke-linecap:round;stroke-linejoin:round}\
.panel{position:fixed;z-index:10000001;inset-block-end:calc(max(20px,env(safe-area-inset-bottom)) + 68px);\
inset-inline-end:20px;inline-size:420px;block-size:min(680px,calc(100dvh - 108px));overflow:hidden;\
border-radius:16px;background:#fff;box-shadow:0 8px 40px #0003;color:#1f2937;\
font:15px/1.5 system-ui,sans-serif}\
.panel[hidden]{display:none}\
iframe{position:absolute;inset:0;inline-size:100%;block-size:100%;border:0;color-scheme:light}\
.note{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;gap:16px;\
padding:32px;text-align:center}\
.note button{min-block-size:44px;padding:0 20px;border:1px solid currentColor;border-radius:8px;\
background:none;color:inherit}\
.close{display:none;position:absolute;inset-block-start:2px;inset-inline-end:4px;z-index:1;inline-size:44px;\
block-size:44px;padding:10px;border:0;border-radius:50%;background:#fff;color:#1f2937}\
@media(max-width:449px){.panel{inset:0;inline-size:auto;block-size:auto;border-radius:0}.close{display:block}}\
@media(prefers-reduced-motion:reduce){.launcher{transition:none}}\
@media(forced-colors:active){.launcher,.panel{border:2px solid}}";

/// Puts the sheet on a shadow root. Without support for constructed sheets the launcher is plain, but it works.
pub(super) fn apply(document: &Document, root: &ShadowRoot) {
    let _ = try_apply(document, root);
}

fn try_apply(document: &Document, root: &ShadowRoot) -> Result<(), JsValue> {
    let window = document.default_view().ok_or(JsValue::NULL)?;
    let constructor: Function = Reflect::get(&window, &"CSSStyleSheet".into())?.dyn_into()?;
    let sheet = Reflect::construct(&constructor, &Array::new())?;
    let replace: Function = Reflect::get(&sheet, &"replaceSync".into())?.dyn_into()?;
    replace.call1(&sheet, &CSS.into())?;
    Reflect::set(root, &"adoptedStyleSheets".into(), &Array::of1(&sheet)).map(|_| ())
}
