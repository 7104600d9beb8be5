//! The address of a customer's website, before it is sent on.

use opencx_partner_kit::error::{Error, FieldError};
use serde_json::{Map, Value};
use url::Url;

use crate::App;
use crate::problem::ApiError;

/// Checks those of the fields that hold one; the table looked at them only roughly.
///
/// # Errors
/// `INVALID_SPEC` naming the field.
#[allow(clippy::unused_async)]
pub async fn check(_: &App, input: &Map<String, Value>, fields: &[&str]) -> Result<(), ApiError> {
    for &field in fields {
        let Some(text) = input.get(field).and_then(Value::as_str) else {
            continue;
        };
        if !Url::parse(text).is_ok_and(|url| url.has_host()) {
            return Err(ApiError::new(Error::invalid(vec![FieldError {
                path: field.to_owned(),
                message: "must be an http or https address such as https://www.example.com".to_owned(),
            }])));
        }
    }
    Ok(())
}
