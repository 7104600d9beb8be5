//! What was asked of the sandbox, for tests: method, path, operation and status. Never a query, a header or a body.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

const KEPT: usize = 10_000;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// The contract's operation; none for other calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'static str>,
    /// Status answered; none when the connection was cut on demand.
    pub status: Option<u16>,
    /// Faults that struck it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<&'static str>,
}

#[derive(Debug, Default)]
struct Log {
    latest: VecDeque<Call>,
    counts: HashMap<(&'static str, Option<u16>), u64>,
}

/// The latest calls, oldest first, and how many there were of each operation.
#[derive(Debug, Default)]
pub struct CallLog(Mutex<Log>);

impl CallLog {
    /// Adds a call; the oldest goes when there are too many.
    pub fn note(&self, call: Call) {
        let mut log = self.log();
        if let Some(operation) = call.operation {
            *log.counts.entry((operation, call.status)).or_default() += 1;
        }
        if log.latest.len() == KEPT {
            log.latest.pop_front();
        }
        log.latest.push_back(Call {
            path: without_credential(&call.path),
            ..call
        });
    }

    /// A copy of all that is kept.
    pub fn calls(&self) -> Vec<Call> {
        self.log().latest.iter().cloned().collect()
    }

    /// How often an operation was called, also by calls no longer kept; of those answered with `status` if that is given.
    pub fn count(&self, operation: &str, status: Option<u16>) -> u64 {
        self.log()
            .counts
            .iter()
            .filter(|((id, answered), _)| *id == operation && (status.is_none() || *answered == status))
            .map(|(_, count)| count)
            .sum()
    }

    /// Forgets all.
    pub fn clear(&self) {
        *self.log() = Log::default();
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A login link's path is the credential itself.
pub fn without_credential(path: &str) -> String {
    if path.starts_with("/login/") {
        "/login/…".to_owned()
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str, operation: Option<&'static str>, status: u16) -> Call {
        Call {
            method: "GET".into(),
            path: path.into(),
            operation,
            status: Some(status),
            faults: Vec::new(),
        }
    }

    #[test]
    fn a_login_token_is_not_kept() {
        let log = CallLog::default();
        log.note(call("/login/canary", None, 200));
        log.note(call("/org", Some("getOrg"), 401));
        let calls = log.calls();
        assert_eq!(calls[0].path, "/login/…");
        assert_eq!((calls[1].path.as_str(), calls[1].status), ("/org", Some(401)));
    }

    #[test]
    fn it_does_not_grow_for_ever_but_counts_on() {
        let log = CallLog::default();
        for n in 0..=KEPT {
            log.note(call(&format!("/{n}"), Some("getOrg"), 200));
        }
        log.note(call("/org", Some("getOrg"), 401));
        let calls = log.calls();
        assert_eq!(calls.len(), KEPT);
        assert_eq!(calls[0].path, "/2");
        assert_eq!(log.count("getOrg", None), KEPT as u64 + 2);
        assert_eq!(log.count("getOrg", Some(401)), 1);
        log.clear();
        assert_eq!((log.count("getOrg", None), log.calls().len()), (0, 0));
    }
}
