//! One call that tells whether the platform would take ours, and changes nothing.

use std::error::Error;
use std::time::SystemTime;

use reqwest::header::DATE;
use secrecy::ExposeSecret;
use serde_json::json;

use super::client;
use super::send::{is_html, text};
use crate::config::Config;

/// What came back.
#[derive(Debug, Clone)]
pub struct Probe {
    /// HTTP status.
    pub status: u16,
    /// A web page, and so not the platform's own answer.
    pub html: bool,
    /// Its clock.
    pub date: Option<SystemTime>,
}

impl Probe {
    /// Creates an organization without the name it must have: refused, by whoever checks the key first.
    ///
    /// # Errors
    /// Why nothing came back, without the address.
    pub async fn send(config: &Config) -> Result<Self, String> {
        let answer = client(config)?
            .post(format!("{}/partner/v1/orgs", config.platform.api_url))
            .bearer_auth(config.platform.partner_key.expose_secret())
            .json(&json!({}))
            .send()
            .await
            .map_err(|error| reason(&error.without_url()))?;
        Ok(Probe {
            status: answer.status().as_u16(),
            html: is_html(answer.headers()),
            date: text(answer.headers(), &DATE).and_then(|date| httpdate::parse_http_date(date).ok()),
        })
    }
}

/// The innermost says most: `Connection refused`, `certificate has expired`.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut reason: &dyn Error = error;
    while let Some(cause) = reason.source() {
        reason = cause;
    }
    reason.to_string()
}
