//! The page's options: ours are read, all others go to the vendor untouched. No serde here: it would double the file.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use super::super::object::{get, set};
use crate::embed::Strategy;
use crate::error::Error;

const DEFAULT_TIMEOUT_MS: f64 = 20_000.0;

/// Options that are texts, by their path; in one table, for code for each would cost a kilobyte.
const TEXTS: [&str; 8] = [
    "token",
    "scriptUrl",
    "nonce",
    "integrity",
    "language",
    "strategy",
    "theme.primaryColor",
    "accessibility.widgetTriggerButton.label",
];

/// The vendor's script knows nothing of these.
const OURS: [&str; 6] = [
    "scriptUrl",
    "nonce",
    "integrity",
    "strategy",
    "timeoutMs",
    "openAfterSeconds",
];

#[derive(Default)]
pub(super) struct Options {
    texts: [Option<String>; TEXTS.len()],
    pub timeout_ms: u32,
    pub strategy: Strategy,
    /// What `initOpenScript` gets.
    pub vendor: Object,
}

impl Options {
    /// # Errors
    /// `INVALID_OPTIONS` naming the option.
    pub fn read(options: Object) -> Result<Self, Error> {
        // A copy: what the page does to its object later is no business of the widget.
        let vendor = Object::assign(&Object::new(), &options);
        let mut texts = [const { None }; TEXTS.len()];
        for (path, text) in TEXTS.iter().zip(&mut texts) {
            *text = read_text(&vendor, path)?;
        }
        let [token, script_url, ..] = &texts;
        for (path, text) in [("token", token), ("scriptUrl", script_url)] {
            if text.is_none() {
                return Err(Error::invalid_option(path, "is missing"));
            }
        }
        let timeout = get(&vendor, "timeoutMs").unwrap_or(JsValue::NULL);
        let timeout = if timeout.is_undefined() {
            Some(DEFAULT_TIMEOUT_MS)
        } else {
            timeout.as_f64()
        };
        let Some(timeout) = timeout.filter(|millis| (1.0..=600_000.0).contains(millis)) else {
            return Err(Error::invalid_option(
                "timeoutMs",
                "must be a number from 1 to 600000",
            ));
        };
        let strategy = texts[5]
            .as_deref()
            .map_or(Some(Strategy::default()), Strategy::parse);
        let Some(strategy) = strategy else {
            return Err(Error::invalid_option(
                "strategy",
                "must be intent, idle, eager or manual",
            ));
        };
        for ours in OURS {
            let _ = Reflect::delete_property(&vendor, &ours.into());
        }
        set(&vendor, "inline", &JsValue::TRUE);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(Options {
            texts,
            timeout_ms: timeout as u32,
            strategy,
            vendor,
        })
    }

    fn text(&self, path: &str) -> Option<&str> {
        let position = TEXTS.iter().position(|known| *known == path)?;
        self.texts[position].as_deref()
    }

    pub fn script_url(&self) -> &str {
        self.text("scriptUrl").unwrap_or_default()
    }

    /// For the vendor's script element, where the page's policy asks for one.
    pub fn nonce(&self) -> Option<&str> {
        self.text("nonce")
    }

    /// Hash the vendor's script must have.
    pub fn integrity(&self) -> Option<&str> {
        self.text("integrity")
    }

    /// Language of the panel's texts.
    pub fn language(&self) -> Option<&str> {
        self.text("language")
    }

    /// The launcher's colour.
    pub fn color(&self) -> Option<&str> {
        self.text("theme.primaryColor")
    }

    /// The launcher's accessible name.
    pub fn label(&self) -> &str {
        self.text("accessibility.widgetTriggerButton.label")
            .unwrap_or("Chat with us")
    }
}

/// A text at a path; left out, null and empty are the same.
fn read_text(options: &JsValue, path: &str) -> Result<Option<String>, Error> {
    let mut value = options.clone();
    for name in path.split('.') {
        value = get(&value, name).map_err(|_| Error::invalid_option(path, "threw an error when read"))?;
    }
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    let text = value
        .as_string()
        .ok_or_else(|| Error::invalid_option(path, "must be a text"))?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}
