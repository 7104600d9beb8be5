//! `provisionMany` at its JavaScript boundary, in a real browser. The page's `fetch` is replaced by one that plays a proxy with a
//! ledger; the real ones run many customers in `tests/e2e` and `tests/bench/provision`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, JSON, Promise, Reflect};
use opencx_partner_kit::AdminCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

/// `p` is the proxy's state: what it has, who is under way, what it is to refuse.
const PROXY: &str = "
    const p = { customers: {}, calls: [], lanes: new Set(), refuse: '', limited: 0, under_way: new Set(), most: 0, hold: undefined };
    const json = (status, value, headers) =>
        new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });
    p.fetch = async (request) => {
        const [path, body, key] = [new URL(request.url).pathname, await request.text(), request.headers.get('idempotency-key')];
        p.calls.push(`${request.method} ${path}`);
        p.lanes.add(request.headers.get('x-kit-lane'));
        await new Promise((done) => setTimeout(done, 1));
        const [, , , id, what] = path.split('/');
        const of = (id) => (p.customers[id] ??= { operations: [] });
        if (path.startsWith('/v1/customers/')) {
            p.under_way.add(id);
            p.most = Math.max(p.most, p.under_way.size);
            return json(200, { external_id: id, org: of(id).org ?? null, org_version: of(id).version, operations: of(id).operations });
        }
        if (what === 'inventory') return json(200, { items: [] });
        if (p.limited > 0) {
            p.limited -= 1;
            return json(429, { code: 'RATE_LIMITED', retryable: true }, { 'retry-after': '0' });
        }
        const version = request.headers.get('x-kit-version');
        if (path === '/v1/orgs') {
            const { external_id, name } = JSON.parse(body);
            if (external_id === p.refuse) return json(502, { code: 'FORBIDDEN', detail: 'this one is refused' });
            of(external_id).org = { id: external_id, name, widget_token: `wt_${external_id}`, external_id };
            of(external_id).version = version;
            return json(201, of(external_id).org);
        }
        of(id).operations.push({ key, operation: 'any', state: 'done', version, result: {} });
        return json(201, { name: 'k', fingerprint: 'f' });
    };
    return p;";

/// Replaces the page's fetch until dropped.
struct Proxy {
    original: JsValue,
    state: JsValue,
}

impl Proxy {
    fn play() -> Self {
        let global = js_sys::global();
        let original = get(&global, "fetch");
        let state = Function::new_no_args(PROXY).call0(&JsValue::NULL).unwrap();
        Reflect::set(&global, &"fetch".into(), &get(&state, "fetch")).unwrap();
        Proxy { original, state }
    }

    /// The number that a JavaScript expression about `p` gives.
    fn number(&self, expression: &str) -> f64 {
        let function = Function::new_with_args("p", &format!("return {expression}"));
        function
            .call1(&JsValue::NULL, &self.state)
            .unwrap()
            .as_f64()
            .unwrap()
    }

    fn writes(&self) -> f64 {
        self.number("p.calls.filter((call) => !call.startsWith('GET')).length")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.original).unwrap();
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// What a JavaScript expression gives, which may use `p` and `events`.
fn js(proxy: &Proxy, events: &Array, expression: &str) -> JsValue {
    let function = Function::new_with_args("p, events", &format!("return ({expression})"));
    function.call2(&JsValue::NULL, &proxy.state, events).unwrap()
}

fn specs(count: usize) -> JsValue {
    let specs = (0..count).map(|n| format!(r#"{{ "org": {{ "name": "C {n}", "external_id": "c-{n}" }} }}"#));
    JSON::parse(&format!("[{}]", specs.collect::<Vec<_>>().join(","))).unwrap()
}

fn core() -> AdminCore {
    AdminCore::new(&JSON::parse(r#"{ "proxyUrl": "https://proxy.example/" }"#).unwrap()).unwrap()
}

/// Runs, noting each event and who is under way.
async fn many(proxy: &Proxy, specs: &JsValue, options: &str) -> (JsValue, Array) {
    let events = Array::new();
    let options = format!(
        "(() => {{ const options = {options}; const more = options.onEvent; options.onEvent = (event) => {{
            events.push(event); if (event.type === 'customer-finished') p.under_way.delete(event.externalId); more?.(event);
        }}; return options }})()"
    );
    let options = js(proxy, &events, &options);
    let result = JsFuture::from(core().provision_many(specs, &options))
        .await
        .unwrap();
    (result, events)
}

fn outcomes(result: &JsValue) -> String {
    let customers = Array::from(&get(result, "customers"));
    let outcomes = customers.iter().enumerate().map(|(index, customer)| {
        assert_eq!(get(&customer, "index").as_f64(), Some(index as f64));
        assert_eq!(text(&customer, "externalId"), format!("c-{index}"));
        text(&customer, "outcome").chars().next().unwrap_or('?')
    });
    outcomes.collect()
}

async fn error(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.expect_err("it should have failed")
}

