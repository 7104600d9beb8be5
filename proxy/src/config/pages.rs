//! The pages that may call, and those that the proxy serves itself.

use url::Url;

use super::{Lookup, Mode, Setting, is_loopback, origins};

const SERVE: Setting = Setting::new(
    "pages.serve",
    "OPENCX_PROXY_SERVE_PAGES",
    "false",
    "true: the admin page is at this proxy's own address, and what customers' websites load below it at dist/.\n\
     The page's public origin belongs into allowed_origins if there is a reverse proxy in front.",
);
const SCRIPT_URL: Setting = Setting::new(
    "pages.script_url",
    "OPENCX_PROXY_SCRIPT_URL",
    r#""https://cdn.example.com/opencx/script.js""#,
    "Where customers' websites load script.js from, for the snippets of the served page. Without it from this proxy's\n\
     own dist/script.js, which every visitor of those websites must then be able to reach.",
);
const SIGN_IN_URL: Setting = Setting::new(
    "pages.sign_in_url",
    "OPENCX_PROXY_SIGN_IN_URL",
    r#""https://app.example.com/opencx/sign-in""#,
    "jwt, session: where the served page asks your own backend for the token or assertion of the person who is signed in\n\
     there. docs/who-may-call.md says what it answers.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&origins::ALLOWED, &SERVE, &SCRIPT_URL, &SIGN_IN_URL];

/// What the proxy serves itself.
#[derive(Debug, Clone)]
pub struct Pages {
    /// The admin page and the package's files.
    pub serve: bool,
    /// Where snippets load the script from; otherwise from here.
    pub script_url: Option<String>,
    /// Where the admin page asks for people's sign-in; otherwise it has none.
    pub sign_in: Option<SignIn>,
}

/// The partner's own backend, as far as it speaks for people.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// What it answers: `jwt`, a token; `session`, an assertion.
    pub kind: &'static str,
    /// Where it is asked.
    pub url: Url,
}

impl Pages {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>, mode: &Mode) -> Result<Self, String> {
        let serve = lookup.parse(&SERVE, "use true or false.")?.unwrap_or(false);
        if serve && !cfg!(feature = "pages") {
            return Err(SERVE.wrong(
                serve,
                "this program was built without the pages. Use one built with them (`make proxy`), or set it to false.",
            ));
        }
        let script_url = lookup.text(&SCRIPT_URL)?;
        match script_url.as_deref().map(is_address) {
            Some(false) => Err(SCRIPT_URL.wrong(
                script_url.unwrap_or_default(),
                "use an address such as https://cdn.example.com/opencx/script.js.",
            )),
            _ => Ok(Pages {
                serve,
                script_url,
                sign_in: sign_in(lookup, serve, mode)?,
            }),
        }
    }
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

fn sign_in(lookup: &Lookup<'_>, serve: bool, mode: &Mode) -> Result<Option<SignIn>, String> {
    let Some(value) = lookup.text(&SIGN_IN_URL)? else {
        return Ok(None);
    };
    let Ok(url) = Url::parse(&value) else {
        return Err(SIGN_IN_URL.wrong(
            value,
            "this is no address. Use one such as https://app.example.com/opencx/sign-in.",
        ));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SIGN_IN_URL.wrong_secret(
            "holds a user or a password. Every visitor of the page would read them. Use the bare address.",
        ));
    }
    if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url)) {
        return Err(SIGN_IN_URL.wrong(
            value,
            "whoever listens on the way could call as the person who signs in. Use https.",
        ));
    }
    let kind = match mode {
        Mode::Jwt(_) => "jwt",
        Mode::Session(..) => "session",
        Mode::None | Mode::TrustedHeader(_) => {
            return Err(SIGN_IN_URL.wrong(
                value,
                "it means nothing unless auth.mode (OPENCX_PROXY_AUTH_MODE) is jwt or session. Set that, or leave this out.",
            ));
        }
    };
    if !serve {
        let remedy = format!(
            "it is for the page that this proxy serves, but {} is not true. Set that, or leave this out.",
            SERVE.name()
        );
        return Err(SIGN_IN_URL.wrong(value, &remedy));
    }
    Ok(Some(SignIn { kind, url }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::{File, KeySource, Tokens};

    const URL: &str = "https://app.example.com/opencx/sign-in";

    fn tokens() -> Tokens {
        Tokens {
            issuer: "https://app.example.com".into(),
            audience: "opencx-proxy".into(),
            keys: KeySource::Shared("canary".repeat(8).into()),
            algorithms: Vec::new(),
        }
    }

    fn read(value: &str, serve: bool, mode: &Mode) -> Result<Option<SignIn>, String> {
        let env = |name: &str| (name == SIGN_IN_URL.env).then(|| value.to_owned());
        sign_in(&Lookup::new(&File::default(), &env), serve, mode)
    }

    #[test]
    fn the_page_is_told_where_and_for_what_to_ask() {
        let session = Mode::Session(tokens(), Duration::from_secs(60));
        for (mode, kind) in [(Mode::Jwt(tokens()), "jwt"), (session, "session")] {
            for url in [URL, "http://127.0.0.1:3000/sign-in", "http://localhost/sign-in"] {
                let sign_in = read(url, true, &mode).unwrap().unwrap();
                assert_eq!((sign_in.kind, sign_in.url.as_str()), (kind, url));
            }
            assert!(read("", true, &mode).unwrap().is_none());
        }
    }

    #[test]
    fn an_address_that_is_not_safe_is_refused() {
        let jwt = Mode::Jwt(tokens());
        for value in [
            "http://app.example.com/sign-in",
            "/sign-in",
            "ftp://app.example.com/",
        ] {
            let refusal = read(value, true, &jwt).unwrap_err();
            assert!(
                refusal.contains(SIGN_IN_URL.env) && refusal.contains(value),
                "{refusal}"
            );
        }
        let refusal = read("https://ada:canary@app.example.com/", true, &jwt).unwrap_err();
        assert!(
            refusal.contains(SIGN_IN_URL.env) && !refusal.contains("canary"),
            "{refusal}"
        );
    }

    #[test]
    fn where_it_would_mean_nothing_it_is_refused() {
        for (serve, mode, named) in [
            (true, Mode::None, "OPENCX_PROXY_AUTH_MODE"),
            (false, Mode::Jwt(tokens()), "OPENCX_PROXY_SERVE_PAGES"),
        ] {
            let refusal = read(URL, serve, &mode).unwrap_err();
            assert!(
                [SIGN_IN_URL.key, SIGN_IN_URL.env, URL, named]
                    .iter()
                    .all(|part| refusal.contains(part)),
                "{refusal}"
            );
        }
    }
}
