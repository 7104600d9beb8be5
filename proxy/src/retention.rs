//! Removes, once an hour, what the ledger does not keep for ever.

use std::time::Duration;

use jiff::Timestamp;
use opencx_partner_kit::provision::ROUTES;
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::ledger::Ledger;

const EVERY: Duration = Duration::from_secs(60 * 60);

/// Until the proxy stops; what is not done then is at the next start.
pub async fn keep_to(keep: Duration, ledger: Ledger, stopping: CancellationToken) {
    let mut hours = interval(EVERY);
    let operations: Vec<&str> = ROUTES.iter().map(|route| route.name).collect();
    loop {
        tokio::select! {
            _ = hours.tick() => {}
            () = stopping.cancelled() => return,
        }
        let Ok(moment) = Timestamp::now().checked_sub(keep) else {
            return;
        };
        match ledger.forget_before(&moment.to_string(), &operations).await {
            Ok((0, 0)) => {}
            Ok((batches, writes)) => tracing::info!(batches, writes, "what is no longer kept was removed"),
            Err(error) => tracing::error!(%error, "what is no longer kept could not be removed"),
        }
    }
}
