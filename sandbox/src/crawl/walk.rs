//! The crawl itself: from the start page along its links and through its sitemaps, a few pages at a time.

use std::collections::HashSet;
use std::sync::Arc;

use reqwest::Client;
use tokio::task::JoinSet;
use url::Url;

use super::datasource::Event;
use super::extract::{Extract, extract};
use super::fetch::{self, FetchError, Fetched};
use super::frontier::Frontier;
use super::page::{Content, Outcome};
use super::passage::cut;
use super::robots::Robots;
use super::scope::{Scope, normal};
use super::site;

/// Pages asked for at the same time: polite to a small site.
const AT_ONCE: usize = 4;

/// A page that was read.
struct Found {
    /// Where it was in the end.
    url: Url,
    page: Extract,
}

/// Crawls a site and reports what it finds.
///
/// # Errors
/// When the start page cannot be read. Any other page that cannot is reported as such.
pub async fn walk(
    client: &Client,
    start: Url,
    scope: Scope,
    most_pages: usize,
    mut report: impl FnMut(Event),
) -> Result<(), FetchError> {
    let start = normal(start);
    report(Event::Begun);
    let robots = Arc::new(site::robots(client, &start).await?);
    let scope = Arc::new(scope);
    let mut frontier = Frontier::new(most_pages);
    frontier.offer(start.clone(), 0);
    for page in site::pages_of_sitemaps(client, &start, &scope, &robots).await {
        if scope.follows(&page) && robots.allow(&page) {
            frontier.offer(page, 1);
        }
    }
    report(Event::Known(frontier.total()));

    let at_once = if robots.delay().is_some() { 1 } else { AT_ONCE };
    let mut under_way = JoinSet::new();
    let mut copies = HashSet::new();
    let mut first = true;
    loop {
        while under_way.len() < at_once {
            let Some((url, depth)) = frontier.take() else {
                break;
            };
            if let Some(pause) = robots.delay().filter(|_| !first) {
                tokio::time::sleep(pause).await;
            }
            first = false;
            let (client, scope, robots) = (client.clone(), Arc::clone(&scope), Arc::clone(&robots));
            under_way.spawn(async move {
                let outcome = read(&client, &url, &scope, &robots).await;
                (url, depth, outcome)
            });
        }
        let Some(read) = under_way.join_next().await else {
            return Ok(());
        };
        let Ok((asked, depth, outcome)) = read else {
            // The task is gone without a word; its page counts as not kept.
            frontier.done(false);
            continue;
        };
        match outcome {
            Ok(Found { url, page }) => {
                // By a redirect to a page that is known: it is read under its own address.
                let twice = url != asked && !frontier.mark_seen(&url) && !copies.contains(&url);
                let belongs = page
                    .canonical
                    .as_ref()
                    .filter(|canonical| **canonical != url && **canonical != asked)
                    // Of two pages that each call themselves a copy of the other, the second is kept.
                    .filter(|canonical| !copies.contains(*canonical))
                    .filter(|canonical| scope.follows(canonical) && robots.allow(canonical));
                let kept = !twice && belongs.is_none() && !page.no_index && scope.wants(&url);
                if let Some(canonical) = belongs {
                    frontier.offer(canonical.clone(), depth);
                    copies.insert(url.clone());
                }
                frontier.done(kept);
                for link in page.links {
                    if scope.follows(&link) && robots.allow(&link) {
                        frontier.offer(link, depth + 1);
                    }
                }
                if kept {
                    let content = Content::new(page.title, cut(&page.blocks));
                    report(Event::Page {
                        url: url.into(),
                        outcome: Outcome::Read(content),
                    });
                }
            }
            Err(error) if asked == start => return Err(error),
            Err(error) => {
                frontier.done(false);
                tracing::debug!(%error, "page not read");
                if !error.is_no_page() {
                    report(Event::Page {
                        url: asked.into(),
                        outcome: failure(&error),
                    });
                }
            }
        }
        report(Event::Known(frontier.total()));
    }
}

/// Reads one page again.
pub async fn read_again(client: &Client, url: &Url, scope: &Scope) -> Outcome {
    let read = async {
        let robots = site::robots(client, url).await?;
        read(client, url, scope, &robots).await
    };
    match read.await {
        Ok(Found { page, .. }) if page.no_index => Outcome::Gone("the page asks not to be found.".into()),
        Ok(Found { page, .. }) => Outcome::Read(Content::new(page.title, cut(&page.blocks))),
        Err(error) => failure(&error),
    }
}

fn failure(error: &FetchError) -> Outcome {
    if error.is_gone() || error.is_no_page() {
        Outcome::Gone(error.to_string())
    } else {
        Outcome::Failed(error.to_string())
    }
}

async fn read(client: &Client, url: &Url, scope: &Scope, robots: &Robots) -> Result<Found, FetchError> {
    let Fetched {
        url: found,
        html,
        directives,
    } = fetch::page(client, url, scope, robots).await?;
    // On a thread of its own: a page nested thousands deep costs the parser seconds.
    tokio::task::spawn_blocking(move || {
        let page = extract(&html, &found, &directives);
        Found { url: found, page }
    })
    .await
    .map_err(|_| FetchError::NotHtml(url.clone()))
}
