//! The metrics, in the text format of Prometheus (OpenMetrics 1.0). Labels are patterns, methods, statuses and codes: no
//! secret, no id of a customer, no parameter of a path.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Seconds: our own answers take a few milliseconds, the platform's up to its time limit, a batch's wait minutes.
const BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 120.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    call: String,
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    call: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Waited {
    lane: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Line {
    lane: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Written {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: &'static str,
}

fn durations() -> Histogram {
    Histogram::new(BUCKETS)
}

type Durations<L> = Family<L, Histogram, fn() -> Histogram>;

/// All of one proxy. Clones are the same metrics.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Counter>,
    request_seconds: Durations<Route>,
    running_requests: Gauge,
    platform_calls: Family<Called, Counter>,
    platform_seconds: Durations<Call>,
    budget_wait: Durations<Waited>,
    budget_left: Family<Line, Gauge>,
    writes: Family<Written, Counter>,
    running_writes: Gauge,
    ledger_writes: Family<InState, Gauge>,
    lost_lines: Gauge,
}

/// What is looked up when somebody asks, rather than counted.
pub struct Now {
    /// Writes under way, with their caller or without.
    pub running_writes: usize,
    /// Lines of the log that nobody has read.
    pub lost_lines: usize,
    /// By lane, the calls with the partner key that may be sent now; none without a limit.
    pub budget_left: Vec<(&'static str, usize)>,
    /// By state, the writes that the ledger holds; `None`: it does not answer.
    pub writes: Option<Vec<(&'static str, i64)>>,
}

impl Metrics {
    /// None yet.
    pub fn new() -> Self {
        let metrics = Metrics {
            registry: Arc::default(),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(durations),
            running_requests: Gauge::default(),
            platform_calls: Family::default(),
            platform_seconds: Family::new_with_constructor(durations),
            budget_wait: Family::new_with_constructor(durations),
            budget_left: Family::default(),
            writes: Family::default(),
            running_writes: Gauge::default(),
            ledger_writes: Family::default(),
            lost_lines: Gauge::default(),
        };
        Metrics {
            registry: Arc::new(metrics.registered()),
            ..metrics
        }
    }

    fn registered(&self) -> Registry {
        let mut registry = Registry::with_prefix("opencx_proxy");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The running version", version);
        registry.register(
            "requests",
            "Answers to callers, by the route's pattern, status and problem code",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "Time to an answer's head",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
        registry.register(
            "running_requests",
            "Requests being answered",
            self.running_requests.clone(),
        );
        registry.register(
            "platform_calls",
            "Calls to the platform, each attempt, by status; no_answer if there was none",
            self.platform_calls.clone(),
        );
        registry.register_with_unit(
            "platform_call_duration",
            "Time to the whole answer of the platform",
            Unit::Seconds,
            self.platform_seconds.clone(),
        );
        registry.register_with_unit(
            "budget_wait",
            "How long calls to the platform waited for their turn, by lane and by what came of it: granted, refused",
            Unit::Seconds,
            self.budget_wait.clone(),
        );
        registry.register(
            "budget_left",
            "Calls with the partner key that may be sent now, by lane; absent without a limit",
            self.budget_left.clone(),
        );
        registry.register(
            "writes",
            "Ended writes, by what came of them: made, made_before (found or changed), or the problem's code",
            self.writes.clone(),
        );
        registry.register(
            "running_writes",
            "Writes under way, those whose caller has left too",
            self.running_writes.clone(),
        );
        registry.register(
            "ledger_writes",
            "Writes in the ledger, by state; absent while its database does not answer",
            self.ledger_writes.clone(),
        );
        registry.register(
            "lost_log_lines",
            "Lines of the log that were lost, for nobody read those before them",
            self.lost_lines.clone(),
        );
        registry
    }

    /// A request has been answered; `code` is empty for a success.
    pub fn answered(
        &self,
        method: &'static str,
        route: &str,
        status: u16,
        code: &'static str,
        took: Duration,
    ) {
        let route = route.to_owned();
        let answered = Answered {
            method,
            route: route.clone(),
            status,
            code,
        };
        self.requests.get_or_create(&answered).inc();
        self.request_seconds
            .get_or_create(&Route { method, route })
            .observe(took.as_secs_f64());
    }

    /// Counts a request for as long as what it gives lives.
    pub fn running(&self) -> Running {
        self.running_requests.inc();
        Running(self.running_requests.clone())
    }

    /// The platform has answered, or not. `call` is a pattern.
    pub fn platform_called(&self, call: String, status: Option<u16>, took: Duration) {
        let called = Called {
            call: call.clone(),
            outcome: status.map_or_else(|| "no_answer".to_owned(), |status| status.to_string()),
        };
        self.platform_calls.get_or_create(&called).inc();
        self.platform_seconds
            .get_or_create(&Call { call })
            .observe(took.as_secs_f64());
    }

    /// A call's wait for its turn has ended.
    pub fn waited(&self, lane: &'static str, granted: bool, took: Duration) {
        let outcome = if granted { "granted" } else { "refused" };
        self.budget_wait
            .get_or_create(&Waited { lane, outcome })
            .observe(took.as_secs_f64());
    }

    /// A write has ended.
    pub fn written(&self, operation: &'static str, outcome: &'static str) {
        self.writes.get_or_create(&Written { operation, outcome }).inc();
    }

    /// As Prometheus reads them.
    ///
    /// # Errors
    /// None: a text takes all that is written.
    pub fn text(&self, now: Now) -> Result<String, std::fmt::Error> {
        self.running_writes
            .set(i64::try_from(now.running_writes).unwrap_or(i64::MAX));
        self.lost_lines
            .set(i64::try_from(now.lost_lines).unwrap_or(i64::MAX));
        for (lane, left) in now.budget_left {
            let left = i64::try_from(left).unwrap_or(i64::MAX);
            self.budget_left.get_or_create(&Line { lane }).set(left);
        }
        match now.writes {
            Some(writes) => {
                for (state, count) in writes {
                    self.ledger_writes.get_or_create(&InState { state }).set(count);
                }
            }
            None => self.ledger_writes.clear(),
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A request that is being answered.
pub struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}
