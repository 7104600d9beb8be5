//! Launcher and panel: one host element at the end of the body, all else in its shadow root.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode, Window};

use super::style;
use crate::error::{Code, Error};

const CHAT_ICON: &str = "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5Z";
const CLOSE_ICON: &str = "M6 6l12 12M18 6L6 18";
const SVG: &str = "http://www.w3.org/2000/svg";

pub(super) struct Launcher {
    pub document: Document,
    host: Element,
    root: ShadowRoot,
    pub button: HtmlElement,
    pub close: HtmlElement,
    pub panel: HtmlElement,
    note: Element,
    note_text: Element,
    pub retry: HtmlElement,
}

impl Launcher {
    /// # Errors
    /// `INTERNAL` where there is no body to draw in.
    pub fn draw(window: &Window, label: &str, language: Option<&str>) -> Result<Self, Error> {
        let document = window.document().ok_or_else(no_page)?;
        Self::build(window, document, label, language).map_err(|_| no_page())
    }

    fn build(
        window: &Window,
        document: Document,
        label: &str,
        language: Option<&str>,
    ) -> Result<Self, JsValue> {
        let host = document.create_element("opencx-kit")?;
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        style::apply(window, &root);
        let button = make_button(&document, "launcher", Some(label))?;
        button.set_attribute("aria-haspopup", "dialog")?;
        button.set_attribute("aria-expanded", "false")?;
        let chat_icon = icon(&document, CHAT_ICON)?;
        button.append_child(&chat_icon)?;

        let panel: HtmlElement = document.create_element("div")?.unchecked_into();
        for (name, value) in [
            ("class", "panel"),
            ("hidden", ""),
            ("role", "dialog"),
            ("aria-label", label),
            ("tabindex", "-1"),
        ] {
            panel.set_attribute(name, value)?;
        }
        if let Some(language) = language {
            panel.set_attribute("lang", language)?;
        }
        let close = make_button(&document, "close", Some("Close chat"))?;
        let close_icon = icon(&document, CLOSE_ICON)?;
        close.append_child(&close_icon)?;
        let note = document.create_element("div")?;
        note.set_attribute("class", "note")?;
        note.set_attribute("role", "status")?;
        let note_text = document.create_element("div")?;
        let retry = make_button(&document, "retry", None)?;
        retry.set_text_content(Some("Try again"));
        note.append_child(&note_text)?;
        note.append_child(&retry)?;
        panel.append_child(&close)?;
        panel.append_child(&note)?;

        root.append_child(&panel)?;
        root.append_child(&button)?;
        document.body().ok_or(JsValue::NULL)?.append_child(&host)?;
        Ok(Launcher {
            document,
            host,
            root,
            button,
            close,
            panel,
            note,
            note_text,
            retry,
        })
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

fn make_button(document: &Document, class: &str, label: Option<&str>) -> Result<HtmlElement, JsValue> {
    let button = document.create_element("button")?;
    button.set_attribute("type", "button")?;
    button.set_attribute("class", class)?;
    if let Some(label) = label {
        button.set_attribute("aria-label", label)?;
    }
    Ok(button.unchecked_into())
}

fn icon(document: &Document, path: &str) -> Result<Element, JsValue> {
    let svg = document.create_element_ns(Some(SVG), "svg")?;
    svg.set_attribute("viewBox", "0 0 24 24")?;
    svg.set_attribute("aria-hidden", "true")?;
    let shape = document.create_element_ns(Some(SVG), "path")?;
    shape.set_attribute("d", path)?;
    svg.append_child(&shape)?;
    Ok(svg)
}

fn no_page() -> Error {
    Error::new(Code::Internal, "There is no page body to draw the launcher in.")
}
