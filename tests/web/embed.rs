//! The widget in a real browser, with a vendor's script of a few lines in place of the real one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JSON, Object, Promise, Reflect};
use opencx_partner_kit::WidgetCore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;
use web_sys::{Document, Element, HtmlElement, HtmlIFrameElement, ShadowRoot};

wasm_bindgen_test_configure!(run_in_browser);

/// Draws a box, says what it was started with, and ticks until its document is gone.
const VENDOR: &str = "window.initOpenScript = (options) => {
    top.__started = (top.__started ?? 0) + 1;
    top.__options = options;
    setInterval(() => { top.__ticks = (top.__ticks ?? 0) + 1 }, 5);
    document.getElementById('opencx-root').append(document.createElement('textarea'));
}";

struct Page {
    widget: WidgetCore,
    events: Rc<RefCell<Vec<String>>>,
    _on_event: Closure<dyn FnMut(String, JsValue)>,
}

impl Page {
    fn with(script: &str, more: &str) -> Self {
        Reflect::set(&js_sys::global(), &"__started".into(), &0.into()).unwrap();
        let options: Object = JSON::parse(&format!(
            r#"{{ "token": "wt_1", "scriptUrl": {}, "timeoutMs": 400 {more} }}"#,
            JSON::stringify(&script_url(script).into()).unwrap()
        ))
        .unwrap()
        .unchecked_into();
        let events = Rc::new(RefCell::new(Vec::new()));
        let noted = events.clone();
        let on_event: Closure<dyn FnMut(String, JsValue)> =
            Closure::new(move |name: String, detail: JsValue| {
                let code = Reflect::get(&detail, &"code".into())
                    .ok()
                    .and_then(|code| code.as_string());
                noted.borrow_mut().push(match code {
                    Some(code) => format!("{name} {code}"),
                    None => name,
                });
            });
        let widget = WidgetCore::new(
            document(),
            options,
            on_event.as_ref().unchecked_ref::<Function>().clone(),
        );
        Page {
            widget: widget.ok().unwrap(),
            events,
            _on_event: on_event,
        }
    }

    fn events(&self) -> Vec<String> {
        self.events.borrow().clone()
    }

    async fn until(&self, event: &str) {
        until(|| self.events().iter().any(|e| e == event)).await;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.widget.destroy();
    }
}

fn script_url(text: &str) -> String {
    match text {
        "" => "/no/such/script.js".into(),
        text => format!("data:text/javascript,{}", js_sys::encode_uri_component(text)),
    }
}

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Looks every few milliseconds until it is so; the test runner's own limit ends a wait in vain.
async fn until(so: impl Fn() -> bool) {
    while !so() {
        let tick = Promise::new(&mut |resolve, _| {
            web_sys::window()
                .unwrap()
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 5)
                .unwrap();
        });
        JsFuture::from(tick).await.unwrap();
    }
}

fn root() -> ShadowRoot {
    document()
        .query_selector("opencx-kit")
        .unwrap()
        .unwrap()
        .shadow_root()
        .unwrap()
}

fn part(selector: &str) -> HtmlElement {
    root().query_selector(selector).unwrap().unwrap().unchecked_into()
}

fn frame() -> Option<HtmlIFrameElement> {
    root()
        .query_selector("iframe")
        .unwrap()
        .map(Element::unchecked_into)
}

fn global(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &name.into()).unwrap()
}

#[wasm_bindgen_test]
async fn nothing_is_loaded_before_it_is_asked_for() {
    let page = Page::with(VENDOR, "");
    assert_eq!(page.widget.state(), "idle");
    assert!(frame().is_none());
    let button = part(".launcher");
    assert_eq!(
        button.get_attribute("aria-label").as_deref(),
        Some("Chat with us")
    );
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"));
    assert!(part(".panel").has_attribute("hidden"));
    assert!(
        button.offset_width() >= 44 && button.offset_height() >= 44,
        "the style sheet stands"
    );
    assert_eq!(global("__started"), 0);
}

