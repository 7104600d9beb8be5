//! Crawls websites again when their interval is over, by the sandbox's clock.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::run::{Crawl, spawn};
use crate::sandbox::Sandbox;

/// Intervals are a day or more; a minute late is on time.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Starts what is due, now and for ever: every minute, and whenever the clock is moved.
pub async fn keep(sandbox: &Arc<Sandbox>) -> Infallible {
    let mut moves = sandbox.clock.moves();
    loop {
        start_due(sandbox);
        tokio::select! {
            () = moves.next() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Starts every crawl that is due.
pub fn start_due(sandbox: &Arc<Sandbox>) {
    let now = sandbox.clock.now();
    let mut world = sandbox.world();
    let due: Vec<Crawl> = world
        .orgs()
        .flat_map(|org| {
            let websites = org.knowledge.websites().iter();
            websites
                .filter(|website| website.is_due(now))
                .map(|website| Crawl {
                    org: org.id,
                    website: website.id,
                    job: Uuid::new_v4(),
                })
        })
        .collect();
    for crawl in due {
        if let Some(website) = world.website_mut(crawl.org, crawl.website)
            && website.start(crawl.job, now).is_ok()
        {
            website.crawled_by(spawn(sandbox, crawl));
        }
    }
}
