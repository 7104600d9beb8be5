//! The token a page gives for its proxy: a text, or a function that gets one.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::call::field;
use super::settled::settled;
use crate::error::{Code, Error};

/// Longer than any token that a header takes.
const LONGEST: usize = 8_000;

/// What `connect({ token })` gave. Never printed.
#[derive(Default)]
pub(super) struct Token {
    ask: Option<Function>,
    /// What the page gave last: a text, or a promise of one, which several calls may be waiting for.
    given: RefCell<JsValue>,
}

impl Token {
    /// # Errors
    /// `INVALID_OPTIONS`: neither a text fit for a header nor a function.
    pub fn read(options: &JsValue) -> Result<Self, Error> {
        let token = field(options, "token")?;
        if token.is_undefined() {
            return Ok(Token::default());
        }
        if let Some(ask) = token.dyn_ref::<Function>() {
            return Ok(Token {
                ask: Some(ask.clone()),
                ..Token::default()
            });
        }
        if usable(&token).is_none() {
            return Err(Error::invalid_option(
                "token",
                "must be a function that gives a token, or a token: visible ASCII characters without blanks",
            ));
        }
        Ok(Token {
            ask: None,
            given: RefCell::new(token),
        })
    }

    /// The value of `Authorization`, if the page gave a token, and what to name when it is refused; asks for a token if there
    /// is none at hand.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` with what the page's function threw.
    pub async fn authorization(&self) -> Result<Option<(JsValue, JsValue)>, Error> {
        let mut given = self.given.borrow().clone();
        if given.is_undefined() {
            let Some(ask) = &self.ask else { return Ok(None) };
            given = ask
                .call0(&JsValue::UNDEFINED)
                .map_err(|thrown| no_token().because(thrown))?;
            self.given.replace(given.clone());
        }
        let text = settled(given.clone()).await;
        match text.map(|text| usable(&text)) {
            Ok(Some(token)) => {
                let mut header = String::from("Bearer ");
                header.push_str(&token);
                Ok(Some((header.into(), given)))
            }
            // The next call asks anew.
            failed => {
                self.forget(&given);
                let error = no_token();
                Err(match failed {
                    Err(thrown) => error.because(thrown),
                    Ok(_) => error,
                })
            }
        }
    }

    /// The proxy refused it; whether another one can be had.
    pub fn refused(&self, given: &JsValue) -> bool {
        self.forget(given);
        self.ask.is_some()
    }

    /// Not to be used again, unless it was replaced meanwhile.
    fn forget(&self, given: &JsValue) {
        let mut held = self.given.borrow_mut();
        if self.ask.is_some() && *held == *given {
            *held = JsValue::UNDEFINED;
        }
    }
}

fn usable(token: &JsValue) -> Option<String> {
    token
        .as_string()
        .filter(|token| (1..=LONGEST).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic()))
}

fn no_token() -> Error {
    Error::new(
        Code::Unauthenticated,
        "This page gave no token that can be sent to the proxy. Nothing was sent. Sign in again, or check the function \
         passed as token to connect(): it must give a text of visible ASCII characters, or a promise of one.",
    )
}
