//! What goes with each call: the token, the cookies, the headers; and what an empty answer means.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

mod page;

use js_sys::{Array, Function, Promise, Reflect};
use opencx_partner_kit::AdminCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

use page::{get, page, text};

wasm_bindgen_test_configure!(run_in_browser);

const CANARY: &str = "canary.token-7";

/// The page's `fetch` notes each request in `calls` and answers as told; until dropped.
struct Proxy {
    original: JsValue,
    calls: Array,
}

impl Proxy {
    fn play(answer: &str) -> Self {
        let global = js_sys::global();
        let original = get(&global, "fetch");
        let calls = Array::new();
        let fetch = Function::new_with_args(
            "calls",
            &format!(
                "return async (request) => {{
                   const h = request.headers;
                   calls.push([request.method, h.get('authorization'), h.get('x-kit-client'), h.get('x-kit-lane'),
                     request.credentials, h.get('content-type')].join(' '));
                   const json = (status, text) => new Response(text, {{ status, headers: {{ 'content-type': 'application/json' }} }});
                   {answer}
                 }}"
            ),
        );
        let fetch = fetch.call1(&JsValue::UNDEFINED, &calls).unwrap();
        Reflect::set(&global, &"fetch".into(), &fetch).unwrap();
        Proxy { original, calls }
    }

    fn calls(&self) -> Vec<String> {
        self.calls.iter().filter_map(|call| call.as_string()).collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.original).unwrap();
    }
}

fn connect(options: &str) -> Result<AdminCore, JsValue> {
    AdminCore::new(&page(&format!(
        "return {{ proxyUrl: 'https://proxy.example', {options} }}"
    )))
}

fn capabilities(core: &AdminCore) -> Promise {
    core.call(
        "capabilities",
        &Array::new(),
        &JsValue::UNDEFINED,
        &JsValue::UNDEFINED,
    )
}

async fn failure(call: Promise) -> JsValue {
    let error = JsFuture::from(call).await.expect_err("it should have failed");
    assert_eq!(text(&error, "name"), "KitError");
    let told = Function::new_with_args("e", "return e.message + e.stack + JSON.stringify(e)");
    let told = told
        .call1(&JsValue::UNDEFINED, &error)
        .unwrap()
        .as_string()
        .unwrap();
    assert!(!told.contains(CANARY), "{told}");
    error
}

#[wasm_bindgen_test]
async fn each_call_says_who_calls() {
    let release = env!("CARGO_PKG_VERSION");
    for (options, expected) in [
        ("", format!("GET  {release}  same-origin ")),
        (
            "token: 'canary.token-7', credentials: 'include'",
            format!("GET Bearer {CANARY} {release}  include "),
        ),
        (
            "token: () => 'canary.token-7', credentials: 'same-origin'",
            format!("GET Bearer {CANARY} {release}  same-origin "),
        ),
        (
            "token: async () => 'canary.token-7'",
            format!("GET Bearer {CANARY} {release}  same-origin "),
        ),
    ] {
        let proxy = Proxy::play("return json(200, '{}')");
        JsFuture::from(capabilities(&connect(options).unwrap()))
            .await
            .unwrap();
        assert_eq!(proxy.calls(), [expected], "{options}");
    }
}

#[wasm_bindgen_test]
async fn a_function_is_asked_once_for_all_calls_and_again_when_the_proxy_refuses_its_token() {
    let proxy = Proxy::play(
        "return h.get('authorization') === 'Bearer t1' && globalThis.__expired ? json(401, '{}') : json(200, '{}')",
    );
    let core = connect(
        "token: async () => { globalThis.__asked = (globalThis.__asked ?? 0) + 1; return 't' + globalThis.__asked }",
    )
    .unwrap();
    let global = js_sys::global();
    let both = Promise::all(&Array::of2(&capabilities(&core), &capabilities(&core)));
    JsFuture::from(both).await.unwrap();
    assert_eq!(get(&global, "__asked"), JsValue::from(1));
    Reflect::set(&global, &"__expired".into(), &JsValue::TRUE).unwrap();
    let both = Promise::all(&Array::of2(&capabilities(&core), &capabilities(&core)));
    JsFuture::from(both).await.unwrap();
    assert_eq!(get(&global, "__asked"), JsValue::from(2), "once for both");
    assert_eq!(proxy.calls().len(), 2 + 4);
}

