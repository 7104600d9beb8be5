//! What was asked of the sandbox, for tests: method, path and status. Never a query, a header or a body.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

const KEPT: usize = 10_000;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Status answered.
    pub status: u16,
}

/// The latest calls, oldest first.
#[derive(Debug, Default)]
pub struct CallLog(Mutex<VecDeque<Call>>);

impl CallLog {
    /// Adds a call; the oldest goes when there are too many.
    pub fn note(&self, method: &str, path: &str, status: u16) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(Call {
            method: method.to_owned(),
            path: without_credential(path),
            status,
        });
    }

    /// A copy of all that is kept.
    pub fn calls(&self) -> Vec<Call> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
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

    #[test]
    fn a_login_token_is_not_kept() {
        let log = CallLog::default();
        log.note("GET", "/login/canary", 200);
        log.note("GET", "/org", 401);
        let calls = log.calls();
        assert_eq!(calls[0].path, "/login/…");
        assert_eq!((calls[1].path.as_str(), calls[1].status), ("/org", 401));
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let log = CallLog::default();
        for n in 0..=KEPT {
            log.note("GET", &format!("/{n}"), 200);
        }
        let calls = log.calls();
        assert_eq!(calls.len(), KEPT);
        assert_eq!(calls[0].path, "/1");
    }
}
