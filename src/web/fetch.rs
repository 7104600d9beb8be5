//! The one transport: sends a [`Request`] by `fetch`, in a page or in a worker.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use wasm_bindgen::prelude::*;

use super::body;
use super::call::{Call, field};
use super::object::{bare, object, set};
use super::page::{construct, invoke, parse_date, parse_json, read};
use super::settled::settled;
use super::token::Token;
use crate::error::{Code, Error};
use crate::http::{Answer, Problem, Request};

/// Where requests go, and what goes with each.
pub(super) struct Destination {
    base: String,
    token: Token,
    credentials: JsValue,
}

impl Destination {
    /// From what a page passed to `connect`.
    ///
    /// # Errors
    /// `INVALID_OPTIONS` naming the field.
    pub fn read(options: &JsValue) -> Result<Self, Error> {
        let url = field(options, "proxyUrl")?.as_string().unwrap_or_default();
        let base = url.trim().trim_end_matches('/');
        if !(base.starts_with("http://") || base.starts_with("https://") || base.starts_with('/')) {
            return Err(Error::invalid_option(
                "proxyUrl",
                "must be the http(s) address, or the path, of the partner proxy",
            ));
        }
        let credentials = field(options, "credentials")?;
        let known = ["include", "same-origin"].map(JsValue::from_str);
        if !credentials.is_undefined() && !known.contains(&credentials) {
            return Err(Error::invalid_option(
                "credentials",
                "must be include or same-origin",
            ));
        }
        Ok(Destination {
            base: base.into(),
            token: Token::read(options)?,
            credentials,
        })
    }

    /// Sends once; gives the parsed JSON of a success, null if it has nothing to say. A token that the proxy refuses is
    /// asked for anew, once.
    ///
    /// # Errors
    /// `NETWORK`, `TIMEOUT`, `ABORTED`, `UNAUTHENTICATED`, `BAD_RESPONSE`, or whatever the proxy's problem says.
    pub async fn send(&self, request: &Request, call: &Call) -> Result<JsValue, Error> {
        call.check()?;
        let mut ending = pin!(call.ending(call.timeout_ms, !call.finish_in_flight)?);
        let controller = construct("AbortController", &[]).map_err(no_fetch)?;
        let mut exchange = pin!(self.exchange(request, call, &controller));
        // Not the fetch's own ending: one that a page has wrapped may know nothing of signals.
        let answered = poll_fn(|context| match exchange.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => ending.as_mut().poll(context).map(|_| None),
        });
        let answered = answered.await;
        // What is still under way, such as a body too large to be read, ends here; what has ended does not notice.
        let _ = invoke(&controller, "abort", &[]);
        match answered {
            Some(answer) => answer,
            None => {
                if !call.finish_in_flight {
                    call.check()?;
                }
                Err(timed_out(call.timeout_ms))
            }
        }
    }

    /// Little lives across its waits, and all else is in functions that wait for nothing: a third of the bytes.
    async fn exchange(&self, request: &Request, call: &Call, controller: &JsValue) -> Result<JsValue, Error> {
        let mut may_ask_again = true;
        loop {
            let (authorization, given) = self.token.authorization().await?.unzip();
            let promise = self.start(request, call, controller, authorization)?;
            let response = settled(promise)
                .await
                .map_err(|thrown| self.unreachable(thrown))?;
            let status = status_of(&response)?;
            // Refused at the door: whatever the request is, nothing was done.
            let refused = status == 401 && may_ask_again;
            if refused && given.is_some_and(|given| self.token.refused(&given)) {
                may_ask_again = false;
                continue;
            }
            let text = body::text(&response)
                .await
                .map_err(|thrown| self.unreachable(thrown))?;
            return understand(&response, status, text.as_ref());
        }
    }

    /// Calls the page's `fetch`; gives what it gives.
    fn start(
        &self,
        request: &Request,
        call: &Call,
        controller: &JsValue,
        authorization: Option<JsValue>,
    ) -> Result<JsValue, Error> {
        let headers = object(&[
            ("accept", "application/json".into()),
            ("x-kit-client", env!("CARGO_PKG_VERSION").into()),
        ]);
        if let Some(authorization) = authorization {
            set(&headers, "authorization", &authorization);
        }
        let lane = ("x-kit-lane", call.batch.then_some("batch"));
        for (name, value) in request.headers().into_iter().chain([lane]) {
            if let Some(value) = value {
                set(&headers, name, &value.into());
            }
        }
        let options = bare();
        set(&options, "method", &request.method.as_str().into());
        set(&options, "headers", &headers);
        set(&options, "signal", &read(controller, "signal").map_err(no_fetch)?);
        if let Some(body) = &request.body {
            set(&options, "body", &body.as_str().into());
        }
        if !self.credentials.is_undefined() {
            set(&options, "credentials", &self.credentials);
        }
        let mut url = self.base.clone();
        url.push_str(&request.path);
        let request = construct("Request", &[&url.into(), &options]).map_err(|thrown| {
            Error::invalid_option("proxyUrl", "is no address that a request can go to").because(thrown)
        })?;
        invoke(&js_sys::global(), "fetch", &[&request]).map_err(|thrown| self.unreachable(thrown))
    }

    fn unreachable(&self, thrown: JsValue) -> Error {
        let mut message = String::from("The proxy at ");
        message.push_str(&self.base);
        message.push_str(
            " cannot be reached, or does not allow this page's origin. Nothing is lost: check that it runs and that the \
             network is up, then try again.",
        );
        Error::retryable(Code::Network, message).because(thrown)
    }
}

