//! The platform's calls a minute, shared by all who call through this proxy. A call waits here for its turn before it is
//! sent: people shortly and first, batches long and leaving some to people.
//!
//! Not `governor`: its rule refills evenly and so lets nearly twice the limit through in some minute, and it knows no
//! second line.

mod fields;
mod in_postgres;
mod in_process;
mod lane;
mod line;
mod store;
mod window;

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opencx_partner_kit::error::{Code, Error};
use sha2::{Digest, Sha256};
use sqlx::AnyPool;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

pub use fields::{RATE_LIMIT, RATE_LIMIT_POLICY, tell_what_is_left};
pub use lane::Lane;
pub use window::Rule;

use crate::asker::Asker;
use crate::observe::Metrics;
use crate::platform::Failure;
use in_postgres::InPostgres;
use in_process::InProcess;
use line::Line;
use store::{Store, Taken};
use window::Left;

const PARTNER: &str = "partner";
/// Lines where nobody stands are forgotten when there are so many.
const MANY: usize = 1_000;
/// For a 429 that does not say how long.
const UNSAID_WAIT_MS: u64 = 5_000;
/// At the least, whatever a 429 says: it is not to be asked again at once.
const LEAST_WAIT_MS: u64 = 1_000;

/// The limits of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// For all calls with the partner key. A limit of 0: none.
    pub partner: Rule,
    /// For the calls with one org's key. Likewise.
    pub org: Rule,
}

impl Rules {
    fn of(&self, name: &str) -> &Rule {
        if name == PARTNER { &self.partner } else { &self.org }
    }
}

/// All budgets.
#[derive(Clone)]
pub struct Budgets(Arc<Inner>);

struct Inner {
    rules: Rules,
    store: Box<dyn Store>,
    metrics: Metrics,
    lines: Mutex<HashMap<String, Arc<Line>>>,
    stopping: CancellationToken,
}

/// Which budget.
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// The partner's.
    Partner,
    /// An org's.
    Org(&'a str),
}

impl Key<'_> {
    /// The store's name for it, which tells nothing of the key.
    fn name(self) -> String {
        match self {
            Key::Partner => PARTNER.to_owned(),
            Key::Org(key) => {
                let mut name = hex::encode(Sha256::digest(key));
                name.truncate(16);
                format!("org-{name}")
            }
        }
    }
}

/// Leave to make one call. It counts until it is dropped, and a minute longer.
pub struct Turn {
    budgets: Budgets,
    /// `None`: without a limit nothing is counted.
    taken: Option<(String, u64)>,
    shut_ms: Option<u64>,
}

impl Turn {
    /// There is a limit to keep to.
    pub fn is_counted(&self) -> bool {
        self.taken.is_some()
    }

    /// The platform has refused the call as one too many, and may have said how long to wait.
    pub fn refused(mut self, wait_ms: Option<u64>) {
        self.shut_ms = Some(wait_ms.unwrap_or(UNSAID_WAIT_MS).max(LEAST_WAIT_MS));
    }
}

tokio::task_local! {
    static AHEAD: Mutex<Option<Turn>>;
}

impl Turn {
    /// The first call of that work, with the same key, has its turn already.
    pub async fn ahead_of<T>(self, work: impl Future<Output = T>) -> T {
        AHEAD.scope(Mutex::new(Some(self)), work).await
    }

    fn taken_ahead(name: &str) -> Option<Turn> {
        let fits = |turn: &mut Turn| turn.taken.as_ref().is_none_or(|(taken, _)| taken == name);
        AHEAD
            .try_with(|ahead| ahead.lock().unwrap_or_else(PoisonError::into_inner).take_if(fits))
            .ok()
            .flatten()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((name, ticket)) = &self.taken {
            self.budgets.0.store.end(name, *ticket, self.shut_ms);
        }
    }
}

impl Budgets {
    /// For a proxy that is alone; `file` outlives it.
    pub fn of_this_process(rules: Rules, file: File, metrics: Metrics) -> Self {
        let file = (rules.partner.limit > 0).then_some(file);
        Budgets::in_store(rules, Box::new(InProcess::new(rules, file)), metrics)
    }

    /// For several proxies before one PostgreSQL.
    pub fn of_replicas(rules: Rules, pool: AnyPool, metrics: Metrics) -> Self {
        Budgets::in_store(rules, Box::new(InPostgres::new(rules, pool)), metrics)
    }

    fn in_store(rules: Rules, store: Box<dyn Store>, metrics: Metrics) -> Self {
        Budgets(Arc::new(Inner {
            rules,
            store,
            metrics,
            lines: Mutex::default(),
            stopping: CancellationToken::new(),
        }))
    }

