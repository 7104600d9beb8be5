use super::*;
use crate::config::{Config, File};

const SECRET_TEXT: &str = "canary-canary-canary-canary-canary";
const TOKENS: [(&str, &str); 4] = [
    ("OPENCX_PROXY_AUTH_MODE", "jwt"),
    ("OPENCX_PROXY_AUTH_ISSUER", "https://login.example"),
    ("OPENCX_PROXY_AUTH_AUDIENCE", "opencx-proxy"),
    ("OPENCX_PROXY_AUTH_SECRET", SECRET_TEXT),
];

fn config(settings: &[&[(&str, &str)]]) -> Result<Config, String> {
    let env = |name: &str| {
        let found = settings
            .iter()
            .copied()
            .flatten()
            .find(|(known, _)| *known == name);
        found
            .map(|(_, value)| (*value).to_owned())
            .or_else(|| (name == "OPENCX_PARTNER_KEY").then(|| "pk".to_owned()))
    };
    let config = Config::merge(&File::default(), &env)?;
    config.auth.fits(&config.listen, &config.platform)?;
    Ok(config)
}

#[test]
fn nobody_is_asked_only_with_a_sandbox_on_this_machine() {
    let sandbox = ("OPENCX_API_URL", "http://127.0.0.1:4801");
    assert!(config(&[&[sandbox]]).is_ok());
    for (settings, named) in [
        (&[][..], "OPENCX_API_URL"),
        (
            &[sandbox, ("OPENCX_PROXY_LISTEN", "0.0.0.0:4802")],
            "OPENCX_PROXY_LISTEN",
        ),
        (
            &[sandbox, ("OPENCX_PROXY_LISTEN", "[::]:4802")],
            "OPENCX_PROXY_LISTEN",
        ),
        (
            &[sandbox, ("OPENCX_PROXY_AUTH_ISSUER", "https://x.example")],
            "OPENCX_PROXY_AUTH_ISSUER",
        ),
        (
            &[sandbox, ("OPENCX_PROXY_AUTH_SECRET", SECRET_TEXT)],
            "OPENCX_PROXY_AUTH_SECRET",
        ),
    ] {
        let refusal = config(&[settings]).unwrap_err();
        assert!(
            refusal.contains(named) && refusal.contains("OPENCX_PROXY_AUTH_MODE"),
            "{refusal}"
        );
        assert!(!refusal.contains("canary"));
    }
    let asked = config(&[&[("OPENCX_PROXY_LISTEN", "0.0.0.0:4802")], &TOKENS]).unwrap();
    assert!(matches!(asked.auth.mode, Mode::Jwt(_)) && !format!("{asked:?}").contains("canary"));
}

#[test]
fn each_mode_says_what_it_lacks() {
    let mode = |mode| ("OPENCX_PROXY_AUTH_MODE", mode);
    for (settings, named) in [
        (&[mode("jwt")][..], "OPENCX_PROXY_AUTH_ISSUER"),
        (&[mode("session"), TOKENS[1]], "OPENCX_PROXY_AUTH_AUDIENCE"),
        (&[mode("jwt"), TOKENS[1], TOKENS[2]], "OPENCX_PROXY_AUTH_JWKS_URL"),
        (&[mode("trusted-header")], "OPENCX_PROXY_AUTH_TRUSTED_PROXIES"),
    ] {
        let refusal = config(&[settings]).unwrap_err();
        assert!(
            refusal.contains(named) && refusal.contains("is missing"),
            "{refusal}"
        );
    }
}

#[test]
fn wrong_settings_are_named_with_value_and_remedy() {
    let keys = ("OPENCX_PROXY_AUTH_SECRET", "");
    let jwks = ("OPENCX_PROXY_AUTH_JWKS_URL", "https://login.example/jwks");
    let session = ("OPENCX_PROXY_AUTH_MODE", "session");
    let trusted = ("OPENCX_PROXY_AUTH_MODE", "trusted-header");
    let peer = ("OPENCX_PROXY_AUTH_TRUSTED_PROXIES", "10.0.0.5");
    for (settings, name, value) in [
        (&[][..], "OPENCX_PROXY_AUTH_MODE", "basic"),
        (&[], "OPENCX_PROXY_AUTH_ALGORITHMS", "RS256"),
        (&[], "OPENCX_PROXY_AUTH_ALGORITHMS", "none"),
        (&[keys, jwks], "OPENCX_PROXY_AUTH_ALGORITHMS", "RS256, HS256"),
        (&[keys], "OPENCX_PROXY_AUTH_JWKS_URL", "http://login.example/jwks"),
        (&[keys], "OPENCX_PROXY_AUTH_JWKS_URL", "login.example"),
        (&[], "OPENCX_PROXY_AUTH_ROLES", "staff=root"),
        (&[], "OPENCX_PROXY_AUTH_CUSTOMERS_REQUIRED", "yes"),
        (&[session], "OPENCX_PROXY_AUTH_SESSION_MINUTES", "0"),
        (&[session], "OPENCX_PROXY_AUTH_SESSION_MINUTES", "1441"),
        (&[trusted], "OPENCX_PROXY_AUTH_TRUSTED_PROXIES", "proxy.example"),
        (&[trusted], "OPENCX_PROXY_AUTH_TRUSTED_PROXIES", "0.0.0.0/0"),
        (&[trusted, peer], "OPENCX_PROXY_AUTH_SUBJECT_HEADER", "x user"),
        (&[], "OPENCX_PROXY_PUBLIC_HOSTS", "https://proxy.example"),
    ] {
        let refusal = config(&[&[(name, value)], settings, &TOKENS]).unwrap_err();
        assert!(refusal.contains(name) && refusal.contains(value), "{refusal}");
    }
    let short = config(&[&[("OPENCX_PROXY_AUTH_SECRET", "canary")], &TOKENS]).unwrap_err();
    assert!(
        short.contains("OPENCX_PROXY_AUTH_SECRET") && !short.contains("canary"),
        "{short}"
    );
    let both = config(&[&[jwks], &TOKENS]).unwrap_err();
    assert!(both.contains("keep one") && !both.contains("canary"), "{both}");
}
