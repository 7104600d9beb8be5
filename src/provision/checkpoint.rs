//! What the proxy's ledger says is done (`GET /v1/customers/{external_id}`).

use super::{Step, StepKind};
use crate::value::{Value, given, items, text_of};

/// As far as a run needs it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkpoint {
    /// The org was made.
    pub has_org: bool,
    /// What was done for it, in the ledger's order.
    pub operations: Vec<Operation>,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Idempotency key.
    pub key: String,
    /// `done`, or anything else.
    pub state: String,
}

impl Checkpoint {
    /// Reads the proxy's answer; `None` if it is not of the shape that the protocol promises.
    pub fn read<V: Value>(answer: &V) -> Option<Self> {
        let operations = items(&answer.get("operations")?);
        let operations = operations.iter().map(|operation| {
            Some(Operation {
                key: text_of(operation, "key")?,
                state: text_of(operation, "state")?,
            })
        });
        Some(Checkpoint {
            has_org: given(answer, "org").is_some(),
            operations: operations.collect::<Option<_>>()?,
        })
    }

    /// Whether that step was done before; the snippet never is, it costs nothing.
    pub fn knows(&self, step: &Step) -> bool {
        match step.kind {
            StepKind::Org => self.has_org,
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_done_counts_and_nothing_else() {
        let answer = json!({
            "org": { "id": "o" },
            "operations": [{ "key": "a", "state": "failed" }, { "key": "b", "state": "done" }],
        });
        let checkpoint = Checkpoint::read(&answer).unwrap();
        assert!(checkpoint.has_org);
        assert_eq!(
            (checkpoint.position("a"), checkpoint.position("b")),
            (None, Some(1))
        );
        assert_eq!(
            Checkpoint::read(&json!({ "org": null })),
            Some(Checkpoint::default())
        );
        assert_eq!(Checkpoint::read(&json!({ "operations": [5] })), None);
    }
}
