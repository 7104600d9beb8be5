//! Reads `{ form, scriptSrc, integrity, nonce, options }` of the page into a [`Snippet`].

use js_sys::{JSON, Object};
use wasm_bindgen::prelude::*;

use super::super::call::field;
use super::super::error::to_js;
use super::super::object::{object, set};
use super::AdminCore;
use crate::embed::{Form, Snippet};
use crate::error::Error;

/// Reads what is known before the org is: everything but the token.
pub(super) fn read_snippet(input: &JsValue) -> Result<Snippet, Error> {
    let form = match field(input, "form")?.as_string().as_deref() {
        None | Some("script") => Form::Script,
        Some("npm") => Form::Npm,
        Some("element") => Form::Element,
        Some(_) => return Err(Error::invalid_option("form", "must be script, npm or element")),
    };
    let mut snippet = Snippet {
        form,
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
                "is a function, which no snippet can carry: pass it to loadWidget() by hand",
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

/// The snippet for a widget token. `input` is what [`read_snippet`] has read.
pub(super) fn snippet_text(snippet: &Snippet, token: String, input: &JsValue) -> Result<String, Error> {
    let mut snippet = Snippet {
        token,
        ..snippet.clone()
    };
    if snippet.form == Form::Npm {
        let all = object(&[("token", snippet.token.as_str().into())]);
        let options = field(input, "options")?;
        if let Some(options) = options.dyn_ref::<Object>() {
            // The token stands first, and the page's own is not the org's.
            Object::assign(all.unchecked_ref(), options);
            set(&all, "token", &snippet.token.as_str().into());
        }
        let json = JSON::stringify_with_replacer_and_space(&all, &JsValue::NULL, &JsValue::from(2))
            .map_err(|_| Error::invalid_option("options", "cannot be written as JSON"))?;
        snippet.options_json = Some(json.into());
    }
    snippet.to_text()
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
    /// What puts the widget on a page, for a widget token.
    ///
    /// # Errors
    /// `INVALID_OPTIONS`.
    #[wasm_bindgen(js_name = embedSnippet)]
    pub fn embed_snippet(&self, token: String, input: &JsValue) -> Result<String, JsValue> {
        read_snippet(input)
            .and_then(|snippet| snippet_text(&snippet, token, input))
            .map_err(|error| to_js(&error))
    }
}
