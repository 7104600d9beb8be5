//! From where a call may come: pages of listed origins, at this proxy's own address, and not by a form or a picture of
//! another site.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::budget::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::observe::{REQUEST_ID, TRACEPARENT};

/// What no form and no picture can send without the browser's asking first.
const KIT_CLIENT: HeaderName = HeaderName::from_static("x-kit-client");

/// How a caller says who he is, as far as a browser has a part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// Nobody is asked.
    None,
    /// A token that the page itself adds.
    Token,
    /// What the browser adds by itself, whoever makes it call.
    Ambient,
}

/// The places from which calls are taken.
pub struct Pages {
    hosts: Vec<String>,
    origins: Vec<String>,
    credential: Credential,
}

/// The `Host` values that mean this address. A page that had its own name resolve to this machine sends another.
fn own_hosts(address: SocketAddr) -> Vec<String> {
    let mut hosts = vec![address.to_string(), format!("localhost:{}", address.port())];
    if address.port() == 80 {
        // The one port that callers leave out.
        let bare: Vec<String> = hosts
            .iter()
            .map(|host| host.trim_end_matches(":80").to_owned())
            .collect();
        hosts.extend(bare);
    }
    hosts
}

impl Pages {
    /// For a proxy at that address, known to others by those names too, and called by pages of those origins.
    pub fn new(address: SocketAddr, public: &[String], origins: &[String], credential: Credential) -> Self {
        let mut hosts = own_hosts(address);
        hosts.extend_from_slice(public);
        Pages {
            hosts,
            origins: origins.to_vec(),
            credential,
        }
    }

    /// And by the page that the proxy itself serves: by https where a reverse proxy gives it a name.
    pub fn with_own(mut self, public: &[String]) -> Self {
        let own = self.hosts.iter().map(|host| {
            let scheme = if public.contains(host) { "https" } else { "http" };
            format!("{scheme}://{host}")
        });
        let own: Vec<String> = own.collect();
        self.origins.extend(own);
        self
    }

    /// CORS for the listed origins only.
    pub fn cors(&self) -> CorsLayer {
        let origins = self
            .origins
            .iter()
            .filter_map(|origin| HeaderValue::from_str(origin).ok());
        let mut headers = vec![
            CONTENT_TYPE,
            TRACEPARENT,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-kit-version"),
            HeaderName::from_static("x-kit-again"),
            KIT_CLIENT,
            HeaderName::from_static("x-kit-lane"),
            HeaderName::from_static("last-event-id"),
        ];
        if self.credential == Credential::Token {
            headers.push(AUTHORIZATION);
        }
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_credentials(self.credential == Credential::Ambient)
            .allow_methods([
                Method::GET,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers(headers)
            .expose_headers([RETRY_AFTER, REQUEST_ID, RATE_LIMIT, RATE_LIMIT_POLICY])
            .max_age(Duration::from_secs(600))
    }

    /// Why a request with these headers is not answered, whoever sends it.
    pub fn refusal(&self, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        self.wrong_place(headers)
            .or_else(|| self.unasked(method, headers))
    }

    fn wrong_place(&self, headers: &HeaderMap) -> Option<&'static str> {
        let text = |name| {
            headers
                .get(name)
                .map(|value: &HeaderValue| value.to_str().unwrap_or_default())
        };
        let host = text(HOST).unwrap_or_default();
        if !self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
            return Some(
                "This proxy answers under its own address only. Call it by the address that it says at its start, or by \
                 a name that its operator lists in OPENCX_PROXY_PUBLIC_HOSTS; a reverse proxy in front of it must send \
                 one of them as Host.",
            );
        }
        if text(ORIGIN).is_some_and(|origin| !self.origins.iter().any(|allowed| allowed == origin)) {
            return Some(
                "This page's origin may not call the proxy. Its operator can list the origin in \
                 OPENCX_PROXY_ALLOWED_ORIGINS.",
            );
        }
        if self.credential != Credential::Token && headers.contains_key(AUTHORIZATION) {
            // A key in a browser is a mistake worth hearing of at once.
            return Some(
                "Send no Authorization header: the proxy holds the keys and takes none. A reverse proxy in front of it \
                 must not pass that header on.",
            );
        }
        None
    }

