//! The same in a page that has broken what every page has: its clock, its promises, its prototypes. In a worker, because the
//! browser's driver needs a whole page to tell us how a test has ended.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

mod page;

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use opencx_partner_kit::AdminCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

use page::{Broken, ORG, get, page, text};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn core() -> AdminCore {
    AdminCore::new(&page("return { proxyUrl: 'https://proxy.example' }")).unwrap()
}

fn new_org() -> JsValue {
    page("return { name: 'Blue Fin', external_id: 'blue-fin' }")
}

fn create_org(core: &AdminCore, input: &JsValue, call: &JsValue) -> Promise {
    core.call("createOrg", &Array::new(), input, call)
}

/// The same handle does what it should.
async fn still_works(core: &AdminCore) {
    let _fetch = Broken::fetch(&format!("return Promise.resolve(json('{ORG}', 201))"));
    let org = JsFuture::from(create_org(core, &new_org(), &JsValue::UNDEFINED))
        .await
        .unwrap();
    assert_eq!(text(&org, "widget_token"), "wt_1");
}

#[wasm_bindgen_test]
async fn a_page_that_has_broken_what_every_page_has() {
    let core = Rc::new(core());
    for broken in [
        "const now = Date.now; Date.now = () => { throw 'now' }; return () => { Date.now = now }",
        "const parse = Date.parse; Date.parse = () => 'soon'; return () => { Date.parse = parse }",
        "const D = Date; globalThis.Date = undefined; return () => { globalThis.Date = D }",
        "const random = Math.random; Math.random = () => { throw 'random' }; return () => { Math.random = random }",
        "const now = performance.now; performance.now = () => { throw 'now' }; return () => { performance.now = now }",
        "const p = JSON.parse; JSON.parse = () => { throw 'parse' }; return () => { JSON.parse = p }",
        "const s = JSON.stringify; JSON.stringify = () => { throw 'stringify' }; return () => { JSON.stringify = s }",
        "const s = JSON.stringify; JSON.stringify = () => 7; return () => { JSON.stringify = s }",
        "const then = Promise.prototype.then; Promise.prototype.then = () => { throw 'then' }; return () => { Promise.prototype.then = then }",
        "const resolve = Promise.resolve; Promise.resolve = () => { throw 'resolve' }; return () => { Promise.resolve = resolve }",
        "const A = AbortController; globalThis.AbortController = undefined; return () => { globalThis.AbortController = A }",
        "const a = AbortController.prototype.abort; AbortController.prototype.abort = () => { throw 'abort' }; return () => { AbortController.prototype.abort = a }",
        "const s = setTimeout; globalThis.setTimeout = () => { throw 'timer' }; return () => { globalThis.setTimeout = s }",
        "const s = clearTimeout; globalThis.clearTimeout = () => { throw 'timer' }; return () => { globalThis.clearTimeout = s }",
        "const R = Request; globalThis.Request = class { constructor() { throw 'request' } }; return () => { globalThis.Request = R }",
        "const B = Blob; globalThis.Blob = undefined; return () => { globalThis.Blob = B }",
        "const get = Headers.prototype.get; Headers.prototype.get = () => { throw 'get' }; return () => { Headers.prototype.get = get }",
        "const f = fetch; delete globalThis.fetch; return () => { globalThis.fetch = f }",
        "Object.prototype.signal = 'polluted'; return () => { delete Object.prototype.signal }",
        "Object.prototype.toJSON = () => { throw 'polluted' }; return () => { delete Object.prototype.toJSON }",
        "Object.prototype.get = 7; Object.prototype.set = 7; return () => { delete Object.prototype.get; delete Object.prototype.set }",
        "Object.prototype.method = 'TRACE'; Object.prototype.mode = 'polluted'; Object.prototype.body = 'x';
         return () => { delete Object.prototype.method; delete Object.prototype.mode; delete Object.prototype.body }",
        "for (const name of ['code', 'name', 'retryable', 'errors'])
           Object.defineProperty(Object.prototype, name, { set() { throw 'polluted' }, get: () => 'polluted', configurable: true });
         return () => { for (const name of ['code', 'name', 'retryable', 'errors']) delete Object.prototype[name] }",
    ] {
        for fetch in [
            r#"return (async () => json('{"url":"https://x.example/l"}', 201))()"#,
            "return (async () => json('{\"code\":\"RATE_LIMITED\"}', 429))()",
            "return new Promise(() => {})",
        ] {
            let playing = Broken::fetch(fetch);
            let settled = call_in_a_broken_page(&core, broken).await;
            drop(playing);
            let (how, value) = (settled.get(0), settled.get(1));
            assert!(how != "hangs", "{broken}\n{fetch}");
            if how == "failed" {
                assert_eq!(text(&value, "name"), "KitError", "{broken}\n{fetch}");
                assert!(get(&value, "code").is_string(), "{broken}\n{fetch}");
            }
            still_works(&core).await;
        }
    }
}

/// Breaks the page, makes a call, waits for it with the page's own `await`, which no patch reaches, and mends the page.
/// Gives `[settled, value]`: `ok`, `failed`, or `hangs`.
async fn call_in_a_broken_page(core: &Rc<AdminCore>, broken: &str) -> Array {
    let core = core.clone();
    let (input, options) = (
        page("return { email: 'a@b.co' }"),
        page("return { timeoutMs: 60 }"),
    );
    // One that is never repeated by itself.
    let call: Closure<dyn FnMut() -> Promise> =
        Closure::new(move || core.call("createLoginLink", &Array::of1(&"o".into()), &input, &options));
    let run = Function::new_with_args(
        "call",
        &format!(
            "const later = setTimeout;
             const breaks = () => {{ {broken} }};
             return (async () => {{
               await null;
               const mend = breaks();
               const outcome = (async () => {{
                 try {{ return ['ok', await call()] }} catch (error) {{ return ['failed', error] }}
               }})();
               let settled;
               (async () => {{ settled = await outcome }})();
               for (let i = 0; i < 500 && !settled; i++) {{
                 await new Promise((next) => later(next, 10));
               }}
               mend();
               return settled ?? ['hangs', null];
             }})()"
        ),
    );
    let run = run.call1(&JsValue::UNDEFINED, call.as_ref()).unwrap();
    Array::from(&JsFuture::from(Promise::from(run)).await.unwrap())
}
