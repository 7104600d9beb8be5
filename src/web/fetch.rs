//! The one transport: sends a [`Request`] by `fetch`, in a page or in a worker.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_net::http::RequestBuilder;
use gloo_timers::callback::Timeout;
use js_sys::{Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use super::call::{Call, aborted};
use crate::error::{Code, Error};
use crate::http::{Answer, Method, Problem, Request};

#[derive(Clone, Copy, PartialEq)]
enum Ended {
    Not,
    TimedOut,
    Aborted,
}

/// Sends once; gives the parsed JSON of a success.
///
/// # Errors
/// `NETWORK`, `TIMEOUT`, `ABORTED`, `BAD_RESPONSE`, or whatever the proxy's problem says.
pub(super) async fn send(base: &str, request: &Request, call: &Call) -> Result<JsValue, Error> {
    call.check()?;
    let controller = AbortController::new().map_err(|_| internal())?;
    let ended = Rc::new(Cell::new(Ended::Not));
    let end = |how: Ended| {
        let (ended, controller) = (ended.clone(), controller.clone());
        move || {
            ended.set(how);
            controller.abort();
        }
    };
    let _timer = Timeout::new(call.timeout_ms, end(Ended::TimedOut));
    let cuts = call.signal.as_ref().filter(|_| !call.finish_in_flight);
    let _listener = cuts.map(|signal| {
        let end = end(Ended::Aborted);
        EventListener::once(signal, "abort", move |_| end())
    });

    let (answer, text) = exchange(base, request, &controller)
        .await
        .map_err(|error| match ended.get() {
            Ended::TimedOut => timed_out(call.timeout_ms),
            Ended::Aborted => aborted(),
            Ended::Not => error,
        })?;
    if answer.is_success() && text.is_empty() {
        // Done, and nothing to say (204).
        return Ok(JsValue::UNDEFINED);
    }
    let parsed = if answer.is_json() {
        JSON::parse(&text).ok()
    } else {
        None
    };
    match parsed {
        Some(value) if answer.is_success() => Ok(value),
        Some(value) => Err(answer.to_error(Some(Problem::read(&value)), parse_date)),
        None => Err(answer.to_error(None, parse_date)),
    }
}

/// The browser's own parser; NaN for what is no date.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn parse_date(text: &str) -> Option<u64> {
    Some(js_sys::Date::parse(text))
        .filter(|millis| *millis >= 0.0)
        .map(|millis| millis as u64)
}

async fn exchange(
    base: &str,
    request: &Request,
    controller: &AbortController,
) -> Result<(Answer, String), Error> {
    let mut builder = RequestBuilder::new(&format!("{base}{}", request.path))
        .method(match request.method {
            Method::Get => gloo_net::http::Method::GET,
            Method::Post => gloo_net::http::Method::POST,
            Method::Put => gloo_net::http::Method::PUT,
            Method::Patch => gloo_net::http::Method::PATCH,
            Method::Delete => gloo_net::http::Method::DELETE,
        })
        .header("accept", "application/json")
        .abort_signal(Some(&controller.signal()));
    if let Some(key) = &request.idempotency_key {
        builder = builder.header("idempotency-key", key);
    }
    if let Some(version) = &request.version {
        builder = builder.header("x-kit-version", version);
    }
    if request.again {
        builder = builder.header("x-kit-again", "1");
    }
    let built = match &request.body {
        Some(body) => builder
            .header("content-type", "application/json")
            .body(body.as_str()),
        None => builder.build(),
    };
    let built: web_sys::Request = built.map_err(|_| bad_address(base))?.into();

    // Not gloo-net's own send(): it traps when a page's wrapped fetch rejects with something that is no Error.
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into())
        .ok()
        .and_then(|f| f.dyn_into().ok())
        .ok_or_else(internal)?;
    let promise = fetch
        .call1(&global, &built)
        .map_err(|_| unreachable_proxy(base))?;
    let response: Response = JsFuture::from(Promise::resolve(&promise))
        .await
        .map_err(|_| unreachable_proxy(base))?
        .dyn_into()
        .map_err(|_| internal())?;
    let headers = response.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let answer = Answer {
        status: response.status(),
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        request_id: header("x-request-id"),
    };
    let text = response.text().map_err(|_| internal())?;
    let text = JsFuture::from(text).await.map_err(|_| unreachable_proxy(base))?;
    Ok((answer, text.as_string().unwrap_or_default()))
}

fn unreachable_proxy(base: &str) -> Error {
    Error::retryable(
        Code::Network,
        format!(
            "The proxy at {base} cannot be reached, or does not allow this page's origin. Nothing is lost: check \
             that it runs and that the network is up, then try again."
        ),
    )
}

fn timed_out(timeout_ms: u32) -> Error {
    Error::retryable(
        Code::Timeout,
        format!("The proxy did not answer within {timeout_ms} ms. What it has begun it finishes; try again."),
    )
}

fn bad_address(base: &str) -> Error {
    Error::new(
        Code::InvalidOptions,
        format!("proxyUrl is no address a request can go to: {base}"),
    )
}

fn internal() -> Error {
    Error::new(
        Code::Internal,
        "This page has no working fetch. Something has replaced or removed it.",
    )
}