/// The status of what `fetch` gave.
///
/// # Errors
/// `BAD_RESPONSE`: that is no answer.
fn status_of(response: &JsValue) -> Result<u16, Error> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturating
    let status = read(response, "status").ok().and_then(|status| status.as_f64());
    status.map(|status| status as u16).ok_or_else(|| {
        Error::new(
            Code::BadResponse,
            "This page's fetch gave something that is no answer. Something on the page has replaced fetch.",
        )
    })
}

/// What an answer says, by its text if that is not too long.
fn understand(response: &JsValue, status: u16, text: Option<&JsValue>) -> Result<JsValue, Error> {
    let headers = read(response, "headers").unwrap_or_default();
    let header = |name: &str| invoke(&headers, "get", &[&name.into()]).ok()?.as_string();
    let answer = Answer {
        status,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        request_id: header("x-request-id"),
    };
    let Some(text) = text else {
        return Err(Error {
            status: Some(status),
            request_id: answer.request_id,
            ..Error::new(
                Code::BadResponse,
                "The answer is larger than 8 MiB, which no answer of the proxy is. Check that proxyUrl points at the \
                 OpenCX partner proxy and not at another web server.",
            )
        });
    };
    if answer.is_success() && !text.is_truthy() {
        // Done, and nothing to say (204).
        return Ok(JsValue::NULL);
    }
    let parsed = if answer.is_json() {
        parse_json(text)
    } else {
        Err(JsValue::UNDEFINED)
    };
    match parsed {
        Ok(value) if answer.is_success() => Ok(value),
        Ok(value) => Err(answer.to_error(Some(Problem::read(&value)), parse_date)),
        Err(thrown) => Err(answer.to_error(None, parse_date).because(thrown)),
    }
}

fn timed_out(timeout_ms: u32) -> Error {
    let mut message = String::from("The proxy did not answer within ");
    message.push_str(&timeout_ms.to_string());
    message.push_str(" ms. What it has begun it finishes; try again.");
    Error::retryable(Code::Timeout, message)
}

fn no_fetch(thrown: JsValue) -> Error {
    let error = Error::new(
        Code::Internal,
        "This page has no working fetch. Something has replaced or removed it.",
    );
    error.because(thrown)
}
