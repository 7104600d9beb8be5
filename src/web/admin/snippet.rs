//! Reads `{ scriptSrc, integrity, nonce, options }` of the page into a [`Snippet`].

use js_sys::{JSON, Object};
use wasm_bindgen::prelude::*;

use super::super::call::field;
use super::super::error::to_js;
use super::super::object::{object, set};
use super::AdminCore;
use crate::embed::Snippet;
use crate::error::Error;

/// Reads what is known before the org is: everything but the token.
pub(super) fn read_snippet(input: &JsValue) -> Result<Snippet, Error> {
    let mut snippet = Snippet {
        script_src: field(input, "scriptSrc")?.as_string().unwrap_or_default(),
        integrity: field(input, "integrity")?.as_string(),
        nonce: field(input, "nonce")?.as_string(),
        ..Snippet::default()
    };
    let options = field(input, "options")?;
    if !options.is_object() {
        return Ok(snippet);
    }
    let nested = object(&[]);
    for name in Object::keys(options.unchecked_ref::<Object>())
        .iter()
        .filter_map(|name| name.as_string())
    {
        let value = field(&options, &name)?;
        if value.is_undefined() || name == "token" {
            continue;
        }
        if value.is_function() {
            return Err(Error::invalid_option(
                &name,
                "is a function, which no script tag can carry: use loadWidget() for it",
            ));
        }
        match plain(&value) {
            Some(text) => snippet.plain.push((name, text)),
            None => set(&nested, &name, &value),
        }
    }
    if Object::keys(nested.unchecked_ref::<Object>()).length() > 0 {
        let json = JSON::stringify(&nested)
            .map_err(|_| Error::invalid_option("options", "cannot be written as JSON"))?;
        snippet.nested_json = Some(json.into());
    }
    Ok(snippet)
}

/// The attribute's text for a value that `script.js` reads back as the same value.
fn plain(value: &JsValue) -> Option<String> {
    if let Some(truth) = value.as_bool() {
        return Some(if truth { "true" } else { "false" }.into());
    }
    if value.as_f64().is_some() {
        return JSON::stringify(value)
            .ok()
            .map(String::from)
            .filter(|text| text != "null");
    }
    let text = value.as_string()?;
    // By the browser's own reading: the standard library's costs ten kilobytes of tables.
    let is_number = !value.unchecked_into_f64().is_nan();
    let mistaken = text == "true" || text == "false" || is_number;
    if mistaken { None } else { Some(text) }
}

#[wasm_bindgen]
impl AdminCore {
    /// The script tag for a widget token.
    ///
    /// # Errors
    /// `INVALID_OPTIONS`.
    #[wasm_bindgen(js_name = embedSnippet)]
    pub fn embed_snippet(&self, token: String, input: &JsValue) -> Result<String, JsValue> {
        let snippet = read_snippet(input).map(|snippet| Snippet { token, ..snippet });
        snippet
            .and_then(|snippet| snippet.to_html())
            .map_err(|error| to_js(&error))
    }
}
