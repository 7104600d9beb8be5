//! Launcher and panel: one host element at the end of the body, all else in its shadow root.

use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement, Node, ShadowRoot, ShadowRootInit, ShadowRootMode};

use super::options::Options;
use super::style;
use crate::error::{Code, Error};

const CHAT_ICON: &str = "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5Z";
const CLOSE_ICON: &str = "M6 6l12 12M18 6L6 18";
const SVG: &str = "http://www.w3.org/2000/svg";

pub(super) struct Launcher {
    pub document: Document,
    pub host: HtmlElement,
    root: ShadowRoot,
    pub button: HtmlElement,
    pub close: HtmlElement,
    pub panel: HtmlElement,
    note: HtmlElement,
    note_text: HtmlElement,
    pub retry: HtmlElement,
}

impl Launcher {
    /// # Errors
    /// `INTERNAL` where there is no body to draw in.
    pub fn draw(document: Document, options: &Options) -> Result<Self, Error> {
        Self::build(document, options)
            .map_err(|_| Error::new(Code::Internal, "There is no page body to draw the launcher in."))
    }

    fn build(document: Document, options: &Options) -> Result<Self, JsValue> {
        let host: HtmlElement = document.create_element("opencx-kit")?.unchecked_into();
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        style::apply(&document, &root);
        let make = |parent: &Node, spec: &str, label: &str| make(&document, parent, spec, label);
        let panel = make(&root, "div class=panel hidden= role=dialog tabindex=-1", "")?;
        let close = make(&panel, "button type=button class=close", "Close chat")?;
        icon(&document, &close, CLOSE_ICON)?;
        let note = make(&panel, "div class=note role=status", "")?;
        let note_text = make(&note, "div", "")?;
        let retry = make(&note, "button type=button", "")?;
        retry.set_text_content(Some("Try again"));
        let button = make(
            &root,
            "button type=button class=launcher aria-haspopup=dialog aria-expanded=false",
            "",
        )?;
        icon(&document, &button, CHAT_ICON)?;
        document.body().ok_or(JsValue::NULL)?.append_child(&host)?;
        let launcher = Launcher {
            document,
            host,
            root,
            button,
            close,
            panel,
            note,
            note_text,
            retry,
        };
        launcher.dress(options);
        Ok(launcher)
    }

    /// What the options say of its looks. The accessible name is for both: the button opens what the dialog is.
    pub fn dress(&self, options: &Options) {
        let _ = self
            .host
            .style()
            .set_property("--accent", options.color().unwrap_or_default());
        for named in [&self.button, &self.panel] {
            let _ = named.set_attribute("aria-label", options.label());
        }
        let _ = self
            .panel
            .set_attribute("lang", options.language().unwrap_or("en"));
    }

    /// Shows or hides the panel.
    pub fn show(&self, open: bool) {
        let _ = self.panel.toggle_attribute_with_force("hidden", !open);
        let _ = self
            .button
            .set_attribute("aria-expanded", if open { "true" } else { "false" });
    }

    /// Says something in the panel in place of the chat; nothing hides it.
    pub fn say(&self, text: Option<&str>, can_retry: bool) {
        self.note_text.set_text_content(text);
        let _ = self.note.toggle_attribute_with_force("hidden", text.is_none());
        let _ = self.retry.toggle_attribute_with_force("hidden", !can_retry);
    }

    /// Whether the keyboard is somewhere in the launcher or its panel.
    pub fn has_focus(&self) -> bool {
        self.root.active_element().is_some()
    }

    pub fn remove(&self) {
        self.host.remove();
    }
}

/// Makes `tag name=value name=value` in a parent, with that accessible name.
fn make(document: &Document, parent: &Node, spec: &str, label: &str) -> Result<HtmlElement, JsValue> {
    let mut words = spec.split(' ');
    let element = document.create_element(words.next().unwrap_or_default())?;
    for (name, value) in words.filter_map(|word| word.split_once('=')) {
        element.set_attribute(name, value)?;
    }
    if !label.is_empty() {
        element.set_attribute("aria-label", label)?;
    }
    parent.append_child(&element)?;
    Ok(element.unchecked_into())
}

fn icon(document: &Document, parent: &Node, path: &str) -> Result<(), JsValue> {
    let svg = document.create_element_ns(Some(SVG), "svg")?;
    svg.set_attribute("viewBox", "0 0 24 24")?;
    svg.set_attribute("aria-hidden", "true")?;
    let shape = document.create_element_ns(Some(SVG), "path")?;
    shape.set_attribute("d", path)?;
    svg.append_child(&shape)?;
    parent.append_child(&svg).map(|_| ())
}
