//! How callers say who they are.

mod settings;

use std::net::IpAddr;
use std::time::Duration;

use axum::http::HeaderName;
use ipnet::IpNet;
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::listen::ADDRESS;
use super::platform::API_URL;
use super::{Listen, Lookup, PlatformConfig, Setting, is_loopback};
use crate::caller::{ClaimName, ClaimNames, RoleNames, Trusted, algorithms};
pub use settings::SETTINGS;
use settings::{
    ALGORITHMS, AUDIENCE, CUSTOMERS_CLAIM, CUSTOMERS_HEADER, CUSTOMERS_REQUIRED, ISSUER, JWKS_URL, MODE,
    ROLE_CLAIM, ROLE_HEADER, ROLES, SECRET, SESSION_MINUTES, SUBJECT_HEADER, TRUSTED_PROXIES,
};

/// Shorter secrets can be guessed from one token.
const SECRET_LENGTH: usize = 32;
const MINUTES: std::ops::RangeInclusive<u64> = 1..=1440;

/// How callers say who they are.
#[derive(Debug, Clone)]
pub struct Auth {
    /// Which way.
    pub mode: Mode,
    /// What it says of a person.
    pub names: ClaimNames,
}

/// The ways.
#[derive(Debug, Clone)]
pub enum Mode {
    /// Not at all.
    None,
    /// By a token of the partner's sign-in, with each call.
    Jwt(Tokens),
    /// By a cookie, for which an assertion of the partner's backend is exchanged; for so long.
    Session(Tokens, Duration),
    /// By the word of a reverse proxy.
    TrustedHeader(Trusted),
}

/// Which tokens, or assertions, are good.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Their `iss`.
    pub issuer: String,
    /// One of their `aud`.
    pub audience: String,
    /// What they are checked by.
    pub keys: KeySource,
    /// How they may be signed.
    pub algorithms: Vec<Algorithm>,
}

/// What tokens are checked by.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A secret that the issuer shares.
    Shared(SecretString),
    /// The keys that the issuer publishes there.
    Published(Url),
}

impl Auth {
    /// Whether callers may be left unasked: where there is nothing but a sandbox, and nobody but this machine.
    ///
    /// # Errors
    /// One line for people.
    pub fn fits(&self, listen: &Listen, platform: &PlatformConfig) -> Result<(), String> {
        if !matches!(self.mode, Mode::None) {
            return Ok(());
        }
        if !listen.address.ip().is_loopback() {
            let remedy = format!(
                "others reach it there, but {} is none: nobody is asked who he is. Set that to jwt, session or \
                 trusted-header, or use 127.0.0.1.",
                MODE.name()
            );
            return Err(ADDRESS.wrong(listen.address, &remedy));
        }
        let sandbox = Url::parse(&platform.api_url).is_ok_and(|url| is_loopback(&url));
        if !sandbox {
            let remedy = format!(
                "that is for a sandbox on this machine only, but {} is {}. Set the mode to jwt, session or \
                 trusted-header: docs/who-may-call.md says how, in five minutes.",
                API_URL.name(),
                platform.api_url
            );
            return Err(MODE.wrong("none", &remedy));
        }
        Ok(())
    }

    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let mode = match lookup.text(&MODE)?.as_deref() {
            None | Some("none") => none(lookup)?,
            Some("jwt") => Mode::Jwt(tokens(lookup, "jwt")?),
            Some("session") => Mode::Session(tokens(lookup, "session")?, lifetime(lookup)?),
            Some("trusted-header") => Mode::TrustedHeader(trusted(lookup)?),
            Some(other) => {
                return Err(MODE.wrong(
                    other,
                    "use jwt, session, trusted-header, or none for a sandbox on this machine.",
                ));
            }
        };
        let names = ClaimNames {
            role: claim(lookup, &ROLE_CLAIM, "role")?,
            customers: claim(lookup, &CUSTOMERS_CLAIM, "customers")?,
            roles: roles(lookup)?,
            customers_required: lookup
                .parse(&CUSTOMERS_REQUIRED, "use true or false.")?
                .unwrap_or(false),
        };
        Ok(Auth { mode, names })
    }
}

/// Whoever says how callers are known, and not that they are asked, has left out the most important line.
fn none(lookup: &Lookup<'_>) -> Result<Mode, String> {
    let given = |setting: &Setting| {
        if setting.secret {
            return lookup.secret(setting).map(|secret| secret.is_some());
        }
        lookup.list(setting).map(|list| !list.is_empty())
    };
    for (setting, mode) in [
        (&ISSUER, "jwt or session"),
        (&AUDIENCE, "jwt or session"),
        (&JWKS_URL, "jwt or session"),
        (&SECRET, "jwt or session"),
        (&TRUSTED_PROXIES, "trusted-header"),
    ] {
        if given(setting)? {
            let remedy = format!(
                "but {} is given, and means nothing then. Set the mode to {mode}, or leave that out.",
                setting.name()
            );
            return Err(MODE.wrong("none", &remedy));
        }
    }
    Ok(Mode::None)
}

