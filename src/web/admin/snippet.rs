//! Reads `{ form, scriptSrc, integrity, nonce, options }` of the page into a [`Snippet`].

use js_sys::{JSON, JsString, Object};
use wasm_bindgen::prelude::*;

use super::super::call::field;
use super::super::error::to_js;
use super::super::object::{object, set};
use super::AdminCore;
use crate::embed::{Form, Snippet};
use crate::error::Error;

/// Everything but the token, which is not known before the org is.
pub(super) struct SnippetInput {
    snippet: Snippet,
    /// As they were when the page passed them.
    options: JsValue,
}

impl SnippetInput {
    /// # Errors
    /// `INVALID_OPTIONS` naming the field.
    pub fn read(input: &JsValue) -> Result<Self, Error> {
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
        let given = field(input, "options")?;
        let (nested, options) = (object(&[]), object(&[]));
        let names = given.dyn_ref::<Object>().map(Object::keys).unwrap_or_default();
        for name in names.iter().filter_map(|name| name.as_string()) {
            let value = field(&given, &name)?;
            if value.is_undefined() || name == "token" {
                continue;
            }
            if value.is_function() {
                return Err(Error::invalid_option(
                    &name,
                    "is a function, which no snippet can carry: pass it to loadWidget() by hand",
                ));
            }
            set(&options, &name, &value);
            match plain(&value) {
                Some(text) => snippet.plain.push((name, text)),
                None => set(&nested, &name, &value),
            }
        }
        if Object::keys(nested.unchecked_ref::<Object>()).length() > 0 {
            snippet.nested_json = Some(json(&nested)?.into());
        }
        let options = JSON::parse(&String::from(json(&options)?)).map_err(|_| not_json())?;
        Ok(SnippetInput { snippet, options })
    }

    /// The snippet for a widget token.
    ///
    /// # Errors
    /// `INVALID_OPTIONS`.
    pub fn text(&self, token: String) -> Result<String, Error> {
        let mut snippet = Snippet {
            token,
            ..self.snippet.clone()
        };
        if snippet.form == Form::Npm {
            let all = object(&[("token", snippet.token.as_str().into())]);
            Object::assign(
                all.unchecked_ref::<Object>(),
                self.options.unchecked_ref::<Object>(),
            );
            let json = JSON::stringify_with_replacer_and_space(&all, &JsValue::NULL, &JsValue::from(2))
                .map_err(|_| not_json())?;
            snippet.options_json = Some(json.into());
        }
        snippet.to_text()
    }
}

fn json(options: &JsValue) -> Result<JsString, Error> {
    JSON::stringify(options).map_err(|_| not_json())
}

fn not_json() -> Error {
    Error::invalid_option("options", "cannot be written as JSON")
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
    pub fn embed_snippet(&self, token: &JsValue, input: &JsValue) -> Result<String, JsValue> {
        let token = token
            .as_string()
            .ok_or_else(|| Error::invalid_option("widgetToken", "must be a text"));
        token
            .and_then(|token| SnippetInput::read(input)?.text(token))
            .map_err(|error| to_js(&error))
    }
}
