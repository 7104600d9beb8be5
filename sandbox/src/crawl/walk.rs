//! The crawl itself: from the start page along its links, a few pages at a time.

use std::sync::Arc;

use reqwest::Client;
use tokio::task::JoinSet;
use url::Url;

use super::datasource::Event;
use super::extract::{Extract, extract};
use super::fetch::{self, FetchError, Fetched};
use super::frontier::Frontier;
use super::page::Page;
use super::passage::cut;
use super::robots::Robots;
use super::scope::{Scope, normal};

/// Pages asked for at the same time: polite to a small site.
const AT_ONCE: usize = 4;

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
    let robots = Arc::new(fetch::robots(client, &start).await?);
    let scope = Arc::new(scope);
    let mut frontier = Frontier::new(most_pages);
    frontier.offer(start.clone());
    report(Event::Known(frontier.total()));

    let at_once = if robots.delay().is_some() { 1 } else { AT_ONCE };
    let mut under_way = JoinSet::new();
    let mut first = true;
    loop {
        while under_way.len() < at_once {
            let Some(url) = frontier.take() else { break };
            if let Some(pause) = robots.delay().filter(|_| !first) {
                tokio::time::sleep(pause).await;
            }
            first = false;
            under_way.spawn(read(client.clone(), url, Arc::clone(&scope), Arc::clone(&robots)));
        }
        let Some(read) = under_way.join_next().await else {
            return Ok(());
        };
        let Ok((asked, outcome)) = read else {
            // The task is gone without a word; its page counts as not kept.
            frontier.done(false);
            continue;
        };
        match outcome {
            Ok((url, found)) => {
                // By a redirect to a page that is known: it is read under its own address.
                let twice = url != asked && !frontier.mark_seen(&url);
                let kept = !twice && !found.no_index && scope.wants(&url);
                frontier.done(kept);
                for link in found.links {
                    if scope.follows(&link) && robots.allow(&link) {
                        frontier.offer(link);
                    }
                }
                if kept {
                    report(Event::Page {
                        url: url.into(),
                        page: Page::Synced {
                            title: found.title,
                            passages: cut(&found.blocks),
                        },
                    });
                }
            }
            Err(error) if asked == start => return Err(error),
            Err(error) => {
                frontier.done(false);
                tracing::debug!(%error, "page not read");
                // What is no page, or not this site's, is no failure of the site.
                if !matches!(
                    error,
                    FetchError::NotHtml(_) | FetchError::OffSite(..) | FetchError::Forbidden(_)
                ) {
                    report(Event::Page {
                        url: asked.into(),
                        page: Page::Error,
                    });
                }
            }
        }
        report(Event::Known(frontier.total()));
    }
}

async fn read(
    client: Client,
    url: Url,
    scope: Arc<Scope>,
    robots: Arc<Robots>,
) -> (Url, Result<(Url, Extract), FetchError>) {
    let asked = url.clone();
    let outcome = match fetch::page(&client, &url, &scope, &robots).await {
        Err(error) => Err(error),
        // On a thread of its own: a page nested thousands deep costs the parser seconds.
        Ok(Fetched { url, html }) => tokio::task::spawn_blocking(move || {
            let found = extract(&html, &url);
            (url, found)
        })
        .await
        .map_err(|_| FetchError::NotHtml(asked)),
    };
    (url, outcome)
}