#[wasm_bindgen_test]
async fn a_refusal_that_stays_one_is_told_after_one_more_attempt() {
    let proxy = Proxy::play("return json(401, '{\"code\":\"UNAUTHENTICATED\",\"detail\":\"Sign in.\"}')");
    let asked = connect("token: () => 'canary.token-7'").unwrap();
    let error = failure(capabilities(&asked)).await;
    assert_eq!(
        (text(&error, "code"), get(&error, "status")),
        ("UNAUTHENTICATED".into(), 401.into())
    );
    assert_eq!(proxy.calls().len(), 2);
    let fixed = connect("token: 'canary.token-7'").unwrap();
    failure(capabilities(&fixed)).await;
    assert_eq!(proxy.calls().len(), 3, "there is no other to be had");
}

#[wasm_bindgen_test]
async fn a_function_that_gives_no_token_ends_the_call_and_not_the_handle() {
    let proxy = Proxy::play("return json(200, '{}')");
    for (gives, cause) in [
        ("throw 'signed out'", "signed out"),
        ("return Promise.reject('signed out')", "signed out"),
        ("return undefined", "undefined"),
        ("return 7", "undefined"),
        ("return ''", "undefined"),
        ("return 'canary.token-7\\r\\nx-evil: 1'", "undefined"),
        ("return 'canary.token-7 ü'", "undefined"),
        ("return 'x'.repeat(9000)", "undefined"),
    ] {
        let core = connect(&format!(
            "token: () => {{ if (globalThis.__signedIn) return 'good'; {gives} }}"
        ))
        .unwrap();
        let global = js_sys::global();
        Reflect::set(&global, &"__signedIn".into(), &JsValue::FALSE).unwrap();
        let error = failure(capabilities(&core)).await;
        assert_eq!(text(&error, "code"), "UNAUTHENTICATED", "{gives}");
        let told = get(&error, "cause")
            .as_string()
            .unwrap_or_else(|| "undefined".into());
        assert_eq!(told, cause, "{gives}");
        assert!(proxy.calls().is_empty(), "nothing was sent");
        Reflect::set(&global, &"__signedIn".into(), &JsValue::TRUE).unwrap();
        JsFuture::from(capabilities(&core)).await.unwrap();
        proxy.calls.set_length(0);
    }
    let never = connect("token: () => new Promise(() => {})").unwrap();
    let call = never.call(
        "capabilities",
        &Array::new(),
        &JsValue::UNDEFINED,
        &page("return { timeoutMs: 20, signal: AbortSignal.timeout(50) }"),
    );
    assert!(["TIMEOUT", "ABORTED"].contains(&text(&failure(call).await, "code").as_str()));
}

#[wasm_bindgen_test]
fn options_of_connect_that_are_wrong_are_named() {
    for (options, path) in [
        ("proxyUrl: 'proxy'", "proxyUrl"),
        ("get proxyUrl() { throw 'mine' }", "proxyUrl"),
        ("token: ''", "token"),
        ("token: 7", "token"),
        ("token: 'two words'", "token"),
        ("credentials: 'omit'", "credentials"),
        ("credentials: true", "credentials"),
    ] {
        let error = connect(options).err().unwrap();
        assert_eq!(text(&error, "code"), "INVALID_OPTIONS", "{options}");
        assert_eq!(text(&Array::from(&get(&error, "errors")).get(0), "path"), path);
    }
}

#[wasm_bindgen_test]
async fn an_empty_answer_is_a_success_where_nothing_is_promised() {
    let proxy = Proxy::play("return new Response(null, { status: 204 })");
    let core = connect("").unwrap();
    let ids = Array::of2(&"o".into(), &"c".into());
    let gone = core.call("deleteContact", &ids, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    assert!(JsFuture::from(gone).await.unwrap().is_undefined());
    assert!(proxy.calls()[0].starts_with("DELETE "), "{:?}", proxy.calls());
}
