//! Passes a call on to the platform with the org's key, and its answer back. Harmless to repeat, so the ledger keeps
//! nothing of it, unless the caller gives it a key.

pub mod call;
mod keyed;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::http::path_of;
use opencx_partner_kit::provision::{Gives, Route};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use self::call::Call;
pub use self::keyed::Keyed;
use crate::App;
use crate::platform::{Credential, Failure, listed_items, understand};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;

/// A checked call.
pub struct Relay {
    /// The route it came by.
    pub route: &'static Route,
    /// The platform's call.
    pub call: &'static Call,
    /// The org's.
    pub org_key: SecretString,
    /// The path's parameters but for the org's id.
    pub parameters: Vec<String>,
    /// The body, or of a read the query.
    pub input: Map<String, Value>,
}

impl Relay {
    /// Calls, and answers.
    ///
    /// # Errors
    /// The protocol's.
    pub async fn answer(&self, app: &App) -> Result<Response, ApiError> {
        Ok(told(self.route, &self.send(app).await?)?)
    }

    /// Calls.
    async fn send(&self, app: &App) -> Result<SecretBytes, Failure> {
        let mut path = path_of(app.place(self.call.place)?, &self.parameters);
        let reads = self.call.method == Method::GET;
        if reads && !self.input.is_empty() {
            path.push('?');
            path.push_str(&query(&self.input));
        }
        let has_body = !reads && (!self.input.is_empty() || takes_body(&self.call.method));
        let body = has_body.then(|| {
            let body = Value::Object(self.input.clone());
            match self.call.inside {
                Some(field) => json!({ field: body }),
                None => body,
            }
        });
        let credential = Credential::Org(&self.org_key);
        let sent = app
            .platform
            .send(self.call.method.clone(), &path, credential, body.as_ref())
            .await;
        match sent {
            // What is gone is removed.
            Err(failure) if self.call.method == Method::DELETE && failure.error.status == Some(404) => {
                Ok(SecretBytes::default())
            }
            sent => sent.map_err(|failure| app.explain(self.call.place, failure)),
        }
    }
}

/// An answer of the platform as the route gives it.
///
/// # Errors
/// `BAD_RESPONSE`.
pub fn told(route: &Route, answer: &[u8]) -> Result<Response, Failure> {
    Ok(match route.gives {
        Gives::Nothing => StatusCode::NO_CONTENT.into_response(),
        Gives::List => Json(page(understand(answer)?)?).into_response(),
        Gives::Object | Gives::One(_) | Gives::Progress => {
            let object: Map<String, Value> = understand(answer)?;
            Json(Value::Object(object)).into_response()
        }
    })
}

fn takes_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

/// A list in the protocol's one shape, whichever of its two the platform has: `items`, and what else it says of the page.
fn page(list: Value) -> Result<Value, Failure> {
    let mut page = match &list {
        Value::Object(fields) => fields.clone(),
        _ => Map::new(),
    };
    page.insert("items".into(), Value::Array(listed_items(list)?));
    Ok(Value::Object(page))
}

fn query(input: &Map<String, Value>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in input {
        match value {
            Value::String(text) => query.append_pair(name, text),
            other => query.append_pair(name, &other.to_string()),
        };
    }
    query.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shape_for_every_list() {
        assert_eq!(page(json!([1])).unwrap(), json!({ "items": [1] }));
        let whole = json!({ "items": [1], "next": "c" });
        assert_eq!(page(whole.clone()).unwrap(), whole);
        assert!(page(json!({})).is_err());
    }
}
