//! Asks a site for a page, within limits: redirects only inside the site, HTML only, not too large, not too long.

use std::time::Duration;

use encoding_rs::Encoding;
use reqwest::header::{CONTENT_TYPE, HeaderName, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use thiserror::Error;
use url::Url;

use super::robots::{Robots, USER_AGENT};
use super::scope::{Scope, normal};

const MOST_BYTES: usize = 2 * 1024 * 1024;
const MOST_REDIRECTS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a page could not be read, in words for the person who set up the crawl.
#[derive(Debug, Error)]
pub enum FetchError {
    /// No connection.
    #[error(
        "{0} could not be reached: there is no such host, or nothing answers there. Check the address and that the site is up."
    )]
    Unreachable(Url),
    /// Nothing came in time.
    #[error("{0} did not answer within {secs} seconds.", secs = PATIENCE.as_secs())]
    TooSlow(Url),
    /// The connection broke.
    #[error("the answer of {0} broke off.")]
    BrokenOff(Url),
    /// Another status than 2xx.
    #[error("{0} answered {1}.")]
    Status(Url, StatusCode),
    /// Not a page.
    #[error("{0} is not an HTML page.")]
    NotHtml(Url),
    /// Too large.
    #[error("{0} is larger than {limit} MiB.", limit = MOST_BYTES / 1024 / 1024)]
    TooLarge(Url),
    /// Leads elsewhere.
    #[error("{0} redirects to {1}, which is another site. Crawl that address instead.")]
    OffSite(Url, Url),
    /// Goes round in circles.
    #[error("{0} redirects too often.")]
    TooManyRedirects(Url),
    /// The site does not want it read.
    #[error("the robots.txt of the site does not let {USER_AGENT} read {0}.")]
    Forbidden(Url),
    /// Nobody can tell what may be read.
    #[error("{0} answered {1}. While a site's robots.txt cannot be read, its pages are left alone.")]
    RobotsUnknown(Url, StatusCode),
}

impl FetchError {
    /// There is no page there, or none of this site: not now, and not at the next attempt.
    pub fn is_no_page(&self) -> bool {
        matches!(
            self,
            FetchError::NotHtml(_) | FetchError::OffSite(..) | FetchError::Forbidden(_)
        )
    }

    /// The site says that the page is gone.
    pub fn is_gone(&self) -> bool {
        matches!(
            self,
            FetchError::Status(_, StatusCode::NOT_FOUND | StatusCode::GONE)
        )
    }
}

/// A page as it came.
#[derive(Debug)]
pub struct Fetched {
    /// Where it was in the end.
    pub url: Url,
    /// Its HTML.
    pub html: String,
    /// What its `X-Robots-Tag` header asks of robots.
    pub directives: String,
}

/// The crawler's HTTP client.
///
/// # Errors
/// reqwest's own.
pub fn client() -> reqwest::Result<Client> {
    // An error only says that one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("OpenCXSandboxBot/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .timeout(PATIENCE)
        // Sites on this machine are the usual case, and an environment's proxy would swallow them.
        .no_proxy()
        .build()
}

/// The first `most` bytes of what is at an address, or where it redirects to on the same site.
///
/// # Errors
/// When the site does not answer 2xx.
pub async fn bytes(client: &Client, url: &Url, most: usize) -> Result<Vec<u8>, FetchError> {
    let mut at = url.clone();
    for _ in 0..=MOST_REDIRECTS {
        let response = ask(client, &at).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(body(response, &at, most).await?.0);
        }
        match target(&response, &at).filter(|target| target.origin() == url.origin()) {
            Some(target) if status.is_redirection() => at = target,
            _ => return Err(FetchError::Status(at, status)),
        }
    }
    Err(FetchError::TooManyRedirects(url.clone()))
}

/// A page.
///
/// # Errors
/// When there is none that may be read.
pub async fn page(client: &Client, url: &Url, scope: &Scope, robots: &Robots) -> Result<Fetched, FetchError> {
    let mut at = url.clone();
    for _ in 0..=MOST_REDIRECTS {
        if !robots.allow(&at) {
            return Err(FetchError::Forbidden(at));
        }
        let response = ask(client, &at).await?;
        let status = response.status();
        if status.is_redirection()
            && let Some(target) = target(&response, &at)
        {
            if !scope.same_site(&target) {
                return Err(FetchError::OffSite(at, target));
            }
            at = target;
            continue;
        }
        if !status.is_success() {
            return Err(FetchError::Status(at, status));
        }
        let content_type = header(&response, CONTENT_TYPE);
        let directives = header(&response, HeaderName::from_static("x-robots-tag"));
        if !is_html(&content_type) {
            return Err(FetchError::NotHtml(at));
        }
        let (body, whole) = body(response, &at, MOST_BYTES).await?;
        if !whole {
            return Err(FetchError::TooLarge(at));
        }
        let html = decode(&body, &content_type);
        return Ok(Fetched {
            url: at,
            html,
            directives,
        });
    }
    Err(FetchError::TooManyRedirects(url.clone()))
}

async fn ask(client: &Client, url: &Url) -> Result<Response, FetchError> {
    client.get(url.clone()).send().await.map_err(|error| {
        if error.is_timeout() {
            FetchError::TooSlow(url.clone())
        } else if error.is_connect() {
            FetchError::Unreachable(url.clone())
        } else {
            FetchError::BrokenOff(url.clone())
        }
    })
}

fn header(response: &Response, name: HeaderName) -> String {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn target(response: &Response, at: &Url) -> Option<Url> {
    at.join(&header(response, LOCATION)).ok().map(normal)
}

/// The body up to `most` bytes, and whether that is all of it.
async fn body(mut response: Response, url: &Url, most: usize) -> Result<(Vec<u8>, bool), FetchError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => {
                body.extend_from_slice(&chunk[..most - body.len()]);
                return Ok((body, false));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok((body, true)),
            Err(error) if error.is_timeout() => return Err(FetchError::TooSlow(url.clone())),
            Err(_) => return Err(FetchError::BrokenOff(url.clone())),
        }
    }
}

fn is_html(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
}

/// By the charset of the header, else of the first bytes (`<meta charset>`), else UTF-8.
fn decode(body: &[u8], content_type: &str) -> String {
    let start = String::from_utf8_lossy(&body[..body.len().min(1024)]);
    let encoding = charset(content_type)
        .or_else(|| charset(&start))
        .unwrap_or(encoding_rs::UTF_8);
    encoding.decode(body).0.into_owned()
}

fn charset(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let (_, after) = lower.split_once("charset=")?;
    let label = after
        .trim_start_matches(['"', '\'', ' '])
        .split(['"', '\'', ' ', ';', '>', '/'])
        .next()?;
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_html_is_a_page() {
        assert!(
            is_html("text/html; charset=utf-8") && is_html("Text/HTML") && is_html("application/xhtml+xml")
        );
        assert!(!is_html("application/pdf") && !is_html("") && !is_html("text/plain"));
    }

    #[test]
    fn the_charset_is_found() {
        let latin = b"<meta charset=\"iso-8859-1\"><p>Caf\xe9</p>";
        assert!(decode(latin, "text/html").contains("Café"));
        assert!(decode(b"Caf\xe9", "text/html; charset=windows-1252").contains("Café"));
        assert!(decode("Café".as_bytes(), "text/html").contains("Café"));
    }

    #[test]
    fn errors_are_for_people() {
        let url = Url::parse("http://a.example/").unwrap();
        let said = FetchError::Status(url, StatusCode::NOT_FOUND).to_string();
        assert_eq!(said, "http://a.example/ answered 404 Not Found.");
    }
}
