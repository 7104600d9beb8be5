//! Drives one batch from where the ledger says it stands, until it is over or this proxy stops.

use std::time::Duration;

use opencx_partner_kit::error::Error;
use opencx_partner_kit::provision::{Batch as Rule, Stopped};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::client::Client;
use super::customer::{Options, Outcome, provision, told_error};
use crate::App;
use crate::asker::Asker;
use crate::budget::Lane;
use crate::ledger::{BatchState, Ended, LedgerError, RowState, Taken};

/// How often it is asked whether another proxy was told to stop the batch.
const LOOK: Duration = Duration::from_secs(1);
/// How long a stop waits for the calls in flight. What was sent goes on by itself and is recorded; what waits for its turn
/// is not sent.
const GRACE: Duration = Duration::from_secs(5);

/// Among the writes that somebody is at: no org has such an id.
const SCOPE: &str = "batch";

/// Whether this process drives that batch.
pub fn is_driven(app: &App, number: i64) -> bool {
    app.running.is_held(SCOPE, &number.to_string())
}

/// Drives a batch, unless somebody does already.
///
/// # Errors
/// The ledger's: the batch stays as it stands there.
pub async fn drive(app: &App, number: i64) -> Result<(), LedgerError> {
    // The queue may tell of a batch twice.
    let Ok(_held) = app.running.hold(SCOPE, &number.to_string(), "") else {
        return Ok(());
    };
    let Some(taken) = app.ledger.take_batch(number).await? else {
        return Ok(());
    };
    let span = tracing::info_span!("batch", batch_id = taken.batch.batch_id);
    let asker = Asker {
        lane: Lane::Batch,
        who: taken.batch.owner.as_str().into(),
        request_id: format!("batch-{}", taken.batch.batch_id).into(),
        ..Asker::default()
    };
    asker.during(Drive::new(app, taken).run()).instrument(span).await
}

struct Drive<'a> {
    app: &'a App,
    taken: Taken,
    client: Client,
    /// Those under way start nothing more.
    stop: CancellationToken,
    customers: JoinSet<Result<RowState, LedgerError>>,
}

impl<'a> Drive<'a> {
    fn new(app: &'a App, taken: Taken) -> Self {
        Drive {
            app,
            client: Client::new(app, &taken.batch.owner),
            taken,
            stop: CancellationToken::new(),
            customers: JoinSet::new(),
        }
    }

    async fn run(mut self) -> Result<(), LedgerError> {
        let (ledger, batch) = (&self.app.ledger, &self.taken.batch);
        let open = ledger.open_rows(&self.taken).await?;
        let failed = batch.counts.failed;
        let mut rule = Rule::new(open.len(), batch.in_flight, batch.tolerate.saturating_sub(failed));
        if failed > batch.tolerate {
            rule.stop(Stopped::Failures);
        }
        tracing::info!(open = open.len(), failed, "a batch goes on");
        let mut looks = interval(LOOK);
        loop {
            if self.is_to_stop().await? {
                rule.stop(Stopped::Aborted);
            }
            while let Some(next) = rule.start() {
                if let Some((place, external_id)) = open.get(next) {
                    self.start(*place, external_id);
                }
            }
            if self.customers.is_empty() {
                break;
            }
            tokio::select! {
                Some(ended) = self.customers.join_next() => {
                    // One that panicked has not had his turn: the batch does not count as finished.
                    let ended = ended.unwrap_or(Ok(RowState::Waiting))?;
                    rule.finish(ended == RowState::Done);
                }
                () = self.app.batches.stopping.cancelled(), if !self.stop.is_cancelled() => {}
                () = self.app.batches.stops.notified() => {}
                _ = looks.tick() => {}
            }
        }
        self.leave(&rule).await
    }

    /// Asked of this proxy, or of the batch.
    async fn is_to_stop(&self) -> Result<bool, LedgerError> {
        let told = self.stop.is_cancelled()
            || self.app.batches.stopping.is_cancelled()
            || self.app.ledger.is_to_stop(&self.taken).await?;
        if told {
            self.stop.cancel();
        }
        Ok(told)
    }