#[wasm_bindgen_test]
async fn a_click_loads_the_chat_and_closing_keeps_it() {
    let page = Page::with(VENDOR, r#", "bot": { "name": "Fin" }"#);
    part(".launcher").click();
    page.until("ready").await;
    assert_eq!(page.events(), ["open", "ready"]);
    let options = global("__options");
    let given = |name: &str| Reflect::get(&options, &name.into()).unwrap();
    assert_eq!((given("token"), given("inline")), ("wt_1".into(), JsValue::TRUE));
    assert!(given("scriptUrl").is_undefined() && given("bot").is_object());
    assert!(
        global("initOpenScript").is_undefined(),
        "the vendor's global stays in the frame"
    );
    assert!(part(".note").has_attribute("hidden"));

    part(".launcher").click();
    assert!(part(".panel").has_attribute("hidden"));
    page.widget.open();
    assert_eq!(page.events(), ["open", "ready", "close", "open"]);
    assert_eq!(global("__started"), 1, "shown again, not started again");
}

#[wasm_bindgen_test]
async fn a_script_that_fails_is_told_and_can_be_tried_again() {
    for (script, code) in [
        ("", "SCRIPT_FAILED"),
        ("this is no script", "SCRIPT_FAILED"),
        ("window.other = 1", "SCRIPT_FAILED"),
        ("window.initOpenScript = () => { throw 'no' }", "SCRIPT_FAILED"),
        ("window.initOpenScript = () => {}", "TIMEOUT"),
    ] {
        let page = Page::with(script, "");
        page.widget.open();
        page.until(&format!("error {code}")).await;
        assert_eq!(page.widget.state(), "failed", "{script}");
        assert!(frame().is_none());
        let retry = part(".note button");
        assert!(!retry.has_attribute("hidden") && !part(".panel").has_attribute("hidden"));
        retry.click();
        assert_eq!(page.widget.state(), "loading");
    }
}

#[wasm_bindgen_test]
async fn destroy_leaves_nothing_and_is_final() {
    let page = Page::with(VENDOR, "");
    page.widget.open();
    page.until("ready").await;
    page.widget.destroy();
    assert!(document().query_selector("opencx-kit").unwrap().is_none());
    let ticks = global("__ticks");
    let waited = js_sys::Date::now() + 60.0;
    until(|| js_sys::Date::now() > waited).await;
    assert_eq!(
        global("__ticks"),
        ticks,
        "the vendor's timers ended with the frame"
    );
    page.widget.open();
    page.widget.destroy();
    assert_eq!(
        (
            page.widget.state().as_str(),
            page.events().last().unwrap().as_str()
        ),
        ("destroyed", "destroy")
    );
}

#[wasm_bindgen_test]
async fn focus_goes_into_the_chat_and_comes_back() {
    let page = Page::with(VENDOR, "");
    part(".launcher").focus().unwrap();
    part(".launcher").click();
    page.until("ready").await;
    until(|| {
        root()
            .active_element()
            .is_some_and(|element| element.tag_name() == "IFRAME")
    })
    .await;
    page.widget.close();
    assert!(
        root()
            .active_element()
            .is_some_and(|element| element.class_name() == "launcher")
    );
}

#[wasm_bindgen_test]
fn wrong_options_are_refused_by_name() {
    let nothing = Function::new_no_args("");
    for (options, path) in [
        ("{}", "token"),
        (r#"{ "token": 5 }"#, "token"),
        (
            r#"{ "token": "t", "scriptUrl": "/s.js", "timeoutMs": 0 }"#,
            "timeoutMs",
        ),
        (r#"{ "token": "t", "scriptUrl": {} }"#, "scriptUrl"),
        (r#"{ "token": "t" }"#, "scriptUrl"),
    ] {
        let options: Object = JSON::parse(options).unwrap().unchecked_into();
        let error = WidgetCore::new(document(), options, nothing.clone())
            .err()
            .unwrap();
        let message = Reflect::get(&error, &"message".into())
            .unwrap()
            .as_string()
            .unwrap();
        assert!(message.contains(path), "{message}");
    }
    assert!(
        document().query_selector("opencx-kit").unwrap().is_none(),
        "nothing was drawn"
    );
}
