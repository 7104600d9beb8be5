//! The embed's rules as `www/sdk` calls them: numbers, texts and options in, numbers and errors out. It draws nothing:
//! drawing through wasm cost a visitor twice the bytes (`docs/architecture.md`).

use wasm_bindgen::prelude::*;

use super::error::to_js;
use crate::embed::{self, Call, Lifetime, Standing, Startup, Strategy, Wake};
use crate::http::RetryPolicy;

/// A new widget's state: a number that holds where it stands and, in its low bits, what is to be done now.
#[wasm_bindgen]
pub fn begin(needs_consent: bool) -> u32 {
    embed::begin(needs_consent)
}

/// The state after a command or a signal.
#[wasm_bindgen]
pub fn step(state: u32, input: u32) -> u32 {
    embed::step(state, input)
}

/// Milliseconds before the next attempt at the vendor's script.
#[wasm_bindgen]
#[allow(clippy::cast_precision_loss)]
pub fn backoff(state: u32, random: f64) -> f64 {
    RetryPolicy::SCRIPT.backoff_ms(embed::attempts(state), random) as f64
}

/// Checks what a page passes.
///
/// # Errors
/// `INVALID_OPTIONS` naming the option.
#[wasm_bindgen(js_name = checkOptions)]
pub fn check_options(options: &JsValue) -> Result<(), JsValue> {
    embed::check_options(options).map_err(|error| to_js(&error))
}

/// When to load the chat by itself: 0 at once, 1 once the page is idle, 2 when it is opened. Strategies are numbered as in
/// the option's documentation.
#[wasm_bindgen]
pub fn when(strategy: u32, returning: bool, saving: bool) -> u32 {
    let strategy = match strategy {
        1 => Strategy::Idle,
        2 => Strategy::Eager,
        3 => Strategy::Manual,
        _ => Strategy::Intent,
    };
    match embed::wake(strategy, returning, saving) {
        Wake::Now => 0,
        Wake::WhenIdle => 1,
        Wake::OnOpen => 2,
    }
}

/// Whether a starting chat has come up: undefined while it has not, true when it has; else a pair of the error that says
/// why it will not, and whether another attempt may cure that. Of a call: its status, or 0 if it was not made, 1 if it is
/// under way, -1 if nobody answered.
#[wasm_bindgen]
pub fn standing(
    waited_ms: f64,
    limit_ms: f64,
    is_usable: bool,
    config: i16,
    contact: i16,
    sessions: i16,
) -> JsValue {
    let standing = embed::look(Startup {
        waited_ms,
        limit_ms,
        is_usable,
        config: call(config),
        contact: call(contact),
        sessions: call(sessions),
    });
    let (error, again) = match standing {
        Standing::Waiting => return JsValue::UNDEFINED,
        Standing::Usable => return JsValue::TRUE,
        Standing::Missed(error) => (error, true),
        Standing::Failed(error) => (error, false),
    };
    js_sys::Array::of2(&to_js(&error), &again.into()).into()
}

fn call(status: i16) -> Call {
    match status {
        0 => Call::NotMade,
        1 => Call::UnderWay,
        _ => u16::try_from(status).map_or(Call::Lost, Call::Answered),
    }
}

/// Milliseconds until a contact token is to be renewed; not a number if it never ends. Likewise its times, if it has none.
#[wasm_bindgen(js_name = renewIn)]
pub fn renew_in(issued_at: f64, expires_at: f64, now_ms: f64, is_fresh: bool) -> f64 {
    let known = |seconds: f64| (!seconds.is_nan()).then_some(seconds);
    let token = Lifetime {
        issued_at: known(issued_at),
        expires_at: known(expires_at),
    };
    embed::renew_in_ms(token, now_ms, is_fresh).unwrap_or(f64::NAN)
}
