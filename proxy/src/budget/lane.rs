//! The two lines before a budget: people who wait, and batches that can.

use std::time::Duration;

use axum::http::HeaderMap;

/// Which of the two lines a call waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lane {
    /// A person's: goes first, and may use all of the budget.
    #[default]
    People,
    /// A batch's: leaves some of the budget to people.
    Batch,
}

impl Lane {
    /// As the caller says (`X-Kit-Lane: batch`).
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get("x-kit-lane") {
            Some(lane) if lane == "batch" => Lane::Batch,
            _ => Lane::People,
        }
    }

    /// Its name to others.
    pub fn name(self) -> &'static str {
        match self {
            Lane::People => "people",
            Lane::Batch => "batch",
        }
    }

    /// How long a call waits for its turn.
    pub fn patience(self) -> Duration {
        match self {
            Lane::People => Duration::from_secs(10),
            Lane::Batch => Duration::from_secs(600),
        }
    }
}
