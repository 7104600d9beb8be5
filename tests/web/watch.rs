//! Watching crawls in a page: one poll for many, none for nobody, none while nobody can see it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

mod page;

use js_sys::{Array, Promise};
use opencx_partner_kit::AdminCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

use page::{get, page, text};

wasm_bindgen_test_configure!(run_in_browser);

/// Until something is so.
async fn until(condition: &str) {
    let waiting = page(&format!(
        "return (async () => {{ while (!({condition})) await new Promise((next) => setTimeout(next, 1)) }})()"
    ));
    JsFuture::from(Promise::from(waiting)).await.unwrap();
}

/// A page whose `fetch` answers each look at a crawl by `answer(look)`, whose waits are a hundred times shorter and noted in
/// `waits`, and whose `hidden` is what the test says. It is itself again once this is dropped.
struct World;

impl World {
    fn new(answer: &str) -> Self {
        page(&format!(
            "const w = globalThis.world = {{ looks: [], waits: [], told: [], hidden: false,
               fetch: globalThis.fetch, setTimeout: globalThis.setTimeout }};
             const scraping = (done) => ({{ id: 'd1', active_crawl_job: {{ id: 'j', status: 'scraping', completed_pages: done, total_pages: 9 }} }});
             const ended = (status) => ({{ id: 'd1', active_crawl_job: {{ id: 'j', status, completed_pages: 9, total_pages: 9 }} }});
             const answer = (look) => {{ {answer} }};
             globalThis.fetch = async (request) => {{
               w.looks.push(new URL(request.url).pathname);
               const told = await answer(w.looks.length);
               const [status, body] = Array.isArray(told) ? told : [200, told];
               return new Response(JSON.stringify(body), {{ status, headers: {{ 'content-type': 'application/json' }} }});
             }};
             globalThis.setTimeout = (work, millis) => {{
               if (millis < 30000 && millis >= 100) w.waits.push(millis);
               return w.setTimeout.call(globalThis, work, millis / 100);
             }};
             Object.defineProperty(document, 'hidden', {{ get: () => w.hidden, configurable: true }});"
        ));
        World
    }

    fn says(&self, what: &str) -> JsValue {
        page(&format!("return {what}"))
    }

    fn hide(&self, hidden: bool) {
        page(&format!(
            "world.hidden = {hidden}; document.dispatchEvent(new Event('visibilitychange'))"
        ));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        page(
            "globalThis.fetch = world.fetch; globalThis.setTimeout = world.setTimeout; delete document.hidden",
        );
    }
}

fn core() -> AdminCore {
    AdminCore::new(&page("return { proxyUrl: 'https://proxy.example' }")).unwrap()
}

/// Watches; what it is told goes to `world.told` under that name.
fn watch(core: &AdminCore, name: &str, more: &str) -> Promise {
    let options = page(&format!(
        "return {{ onProgress: (p) => world.told.push('{name} ' + p.pages_done + '/' + p.pages_total), {more} }}"
    ));
    core.watch_crawl("o1".into(), "d1".into(), options)
}

#[wasm_bindgen_test]
async fn many_watch_and_one_looks() {
    let world = World::new("return look < 4 ? scraping(look) : ended('completed')");
    let core = core();
    let all = Array::of3(
        &watch(&core, "a", ""),
        &watch(&core, "b", ""),
        &watch(&core, "c", ""),
    );
    let all = Array::from(&JsFuture::from(Promise::all(&all)).await.unwrap());
    for last in all.iter() {
        assert_eq!(text(&last, "state"), "completed");
        assert_eq!(
            (get(&last, "pages_done"), get(&last, "pages_total")),
            (9.into(), 9.into())
        );
    }
    assert_eq!(
        world.says("world.looks.join()"),
        "/v1/orgs/o1/crawls/d1,".repeat(4).trim_end_matches(',')
    );
    assert_eq!(
        world.says("world.waits.join()"),
        "500,500,500",
        "the first look is at once"
    );
    assert_eq!(
        world.says("world.told.join()"),
        "a 1/9,b 1/9,c 1/9,a 2/9,b 2/9,c 2/9,a 3/9,b 3/9,c 3/9,a 9/9,b 9/9,c 9/9"
    );
}

#[wasm_bindgen_test]
async fn whoever_comes_later_is_told_what_is_known_and_whoever_leaves_stops_nobody() {
    let world = World::new("return globalThis.world.end ? ended('failed') : scraping(look)");
    let core = core();
    let first = watch(&core, "first", "");
    until("world.told.length >= 2").await;
    let leaving = watch(
        &core,
        "leaving",
        "signal: (world.leave = new AbortController()).signal",
    );
    until(
        "world.told.includes('leaving ' + world.told.findLast((t) => t.startsWith('first')).split(' ')[1])",
    )
    .await;
    page("world.leave.abort('enough')");
    let left = JsFuture::from(leaving).await.unwrap_err();
    assert_eq!(
        (text(&left, "code"), text(&left, "cause")),
        ("ABORTED".into(), "enough".into())
    );
    page("world.end = true");
    let last = JsFuture::from(first).await.unwrap();
    assert_eq!(
        text(&last, "state"),
        "failed",
        "how it ended is no failure of the watching"
    );
    let again = JsFuture::from(watch(&core, "again", "")).await.unwrap();
    assert_eq!(
        text(&again, "state"),
        "failed",
        "a new poll, for the old one has ended"
    );
    drop(world);
}

