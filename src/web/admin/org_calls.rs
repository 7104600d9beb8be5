//! One function for every route of the proxy, for pages that go their own way (`www/sdk/admin.ts` gives each a name).

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::super::call::Call;
use super::super::convert::{answered, checked, json, picked};
use super::super::object::object;
use super::super::page::{epoch_ms, now_ms, random};
use super::{AdminCore, promise};
use crate::error::{Code, Error};
use crate::http::{Method, Request};
use crate::provision::{Repeat, Route, key_of};
use crate::value::{Kind, Value};

#[wasm_bindgen]
impl AdminCore {
    /// Calls the route of that name, with the parameters of its path.
    pub fn call(&self, name: &str, parameters: &Array, input: &JsValue, options: &JsValue) -> Promise {
        let client = self.client.clone();
        let call = Call::read(options);
        let prepared = Route::named(name).ok_or_else(unknown).and_then(|route| {
            let request = request(route, parameters, input)?;
            Ok((request, route.gives))
        });
        promise(Box::pin(async move {
            let ((mut request, gives), call) = (prepared?, call?);
            if let (true, Some(own)) = (request.idempotency_key.is_some(), &call.idempotency_key) {
                request.idempotency_key = Some(own.clone());
            }
            answered(gives, client.send(&request, &call, &|_, _, _| {}).await?)
        }))
    }
}

fn unknown() -> Error {
    Error::new(Code::Internal, "This release knows no such call.")
}

/// What is to be sent, if the platform would take it.
pub(super) fn request(route: &Route, parameters: &Array, input: &JsValue) -> Result<Request, Error> {
    let parameters: Vec<String> = parameters
        .iter()
        .map(|text| text.as_string().unwrap_or_default())
        .collect();
    if parameters.iter().any(String::is_empty) {
        return Err(Error::invalid_option("id", "must be a text that is not empty"));
    }
    let input = if input.is_undefined() {
        object(&[])
    } else {
        input.clone()
    };
    let input = picked(route.takes, &checked(route.takes, &input)?);
    let reads = route.method == Method::Get;
    let body = if reads { String::new() } else { json(&input)? };
    let mut request = route.request(&parameters, body);
    if reads {
        add_query(&mut request.path, &input);
    }
    if route.repeat == Repeat::ByKey {
        request = request.with_key(key_of(route.name, &input).unwrap_or_else(key_of_this_call));
    }
    Ok(request)
}

fn add_query(path: &mut String, input: &JsValue) {
    let mut mark = '?';
    for name in input.names() {
        let Some(value) = input.get(&name) else { continue };
        let text = match value.kind() {
            Kind::Text => value.text(),
            _ => js_sys::JSON::stringify(&value).ok().map(String::from),
        };
        path.push(mark);
        path.push_str(&name);
        path.push('=');
        path.push_str(&String::from(js_sys::encode_uri_component(
            &text.unwrap_or_default(),
        )));
        mark = '&';
    }
}

/// A key for something that is done each time it is asked for, and once for each time.
fn key_of_this_call() -> String {
    let mut key = String::from("call-");
    for number in [epoch_ms(), now_ms(), random(), random()] {
        key.push_str(&String::from(
            js_sys::Number::from(number)
                .to_string_with_radix(36)
                .unwrap_or_default(),
        ));
    }
    key
}
