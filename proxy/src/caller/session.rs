//! A session: a person whom the partner's backend has vouched for, known by a cookie.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::assertion::{self, Assertion};
use super::claims::ClaimNames;
use super::identity::Caller;
use super::refusal::{lacking, not_good, unknown};
use super::token::Verifier;
use crate::problem::ApiError;

/// Browsers take a cookie of such a name only over https (or on this machine), for this host alone, and for all of it.
pub const NAME: &str = "__Host-opencx-session";
const HEX_DIGITS: usize = 64;

/// How sessions are made.
pub struct Sessions {
    /// Of assertions.
    pub verifier: Verifier,
    /// From sign-in to the end.
    pub lifetime: Duration,
}

/// What a good assertion is exchanged for.
pub struct Exchange {
    /// Whose session.
    pub caller: Caller,
    /// The assertion's own id.
    pub id: String,
    /// Until when it must be known as spent, in Unix seconds.
    pub forget_at: i64,
}

impl Sessions {
    /// Reads an assertion. `now` in Unix seconds.
    ///
    /// # Errors
    /// For people.
    pub async fn exchange(&self, text: &str, names: &ClaimNames, now: i64) -> Result<Exchange, ApiError> {
        let claims = self.verifier.claims(text).await;
        let claims = claims.map_err(|flaw| not_good("assertion", flaw))?;
        let Assertion { id, forget_at } = assertion::read(&claims, now).map_err(|why| {
            unknown(&format!(
                "The assertion {why}. Nothing was done. Your backend must sign another one."
            ))
        })?;
        let caller = names.caller(&claims).map_err(|lack| lacking("assertion", lack))?;
        Ok(Exchange {
            caller,
            id,
            forget_at,
        })
    }
}

/// An assertion that comes a second time.
pub fn spent() -> ApiError {
    unknown(
        "The assertion has been used before: each is good for one session. Nothing was done. Your backend must sign another \
         one.",
    )
}

/// What the cookie holds: nothing but chance.
pub struct Ticket(SecretString);

impl Ticket {
    /// A new one. None: the system has no randomness to give.
    pub fn new() -> Option<Self> {
        let mut bytes = [0_u8; HEX_DIGITS / 2];
        getrandom::fill(&mut bytes).ok()?;
        Some(Ticket(hex::encode(bytes).into()))
    }

    /// That of the request. None: it has none.
    ///
    /// # Errors
    /// For people, when there are two: one of them may have been slipped in.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let mut found = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == NAME)
            .map(|(_, value)| value);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(value), None) if is_ticket(value) => Ok(Some(Ticket(value.into()))),
            _ => Err(unknown(
                "The session cookie is none of this proxy's. Nothing was done. Sign in again.",
            )),
        }
    }

    /// What the ledger knows it by: nobody can make a cookie of it.
    pub fn name(&self) -> String {
        hex::encode(Sha256::digest(self.0.expose_secret()))
    }
}

fn is_ticket(text: &str) -> bool {
    text.len() == HEX_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Gives the cookie to the browser.
pub fn cookie(ticket: &Ticket, lifetime: Duration) -> Option<HeaderValue> {
    let (ticket, seconds) = (ticket.0.expose_secret(), lifetime.as_secs());
    let text = format!("{NAME}={ticket}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Takes it away.
pub fn clear_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-opencx-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(cookies: &[&str]) -> Result<Option<String>, u16> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, cookie.parse().unwrap());
        }
        Ticket::of(&headers)
            .map(|ticket| ticket.map(|ticket| ticket.0.expose_secret().to_owned()))
            .map_err(|refused| refused.status.as_u16())
    }

    #[test]
    fn one_cookie_of_its_name() {
        let value = "ab".repeat(32);
        let own = format!("{NAME}={value}");
        assert_eq!(ticket(&[]), Ok(None));
        assert_eq!(ticket(&["a=b; c", "opencx-session=x"]), Ok(None));
        assert_eq!(ticket(&[&own]), Ok(Some(value.clone())));
        assert_eq!(ticket(&["a=b", &format!("a=b; {own};c=d")]), Ok(Some(value)));
        for wrong in [
            vec![own.clone(), own.clone()],
            vec![format!("{own}; {own}")],
            vec![format!("{NAME}=")],
            vec![format!("{NAME}={}", "x".repeat(64))],
            vec![format!("{own}0")],
        ] {
            let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
            assert_eq!(ticket(&wrong), Err(401), "{wrong:?}");
        }
    }

    #[test]
    fn the_cookie_is_for_this_host_https_and_no_script() {
        let ticket = Ticket::new().unwrap();
        assert_ne!(ticket.name(), Ticket::new().unwrap().name());
        assert!(!ticket.name().contains(ticket.0.expose_secret()));
        let given = cookie(&ticket, Duration::from_secs(60)).unwrap();
        let given = given.to_str().unwrap();
        let taken = clear_cookie();
        for text in [given, taken.to_str().unwrap()] {
            let mut parts = text.split("; ");
            assert!(parts.next().unwrap().starts_with("__Host-opencx-session="));
            let parts: Vec<_> = parts.collect();
            assert_eq!(parts[..4], ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"]);
            assert_eq!(parts.len(), 5);
        }
        assert!(given.ends_with("Max-Age=60") && taken.to_str().unwrap().ends_with("Max-Age=0"));
    }
}