#[wasm_bindgen_test]
async fn nobody_watches_and_nothing_is_looked_at() {
    let world = World::new("return scraping(look)");
    let core = core();
    let watching = watch(&core, "a", "signal: (world.leave = new AbortController()).signal");
    until("world.told.length >= 1 && world.waits.length >= 1").await;
    page("world.leave.abort()");
    JsFuture::from(watching).await.unwrap_err();
    let looks = world.says("world.looks.length");
    // Longer than any wait of this page.
    let pause = page("return new Promise((next) => world.setTimeout.call(globalThis, next, 150))");
    JsFuture::from(Promise::from(pause)).await.unwrap();
    assert_eq!(world.says("world.looks.length"), looks);
    let aborted = watch(&core, "b", "signal: AbortSignal.abort('before')");
    assert_eq!(
        text(&JsFuture::from(aborted).await.unwrap_err(), "code"),
        "ABORTED"
    );
    assert_eq!(world.says("world.looks.length"), looks);
}

#[wasm_bindgen_test]
async fn a_hidden_page_does_not_look_and_one_that_is_seen_again_looks_at_once() {
    let world = World::new("return globalThis.world.end ? ended('cancelled') : scraping(look)");
    world.hide(true);
    let core = core();
    let watching = watch(&core, "a", "");
    let pause = || {
        Promise::from(page(
            "return new Promise((next) => world.setTimeout.call(globalThis, next, 60))",
        ))
    };
    JsFuture::from(pause()).await.unwrap();
    assert_eq!(world.says("world.looks.length"), 0, "hidden from the start");
    world.hide(false);
    until("world.told.length === 1").await;
    assert_eq!(
        world.says("world.waits.length <= 1"),
        JsValue::TRUE,
        "without a wait"
    );
    world.hide(true);
    let before = world.says("world.looks.length");
    JsFuture::from(pause()).await.unwrap();
    assert_eq!(world.says("world.looks.length"), before);
    page("world.end = true");
    world.hide(false);
    assert_eq!(
        text(&JsFuture::from(watching).await.unwrap(), "state"),
        "cancelled"
    );
}

#[wasm_bindgen_test]
async fn a_look_that_fails_is_repeated_and_then_fails_all() {
    let world = World::new(
        "return look === 2 ? [503, { code: 'PLATFORM_ERROR', detail: 'Down.', retryable: true }]
           : look < 5 ? scraping(look) : [403, { code: 'FORBIDDEN', detail: 'No.' }]",
    );
    let core = core();
    let (a, b) = (watch(&core, "a", ""), watch(&core, "b", ""));
    for watching in [a, b] {
        assert_eq!(
            text(&JsFuture::from(watching).await.unwrap_err(), "code"),
            "FORBIDDEN"
        );
    }
    assert_eq!(world.says("world.looks.length"), 5);
    assert_eq!(
        world.says("world.told.join()"),
        "a 1/9,b 1/9,a 3/9,b 3/9,a 4/9,b 4/9"
    );
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_is_the_pages_own_affair() {
    let world = World::new("return look < 2 ? scraping(look) : ended('completed')");
    let report = world.says(
        "(world.report = globalThis.reportError, globalThis.reportError = (e) => { world.reported = e })",
    );
    drop(report);
    let core = core();
    let options = page("return { onProgress() { throw 'mine' } }");
    let throwing = core.watch_crawl("o1".into(), "d1".into(), options);
    let calm = watch(&core, "calm", "");
    let both = JsFuture::from(Promise::all(&Array::of2(&throwing, &calm))).await;
    page("globalThis.reportError = world.report");
    assert_eq!(text(&Array::from(&both.unwrap()).get(0), "state"), "completed");
    assert_eq!(world.says("world.reported"), "mine");
    for (options, code) in [
        ("{ onProgress: 7 }", "INVALID_OPTIONS"),
        ("{ get onProgress() { throw 'getter' } }", "INVALID_OPTIONS"),
        ("{ signal: 7 }", "INVALID_OPTIONS"),
    ] {
        let refused = core.watch_crawl("o1".into(), "d1".into(), page(&format!("return {options}")));
        assert_eq!(
            text(&JsFuture::from(refused).await.unwrap_err(), "code"),
            code,
            "{options}"
        );
    }
    let refused = core.watch_crawl(JsValue::UNDEFINED, "d1".into(), JsValue::UNDEFINED);
    assert_eq!(
        text(&JsFuture::from(refused).await.unwrap_err(), "code"),
        "INVALID_OPTIONS"
    );
}
