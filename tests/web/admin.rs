//! The admin module at its JavaScript boundary, in a real browser. The page's `fetch` is replaced by one that plays the
//! proxy: what comes over real HTTP is tested end to end (`tests/e2e`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

mod page;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use opencx_partner_kit::AdminCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

use page::{ORG, get, text};

wasm_bindgen_test_configure!(run_in_browser);

const INVENTORY: &str = "GET /v1/orgs/0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11/inventory";
const SPEC: &str = r#"{
    "org": { "name": "Blue Fin", "external_id": "blue-fin", "website": "https://bluefin.example" },
    "trainings": [{ "title": "Refunds", "content": "Full refund up to 48 hours before." }],
    "members": [{ "email": "owner@bluefin.example" }],
    "embed": { "scriptSrc": "https://cdn.example/script.js", "options": { "theme": { "palette": "zinc" } } }
}"#;

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

/// Evaluates a function body, as a page would write it.
fn function(arguments: &str, body: &str) -> Function {
    Function::new_with_args(arguments, body)
}

fn core() -> AdminCore {
    AdminCore::new(&js(r#"{ "proxyUrl": "https://proxy.example/" }"#)).unwrap()
}

/// Replaces the page's fetch until dropped. `answer` gets `(method, path, body, key)` and gives `[status, type, body]`,
/// or throws. Calls are noted in `calls`.
struct Proxy {
    original: JsValue,
    calls: Array,
}

impl Proxy {
    fn play(answer: &str) -> Self {
        let global = js_sys::global();
        let original = get(&global, "fetch");
        let calls = Array::new();
        let fetch = function(
            "calls, answer",
            "return async (request) => {
                const body = await request.text();
                const path = new URL(request.url).pathname;
                calls.push(`${request.method} ${path}`);
                const made = await answer(request.method, path, body, request.headers.get('idempotency-key'), request.signal, request.headers.get('x-kit-version'));
                const [status, type, text, headers] = made;
                return new Response(text, { status, headers: type ? { 'content-type': type, ...headers } : {} });
            }",
        );
        let answer = function(
            "method, path, body, key, signal, version",
            &format!("return (async () => {{ {answer} }})()"),
        );
        let fetch = fetch.call2(&JsValue::UNDEFINED, &calls, &answer).unwrap();
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

async fn error(promise: Promise) -> JsValue {
    let error = JsFuture::from(promise).await.expect_err("it should have failed");
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(text(&error, "name"), "KitError");
    error
}

fn create_org(core: &AdminCore, call: &JsValue) -> Promise {
    let input = js(r#"{ "name": "Blue Fin", "external_id": "blue-fin" }"#);
    core.call("createOrg", &Array::new(), &input, call)
}

#[wasm_bindgen_test]
async fn creates_an_org() {
    let proxy = Proxy::play(&format!("return [201, 'application/json', '{ORG}']"));
    let org = JsFuture::from(create_org(&core(), &JsValue::UNDEFINED))
        .await
        .unwrap();
    assert_eq!(text(&org, "widget_token"), "wt_1");
    assert_eq!(proxy.calls(), ["POST /v1/orgs"]);
}

#[wasm_bindgen_test]
async fn null_is_sent_where_it_says_something_and_settings_nobody_knows_are_passed_on() {
    let echo = Proxy::play("return [200, 'application/json', body]");
    let core = core();
    for (route, parameters, input, sent) in [
        (
            "updateCrawl",
            2,
            r#"{ "display_name": null, "page_limit": null, "exclude_paths": [], "unknown": 1 }"#,
            r#"{"page_limit":null,"exclude_paths":[]}"#,
        ),
        (
            "updateHandoff",
            1,
            r#"{ "level": null, "theirs": { "any": 1 } }"#,
            r#"{"level":null,"theirs":{"any":1}}"#,
        ),
    ] {
        let parameters: Array = (0..parameters).map(|_| JsValue::from("id")).collect();
        let answer = core.call(route, &parameters, &js(input), &JsValue::UNDEFINED);
        let answer = JsFuture::from(answer).await.unwrap();
        assert_eq!(String::from(JSON::stringify(&answer).unwrap()), sent, "{route}");
    }
    assert_eq!(echo.calls().len(), 2);
    let refused = core.call(
        "updateHandoff",
        &Array::of1(&"id".into()),
        &js(r#"{ "level": 4 }"#),
        &JsValue::UNDEFINED,
    );
    let refused = error(refused).await;
    let fields = Array::from(&get(&refused, "errors"));
    assert_eq!(text(&fields.get(0), "path"), "level");
    assert_eq!(echo.calls().len(), 2, "nothing more was sent");
}

#[wasm_bindgen_test]
async fn every_way_to_fail_is_an_error_with_a_code() {
    let cases = [
        ("throw 'left page'", "NETWORK"),
        ("throw null", "NETWORK"),
        ("throw new TypeError('Failed to fetch')", "NETWORK"),
        ("return [200, 'text/html', '<h1>Welcome</h1>']", "BAD_RESPONSE"),
        ("return [200, 'application/json', '{']", "BAD_RESPONSE"),
        ("return [200, 'application/json', '{\"id\": 5}']", "BAD_RESPONSE"),
        ("return [200, 'application/json', 'null']", "BAD_RESPONSE"),
        (
            "return [502, 'application/problem+json', '{\"code\":\"UNAUTHENTICATED\",\"detail\":\"key refused\"}']",
            "UNAUTHENTICATED",
        ),
        ("return [418, 'application/json', '[]']", "BAD_RESPONSE"),
        (
            "await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))",
            "TIMEOUT",
        ),
    ];
    for (answer, code) in cases {
        let _proxy = Proxy::play(answer);
        let core = core();
        // A login link is not repeated, so each case is one call.
        let call = core.call(
            "createLoginLink",
            &Array::of1(&"o".into()),
            &js(r#"{ "email": "a@b.co" }"#),
            &js(r#"{ "timeoutMs": 40 }"#),
        );
        assert_eq!(text(&error(call).await, "code"), code, "{answer}");
    }
}

#[wasm_bindgen_test]
async fn a_busy_proxy_is_asked_again_and_a_refusal_is_not() {
    let busy = Proxy::play(&format!(
        "globalThis.__asked = (globalThis.__asked ?? 0) + 1;
         return globalThis.__asked < 3
           ? [429, 'application/problem+json', '{{\"code\":\"RATE_LIMITED\",\"retryable\":true}}', {{ 'retry-after': '0' }}]
           : [200, 'application/json', '{ORG}']"
    ));
    JsFuture::from(create_org(&core(), &JsValue::UNDEFINED))
        .await
        .unwrap();
    assert_eq!(busy.calls().len(), 3);
    drop(busy);

    let refused = Proxy::play("return [502, 'application/problem+json', '{\"code\":\"FORBIDDEN\"}']");
    assert_eq!(
        text(&error(create_org(&core(), &JsValue::UNDEFINED)).await, "code"),
        "FORBIDDEN"
    );
    assert_eq!(refused.calls().len(), 1);
}

#[wasm_bindgen_test]
async fn bad_input_is_refused_by_path_before_anything_is_sent() {
    let proxy = Proxy::play("throw new Error('nothing may be sent')");
    let core = core();
    let cyclic = Object::new();
    Reflect::set(&cyclic, &"org".into(), &cyclic).unwrap();
    let throwing = function("", "return { get org() { throw new Error('boo') } }")
        .call0(&JsValue::NULL)
        .unwrap();
    for (spec, path) in [
        (js(&SPEC.replace(r#""Blue Fin""#, r#""""#)), "org.name"),
        (js(&SPEC.replace(r#""Blue Fin""#, "5")), "org.name"),
        (js(&SPEC.replace("https://bluefin", "bluefin")), "org.website"),
        (
            js(&SPEC.replace("Full refund up to 48 hours before.", "")),
            "trainings[0].content",
        ),
        (js(&SPEC.replace(r#""Refunds""#, "[]")), "trainings[0].title"),
        (js(&SPEC.replace("owner@", "owner")), "members[0].email"),
        (js(&SPEC.replace("https://cdn.example", "cdn")), "embed"),
        (js(&SPEC.replace(r#""trainings""#, r#""training""#)), "training"),
        (
            js(&with_office_hours("Europe/Lissabon", "17:00:00")),
            "office_hours[0].iana_timezone",
        ),
        (
            js(&with_office_hours("Europe/Lisbon", "09:00:00")),
            "office_hours[0].shifts[0].end_time",
        ),
        (throwing, ""),
        (cyclic.into(), ""),
        (JsValue::from(7), ""),
        (JsValue::NULL, ""),
    ] {
        let found = Array::from(&core.check_spec(spec.clone()));
        assert!(
            found.iter().any(|field| text(&field, "path") == path),
            "{path}: {:?}",
            JSON::stringify(&found)
        );
        let error = error(core.provision(spec, JsValue::UNDEFINED)).await;
        assert_eq!(text(&error, "code"), "INVALID_SPEC");
    }
    assert!(proxy.calls().is_empty());
    let good = js(&with_office_hours("Europe/Lisbon", "17:00:00"));
    assert_eq!(
        Array::from(&core.check_spec(good)).length(),
        0,
        "the browser knows that zone"
    );
}

fn with_office_hours(zone: &str, end: &str) -> String {
    let shift = format!(r#"{{ "day_of_week": "everyday", "start_time": "09:00:00", "end_time": "{end}" }}"#);
    let hours = format!(r#"[{{ "name": "Desk", "iana_timezone": "{zone}", "shifts": [{shift}] }}]"#);
    SPEC.replacen('{', &format!(r#"{{ "office_hours": {hours}, "#), 1)
}

/// A proxy with a ledger, small enough to be read at a glance.
const LEDGER: &str = "
    const ledger = globalThis.__ledger;
    const json = (status, value) => [status, 'application/json', JSON.stringify(value)];
    if (path.startsWith('/v1/customers/')) {
        return json(200, { external_id: 'x', org: ledger.org ?? null, org_version: ledger.version, operations: ledger.operations });
    }
    if (path.endsWith('/inventory')) return json(200, { items: ledger.inventory });
    if (path === '/v1/orgs') { ledger.org = JSON.parse(ledger.orgJson); ledger.version = version; return json(201, ledger.org); }
    if (method === 'DELETE') { ledger.inventory = ledger.inventory.filter((item) => !path.endsWith(item.id)); return [204]; }
    if (ledger.refuse && path.endsWith(ledger.refuse)) {
        return [502, 'application/problem+json', JSON.stringify({ code: 'UNAUTHENTICATED', detail: 'key refused' })];
    }
    const result = path.endsWith('/keys') ? { name: 'k', fingerprint: 'f' }
        : path.endsWith('/invitations') ? { email: 'e', already_there: false }
        : { id: 't1', title: 'Refunds', content: 'c' };
    ledger.operations = ledger.operations.filter((operation) => operation.key !== key);
    ledger.operations.push({ key, operation: 'any', state: 'done', version, result });
    if (result.id && !ledger.inventory.some((item) => item.id === 't1')) {
        ledger.inventory.push({ kind: 'training', id: 't1', label: 'Refunds' });
    }
    return json(201, result);";

fn ledger(refuse: Option<&str>) {
    let ledger = js(r#"{ "operations": [], "inventory": [] }"#);
    Reflect::set(&ledger, &"orgJson".into(), &ORG.into()).unwrap();
    if let Some(refuse) = refuse {
        Reflect::set(&ledger, &"refuse".into(), &refuse.into()).unwrap();
    }
    Reflect::set(&js_sys::global(), &"__ledger".into(), &ledger).unwrap();
}

async fn provision(options: &JsValue) -> (JsValue, Vec<String>) {
    let events = Rc::new(RefCell::new(Vec::new()));
    let noted = events.clone();
    let on_event: Closure<dyn FnMut(JsValue)> = Closure::new(move |event: JsValue| {
        let step = get(&event, "step");
        let step = if step.is_object() {
            text(&step, "id")
        } else {
            String::new()
        };
        noted
            .borrow_mut()
            .push(format!("{} {step}", text(&event, "type")).trim().to_owned());
    });
    Reflect::set(options, &"onEvent".into(), on_event.as_ref()).unwrap();
    let result = JsFuture::from(core().provision(js(SPEC), options.clone()))
        .await
        .unwrap();
    let events = events.borrow().clone();
    (result, events)
}

#[wasm_bindgen_test]
async fn a_full_run_and_a_second_one_that_writes_nothing() {
    ledger(None);
    let proxy = Proxy::play(LEDGER);
    let (result, events) = provision(&js("{}")).await;
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    let snippet = text(&result, "snippet");
    assert!(snippet.contains(r#"{"theme":{"palette":"zinc"}}"#), "{snippet}");
    assert!(snippet.contains(r#"data-token="wt_1""#), "{snippet}");
    assert_eq!(events.first().map(String::as_str), Some("run-started"));
    assert_eq!(events.last().map(String::as_str), Some("run-finished"));
    let at = |event: &str| {
        events
            .iter()
            .position(|e| e == event)
            .unwrap_or_else(|| panic!("{event}: {events:?}"))
    };
    assert!(at("step-succeeded org") < at("step-started org-key"));
    assert!(at("step-succeeded org-key") < at("step-started training/1"));
    assert!(
        at("step-started invitation/1") < at("step-succeeded org-key"),
        "side by side: {events:?}"
    );
    assert_eq!(
        proxy
            .calls()
            .iter()
            .filter(|call| call.starts_with("POST"))
            .count(),
        4
    );
    drop(proxy);

    let proxy = Proxy::play(LEDGER);
    let (result, events) = provision(&js("{}")).await;
    assert_eq!(proxy.calls(), ["GET /v1/customers/blue-fin", INVENTORY]);
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    assert_eq!(text(&result, "snippet"), snippet);
    assert_eq!(
        events
            .iter()
            .filter(|event| event.starts_with("step-skipped"))
            .count(),
        4
    );
}

#[wasm_bindgen_test]
async fn what_has_changed_is_changed_and_what_is_not_asked_for_goes_only_by_prune() {
    ledger(None);
    let first = Proxy::play(LEDGER);
    provision(&js("{}")).await;
    drop(first);

    let write = |spec: &str, options: &str| core().provision(js(spec), js(options));
    let changed = SPEC
        .replace("48 hours", "24 hours")
        .replace("Blue Fin\", \"ext", "Blue Fin Tours\", \"ext");
    let proxy = Proxy::play(LEDGER);
    let result = JsFuture::from(write(&changed, "{}")).await.unwrap();
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    let org = "/v1/orgs/0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11";
    let writes = || -> Vec<String> {
        let mut writes = proxy.calls();
        writes.retain(|call| !call.starts_with("GET"));
        writes.sort();
        writes
    };
    assert_eq!(
        writes(),
        [format!("PATCH {org}/settings"), format!("POST {org}/trainings")]
    );

    let without = r#"{ "org": { "name": "Blue Fin Tours", "external_id": "blue-fin", "website": "https://bluefin.example" } }"#;
    let told = JsFuture::from(write(without, "{}")).await.unwrap();
    let extra = Array::from(&get(&told, "extra")).get(0);
    assert_eq!(
        (text(&extra, "kind"), text(&extra, "id")),
        ("training".into(), "t1".into())
    );
    assert_eq!(writes().len(), 2);
    let pruned = JsFuture::from(write(without, r#"{ "prune": true }"#))
        .await
        .unwrap();
    assert_eq!(get(&pruned, "ok"), JsValue::TRUE);
    assert_eq!(writes()[0], format!("DELETE {org}/trainings/t1"));
}

#[wasm_bindgen_test]
async fn a_failed_step_stops_only_what_needs_it_and_a_second_run_continues() {
    ledger(Some("/keys"));
    let proxy = Proxy::play(LEDGER);
    let (result, events) = provision(&js("{}")).await;
    assert_eq!(get(&result, "ok"), JsValue::FALSE);
    for event in [
        "step-failed org-key",
        "step-skipped training/1",
        "step-succeeded invitation/1",
        "step-succeeded snippet",
    ] {
        assert!(events.iter().any(|e| e == event), "{event}: {events:?}");
    }
    drop(proxy);

    Reflect::delete_property(&get(&js_sys::global(), "__ledger").into(), &"refuse".into()).unwrap();
    let proxy = Proxy::play(LEDGER);
    let (result, _) = provision(&js("{}")).await;
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    let writes: Vec<_> = proxy
        .calls()
        .into_iter()
        .filter(|call| call.starts_with("POST"))
        .collect();
    assert_eq!(writes.len(), 2, "key and training only: {writes:?}");
}

#[wasm_bindgen_test]
async fn one_step_by_itself() {
    ledger(None);
    let proxy = Proxy::play(LEDGER);
    let (result, _) = provision(&js(r#"{ "only": ["org"] }"#)).await;
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    assert_eq!(proxy.calls(), ["GET /v1/customers/blue-fin", "POST /v1/orgs"]);
    let (result, events) = provision(&js(r#"{ "only": ["training/1"] }"#)).await;
    assert_eq!(
        get(&result, "ok"),
        JsValue::FALSE,
        "its key was never made: {events:?}"
    );
}

#[wasm_bindgen_test]
async fn an_abort_rejects_and_sends_nothing_more() {
    ledger(None);
    let proxy = Proxy::play(LEDGER);
    let controller = web_sys::AbortController::new().unwrap();
    let options = js("{}");
    Reflect::set(&options, &"signal".into(), &controller.signal()).unwrap();
    let stop: Closure<dyn FnMut(JsValue)> = Closure::new(move |event: JsValue| {
        if text(&event, "type") == "step-succeeded" {
            controller.abort();
        }
    });
    Reflect::set(&options, &"onEvent".into(), stop.as_ref()).unwrap();
    assert_eq!(
        text(&error(core().provision(js(SPEC), options)).await, "code"),
        "ABORTED"
    );
    assert_eq!(proxy.calls(), ["GET /v1/customers/blue-fin", "POST /v1/orgs"]);
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_does_not_stop_the_run() {
    ledger(None);
    let _proxy = Proxy::play(LEDGER);
    let global = js_sys::global();
    let report = get(&global, "reportError");
    Reflect::set(
        &global,
        &"reportError".into(),
        &function("", "globalThis.__reported = true"),
    )
    .unwrap();
    let options = js("{}");
    Reflect::set(
        &options,
        &"onEvent".into(),
        &function("", "throw new Error('mine')"),
    )
    .unwrap();
    let result = JsFuture::from(core().provision(js(SPEC), options)).await.unwrap();
    Reflect::set(&global, &"reportError".into(), &report).unwrap();
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    assert_eq!(get(&global, "__reported"), JsValue::TRUE);
}

#[wasm_bindgen_test]
async fn a_plan_says_what_a_run_would_do_and_does_nothing() {
    ledger(None);
    let first = Proxy::play(LEDGER);
    provision(&js(r#"{ "only": ["org", "org-key"] }"#)).await;
    drop(first);
    let proxy = Proxy::play(LEDGER);
    let plan = JsFuture::from(core().plan(&js(SPEC), &JsValue::UNDEFINED))
        .await
        .unwrap();
    let actions: Vec<String> = Array::from(&get(&plan, "actions"))
        .iter()
        .map(|action| {
            let step = text(&get(&action, "step"), "id");
            let undo = get(&action, "canBeUndone").is_truthy();
            format!(
                "{step} {} {} {undo}",
                text(&action, "action"),
                text(&action, "reason")
            )
        })
        .collect();
    assert_eq!(
        actions,
        [
            "org skip done-before false",
            "org-key skip done-before false",
            "training/1 do not-there true",
            "invitation/1 do not-there false",
            "snippet do each-time true",
        ]
    );
    assert_eq!(get(&plan, "platformCalls"), JsValue::from(2));
    assert_eq!(
        Array::from(&get(&plan, "emails")).get(0),
        JsValue::from("owner@bluefin.example")
    );
    assert_eq!(proxy.calls(), ["GET /v1/customers/blue-fin", INVENTORY]);
    let refused = error(core().plan(&JsValue::from(7), &JsValue::UNDEFINED)).await;
    assert_eq!(text(&refused, "code"), "INVALID_SPEC");
}

#[wasm_bindgen_test]
async fn options_that_are_wrong_are_named() {
    let core = core();
    for (call, path) in [
        (r#"{ "timeoutMs": -1 }"#, "timeoutMs"),
        (r#"{ "timeoutMs": "5" }"#, "timeoutMs"),
        (r#"{ "signal": {} }"#, "signal"),
        (r#"{ "idempotencyKey": "with blank" }"#, "idempotencyKey"),
    ] {
        let error = error(create_org(&core, &js(call))).await;
        assert_eq!(text(&error, "code"), "INVALID_OPTIONS");
        assert_eq!(text(&Array::from(&get(&error, "errors")).get(0), "path"), path);
    }
    let refused = AdminCore::new(&js(r#"{ "proxyUrl": "proxy" }"#)).err().unwrap();
    assert_eq!(text(&refused, "code"), "INVALID_OPTIONS");
}

#[wasm_bindgen_test]
fn values_a_tag_would_change_go_into_the_json() {
    let html = core()
        .embed_snippet(&"t".into(), &js(r#"{ "scriptSrc": "/s.js", "options": { "language": "en", "isOpen": true, "bot": { "name": "</script>" }, "cssOverrides": "12" } }"#))
        .unwrap();
    assert_eq!(
        html,
        "<script type=\"application/json\" data-opencx-kit>{\"bot\":{\"name\":\"\\u003c/script>\"},\"cssOverrides\":\"12\"}</script>\n\
         <script async src=\"/s.js\" data-token=\"t\" data-language=\"en\" data-is-open=\"true\"></script>"
    );
    let refused = core().embed_snippet(
        &"t".into(),
        &function("", "return { scriptSrc: '/s', options: { context: () => {} } }")
            .call0(&JsValue::NULL)
            .unwrap(),
    );
    assert_eq!(text(&refused.unwrap_err(), "code"), "INVALID_OPTIONS");
}

#[wasm_bindgen_test]
fn an_element_and_a_module_carry_the_same_options() {
    let with = |form: &str| {
        let options =
            r#"{ "language": "en", "isOpen": true, "bot": { "name": "</script>" }, "token": "other" }"#;
        let input = format!(r#"{{ "form": "{form}", "scriptSrc": "/element.js", "options": {options} }}"#);
        core().embed_snippet(&"t".into(), &js(&input))
    };
    assert_eq!(
        with("element").unwrap(),
        "<script type=\"module\" src=\"/element.js\"></script>\n\
         <opencx-chat token=\"t\" language=\"en\" is-open=\"true\"></opencx-chat>\n\
         <script>document.querySelector(\"opencx-chat\").options = {\"bot\":{\"name\":\"\\u003c/script>\"}}</script>"
    );
    let module = with("npm").unwrap();
    let call = module.split_once("await ").unwrap().1;
    let read = function("loadWidget", &format!("return {call}"))
        .call1(
            &JsValue::NULL,
            &function("options", "return JSON.stringify(options)"),
        )
        .unwrap();
    assert_eq!(
        read.as_string().unwrap(),
        r#"{"token":"t","language":"en","isOpen":true,"bot":{"name":"</script>"}}"#
    );
    assert_eq!(text(&with("other").unwrap_err(), "code"), "INVALID_OPTIONS");
}