    /// Waits for a turn, as long as whoever asks has patience from `started` on.
    ///
    /// # Errors
    /// `RATE_LIMITED` with the wait that is left, and others; nothing was sent.
    pub async fn turn(&self, key: Key<'_>, started: Instant) -> Result<Turn, Failure> {
        let name = key.name();
        if let Some(turn) = Turn::taken_ahead(&name) {
            return Ok(turn);
        }
        if self.0.rules.of(&name).limit == 0 {
            return Ok(self.granted(None));
        }
        let (asker, asked) = (Asker::current(), Instant::now());
        let waited = self.wait(&name, asker.lane, started + asker.lane.patience());
        let outcome = tokio::select! {
            biased;
            ticket = waited => match ticket? {
                Ok(ticket) => Ok(self.granted(Some((name, ticket)))),
                Err(wait_ms) => Err(used_up(self.0.rules.of(&name).limit, key, wait_ms)),
            },
            () = asker.left.cancelled() => Err(caller_left()),
            () = self.0.stopping.cancelled() => Err(stopping()),
        };
        self.0
            .metrics
            .waited(asker.lane.name(), outcome.is_ok(), asked.elapsed());
        outcome
    }

    /// Whoever waits still waits no longer.
    pub fn stop(&self) {
        self.0.stopping.cancel();
    }

    fn granted(&self, taken: Option<(String, u64)>) -> Turn {
        Turn {
            budgets: self.clone(),
            taken,
            shut_ms: None,
        }
    }

    /// A ticket, or the wait in milliseconds that is longer than `until`.
    async fn wait(&self, name: &str, lane: Lane, until: Instant) -> Result<Result<u64, u64>, Failure> {
        let line = self.line(name);
        let Ok(_first) = timeout_at(until, line.first(lane)).await else {
            let left = self.0.store.left(name, lane);
            return Ok(Err(left.more_in_ms.max(LEAST_WAIT_MS)));
        };
        loop {
            line.give_way(lane).await;
            let taken = self.0.store.take(name, lane).await.map_err(not_counted)?;
            let wait_ms = match taken {
                Taken::Call(ticket) => return Ok(Ok(ticket)),
                Taken::Wait(wait_ms) => wait_ms,
            };
            let at = Instant::now() + Duration::from_millis(wait_ms);
            if at > until {
                return Ok(Err(wait_ms));
            }
            sleep_until(at).await;
        }
    }

