//! What the proxy's ledger says is done (`GET /v1/customers/{external_id}`).

use serde::Deserialize;

use super::{Step, StepKind};
use crate::platform::Org;

/// As far as a run needs it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Checkpoint {
    /// The org, if it was made.
    #[serde(default)]
    pub org: Option<Org>,
    /// What was done for it.
    #[serde(default)]
    pub operations: Vec<Operation>,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Operation {
    /// Idempotency key.
    pub key: String,
    /// `done`, or anything else.
    pub state: String,
}

impl Checkpoint {
    /// Whether that step was done before; the snippet never is, it costs nothing.
    pub fn knows(&self, step: &Step) -> bool {
        match step.kind {
            StepKind::Org => self.org.is_some(),
            _ => step
                .key
                .as_deref()
                .is_some_and(|key| self.position(key).is_some()),
        }
    }

    /// Where the finished operation with that key stands in the list.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.operations
            .iter()
            .position(|operation| operation.key == key && operation.state == "done")
    }
}
