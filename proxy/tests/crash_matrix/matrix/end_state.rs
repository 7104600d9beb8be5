//! How a customer stands at the platform and in the ledger, with what is drawn by lot or by the clock left out.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::page::Page;
use crate::sandbox::Sandbox;

pub struct EndState {
    pub platform: Value,
    pub ledger: Value,
    /// Keys that may have been made and that nobody holds.
    pub lost_keys: usize,
}

impl EndState {
    pub async fn of(page: &Page, sandbox: &Sandbox) -> Self {
        sandbox.no_breach().await;
        let mut orgs = sandbox.orgs().await;
        assert!(orgs.len() <= 1, "an external id has {} orgs", orgs.len());
        let mut ledger = page.checkpoint().await;
        let asked_for = page.keys();
        let mut lost_keys = 0;
        if let (Some(org), Some(id)) = (orgs.first_mut(), ledger["org"]["id"].as_str()) {
            let listed = page.read(&format!("/v1/orgs/{id}/keys")).await;
            let (lost, held): (Vec<&Value>, Vec<&Value>) = listed["items"]
                .as_array()
                .unwrap()
                .iter()
                .partition(|key| key["lost"] == true);
            lost_keys = lost.len();
            let made = org["keys"].as_array_mut().unwrap();
            // Whatever the platform has, the proxy holds or calls lost.
            assert!(
                held.len() <= made.len() && made.len() <= held.len() + lost.len(),
                "{listed} {made:?}"
            );
            made.truncate(held.len());
        }
        let operations = ledger["operations"].as_array_mut().unwrap();
        // Of what was removed a record may stay, until a run that asks for it again finds it gone.
        operations.retain(|operation| asked_for.iter().any(|key| operation["key"] == *key));
        for operation in operations {
            // The platform refuses a second invitation, which says that the first one arrived.
            if let Some(result) = operation["result"].as_object_mut() {
                result.remove("already_there");
            }
        }
        EndState {
            platform: plain(&json!(orgs)),
            ledger: plain(&ledger),
            lost_keys,
        }
    }
}

pub fn assert_same(found: &Value, expected: &Value) {
    let (mut here, mut there) = (BTreeSet::new(), BTreeSet::new());
    leaves(found, "", &mut here);
    leaves(expected, "", &mut there);
    let too_much: Vec<_> = here.difference(&there).collect();
    let missing: Vec<_> = there.difference(&here).collect();
    assert!(
        found == expected,
        "too much: {too_much:#?}, missing: {missing:#?}"
    );
}

fn leaves(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &format!("{path}/{name}"), found);
            }
        }
        leaf => {
            found.insert(format!("{path}: {leaf}"));
        }
    }
}

/// Without ids, times and secrets, and in an order of its own.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) if is_id(text) => json!("id"),
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => json!("time"),
        Value::Array(items) => sorted(items.iter()),
        Value::Object(fields) if fields.keys().any(|name| is_id(name)) => sorted(fields.values()),
        Value::Object(fields) => {
            let told = fields.iter().filter(|(name, value)| {
                // How often something was set: a second time changes nothing else.
                let counts = name.ends_with("version") && value.is_number();
                !counts && !["widget_token", "digest", "fingerprint"].contains(&name.as_str())
            });
            Value::Object(
                told.map(|(name, value)| (name.clone(), plain(value)))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}

fn sorted<'a>(items: impl Iterator<Item = &'a Value>) -> Value {
    let mut items: Vec<Value> = items.map(plain).collect();
    items.sort_by_key(Value::to_string);
    Value::Array(items)
}

/// A version is 32 hex digits too, but without hyphens.
fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::parse_str(text).is_ok()
}