fn tokens(lookup: &Lookup<'_>, mode: &str) -> Result<Tokens, String> {
    let needed = |setting: &Setting, what: &str| {
        lookup
            .text(setting)?
            .ok_or_else(|| setting.missing(&format!("The mode {mode} needs it: set it to {what}.")))
    };
    let issuer = needed(&ISSUER, "the issuer, exactly as iss says it")?;
    let audience = needed(&AUDIENCE, "the audience that is to stand in aud for this proxy")?;
    let keys = match (lookup.secret(&SECRET)?, lookup.text(&JWKS_URL)?) {
        (Some(_), Some(_)) => {
            return Err(SECRET.wrong_secret(&format!(
                "and {} are both given: keep one of them.",
                JWKS_URL.name()
            )));
        }
        (Some(secret), None) if secret.expose_secret().len() < SECRET_LENGTH => {
            return Err(
                SECRET.wrong_secret("is shorter than 32 characters. Make one with `openssl rand -hex 32`.")
            );
        }
        (Some(secret), None) => KeySource::Shared(secret),
        (None, Some(url)) => KeySource::Published(jwks_url(&url)?),
        (None, None) => {
            return Err(JWKS_URL.missing(&format!(
                "The mode {mode} needs it, or else {}: what the signatures are checked by.",
                SECRET.name()
            )));
        }
    };
    let shared = matches!(keys, KeySource::Shared(_));
    let mut named = lookup.list(&ALGORITHMS)?;
    if named.is_empty() {
        let defaults: &[&str] = if shared {
            &["HS256"]
        } else {
            &["RS256", "ES256", "EdDSA"]
        };
        named = defaults.iter().map(|&name| name.to_owned()).collect();
    }
    let algorithms = algorithms(&named, shared).ok_or_else(|| {
        ALGORITHMS.wrong(
            named.join(", "),
            if shared {
                "with a shared secret use HS256, HS384 or HS512, each once."
            } else {
                "with published keys use RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or EdDSA, each once."
            },
        )
    })?;
    Ok(Tokens {
        issuer,
        audience,
        keys,
        algorithms,
    })
}

fn jwks_url(value: &str) -> Result<Url, String> {
    let Ok(url) = Url::parse(value) else {
        return Err(JWKS_URL.wrong(
            value,
            "this is no address. Use the https address of the issuer's JWKS.",
        ));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            JWKS_URL.wrong_secret("holds a user or a password. Use the bare address of the issuer's JWKS.")
        );
    }
    if url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url) {
        return Ok(url);
    }
    Err(JWKS_URL.wrong(
        value,
        "whoever can change these keys can call as anybody. Use https.",
    ))
}

fn lifetime(lookup: &Lookup<'_>) -> Result<Duration, String> {
    let remedy = "use whole minutes from 1 to 1440.";
    match lookup.parse(&SESSION_MINUTES, remedy)? {
        None => Ok(Duration::from_secs(60 * 60)),
        Some(minutes) if MINUTES.contains(&minutes) => Ok(Duration::from_secs(minutes * 60)),
        Some(minutes) => Err(SESSION_MINUTES.wrong(minutes, remedy)),
    }
}

fn trusted(lookup: &Lookup<'_>) -> Result<Trusted, String> {
    let listed = lookup.list(&TRUSTED_PROXIES)?;
    if listed.is_empty() {
        return Err(TRUSTED_PROXIES.missing(
            "The mode trusted-header needs it: list the addresses of your reverse proxies, such as 10.0.0.5.",
        ));
    }
    let peers = listed.iter().map(|peer| {
        let network = peer
            .parse::<IpAddr>()
            .map(IpNet::from)
            .or_else(|_| peer.parse::<IpNet>());
        network
            .ok()
            .filter(|network| network.prefix_len() > 0)
            .ok_or_else(|| {
                TRUSTED_PROXIES.wrong(
                    peer,
                    "use addresses or networks, such as 10.0.0.5 or 10.1.0.0/16, but not everybody's.",
                )
            })
    });
    Ok(Trusted {
        peers: peers.collect::<Result<_, _>>()?,
        subject: header(lookup, &SUBJECT_HEADER, "x-forwarded-user")?,
        role: header(lookup, &ROLE_HEADER, "x-forwarded-groups")?,
        customers: header(lookup, &CUSTOMERS_HEADER, "x-forwarded-customers")?,
    })
}

fn header(lookup: &Lookup<'_>, setting: &Setting, default: &str) -> Result<HeaderName, String> {
    let name = lookup.text(setting)?.unwrap_or_else(|| default.to_owned());
    name.parse()
        .map_err(|_| setting.wrong(&name, "use the name of a header, such as x-forwarded-user."))
}

fn claim(lookup: &Lookup<'_>, setting: &Setting, default: &str) -> Result<ClaimName, String> {
    let name = lookup.text(setting)?.unwrap_or_else(|| default.to_owned());
    Ok(ClaimName(name))
}

fn roles(lookup: &Lookup<'_>) -> Result<RoleNames, String> {
    let pairs = lookup.list(&ROLES)?;
    if pairs.is_empty() {
        return Ok(RoleNames::default());
    }
    RoleNames::read(&pairs).ok_or_else(|| {
        ROLES.wrong(
            pairs.join(", "),
            "use yours=ours, where ours is viewer, operator, admin or visitor-tokens, such as staff=operator.",
        )
    })
}

#[cfg(test)]
mod tests;
