//! What the proxy's ledger says is done (`GET /v1/customers/{external_id}`), and what is on the platform
//! (`GET /v1/orgs/{org_id}/inventory`).

use crate::value::{Value, given, items, text_of};

/// As far as a run needs it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkpoint {
    /// The org was made.
    pub has_org: bool,
    /// What its contents were called when it was made.
    pub org_version: Option<String>,
    /// What was done for it, in the ledger's order.
    pub operations: Vec<Operation>,
    /// Calls that this platform does not have.
    pub missing_calls: Vec<String>,
    /// What is on the platform; `None` where nobody has looked.
    pub inventory: Option<Vec<Item>>,
}

/// One entry of the ledger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operation {
    /// Idempotency key.
    pub key: String,
    /// `done`, or anything else.
    pub state: String,
    /// What the contents that are done are called.
    pub version: Option<String>,
    /// The platform's id of what was made.
    pub id: Option<String>,
}

/// One thing on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `crawl`, `training`, `office-hours`, `tag`, `contact`.
    pub kind: String,
    /// The platform's id; of a tag its name.
    pub id: String,
    /// For people.
    pub label: String,
}

impl Checkpoint {
    /// Reads the proxy's answer; `None` if it is not of the shape that the protocol promises.
    pub fn read<V: Value>(answer: &V) -> Option<Self> {
        let mut operations = Vec::new();
        for operation in items(&answer.get("operations")?) {
            let result = given(&operation, "result");
            let id =
                result.and_then(|result| text_of(&result, "id").or_else(|| text_of(&result, "tag_name")));
            operations.push(Operation {
                key: text_of(&operation, "key")?,
                state: text_of(&operation, "state")?,
                version: text_of(&operation, "version"),
                id,
            });
        }
        let calls = given(answer, "capabilities");
        let missing = calls.map(|calls| {
            let mut names = calls.names();
            names.retain(|name| calls.get(name).is_some_and(|has| !has.is_true()));
            names
        });
        Some(Checkpoint {
            has_org: given(answer, "org").is_some(),
            org_version: text_of(answer, "org_version"),
            operations,
            missing_calls: missing.unwrap_or_default(),
            inventory: None,
        })
    }

    /// Reads the inventory; `None` if it is none.
    pub fn read_inventory<V: Value>(answer: &V) -> Option<Vec<Item>> {
        let mut listed = Vec::new();
        for item in items(&answer.get("items")?) {
            listed.push(Item {
                kind: text_of(&item, "kind")?,
                id: text_of(&item, "id")?,
                label: text_of(&item, "label").unwrap_or_default(),
            });
        }
        Some(listed)
    }

    /// Where the entry with that key stands in the list.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.operations.iter().position(|operation| operation.key == key)
    }

    /// The entry with that key.
    pub fn operation(&self, key: &str) -> Option<&Operation> {
        self.operations.get(self.position(key)?)
    }

    /// Whether that entry is there and done.
    pub fn is_done(&self, key: &str) -> bool {
        self.operation(key)
            .is_some_and(|operation| operation.state == "done")
    }

    /// Whether somebody has looked for things of that kind and this one is not among them.
    pub fn is_gone(&self, kind: &str, id: &str) -> bool {
        let listed = |items: &Vec<Item>| items.iter().any(|item| item.kind == kind && item.id == id);
        self.inventory.as_ref().is_some_and(|items| !listed(items))
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
            "org_version": "v",
            "operations": [
                { "key": "a", "state": "failed" },
                { "key": "b", "state": "done", "version": "1", "result": { "id": "x" } },
            ],
            "capabilities": { "inviteUser": true, "cancelCrawl": false },
        });
        let checkpoint = Checkpoint::read(&answer).unwrap();
        assert!(checkpoint.has_org && checkpoint.is_done("b") && !checkpoint.is_done("a"));
        assert_eq!(checkpoint.org_version.as_deref(), Some("v"));
        assert_eq!(checkpoint.operation("b").unwrap().id.as_deref(), Some("x"));
        assert_eq!(checkpoint.missing_calls, ["cancelCrawl"]);
        assert_eq!(
            Checkpoint::read(&json!({ "org": null })),
            Some(Checkpoint::default())
        );
        assert_eq!(Checkpoint::read(&json!({ "operations": [5] })), None);
    }

    #[test]
    fn gone_is_what_was_looked_for_and_not_found() {
        let mut checkpoint = Checkpoint::default();
        assert!(!checkpoint.is_gone("training", "x"));
        let listed = json!({ "items": [{ "kind": "training", "id": "x", "label": "X" }] });
        checkpoint.inventory = Checkpoint::read_inventory(&listed);
        assert!(!checkpoint.is_gone("training", "x") && checkpoint.is_gone("training", "y"));
        assert!(checkpoint.is_gone("crawl", "x"));
        assert_eq!(
            Checkpoint::read_inventory(&json!({ "items": [{ "id": "x" }] })),
            None
        );
    }
}
