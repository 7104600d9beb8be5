//! The settings, all from the environment. A wrong one is refused at start, naming it, its value and the remedy.

mod paths;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::{Host, Url};

pub use paths::Paths;

/// Everything the proxy needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Base address of the platform, without a slash at its end.
    pub api_url: String,
    /// The partner's key.
    pub partner_key: SecretString,
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Origins of the pages that may call, exactly as browsers send them.
    pub allowed_origins: Vec<String>,
    /// Holds the ledger and, unless given, the sealing key.
    pub data: PathBuf,
    /// 64 hex digits; otherwise kept in `seal.key` in the data folder.
    pub seal_key: Option<SecretString>,
    /// The paths that the contract only guesses.
    pub paths: Paths,
    /// How long the platform may take to answer.
    pub platform_timeout: Duration,
}

/// Looks a setting up; `std::env::var(name).ok()` outside of tests.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Config {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// One line for people: setting, value (never a secret), remedy.
    pub fn read(lookup: Lookup<'_>) -> Result<Self, String> {
        let get = |name: &str| {
            lookup(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let partner_key = get("OPENCX_PARTNER_KEY").ok_or(
            "OPENCX_PARTNER_KEY is missing. Set it to the partner key that OpenCX staff gave you (for the sandbox: \
             its OPENCX_SANDBOX_PARTNER_KEY).",
        )?;
        if !partner_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(
                "OPENCX_PARTNER_KEY holds blanks or other characters that no key has. Copy it again.".into(),
            );
        }
        Ok(Config {
            api_url: api_url(get("OPENCX_API_URL"))?,
            partner_key: partner_key.into(),
            listen: listen(get("OPENCX_PROXY_LISTEN"))?,
            allowed_origins: origins(get("OPENCX_PROXY_ALLOWED_ORIGINS"))?,
            data: get("OPENCX_PROXY_DATA")
                .unwrap_or_else(|| "opencx-proxy-data".into())
                .into(),
            seal_key: get("OPENCX_PROXY_SEAL_KEY").map(Into::into),
            paths: Paths::read(lookup)?,
            platform_timeout: timeout(get("OPENCX_PLATFORM_TIMEOUT_MS"))?,
        })
    }
}

fn api_url(value: Option<String>) -> Result<String, String> {
    let value = value.unwrap_or_else(|| "https://api.open.cx".into());
    let refused = |why: &str| Err(format!("OPENCX_API_URL is {value}: {why}"));
    let Ok(url) = Url::parse(&value) else {
        return refused("this is no address. Use one such as https://api.open.cx.");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "OPENCX_API_URL holds a user or a password. Use a bare address such as https://api.open.cx."
                .into(),
        );
    }
    let loopback = is_loopback(&url);
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return refused("over http the partner key would travel in clear. Use https."),
        _ => return refused("use an https address."),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("use a bare address, without query or fragment.");
    }
    Ok(value.trim_end_matches('/').to_owned())
}

/// Whether an address is this machine's own.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn listen(value: Option<String>) -> Result<SocketAddr, String> {
    let value = value.unwrap_or_else(|| "127.0.0.1:4802".into());
    let address: SocketAddr = value.parse().map_err(|_| {
        format!("OPENCX_PROXY_LISTEN is {value}: use an address and a port, such as 127.0.0.1:4802.")
    })?;
    if !address.ip().is_loopback() {
        return Err(format!(
            "OPENCX_PROXY_LISTEN is {value}: this version does not authenticate its callers and so listens on this \
             machine only. Use 127.0.0.1, behind a reverse proxy that lets only your own staff through."
        ));
    }
    Ok(address)
}

fn origins(value: Option<String>) -> Result<Vec<String>, String> {
    let mut origins = Vec::new();
    for origin in value
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty())
    {
        let exact = Url::parse(origin)
            .ok()
            .map(|url| url.origin().ascii_serialization());
        if exact.as_deref() != Some(origin) {
            return Err(format!(
                "OPENCX_PROXY_ALLOWED_ORIGINS holds {origin}: use exact origins such as https://admin.example.com, \
                 without path or slash, separated by commas."
            ));
        }
        origins.push(origin.to_owned());
    }
    Ok(origins)
}

fn timeout(value: Option<String>) -> Result<Duration, String> {
    let Some(value) = value else {
        return Ok(Duration::from_secs(20));
    };
    match value.parse() {
        Ok(millis @ 1..=300_000) => Ok(Duration::from_millis(millis)),
        _ => Err(format!(
            "OPENCX_PLATFORM_TIMEOUT_MS is {value}: use milliseconds from 1 to 300000."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
        Config::read(&|name| {
            let mut all = vec![("OPENCX_PARTNER_KEY", "pk_canary")];
            all.extend_from_slice(settings);
            all.iter()
                .rev()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn two_settings_are_enough() {
        let config = read(&[("OPENCX_API_URL", "http://127.0.0.1:4801/")]).unwrap();
        assert_eq!(config.api_url, "http://127.0.0.1:4801");
        assert_eq!(config.listen.to_string(), "127.0.0.1:4802");
        assert!(!format!("{config:?}").contains("canary"));
    }

    #[test]
    fn wrong_settings_are_named_with_value_and_remedy() {
        for (name, value) in [
            ("OPENCX_API_URL", "http://api.open.cx"),
            ("OPENCX_API_URL", "api.open.cx"),
            ("OPENCX_API_URL", "https://api.open.cx/?x"),
            ("OPENCX_PROXY_LISTEN", "0.0.0.0:4802"),
            ("OPENCX_PROXY_LISTEN", "4802"),
            ("OPENCX_PROXY_ALLOWED_ORIGINS", "https://a.example/"),
            ("OPENCX_PROXY_ALLOWED_ORIGINS", "*"),
            ("OPENCX_PATH_INVITATION", "/partner/v1/invitations"),
            ("OPENCX_PATH_START_CRAWL", "/crawl/{org_id}/crawls"),
            ("OPENCX_PLATFORM_TIMEOUT_MS", "0"),
        ] {
            let refusal = read(&[(name, value)]).unwrap_err();
            assert!(refusal.contains(name) && refusal.contains(value), "{refusal}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_not_shown() {
        let refusal = read(&[("OPENCX_API_URL", "https://u:canary@api.open.cx")]).unwrap_err();
        assert!(
            refusal.contains("OPENCX_API_URL") && !refusal.contains("canary"),
            "{refusal}"
        );
    }

    #[test]
    fn a_bad_key_is_refused_without_being_shown() {
        let refusal = read(&[("OPENCX_PARTNER_KEY", "pk canary")]).unwrap_err();
        assert!(refusal.contains("OPENCX_PARTNER_KEY") && !refusal.contains("canary"));
        assert!(read(&[("OPENCX_PARTNER_KEY", "")]).is_err());
    }
}