    /// What changes something must come from a page or a program that meant it.
    fn unasked(&self, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        if self.credential == Credential::None || matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        if !headers.contains_key(KIT_CLIENT) {
            return Some(
                "A call that changes something needs the header X-Kit-Client, such as X-Kit-Client: 1, so that no form of \
                 another site can make it. Nothing was done. Send it.",
            );
        }
        if self.credential == Credential::Ambient && !headers.contains_key(ORIGIN) {
            return Some(
                "A call that changes something must come from a page: it has no Origin. Nothing was done. Call from a page \
                 whose origin is listed in OPENCX_PROXY_ALLOWED_ORIGINS.",
            );
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(credential: Credential) -> Pages {
        Pages::new(
            "127.0.0.1:4802".parse().unwrap(),
            &["proxy.example".to_owned()],
            &["https://admin.example".to_owned()],
            credential,
        )
    }

    fn headers(host: Option<&str>, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(HOST, host), (ORIGIN, origin)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().unwrap());
            }
        }
        headers
    }

    fn refused(host: Option<&str>, origin: Option<&str>) -> bool {
        let pages = pages(Credential::None);
        pages.refusal(&Method::GET, &headers(host, origin)).is_some()
    }

    #[test]
    fn only_its_own_address() {
        for own in [
            "127.0.0.1:4802",
            "localhost:4802",
            "LOCALHOST:4802",
            "proxy.example",
        ] {
            assert!(!refused(Some(own), None), "{own}");
        }
        for other in [
            None,
            Some("localhost"),
            Some("localhost:80"),
            Some("evil.example:4802"),
            Some("127.0.0.1:4802.evil.example"),
            Some("proxy.example:4802"),
            Some("proxy.example.evil.example"),
        ] {
            assert!(refused(other, None), "{other:?}");
        }
        assert!(own_hosts("[::1]:80".parse().unwrap()).contains(&"[::1]".to_owned()));
    }

    #[test]
    fn only_listed_origins_exactly() {
        let host = Some("localhost:4802");
        assert!(!refused(host, Some("https://admin.example")));
        for other in [
            "null",
            "http://admin.example",
            "https://admin.example:444",
            "https://admin.example.evil.example",
            "http://localhost:4802",
        ] {
            assert!(refused(host, Some(other)), "{other}");
        }
    }

    #[test]
    fn the_page_it_serves_itself() {
        let own = ["http://localhost:4802", "https://proxy.example"];
        for (pages, expected) in [
            (pages(Credential::None), false),
            (
                pages(Credential::None).with_own(&["proxy.example".to_owned()]),
                true,
            ),
        ] {
            for origin in own {
                let taken = pages.refusal(&Method::POST, &headers(Some("localhost:4802"), Some(origin)));
                assert_eq!(taken.is_none(), expected, "{origin}");
            }
            let other = headers(Some("localhost:4802"), Some("http://proxy.example"));
            assert!(pages.refusal(&Method::POST, &other).is_some());
        }
    }

    #[test]
    fn what_changes_something_is_meant() {
        let listed = Some("https://admin.example");
        for (credential, origin, kit, expected) in [
            (Credential::None, None, false, true),
            (Credential::Token, None, true, true),
            (Credential::Token, None, false, false),
            (Credential::Token, listed, false, false),
            (Credential::Ambient, listed, true, true),
            (Credential::Ambient, listed, false, false),
            (Credential::Ambient, None, true, false),
        ] {
            let mut headers = headers(Some("localhost:4802"), origin);
            if kit {
                headers.insert(KIT_CLIENT, "1".parse().unwrap());
            }
            let pages = pages(credential);
            for (method, expected) in [
                (Method::GET, true),
                (Method::HEAD, true),
                (Method::POST, expected),
                (Method::DELETE, expected),
            ] {
                let taken = pages.refusal(&method, &headers).is_none();
                assert_eq!(taken, expected, "{credential:?} {origin:?} {kit} {method}");
            }
        }
    }

    #[test]
    fn a_token_is_taken_only_where_it_is_asked_for() {
        let mut headers = headers(Some("localhost:4802"), None);
        headers.insert(AUTHORIZATION, "Bearer x".parse().unwrap());
        for (credential, expected) in [
            (Credential::None, false),
            (Credential::Token, true),
            (Credential::Ambient, false),
        ] {
            let taken = pages(credential).refusal(&Method::GET, &headers).is_none();
            assert_eq!(taken, expected, "{credential:?}");
        }
    }
}