    fn line(&self, name: &str) -> Arc<Line> {
        let mut lines = self.0.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() > MANY && !lines.contains_key(name) {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(lines.entry(name.to_owned()).or_default())
    }

    /// By lane, the calls with the partner key that may be sent now; empty without a limit.
    pub fn calls_left(&self) -> Vec<(&'static str, usize)> {
        if self.0.rules.partner.limit == 0 {
            return Vec::new();
        }
        [Lane::People, Lane::Batch]
            .map(|lane| (lane.name(), self.left(lane).calls))
            .into()
    }

    /// What is left of the partner's calls.
    fn left(&self, lane: Lane) -> Left {
        self.0.store.left(PARTNER, lane)
    }
}

fn used_up(limit: usize, key: Key<'_>, wait_ms: u64) -> Failure {
    let whose = match key {
        Key::Partner => "this partner",
        Key::Org(_) => "this organization",
    };
    let seconds = wait_ms.div_ceil(1000);
    Failure::certain(Error {
        retry_after_ms: Some(wait_ms),
        ..Error::retryable(
            Code::RateLimited,
            format!(
                "The {limit} calls a minute that OpenCX takes from {whose} are used up. Nothing was changed. Send the \
                 same request again in {seconds} s."
            ),
        )
    })
}

fn caller_left() -> Failure {
    Failure::certain(Error::retryable(
        Code::Aborted,
        "The caller left before the call's turn came. Nothing was sent.",
    ))
}

fn stopping() -> Failure {
    Failure::certain(Error::retryable(
        Code::Network,
        "The proxy is being stopped, and the call's turn had not come. Nothing was sent. Send the same request again.",
    ))
}

fn not_counted(reason: String) -> Failure {
    tracing::error!(reason, "the store of the budgets failed");
    Failure::certain(Error::retryable(
        Code::Internal,
        "The proxy could not count the call against OpenCX's calls a minute. Nothing was sent. Ask its operator to look at \
         its log and its database.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn budgets(limit: usize) -> Budgets {
        let rule = Rule {
            limit,
            reserve: 1,
            window_ms: 60_000,
            longest_ms: 20_000,
        };
        let rules = Rules {
            partner: rule,
            org: rule,
        };
        Budgets::of_this_process(rules, tempfile::tempfile().unwrap(), Metrics::new())
    }

    fn in_lane(lane: Lane) -> Asker {
        Asker {
            lane,
            ..Asker::default()
        }
    }

    async fn take(budgets: &Budgets) -> Result<Turn, Failure> {
        budgets.turn(Key::Partner, Instant::now()).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_is_told_at_once_when_the_wait_is_longer_than_his_patience() {
        let budgets = budgets(2);
        drop((
            take(&budgets).await.ok().unwrap(),
            take(&budgets).await.ok().unwrap(),
        ));
        let asked = Instant::now();
        let refused = take(&budgets).await.err().unwrap();
        assert_eq!(asked.elapsed(), Duration::ZERO);
        assert!(refused.certain);
        assert_eq!(
            (refused.error.code, refused.error.retry_after_ms),
            (Code::RateLimited, Some(60_000))
        );
        assert!(
            refused.error.message.contains("again in 60 s"),
            "{}",
            refused.error.message
        );

        tokio::time::advance(Duration::from_secs(51)).await;
        assert!(take(&budgets).await.is_ok(), "waited nine seconds");
        assert_eq!(asked.elapsed(), Duration::from_secs(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_waits_and_leaves_the_last_call_to_a_person() {
        let budgets = budgets(2);
        let (first, second) = in_lane(Lane::Batch)
            .during(async {
                drop(take(&budgets).await.ok().unwrap());
                let asked = Instant::now();
                let (second, person) = tokio::join!(take(&budgets), async {
                    in_lane(Lane::People).during(take(&budgets)).await.ok().unwrap();
                    asked.elapsed()
                });
                assert_eq!(person, Duration::ZERO);
                (second.is_ok(), asked.elapsed())
            })
            .await;
        assert_eq!((first, second), (true, Duration::from_secs(60)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_platform_refuses_stops_all_until_it_says() {
        let budgets = budgets(9);
        take(&budgets).await.ok().unwrap().refused(Some(7_000));
        let asked = Instant::now();
        drop(take(&budgets).await.ok().unwrap());
        assert_eq!(asked.elapsed(), Duration::from_secs(7));
        take(&budgets).await.ok().unwrap().refused(None);
        drop(take(&budgets).await.ok().unwrap());
        assert_eq!(asked.elapsed(), Duration::from_secs(12));
        take(&budgets).await.ok().unwrap().refused(Some(30_000));
        assert_eq!(
            take(&budgets).await.err().unwrap().error.retry_after_ms,
            Some(30_000)
        );
        assert!(budgets.turn(Key::Org("k"), Instant::now()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_a_caller_who_left_or_in_a_proxy_that_stops() {
        let budgets = budgets(1);
        drop(take(&budgets).await.ok().unwrap());
        let (asker, caller) = in_lane(Lane::Batch).apart();
        // Its share is nothing, so it waits for the window's end again and again.
        let mut waiting = Box::pin(asker.during(take(&budgets)));
        assert!((&mut waiting).now_or_never().is_none());
        drop(caller);
        assert_eq!(waiting.await.err().unwrap().error.code, Code::Aborted);

        budgets.stop();
        let refused = in_lane(Lane::Batch).during(take(&budgets)).await.err().unwrap();
        assert_eq!((refused.error.code, refused.certain), (Code::Network, true));
    }

    #[tokio::test]
    async fn a_turn_taken_ahead_is_for_one_call_with_that_key() {
        let budgets = budgets(2);
        let ahead = take(&budgets).await.ok().unwrap();
        let left = || budgets.left(Lane::People).calls;
        ahead
            .ahead_of(async {
                drop(budgets.turn(Key::Org("k"), Instant::now()).await);
                assert_eq!(left(), 1);
                drop(take(&budgets).await);
                assert_eq!(left(), 1, "taken ahead");
                drop(take(&budgets).await);
                assert_eq!(left(), 0);
            })
            .await;
    }

    #[tokio::test]
    async fn without_a_limit_nobody_waits() {
        let budgets = budgets(0);
        for _ in 0..1_000 {
            drop(take(&budgets).await.ok().unwrap());
        }
    }

    #[test]
    fn the_name_of_a_budget_does_not_tell_the_key() {
        let name = Key::Org("ocx_canary").name();
        assert!(name.starts_with("org-") && name.len() == 20 && !name.contains("canary"));
        assert_ne!(name, Key::Org("ocx_other").name());
    }
}
