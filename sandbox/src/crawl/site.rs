//! What a site says of itself before its pages are read: its robots.txt and its sitemaps.

use std::collections::{HashSet, VecDeque};

use reqwest::Client;
use url::Url;

use super::fetch::{FetchError, bytes};
use super::robots::{self, Robots};
use super::scope::{Scope, normal};
use super::sitemap::{self, Sitemap};

/// Sitemaps read of one site.
const MOST_SITEMAPS: usize = 50;
/// Addresses taken from them; the most that the protocol allows in one.
const MOST_ADDRESSES: usize = 50_000;

/// The site's rules. A site without robots.txt has none.
///
/// # Errors
/// When the site cannot be reached, or its robots.txt fails on the server's side (RFC 9309: then nothing is read).
pub async fn robots(client: &Client, start: &Url) -> Result<Robots, FetchError> {
    let mut url = start.clone();
    url.set_path("/robots.txt");
    url.set_query(None);
    match bytes(client, &url, robots::MOST_BYTES).await {
        Ok(text) => Ok(Robots::parse(&text)),
        Err(FetchError::Status(url, status)) if status.is_server_error() => {
            Err(FetchError::RobotsUnknown(url, status))
        }
        Err(FetchError::Status(..) | FetchError::TooManyRedirects(_)) => Ok(Robots::none()),
        Err(error) => Err(error),
    }
}

/// Pages that the site's sitemaps name: those of its robots.txt, else `/sitemap.xml`. Sitemaps of other sites are left
/// alone, and one that cannot be read names nothing.
pub async fn pages_of_sitemaps(client: &Client, start: &Url, scope: &Scope, robots: &Robots) -> Vec<Url> {
    let mut queue: VecDeque<String> = robots.sitemaps().into();
    if queue.is_empty() {
        queue.extend(start.join("/sitemap.xml").map(String::from));
    }
    let mut seen = HashSet::new();
    let mut pages = Vec::new();
    while let Some(address) = queue.pop_front() {
        if seen.len() == MOST_SITEMAPS || pages.len() >= MOST_ADDRESSES {
            break;
        }
        let Ok(url) = start.join(&address) else { continue };
        if !scope.same_site(&url) || !robots.allow(&url) || !seen.insert(url.clone()) {
            continue;
        }
        let Ok(bytes) = bytes(client, &url, sitemap::MOST_BYTES).await else {
            continue;
        };
        // Beside the other requests: a large one takes a while.
        let Ok(map) = tokio::task::spawn_blocking(move || Sitemap::parse(&bytes)).await else {
            continue;
        };
        queue.extend(map.sitemaps);
        let named = map.pages.iter().filter_map(|page| Url::parse(page).ok());
        pages.extend(named.map(normal).take(MOST_ADDRESSES - pages.len()));
    }
    pages
}
