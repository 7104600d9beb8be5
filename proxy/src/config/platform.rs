//! The platform and the partner's key to it.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::{Lookup, Setting};

/// Address of the platform.
pub const API_URL: Setting = Setting::new(
    "platform.api_url",
    "OPENCX_API_URL",
    r#""https://api.open.cx""#,
    "Address of the platform. http only for a sandbox on this machine.",
);
/// The partner's key.
pub const PARTNER_KEY: Setting = Setting::secret(
    "platform.partner_key",
    "OPENCX_PARTNER_KEY",
    "The partner key that OpenCX staff issue. Required.",
);
const TIMEOUT: Setting = Setting::new(
    "platform.timeout_ms",
    "OPENCX_PLATFORM_TIMEOUT_MS",
    "20000",
    "How long the platform may take to answer, in milliseconds, from 1 to 300000.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&PARTNER_KEY, &API_URL, &TIMEOUT];

/// How the platform is called.
#[derive(Debug, Clone)]
pub struct PlatformConfig {
    /// Base address of the platform, without a slash at its end.
    pub api_url: String,
    /// The partner's key.
    pub partner_key: SecretString,
    /// How long the platform may take to answer.
    pub timeout: Duration,
}

impl PlatformConfig {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let partner_key = lookup.secret(&PARTNER_KEY)?.ok_or_else(|| {
            PARTNER_KEY.missing(
                "Set it to the partner key that OpenCX staff gave you (for the sandbox: its \
                 OPENCX_SANDBOX_PARTNER_KEY).",
            )
        })?;
        if !partner_key
            .expose_secret()
            .bytes()
            .all(|byte| byte.is_ascii_graphic())
        {
            return Err(
                PARTNER_KEY.wrong_secret("holds blanks or other characters that no key has. Copy it again.")
            );
        }
        Ok(PlatformConfig {
            api_url: api_url(lookup.text(&API_URL)?)?,
            partner_key,
            timeout: timeout(lookup.text(&TIMEOUT)?)?,
        })
    }
}

fn api_url(value: Option<String>) -> Result<String, String> {
    let value = value.unwrap_or_else(|| "https://api.open.cx".into());
    let refused = |why: &str| Err(API_URL.wrong(&value, why));
    let Ok(url) = Url::parse(&value) else {
        return refused("this is no address. Use one such as https://api.open.cx.");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(API_URL
            .wrong_secret("holds a user or a password. Use a bare address such as https://api.open.cx."));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return refused("over http the partner key would travel in clear. Use https."),
        _ => return refused("use an https address."),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("use a bare address, without query or fragment.");
    }
    Ok(value.trim_end_matches('/').to_owned())
}

/// Whether an address is this machine's own.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn timeout(value: Option<String>) -> Result<Duration, String> {
    let Some(value) = value else {
        return Ok(Duration::from_secs(20));
    };
    match value.parse() {
        Ok(millis @ 1..=300_000) => Ok(Duration::from_millis(millis)),
        _ => Err(TIMEOUT.wrong(value, "use milliseconds from 1 to 300000.")),
    }
}
