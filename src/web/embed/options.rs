//! The page's options: ours are read, all others go to the vendor untouched. No serde here: it would double the file.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::super::object::{get, set};
use crate::error::{Code, Error, FieldError};

const DEFAULT_TIMEOUT_MS: u32 = 20_000;

pub(super) struct Options {
    pub script_url: String,
    /// For the vendor's script element, where the page's policy asks for one.
    pub nonce: Option<String>,
    /// Hash the vendor's script must have.
    pub integrity: Option<String>,
    pub timeout_ms: u32,
    /// The launcher's accessible name.
    pub label: String,
    /// Language of the page's texts, for the panel.
    pub language: Option<String>,
    /// What `initOpenScript` gets.
    pub vendor: Object,
}

impl Options {
    /// # Errors
    /// `INVALID_OPTIONS` naming the option.
    pub fn read(options: Object) -> Result<Self, Error> {
        // A copy: what the page does to its object later is no business of the widget.
        let vendor = Object::assign(&Object::new(), &options);
        let token = text(&vendor, "token")?.unwrap_or_default();
        if token.trim().is_empty() {
            return Err(wrong("token", "is missing: it is the widget_token of the org"));
        }
        let script_url = text(&vendor, "scriptUrl")?.ok_or_else(|| {
            wrong(
                "scriptUrl",
                "is missing: it is the address of the vendor's script",
            )
        })?;
        let timeout = field(&vendor, "timeoutMs")?;
        let timeout_ms = match timeout.as_f64() {
            None if timeout.is_undefined() => DEFAULT_TIMEOUT_MS,
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Some(millis) if (1.0..=600_000.0).contains(&millis) => millis as u32,
            _ => return Err(wrong("timeoutMs", "must be a number from 1 to 600000")),
        };
        let label = field(&field(&vendor, "accessibility")?, "widgetTriggerButton")?;
        let label = text(&label, "label")?.unwrap_or_else(|| "Chat with us".into());
        let language = text(&vendor, "language")?;
        let nonce = text(&vendor, "nonce")?;
        let integrity = text(&vendor, "integrity")?;
        for ours in ["scriptUrl", "timeoutMs", "nonce", "integrity"] {
            let _ = js_sys::Reflect::delete_property(&vendor, &ours.into());
        }
        set(&vendor, "inline", &JsValue::TRUE);
        Ok(Options {
            script_url,
            nonce,
            integrity,
            timeout_ms,
            label,
            language,
            vendor,
        })
    }
}

fn field(object: &JsValue, name: &str) -> Result<JsValue, Error> {
    get(object, name).map_err(|_| wrong(name, "threw an error when read"))
}

fn text(object: &JsValue, name: &str) -> Result<Option<String>, Error> {
    let value = field(object, name)?;
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    value
        .as_string()
        .map(Some)
        .ok_or_else(|| wrong(name, "must be a text"))
}

fn wrong(path: &str, message: &str) -> Error {
    let field = FieldError {
        path: path.into(),
        message: message.into(),
    };
    Error {
        code: Code::InvalidOptions,
        ..Error::invalid(vec![field])
    }
}
