//! Runs a crawl beside the requests, and writes its progress into the org's knowledge.

use std::sync::Arc;

use url::Url;
use uuid::Uuid;

use super::scope::{PathRules, Scope};
use super::walk::walk;
use crate::sandbox::Sandbox;

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
pub fn spawn(sandbox: Arc<Sandbox>, crawl: Crawl) {
    tokio::spawn(async move {
        let outcome = run(&sandbox, crawl).await;
        if let Err(why) = &outcome {
            tracing::info!(job = %crawl.job, %why, "crawl failed");
        }
        let now = sandbox.clock.now();
        if let Some(website) = sandbox.world().website_mut(crawl.org, crawl.website) {
            website.finish(crawl.job, outcome, now);
        }
    });
}

async fn run(sandbox: &Sandbox, crawl: Crawl) -> Result<(), String> {
    let (start, rules, most_pages) = {
        let mut world = sandbox.world();
        let website = world
            .website_mut(crawl.org, crawl.website)
            .ok_or("the website is gone.")?;
        let (include, exclude) = website.path_rules();
        let rules = PathRules::new(include, exclude).map_err(|e| e.to_string())?;
        let start = Url::parse(&website.url).map_err(|e| e.to_string())?;
        (start, rules, website.most_pages())
    };
    let scope = Scope::new(start.clone(), rules);
    walk(sandbox.crawler(), start, scope, most_pages, |event| {
        if let Some(website) = sandbox.world().website_mut(crawl.org, crawl.website) {
            website.report(crawl.job, event, sandbox.clock.now());
        }
    })
    .await
    .map_err(|error| error.to_string())
}
