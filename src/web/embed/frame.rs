//! The host frame: a same-origin iframe in which the vendor's script runs with `inline: true`, so that removing it ends
//! everything the vendor started.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlIFrameElement, HtmlScriptElement};

use super::options::Options;
use crate::error::{Code, Error};

const LOOK_EVERY_MS: u32 = 50;

pub(super) struct Frame {
    element: HtmlIFrameElement,
    held: Rc<Held>,
}

/// What must live as long as the frame, and no longer.
#[derive(Default)]
struct Held {
    listeners: Cell<Vec<EventListener>>,
    watch: Cell<Option<Interval>>,
}

impl Held {
    fn listen(&self, listener: EventListener) {
        let mut listeners = self.listeners.take();
        listeners.push(listener);
        self.listeners.set(listeners);
    }
}

/// What became of a frame.
pub(super) enum Outcome {
    /// The chat is there.
    Drawn,
    /// The script did not arrive.
    Missed(Error),
    /// It arrived in vain.
    Failed(Error),
}

/// Told once for each frame.
pub(super) type OnSettled = Rc<dyn Fn(Outcome)>;

impl Frame {
    /// Makes the frame and starts the vendor's script in it.
    ///
    /// # Errors
    /// `INTERNAL` where the page lets no frame be made.
    pub fn load(
        document: &Document,
        parent: &Element,
        options: &Rc<Options>,
        on_settled: OnSettled,
    ) -> Result<Self, Error> {
        let element: HtmlIFrameElement = document
            .create_element("iframe")
            .map_err(|_| no_frame())?
            .unchecked_into();
        let _ = element.set_attribute("title", "Chat");
        let held = Rc::new(Held::default());

        // Chromium fires `load` for about:blank while it is appended, Firefox later, after replacing the document; both
        // again when the page has moved us: a frame that is moved starts anew.
        let on_load = {
            let (element, held, options, on_settled) =
                (element.clone(), held.clone(), options.clone(), on_settled.clone());
            move |_: &web_sys::Event| {
                if start(&element, &held, &options, &on_settled).is_err() {
                    on_settled(Outcome::Failed(no_frame()));
                }
            }
        };
        held.listen(EventListener::new(&element, "load", on_load));
        watch(&element, &held, options.timeout_ms, on_settled);
        parent.append_child(&element).map_err(|_| no_frame())?;
        Ok(Frame { element, held })
    }

    /// The frame's element, to be focused: that runs the page's own handlers, so outside of any borrow of ours.
    pub fn element(&self) -> HtmlIFrameElement {
        self.element.clone()
    }

    /// Settled: nothing is left to watch.
    pub fn stop_watching(&self) {
        self.held.watch.take();
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.held.listeners.take();
        self.held.watch.take();
        self.element.remove();
    }
}

/// Runs the vendor's script in the frame's document.
fn start(
    element: &HtmlIFrameElement,
    held: &Rc<Held>,
    options: &Rc<Options>,
    on_settled: &OnSettled,
) -> Result<(), JsValue> {
    let document = element.content_document().ok_or(JsValue::NULL)?;
    let body = document.body().ok_or(JsValue::NULL)?;
    if body.first_element_child().is_some() {
        return Ok(());
    }
    let root: HtmlElement = document.create_element("div")?.unchecked_into();
    root.set_id("opencx-root");
    // By the style object, which no `style-src` stops. The vendor's inline mode fills its parent.
    root.style().set_css_text("position:fixed;inset:0");
    body.append_child(&root)?;

    let script: HtmlScriptElement = document.create_element("script")?.unchecked_into();
    let failed = {
        let (on_settled, options) = (on_settled.clone(), options.clone());
        move |_: &web_sys::Event| on_settled(Outcome::Missed(script_failed(&options, "could not be loaded")))
    };
    let loaded = {
        let (element, options, on_settled) = (element.clone(), options.clone(), on_settled.clone());
        move |_: &web_sys::Event| {
            if let Err(error) = init(&element, &options) {
                on_settled(Outcome::Failed(error));
            }
        }
    };
    held.listen(EventListener::new(&script, "error", failed));
    held.listen(EventListener::new(&script, "load", loaded));
    if let Some(nonce) = options.nonce() {
        script.set_attribute("nonce", nonce)?;
    }
    if let Some(integrity) = options.integrity() {
        script.set_attribute("integrity", integrity)?;
        script.set_attribute("crossorigin", "anonymous")?;
    }
    script.set_src(options.script_url());
    body.append_child(&script)?;
    Ok(())
}

/// Calls the vendor's one function.
fn init(element: &HtmlIFrameElement, options: &Options) -> Result<(), Error> {
    let failed = |what: &str| script_failed(options, what);
    let window = element
        .content_window()
        .ok_or_else(|| failed("ran in a frame that is gone"))?;
    let init: Function = Reflect::get(&window, &"initOpenScript".into())
        .ok()
        .and_then(|global| global.dyn_into().ok())
        .ok_or_else(|| failed("is not the widget: it defines no initOpenScript"))?;
    init.call1(&window, &options.vendor)
        .map_err(|_| failed("threw an error when started"))?;
    Ok(())
}

/// The vendor is silent about its failures, so the kit looks for itself: something is drawn, in time, or not.
fn watch(element: &HtmlIFrameElement, held: &Rc<Held>, timeout_ms: u32, on_settled: OnSettled) {
    let element = element.clone();
    let waited = Cell::new(0);
    let look = move || {
        waited.set(waited.get() + LOOK_EVERY_MS);
        let drawn = element
            .content_document()
            .and_then(|document| document.get_element_by_id("opencx-root"))
            .is_some_and(|root| root.first_element_child().is_some());
        if drawn {
            on_settled(Outcome::Drawn);
        } else if waited.get() >= timeout_ms {
            on_settled(Outcome::Failed(Error::retryable(
                Code::Timeout,
                "The chat did not appear in time. The platform may be down, or the token wrong.",
            )));
        }
    };
    held.watch.set(Some(Interval::new(LOOK_EVERY_MS, look)));
}

fn script_failed(options: &Options, what: &str) -> Error {
    let mut message = String::from("The chat script at ");
    message.push_str(options.script_url());
    message.push(' ');
    message.push_str(what);
    message.push_str(". Check the address and the page's content policy.");
    Error::retryable(Code::ScriptFailed, message)
}

fn no_frame() -> Error {
    Error::new(
        Code::Internal,
        "This page does not let a frame be made for the chat.",
    )
}
