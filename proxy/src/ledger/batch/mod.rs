//! Batches of customers as the ledger keeps them. It is the truth of a batch: what drives it may be lost at any moment.

mod begin;
mod drive;
mod read;

use serde_json::Value;

pub use begin::{Begun, NewBatch, NewRow};
pub use drive::{Ended, Taken};
pub use read::{Batch, Row};

use super::journal::Note;

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Customers are under way, or will be.
    Running,
    /// Somebody has asked for its stop.
    Stopping,
    /// It ended before all customers had their turn.
    Stopped,
    /// All customers had their turn.
    Finished,
}

impl BatchState {
    /// As the ledger and the protocol spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            BatchState::Running => "running",
            BatchState::Stopping => "stopping",
            BatchState::Stopped => "stopped",
            BatchState::Finished => "finished",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "running" => BatchState::Running,
            "stopping" => BatchState::Stopping,
            "stopped" => BatchState::Stopped,
            _ => BatchState::Finished,
        }
    }

    /// Nobody drives it any more.
    pub fn is_over(self) -> bool {
        matches!(self, BatchState::Stopped | BatchState::Finished)
    }
}

/// Where a customer of a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Not begun, or begun and cut off.
    Waiting,
    /// Under way.
    Running,
    /// The customer is as the spec says.
    Done,
    /// Some step failed.
    Failed,
}

impl RowState {
    /// As the ledger and the protocol spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            RowState::Waiting => "waiting",
            RowState::Running => "running",
            RowState::Done => "done",
            RowState::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "running" => RowState::Running,
            "done" => RowState::Done,
            "failed" => RowState::Failed,
            _ => RowState::Waiting,
        }
    }
}

/// What the journal calls a batch.
const BATCH: &str = "batch";

/// Under which scope the journal has it.
pub fn batch_scope(batch_id: &str) -> String {
    format!("batch/{batch_id}")
}

/// What the journal is told; of the batch as a whole where `external_id` is empty.
fn note<'a>(scope: &'a str, external_id: &'a str, state: &'a str, detail: &'a str) -> Note<'a> {
    Note {
        scope,
        key: external_id,
        operation: BATCH,
        state,
        detail,
    }
}

/// Where a sealed spec belongs.
pub(super) fn place(batch_id: &str, place: i64) -> String {
    format!("batch/{batch_id}/{place}")
}

/// The code of a customer's error, for the journal.
fn code(error: &Value) -> &str {
    error.get("code").and_then(Value::as_str).unwrap_or_default()
}