    fn start(&mut self, place: i64, external_id: &str) {
        let (app, taken, client) = (self.app.clone(), self.taken.clone(), self.client.clone());
        let (external_id, stop) = (external_id.to_owned(), self.stop.clone());
        let asker = Asker::current();
        let one = async move { one(&app, &taken, &client, place, &external_id, &stop).await };
        self.customers.spawn(asker.during(one).in_current_span());
    }

    async fn leave(self, rule: &Rule) -> Result<(), LedgerError> {
        let ledger = &self.app.ledger;
        let over = if ledger.open_rows(&self.taken).await?.is_empty() {
            Some((BatchState::Finished, None))
        } else if rule.stopped() == Some(Stopped::Failures) {
            Some((BatchState::Stopped, Some(Stopped::Failures.as_str())))
        } else if self.app.batches.stopping.is_cancelled() {
            None
        } else {
            Some((BatchState::Stopped, Some(Stopped::Aborted.as_str())))
        };
        let state = over.map_or("left to the next start", |(state, _)| state.as_str());
        ledger.leave_batch(&self.taken, over).await?;
        tracing::info!(state, "a batch is let go of");
        Ok(())
    }
}

/// One customer's turn, written down at both ends.
async fn one(
    app: &App,
    taken: &Taken,
    client: &Client,
    place: i64,
    external_id: &str,
    stop: &CancellationToken,
) -> Result<RowState, LedgerError> {
    let spec = app.ledger.begin_row(taken, place, external_id).await?;
    let options = Options {
        skip_unsupported: taken.batch.skip_unsupported,
        prune: taken.batch.prune,
    };
    let cut_off = async {
        stop.cancelled().await;
        sleep(GRACE).await;
    };
    let ended = tokio::select! {
        biased;
        outcome = provision(client, &spec, options, stop) => Some(outcome),
        () = cut_off => None,
    };
    let ended = judge(ended, stop.is_cancelled());
    app.ledger.end_row(taken, place, external_id, &ended).await?;
    Ok(ended.state)
}

/// What a stop has cut off has not failed.
fn judge(ended: Option<Result<Outcome, Error>>, stopped: bool) -> Ended {
    let waiting = Ended {
        state: RowState::Waiting,
        steps: Value::Null,
        error: None,
    };
    match ended {
        Some(Ok(outcome)) if outcome.ok => Ended {
            state: RowState::Done,
            steps: outcome.steps,
            error: None,
        },
        _ if stopped => waiting,
        Some(Ok(outcome)) => Ended {
            state: RowState::Failed,
            steps: outcome.steps,
            error: outcome.error.as_ref().map(told_error),
        },
        Some(Err(error)) => Ended {
            error: Some(told_error(&error)),
            state: RowState::Failed,
            ..waiting
        },
        None => waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opencx_partner_kit::error::Code;

    #[test]
    fn what_a_stop_has_cut_off_has_not_failed() {
        let failed = || {
            Some(Ok(Outcome {
                ok: false,
                steps: Value::Null,
                error: Some(Error::new(Code::PlatformError, "down")),
            }))
        };
        assert_eq!(judge(failed(), false).state, RowState::Failed);
        assert_eq!(judge(failed(), false).error.unwrap()["code"], "PLATFORM_ERROR");
        assert_eq!(judge(failed(), true).state, RowState::Waiting);
        assert_eq!(judge(None, true).state, RowState::Waiting);
        let done = Some(Ok(Outcome {
            ok: true,
            steps: Value::Null,
            error: None,
        }));
        assert_eq!(judge(done, true).state, RowState::Done);
        let refused = Some(Err(Error::new(Code::NotSupported, "no such call")));
        assert_eq!(judge(refused, false).state, RowState::Failed);
    }
}
