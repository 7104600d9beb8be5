//! Runs crawls beside the requests, and writes their progress into the org's knowledge.

use std::sync::Arc;

use reqwest::Client;
use tokio::sync::Semaphore;
use url::Url;
use uuid::Uuid;

use super::datasource::Datasource;
use super::scope::{PathRules, Scope};
use super::task::Task;
use super::walk::{read_again, walk};
use super::{fetch, schedule};
use crate::sandbox::Sandbox;

/// Crawls that run at the same time; the others wait as pending. A clock that jumps a week makes many of them due at once.
const AT_ONCE: usize = 16;

/// What all crawls share.
pub struct Crawler {
    client: Client,
    turns: Semaphore,
}

impl Crawler {
    /// Ready to crawl.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new() -> reqwest::Result<Self> {
        Ok(Crawler {
            client: fetch::client()?,
            turns: Semaphore::new(AT_ONCE),
        })
    }
}

/// Which crawl.
#[derive(Debug, Clone, Copy)]
pub struct Crawl {
    /// The org.
    pub org: Uuid,
    /// Its website.
    pub website: Uuid,
    /// The job.
    pub job: Uuid,
}

/// Starts the crawl in a task of its own.
pub fn spawn(sandbox: &Arc<Sandbox>, crawl: Crawl) -> Task {
    let sandbox = Arc::clone(sandbox);
    Task::spawn(async move {
        let outcome = run(&sandbox, crawl).await;
        if let Err(why) = &outcome {
            tracing::info!(job = %crawl.job, %why, "crawl failed");
        }
        let now = sandbox.clock.now();
        if let Some(website) = sandbox.world().website_mut(crawl.org, crawl.website) {
            website.finish(crawl.job, outcome, now);
        }
        // The clock may have been moved while it ran.
        schedule::start_due(&sandbox);
    })
}

async fn run(sandbox: &Sandbox, crawl: Crawl) -> Result<(), String> {
    let crawler = sandbox.crawler();
    // Never closed.
    let _turn = crawler.turns.acquire().await;
    let (start, scope, most_pages) = {
        let mut world = sandbox.world();
        let website = world
            .website_mut(crawl.org, crawl.website)
            .ok_or("the website is gone.")?;
        let (start, scope) = borders(website)?;
        (start, scope, website.most_pages())
    };
    walk(&crawler.client, start, scope, most_pages, |event| {
        if let Some(org) = sandbox.world().org(crawl.org) {
            let new_page = Uuid::new_v4();
            org.knowledge
                .report(crawl.website, crawl.job, event, new_page, sandbox.clock.now());
        }
    })
    .await
    .map_err(|error| error.to_string())
}

/// Reads pages of a website again, one after the other.
pub fn spawn_reread(sandbox: &Arc<Sandbox>, org: Uuid, website: &Datasource, urls: Vec<String>) -> Task {
    let (sandbox, id, borders) = (Arc::clone(sandbox), website.id, borders(website));
    Task::spawn(async move {
        let Ok((_, scope)) = borders else { return };
        for address in urls {
            let Ok(url) = Url::parse(&address) else { continue };
            let outcome = read_again(&sandbox.crawler().client, &url, &scope).await;
            let now = sandbox.clock.now();
            if let Some(website) = sandbox.world().website_mut(org, id) {
                website.pages.refresh(&address, outcome, now);
            }
        }
    })
}

fn borders(website: &Datasource) -> Result<(Url, Scope), String> {
    let (include, exclude) = website.path_rules();
    let rules = PathRules::new(include, exclude).map_err(|e| e.to_string())?;
    let start = Url::parse(&website.url).map_err(|e| e.to_string())?;
    Ok((start.clone(), Scope::new(start, rules)))
}
