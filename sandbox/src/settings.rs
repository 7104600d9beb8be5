//! What the operator sets, by environment variables.

use thiserror::Error;
use url::Url;

use crate::variants::Variants;

/// The sandbox's settings. No `Debug`: it holds the partner key.
pub struct Settings {
    /// Address to listen on (`OPENCX_SANDBOX_LISTEN`).
    pub listen: String,
    /// The one partner key that is accepted (`OPENCX_SANDBOX_PARTNER_KEY`).
    pub partner_key: String,
    /// Where browsers reach the sandbox (`OPENCX_SANDBOX_PUBLIC_URL`); `None`: the bound address.
    pub public_url: Option<Url>,
    /// Which guess about the platform is played (`OPENCX_SANDBOX_VARIANTS`, JSON).
    pub variants: Variants,
    /// A breach of the contract is answered 500 (`OPENCX_SANDBOX_STRICT=1`).
    pub strict: bool,
    /// Other machines may control the sandbox too (`OPENCX_SANDBOX_CONTROL=anywhere`).
    pub control_from_anywhere: bool,
}

/// Why the settings cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// No partner key.
    #[error(
        "OPENCX_SANDBOX_PARTNER_KEY is not set. Set it to any text of 8 or more characters; the proxy's partner key \
         must be the same."
    )]
    PartnerKeyMissing,
    /// A partner key nobody would mean.
    #[error("OPENCX_SANDBOX_PARTNER_KEY is too short: use 8 or more characters without blanks.")]
    PartnerKeyUnusable,
    /// Not an address.
    #[error("OPENCX_SANDBOX_PUBLIC_URL must be an http or https address such as http://127.0.0.1:4801.")]
    PublicUrl,
    /// Not the JSON of variants.
    #[error(
        "OPENCX_SANDBOX_VARIANTS cannot be read: {0}. It takes JSON such as {{\"created\":\"200\"}}; docs/sandbox.md lists \
         the variants."
    )]
    Variants(String),
    /// Neither on nor off.
    #[error("OPENCX_SANDBOX_STRICT must be 1 or 0.")]
    Strict,
    /// Neither of the two.
    #[error("OPENCX_SANDBOX_CONTROL must be loopback or anywhere.")]
    Control,
}

impl Settings {
    /// Reads the settings through `get`, which answers a variable's value.
    ///
    /// # Errors
    /// Names the variable that is missing or unusable.
    pub fn from(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let get = |name: &str| {
            get(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let partner_key = get("OPENCX_SANDBOX_PARTNER_KEY").ok_or(SettingsError::PartnerKeyMissing)?;
        if partner_key.len() < 8 || partner_key.contains(char::is_whitespace) {
            return Err(SettingsError::PartnerKeyUnusable);
        }
        let public_url = match get("OPENCX_SANDBOX_PUBLIC_URL") {
            None => None,
            Some(text) => Some(
                Url::parse(&text)
                    .ok()
                    .filter(|url| matches!(url.scheme(), "http" | "https"))
                    .ok_or(SettingsError::PublicUrl)?,
            ),
        };
        let variants = match get("OPENCX_SANDBOX_VARIANTS") {
            None => Variants::default(),
            Some(text) => Variants::read(&text).map_err(|e| SettingsError::Variants(e.to_string()))?,
        };
        Ok(Settings {
            listen: get("OPENCX_SANDBOX_LISTEN").unwrap_or_else(|| "127.0.0.1:4801".into()),
            partner_key,
            public_url,
            variants,
            strict: match get("OPENCX_SANDBOX_STRICT").as_deref() {
                None | Some("0") => false,
                Some("1") => true,
                Some(_) => return Err(SettingsError::Strict),
            },
            control_from_anywhere: match get("OPENCX_SANDBOX_CONTROL").as_deref() {
                None | Some("loopback") => false,
                Some("anywhere") => true,
                Some(_) => return Err(SettingsError::Control),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::from(|name| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn only_the_partner_key_is_required() {
        let settings = read(&[("OPENCX_SANDBOX_PARTNER_KEY", "partner-key")])
            .ok()
            .unwrap();
        assert_eq!(settings.listen, "127.0.0.1:4801");
        assert!(settings.public_url.is_none());
        assert!(!settings.strict && !settings.control_from_anywhere);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        assert_eq!(read(&[]).err(), Some(SettingsError::PartnerKeyMissing));
        assert_eq!(
            read(&[("OPENCX_SANDBOX_PARTNER_KEY", " ")]).err(),
            Some(SettingsError::PartnerKeyMissing)
        );
        assert_eq!(
            read(&[("OPENCX_SANDBOX_PARTNER_KEY", "short")]).err(),
            Some(SettingsError::PartnerKeyUnusable)
        );
        assert_eq!(
            read(&[
                ("OPENCX_SANDBOX_PARTNER_KEY", "partner-key"),
                ("OPENCX_SANDBOX_PUBLIC_URL", "sandbox.example"),
            ])
            .err(),
            Some(SettingsError::PublicUrl)
        );
        for (name, error) in [
            ("OPENCX_SANDBOX_STRICT", SettingsError::Strict),
            ("OPENCX_SANDBOX_CONTROL", SettingsError::Control),
        ] {
            let refused = read(&[("OPENCX_SANDBOX_PARTNER_KEY", "partner-key"), (name, "maybe")]);
            assert_eq!(refused.err(), Some(error));
        }
        let variants = read(&[
            ("OPENCX_SANDBOX_PARTNER_KEY", "partner-key"),
            ("OPENCX_SANDBOX_VARIANTS", r#"{"creatd":"200"}"#),
        ]);
        assert!(matches!(variants.err(), Some(SettingsError::Variants(why)) if why.contains("creatd")));
    }
}
