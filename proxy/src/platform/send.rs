//! Sending: one attempt when its turn has come, and another one only when the platform certainly did nothing.

use std::time::{Duration, UNIX_EPOCH};

use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::{Attempt, Decision, RetryPolicy, retry_after_ms};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;

use super::judge::{Reply, judge};
use super::quote::quote;
use super::{Credential, Failure, Platform};
use crate::budget::{Key, Turn};
use crate::chance::chance;
use crate::observe::{TRACEPARENT, Trace};
use crate::secret_bytes::SecretBytes;

const ANSWER_LIMIT: usize = 5 * 1024 * 1024;

/// Short: a person waits, and holds on to the browser's own retries.
const POLICY: RetryPolicy = RetryPolicy {
    max_attempts: 3,
    base_ms: 200,
    cap_ms: 800,
    deadline_ms: 3_000,
};

impl Platform {
    /// Waits until a call with that key may be made, as [`Platform::send`] does by itself.
    ///
    /// # Errors
    /// [`Failure`]; nothing was sent.
    pub async fn turn(&self, credential: Credential<'_>) -> Result<Turn, Failure> {
        self.budgets.turn(budget(credential), Instant::now()).await
    }

    /// Reads.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn get(&self, path: &str, credential: Credential<'_>) -> Result<SecretBytes, Failure> {
        self.send(Method::GET, path, credential, None).await
    }

    /// Writes.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn post(
        &self,
        path: &str,
        credential: Credential<'_>,
        body: &Value,
    ) -> Result<SecretBytes, Failure> {
        self.send(Method::POST, path, credential, Some(body)).await
    }

    /// Sends.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        credential: Credential<'_>,
        body: Option<&Value>,
    ) -> Result<SecretBytes, Failure> {
        let asked = Instant::now();
        let (mut made, mut spent) = (0, Duration::ZERO);
        let mut too_many: Option<Failure> = None;
        self.retries().first_attempt();
        loop {
            let turn = match (
                self.budgets.turn(budget(credential), asked).await,
                too_many.take(),
            ) {
                (Ok(turn), _) => turn,
                (Err(refused), Some(mut too_many)) if refused.error.code == Code::RateLimited => {
                    too_many.error.retry_after_ms = refused.error.retry_after_ms;
                    return Err(too_many);
                }
                (Err(refused), _) => return Err(refused),
            };
            let started = Instant::now();
            let failure = match self.attempt(&method, path, credential, body).await {
                Ok(answer) => {
                    if made > 0 {
                        self.retries().repeat_helped();
                    }
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            made += 1;
            tracing::warn!(
                code = failure.error.code.as_str(),
                status = failure.error.status,
                attempt = made,
                "OpenCX gave no success"
            );
            if failure.error.code == Code::RateLimited && turn.is_counted() {
                turn.refused(failure.error.retry_after_ms);
                // Nothing was done, and the wait for the next turn is as long as it must be.
                too_many = Some(failure);
                continue;
            }
            drop(turn);
            spent += started.elapsed();
            let attempt = Attempt {
                made,
                elapsed_ms: u64::try_from(spent.as_millis()).unwrap_or(u64::MAX),
                repeat_safe: failure.certain,
                random: chance(),
            };
            let decision = POLICY.decide(&failure.error, attempt, &mut self.retries());
            match decision {
                Decision::Stop => return Err(failure),
                Decision::Wait(millis) => {
                    let pause = Duration::from_millis(millis);
                    tokio::time::sleep(pause).await;
                    spent += pause;
                }
            }
        }
    }

    /// Sends once, and counts it.
    async fn attempt(
        &self,
        method: &Method,
        path: &str,
        credential: Credential<'_>,
        body: Option<&Value>,
    ) -> Result<SecretBytes, Failure> {
        let (started, mut status) = (Instant::now(), None);
        let outcome = self.exchange(method, path, credential, body, &mut status).await;
        self.metrics
            .platform_called(self.calls.name(method, path), status, started.elapsed());
        outcome
    }

    /// Gives the body of a success, whatever it is, and the status as soon as it is known.
    async fn exchange(
        &self,
        method: &Method,
        path: &str,
        credential: Credential<'_>,
        body: Option<&Value>,
        known: &mut Option<u16>,
    ) -> Result<SecretBytes, Failure> {
        let key = self.key(credential);
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.base))
            .header(TRACEPARENT, Trace::current().header())
            .bearer_auth(key.expose_secret());
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut response = request
            .send()
            .await
            .map_err(|error| Failure::unanswered(&error))?;
        let status = response.status().as_u16();
        *known = Some(status);
        let headers = std::mem::take(response.headers_mut());
        let expected = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        let mut body = SecretBytes::with_capacity(expected.unwrap_or_default().min(ANSWER_LIMIT));
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_LIMIT => {
                    return Err(Failure::bad_response(Some(status), "more than 5 MiB"));
                }
                Ok(Some(chunk)) => body.extend(&chunk),
                // The status of a refusal has said all there is to act on.
                Err(_) if status >= 400 => break,
                Err(error) if error.is_timeout() => return Err(Failure::unanswered(&error)),
                Err(_) => return Err(Failure::cut_off(status)),
            }
        }
        if (200..300).contains(&status) {
            return Ok(body);
        }
        let mut secrets = vec![self.partner_key.expose_secret()];
        if let Credential::Org(key) = credential {
            secrets.push(key.expose_secret());
        }
        let reply = Reply {
            status,
            html: is_html(&headers),
            wait_ms: text(&headers, &RETRY_AFTER)
                .and_then(|after| retry_after_ms(after, text(&headers, &DATE), parse_date)),
            said: quote(&body, &secrets),
        };
        Err(judge(reply, credential))
    }

    fn key<'a>(&'a self, credential: Credential<'a>) -> &'a SecretString {
        match credential {
            Credential::Partner => &self.partner_key,
            Credential::Org(key) => key,
        }
    }
}

fn budget(credential: Credential<'_>) -> Key<'_> {
    match credential {
        Credential::Partner => Key::Partner,
        Credential::Org(key) => Key::Org(key.expose_secret()),
    }
}

/// A web page, and so not the platform's own answer.
pub(super) fn is_html(headers: &HeaderMap) -> bool {
    let kind = text(headers, &CONTENT_TYPE);
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn parse_date(text: &str) -> Option<u64> {
    let since = httpdate::parse_http_date(text)
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?;
    u64::try_from(since.as_millis()).ok()
}
