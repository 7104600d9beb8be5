//! Pages that lie, throw and break what every page has: whatever they do, a promise of ours settles with an error of the
//! union, and the handle works afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

mod page;

use js_sys::{Array, Function, Promise, Reflect};
use opencx_partner_kit::AdminCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

use page::{Broken, ORG, get, page, text};

wasm_bindgen_test_configure!(run_in_browser);

fn connect(options: &str) -> Result<AdminCore, JsValue> {
    let options = page(&format!("return {options}"));
    Reflect::set(&options, &"proxyUrl".into(), &"https://proxy.example".into()).unwrap();
    AdminCore::new(&options)
}

fn core() -> AdminCore {
    connect("{}").unwrap()
}

fn new_org() -> JsValue {
    page("return { name: 'Blue Fin', external_id: 'blue-fin' }")
}

fn create_org(core: &AdminCore, input: &JsValue, call: &JsValue) -> Promise {
    core.call("createOrg", &Array::new(), input, call)
}

/// A call that is never repeated by itself.
fn login_link(core: &AdminCore, call: &JsValue) -> Promise {
    let input = page("return { email: 'a@b.co' }");
    core.call("createLoginLink", &Array::of1(&"o".into()), &input, call)
}

/// What a call that must fail failed with: always one of ours.
async fn failure(call: Promise) -> JsValue {
    let error = JsFuture::from(call).await.expect_err("it should have failed");
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(text(&error, "name"), "KitError");
    assert!(!text(&error, "message").is_empty());
    assert!(get(&error, "retryable").as_bool().is_some());
    error
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
async fn a_fetch_that_does_anything_but_answer() {
    let core = core();
    for (fetch, code, cause) in [
        ("throw new TypeError('mine')", "NETWORK", "TypeError: mine"),
        ("throw 'left page'", "NETWORK", "left page"),
        ("throw undefined", "NETWORK", "undefined"),
        ("return Promise.reject(7)", "NETWORK", "7"),
        ("return Promise.reject(null)", "NETWORK", "null"),
        (
            "return Promise.reject(Object.freeze({ toString: () => 'cold' }))",
            "NETWORK",
            "cold",
        ),
        ("return undefined", "BAD_RESPONSE", "undefined"),
        ("return 7", "BAD_RESPONSE", "undefined"),
        ("return Promise.resolve('text')", "BAD_RESPONSE", "undefined"),
        ("return { status: 'ok' }", "BAD_RESPONSE", "undefined"),
        ("return new Proxy(json('{}'), {})", "BAD_RESPONSE", "undefined"),
        (
            "return new Proxy({}, { get() { throw 'trap' } })",
            "NETWORK",
            "trap",
        ),
        ("return { get then() { throw 'then' } }", "NETWORK", "then"),
        ("return { then() { throw 'thrown' } }", "NETWORK", "thrown"),
        (
            "return { then(ok, no) { no('first'); ok(json('{}')); ok(1); no(2) } }",
            "NETWORK",
            "first",
        ),
        (
            "const p = Promise.resolve(1); p.then = () => { throw 'own' }; return p",
            "NETWORK",
            "own",
        ),
        ("return Response.error()", "BAD_RESPONSE", "undefined"),
        ("return new Promise(() => {})", "TIMEOUT", "undefined"),
        ("return { then() {} }", "TIMEOUT", "undefined"),
    ] {
        let broken = Broken::fetch(fetch);
        let error = failure(login_link(&core, &page("return { timeoutMs: 60 }"))).await;
        assert_eq!(text(&error, "code"), code, "{fetch}");
        let told = Function::new_with_args("cause", "return String(cause)")
            .call1(&JsValue::UNDEFINED, &get(&error, "cause"))
            .unwrap();
        assert_eq!(told.as_string().unwrap(), cause, "{fetch}");
        drop(broken);
    }
    still_works(&core).await;
}

#[wasm_bindgen_test]
async fn an_answer_that_lies() {
    let core = core();
    for (fetch, code) in [
        ("return json('<h1>Welcome</h1>')", "BAD_RESPONSE"),
        ("return json('{\"url\":')", "BAD_RESPONSE"),
        ("return json('{\"url\":5}')", "BAD_RESPONSE"),
        ("return json('[]')", "BAD_RESPONSE"),
        ("return json('null')", "BAD_RESPONSE"),
        ("return json('7')", "BAD_RESPONSE"),
        ("return json('')", "BAD_RESPONSE"),
        ("return new Response(null, { status: 204 })", "BAD_RESPONSE"),
        ("return json('{\"url\":\"u\"}', 200, 'text/html')", "BAD_RESPONSE"),
        ("return { status: 200, headers: null }", "NETWORK"),
        ("return json('oops', 500)", "PLATFORM_ERROR"),
        ("return json('{}', 503)", "PLATFORM_ERROR"),
        (
            "return json('{\"code\":{},\"detail\":[],\"errors\":7,\"upstream\":\"x\"}', 403)",
            "FORBIDDEN",
        ),
        (
            "return json('{\"code\":\"FROM_A_LATER_RELEASE\"}', 409)",
            "CONFLICT",
        ),
        (
            "return { status: 200, headers: new Headers({ 'content-type': 'application/json' }), text: () => ({}) }",
            "BAD_RESPONSE",
        ),
        (
            "return { status: 200, headers: new Headers(), get body() { throw 'no body' } }",
            "NETWORK",
        ),
        (
            "return { status: 200, headers: new Headers(), body: {} }",
            "NETWORK",
        ),
        (
            "return { status: 200, headers: new Headers(), body: { getReader: () => ({ read: () => ({ value: 'text' }) }) } }",
            "NETWORK",
        ),
        (
            "return { status: 200, headers: new Headers(), body: { getReader: () => ({ read: () => new Promise(() => {}) }) } }",
            "TIMEOUT",
        ),
        (
            "return new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array(9)); c.error('cut') } }))",
            "NETWORK",
        ),
    ] {
        let broken = Broken::fetch(fetch);
        let error = failure(login_link(&core, &page("return { timeoutMs: 300 }"))).await;
        assert_eq!(text(&error, "code"), code, "{fetch}");
        drop(broken);
    }
    still_works(&core).await;
}

#[wasm_bindgen_test]
async fn an_answer_of_50_megabytes_is_not_read_to_its_end() {
    let core = core();
    let _fetch = Broken::fetch(
        "globalThis.__chunks = 0;
         const chunk = new Uint8Array(1 << 20).fill(32);
         const body = new ReadableStream({ pull(c) { if (++globalThis.__chunks > 50) c.close(); else c.enqueue(chunk); } });
         return new Response(body, { headers: { 'content-type': 'application/json' } });",
    );
    let error = failure(login_link(&core, &JsValue::UNDEFINED)).await;
    assert_eq!(text(&error, "code"), "BAD_RESPONSE");
    assert_eq!(get(&error, "status"), JsValue::from(200));
    assert!(text(&error, "message").contains("8 MiB"));
    assert!(get(&js_sys::global(), "__chunks").as_f64().unwrap() < 15.0);
    drop(_fetch);
    still_works(&core).await;
}

#[wasm_bindgen_test]
async fn an_answer_just_within_the_limit_is_read() {
    let _fetch = Broken::fetch(&format!("return json('{ORG}'.padEnd(8 << 20, ' '), 201)"));
    let org = JsFuture::from(create_org(&core(), &new_org(), &JsValue::UNDEFINED))
        .await
        .unwrap();
    assert_eq!(text(&org, "name"), "Blue Fin");
}

#[wasm_bindgen_test]
async fn any_abort_reason_is_kept_as_the_cause() {
    let core = core();
    let _fetch = Broken::fetch("return new Promise(() => {})");
    for reason in [
        "'left page'",
        "7",
        "null",
        "Object.freeze({ a: 1 })",
        "Symbol.iterator",
        "new Error('mine')",
    ] {
        for when in ["before", "after"] {
            let both = page(&format!(
                "const c = new AbortController(); const reason = {reason};
                 if ('{when}' === 'before') c.abort(reason); else setTimeout(() => c.abort(reason), 5);
                 return [c.signal, reason];"
            ));
            let both = Array::from(&both);
            let call = page("return {}");
            Reflect::set(&call, &"signal".into(), &both.get(0)).unwrap();
            let error = failure(create_org(&core, &new_org(), &call)).await;
            assert_eq!(text(&error, "code"), "ABORTED", "{reason} {when}");
            assert_eq!(get(&error, "cause"), both.get(1), "{reason} {when}");
        }
    }
    still_works(&core).await;
}

#[wasm_bindgen_test]
async fn a_signal_of_another_frame_is_one_and_a_thing_like_it_is_asked_once() {
    let core = core();
    let _fetch = Broken::fetch("return new Promise(() => {})");
    let framed = page(
        "const frame = document.body.appendChild(document.createElement('iframe'));
         const c = new frame.contentWindow.AbortController();
         setTimeout(() => c.abort('framed'), 5);
         return { signal: c.signal }",
    );
    let error = failure(create_org(&core, &new_org(), &framed)).await;
    assert_eq!(
        (text(&error, "code"), text(&error, "cause")),
        ("ABORTED".into(), "framed".into())
    );
    for (signal, code) in [
        ("{}", "INVALID_OPTIONS"),
        ("7", "INVALID_OPTIONS"),
        ("new Proxy(new AbortController().signal, {})", "INVALID_OPTIONS"),
        ("new Proxy({}, { get() { throw 'trap' } })", "INVALID_OPTIONS"),
        (
            "{ aborted: false, addEventListener() { throw 'deaf' } }",
            "INTERNAL",
        ),
        (
            "{ aborted: false, addEventListener() {}, removeEventListener() { throw 'held' } }",
            "TIMEOUT",
        ),
        (
            "{ aborted: true, addEventListener() {}, get reason() { throw 'why' } }",
            "ABORTED",
        ),
    ] {
        let call = page(&format!("return {{ timeoutMs: 30, signal: {signal} }}"));
        assert_eq!(
            text(&failure(login_link(&core, &call)).await, "code"),
            code,
            "{signal}"
        );
    }
    still_works(&core).await;
}

#[wasm_bindgen_test]
async fn input_and_options_that_cannot_be_read() {
    let core = core();
    let _fetch = Broken::fetch("throw new Error('nothing may be sent')");
    for (input, cause) in [
        ("undefined", false),
        ("null", false),
        ("7", false),
        ("Symbol('s')", false),
        ("() => 1", false),
        ("[]", false),
        ("7n", true),
        ("{ name: 7n }", true),
        ("{ get name() { throw 'getter' } }", true),
        ("{ toJSON() { throw 'toJSON' } }", true),
        ("{ toJSON() { return 'text' } }", false),
        (
            "new Proxy({}, { get() { throw 'get' }, ownKeys() { throw 'keys' } })",
            true,
        ),
        ("new Proxy({}, { ownKeys() { throw 'keys' } })", true),
        ("(() => { const o = {}; o.name = o; return o })()", true),
        (
            "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()",
            true,
        ),
    ] {
        let input_value = page(&format!("return {input}"));
        let error = failure(create_org(&core, &input_value, &JsValue::UNDEFINED)).await;
        assert_eq!(text(&error, "code"), "INVALID_SPEC", "{input}");
        assert_eq!(!get(&error, "cause").is_undefined(), cause, "{input}");
        let error = failure(core.provision(input_value, JsValue::UNDEFINED)).await;
        assert!(text(&error, "code").starts_with("INVALID_"), "{input}");
    }
    for options in [
        "{ get signal() { throw 'getter' } }",
        "{ get timeoutMs() { throw 'getter' } }",
        "{ get idempotencyKey() { throw 'getter' } }",
        "new Proxy({}, { get() { throw 'get' } })",
    ] {
        let options_value = page(&format!("return {options}"));
        let error = failure(create_org(&core, &new_org(), &options_value)).await;
        assert_eq!(text(&error, "code"), "INVALID_OPTIONS", "{options}");
        assert!(!get(&error, "cause").is_undefined(), "{options}");
    }
    drop(_fetch);
    still_works(&core).await;
}

#[wasm_bindgen_test]
async fn fifty_megabytes_in_a_field_are_refused_by_the_fields_limit() {
    let core = core();
    for text_of_it in ["'x'.repeat(50 << 20)", "'\\u{1F41F}'.repeat(25 << 20)"] {
        for field in ["name", "website", "external_id", "language", "ai_instructions"] {
            let input = page(&format!(
                "return {{ name: 'n', external_id: 'e', {field}: {text_of_it} }}"
            ));
            let error = failure(create_org(&core, &input, &JsValue::UNDEFINED)).await;
            assert_eq!(text(&error, "code"), "INVALID_SPEC");
            let refused = Array::from(&get(&error, "errors")).get(0);
            assert_eq!(text(&refused, "path"), field);
            assert!(text(&error, "message").len() < 500);
        }
    }
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    let bytes = get(&memory.buffer(), "byteLength").as_f64().unwrap();
    assert!(bytes < 30e6, "none of it was copied into our own memory: {bytes}");
    still_works(&core).await;
}
