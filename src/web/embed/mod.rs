//! The widget in a page: launcher, panel, and the frame that carries the vendor's script.

mod frame;
mod launcher;
mod options;
mod style;
mod widget;

use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

use self::options::Options;
use self::widget::Widget;
use super::error::to_js;
use crate::embed::{Command, Phase, Wake, wake};

/// A handle on one widget.
#[wasm_bindgen]
pub struct WidgetCore {
    widget: Rc<Widget>,
}

#[wasm_bindgen]
impl WidgetCore {
    /// Draws the launcher in that document. `on_event(type, detail)` is told of what happens.
    ///
    /// # Errors
    /// `INVALID_OPTIONS`, or `INTERNAL` where the page has no body to draw in.
    #[wasm_bindgen(constructor)]
    pub fn new(document: Document, options: Object, on_event: Function) -> Result<WidgetCore, JsValue> {
        let options = Options::read(options).map_err(|error| to_js(&error))?;
        let widget = Widget::draw(document, options, on_event).map_err(|error| to_js(&error))?;
        Ok(WidgetCore { widget })
    }

    /// Shows the chat, loading it if need be.
    pub fn open(&self) {
        self.widget.command(Command::Open);
    }

    /// As `open`, but the keyboard stays where the visitor has it: for an opening that is not his doing.
    #[wasm_bindgen(js_name = openQuietly)]
    pub fn open_quietly(&self) {
        self.widget.open_quietly();
    }

    /// Loads the chat without showing it.
    pub fn load(&self) {
        self.widget.command(Command::Load);
    }

    /// When to load by itself: `now`, `idle`, or `open` for when it is opened.
    pub fn wake(&self, returning: bool, saving: bool) -> String {
        match wake(self.widget.options().strategy, returning, saving) {
            Wake::Now => "now",
            Wake::WhenIdle => "idle",
            Wake::OnOpen => "open",
        }
        .into()
    }

    /// The element that holds launcher and panel in its shadow root.
    #[wasm_bindgen(getter)]
    pub fn host(&self) -> Element {
        self.widget.host()
    }

    /// Hides the chat; the conversation stays.
    pub fn close(&self) {
        self.widget.command(Command::Close);
    }

    /// The one or the other.
    pub fn toggle(&self) {
        self.widget.command(Command::Toggle);
    }

    /// Takes these options in place of those it had, and starts the chat anew if it was started.
    ///
    /// # Errors
    /// `INVALID_OPTIONS`; then all stays as it was.
    pub fn update(&self, options: Object) -> Result<(), JsValue> {
        self.widget
            .update(Options::read(options).map_err(|error| to_js(&error))?);
        Ok(())
    }

    /// Removes everything, for good.
    pub fn destroy(&self) {
        self.widget.command(Command::Destroy);
    }

    /// `idle`, `loading`, `ready`, `failed` or `destroyed`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        match self.widget.launch().phase() {
            Phase::Idle => "idle",
            Phase::Loading | Phase::Waiting => "loading",
            Phase::Ready => "ready",
            Phase::Failed => "failed",
            Phase::Destroyed => "destroyed",
        }
        .into()
    }

    /// Whether the panel shows.
    #[wasm_bindgen(getter, js_name = isOpen)]
    pub fn is_open(&self) -> bool {
        self.widget.launch().is_open()
    }
}