#[wasm_bindgen_test]
async fn all_are_set_up_so_many_at_a_time_and_a_second_run_writes_nothing() {
    let proxy = Proxy::play();
    let (result, events) = many(&proxy, &specs(9), "{ inFlight: 3 }").await;
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    assert_eq!(outcomes(&result), "ddddddddd");
    assert_eq!(proxy.number("p.most"), 3.0);
    assert_eq!(proxy.writes(), 18.0);
    assert_eq!(
        proxy.number("p.lanes.size === 1 && p.lanes.has('batch') ? 1 : 0"),
        1.0
    );
    for (what, count) in [
        ("event.type === 'customer-started'", 9.0),
        (
            "event.type === 'customer-event' && event.event.type === 'run-started'",
            9.0,
        ),
        (
            "event.type === 'customer-event' && event.externalId === 'c-4' && event.index === 4",
            6.0,
        ),
        (
            "event.type === 'customer-finished' && event.outcome === 'done'",
            9.0,
        ),
        (
            "event.type === 'batch-finished' && event.ok && event.done === 9 && event.notStarted === 0",
            1.0,
        ),
        ("event.type === 'batch-stopped'", 0.0),
    ] {
        let counted = js(
            &proxy,
            &events,
            &format!("events.filter((event) => {what}).length"),
        );
        assert_eq!(counted.as_f64(), Some(count), "{what}");
    }
    let org = get(
        &get(&Array::from(&get(&result, "customers")).get(4), "result"),
        "org",
    );
    assert_eq!(text(&org, "widget_token"), "wt_c-4");

    let (result, _) = many(&proxy, &specs(9), "{}").await;
    assert_eq!(outcomes(&result), "ddddddddd");
    assert_eq!(proxy.writes(), 18.0);
}

#[wasm_bindgen_test]
async fn it_stops_after_one_failure_too_many_and_goes_on_where_some_are_tolerated() {
    let proxy = Proxy::play();
    js(&proxy, &Array::new(), "p.refuse = 'c-2'");
    let (result, events) = many(&proxy, &specs(8), "{ inFlight: 1 }").await;
    assert_eq!(outcomes(&result), "ddfnnnnn");
    assert_eq!(
        (get(&result, "ok"), text(&result, "stopped")),
        (JsValue::FALSE, "failures".into())
    );
    let failed = Array::from(&get(&result, "customers")).get(2);
    assert_eq!(text(&get(&failed, "error"), "code"), "FORBIDDEN");
    let stopped = js(
        &proxy,
        &events,
        "events.filter((event) => event.type === 'batch-stopped' && event.notStarted === 5).length",
    );
    assert_eq!(stopped.as_f64(), Some(1.0));

    let (result, _) = many(&proxy, &specs(8), "{ inFlight: 2, tolerate: 1 }").await;
    assert_eq!(outcomes(&result), "ddfddddd");
    assert_eq!(
        (get(&result, "ok"), get(&result, "stopped")),
        (JsValue::FALSE, JsValue::NULL)
    );
}

#[wasm_bindgen_test]
async fn the_signal_stops_it_and_what_happened_is_told() {
    let proxy = Proxy::play();
    let options = "{ inFlight: 1, signal: (p.stop = new AbortController()).signal,
        onEvent: (event) => { if (event.type === 'customer-started' && event.index === 2) p.stop.abort() } }";
    let (result, _) = many(&proxy, &specs(5), options).await;
    assert_eq!(outcomes(&result), "ddfnn");
    assert_eq!(text(&result, "stopped"), "aborted");
    let cut = Array::from(&get(&result, "customers")).get(2);
    assert_eq!(text(&get(&cut, "error"), "code"), "ABORTED");
    let (result, _) = many(&proxy, &specs(5), "{}").await;
    assert_eq!(outcomes(&result), "ddddd");
}

#[wasm_bindgen_test]
async fn a_busy_proxy_fails_nobody() {
    let proxy = Proxy::play();
    js(&proxy, &Array::new(), "p.limited = 12");
    let (result, events) = many(&proxy, &specs(1), "{}").await;
    assert_eq!(outcomes(&result), "d");
    let waits = js(
        &proxy,
        &events,
        "events.filter((event) => event.event?.type === 'step-retrying').length",
    );
    assert_eq!(waits.as_f64(), Some(12.0));
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_refused_before_the_first_call() {
    let proxy = Proxy::play();
    let wrong = |expression: &str| js(&proxy, &Array::new(), expression);
    let org = "{ org: { name: 'A', external_id: 'a' } }";
    for (list, paths) in [
        ("5".to_owned(), ""),
        ("null".to_owned(), ""),
        (format!("[{org}, 7]"), "[1]"),
        (
            format!("[{org}, {{ org: {{ name: '', external_id: 'b' }} }}]"),
            "[1].org.name",
        ),
        (format!("[5, {org}, {org}]"), "[0] [2].org.external_id"),
        (
            format!("[{org}, {{ ...{org}, trainings: [{{ title: 'Refunds' }}] }}]"),
            "[1].trainings[0].content",
        ),
    ] {
        let error = error(core().provision_many(&wrong(&list), &JsValue::UNDEFINED)).await;
        assert_eq!(text(&error, "code"), "INVALID_SPEC", "{list}");
        let found = Array::from(&get(&error, "errors"));
        let found: Vec<String> = found.iter().map(|field| text(&field, "path")).collect();
        assert_eq!(found.join(" "), paths, "{list}");
    }
    for options in [
        "{ inFlight: 0 }",
        "{ inFlight: 17 }",
        "{ inFlight: 1.5 }",
        "{ tolerate: -1 }",
        "{ onEvent: 5 }",
        "{ signal: 1 }",
    ] {
        let error = error(core().provision_many(&specs(2), &wrong(options))).await;
        assert_eq!(text(&error, "code"), "INVALID_OPTIONS", "{options}");
    }
    let error = error(core().provision_many(
        &JSON::parse(&format!("[{}]", ["7"; 50].join(","))).unwrap(),
        &JsValue::UNDEFINED,
    ))
    .await;
    assert_eq!(Array::from(&get(&error, "errors")).length(), 50);
    assert!(
        text(&error, "message").len() < 1_000,
        "{}",
        text(&error, "message")
    );
    let (result, _) = many(&proxy, &specs(0), "{}").await;
    assert_eq!(get(&result, "ok"), JsValue::TRUE);
    assert_eq!(proxy.number("p.calls.length"), 0.0);
}
