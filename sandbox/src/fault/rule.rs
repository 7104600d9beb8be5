//! The faults that are set, and which of them strike a call.

use std::sync::{Mutex, PoisonError};

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::{Fault, Plan, When};
use crate::contract::Operation;

/// A fault, and the calls it strikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Calls of this operation; `None`: of any.
    #[serde(default)]
    pub operation: Option<String>,
    /// Which of them.
    #[serde(default)]
    pub when: When,
    /// Makes chance repeatable.
    #[serde(default)]
    pub seed: u64,
    /// What goes wrong.
    pub fault: Fault,
}

impl Rule {
    /// It can be set.
    ///
    /// # Errors
    /// Says why not.
    pub fn check(&self) -> Result<(), String> {
        if let Some(id) = &self.operation
            && Operation::of(id).is_none()
        {
            return Err(format!("the contract has no operation {id}"));
        }
        self.when.check()?;
        self.fault.check()
    }
}

/// A rule that is set, and what has come of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Armed {
    /// To take it back by.
    pub id: u64,
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Calls it was for.
    pub seen: u64,
    /// Calls it struck.
    pub struck: u64,
}

#[derive(Debug, Default)]
struct Set {
    rules: Vec<Armed>,
    latest: u64,
}

/// All rules that are set.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Set>);

impl Faults {
    /// Sets one more and gives its id.
    pub fn add(&self, rule: Rule) -> u64 {
        let mut set = self.set();
        set.latest += 1;
        let id = set.latest;
        set.rules.push(Armed {
            id,
            rule,
            seen: 0,
            struck: 0,
        });
        id
    }

    /// Takes one back; `false` when it is not set.
    pub fn remove(&self, id: u64) -> bool {
        let mut set = self.set();
        let before = set.rules.len();
        set.rules.retain(|armed| armed.id != id);
        set.rules.len() < before
    }

    /// Takes all back.
    pub fn clear(&self) {
        self.set().rules.clear();
    }

    /// All, in the order they were set.
    pub fn all(&self) -> Vec<Armed> {
        self.set().rules.clone()
    }

    /// What goes wrong with the next call of an operation; `asked` are faults of this call alone.
    pub fn next(&self, operation: &str, asked: &[Fault]) -> Plan {
        let mut plan = Plan::default();
        for armed in &mut self.set().rules {
            if armed.rule.operation.as_deref().is_some_and(|id| id != operation) {
                continue;
            }
            armed.seen += 1;
            // By seed and number alone: other calls in between change nothing.
            let mut rng = Rng::with_seed(armed.rule.seed ^ armed.seen.rotate_left(32));
            if armed.rule.when.strikes(armed.seen, &mut rng) {
                armed.struck += 1;
                plan.add(&armed.rule.fault, &mut rng);
            }
        }
        let mut rng = Rng::with_seed(0);
        for fault in asked {
            plan.add(fault, &mut rng);
        }
        plan
    }

    fn set(&self) -> std::sync::MutexGuard<'_, Set> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn rule(value: Value) -> Rule {
        serde_json::from_value(value).unwrap()
    }

    fn struck(faults: &Faults, operation: &str, calls: usize) -> Vec<bool> {
        (0..calls)
            .map(|_| !faults.next(operation, &[]).is_empty())
            .collect()
    }

    #[test]
    fn a_rule_counts_the_calls_it_is_for() {
        let faults = Faults::default();
        let id = faults.add(rule(
            json!({ "operation": "createOrg", "when": { "nth": 2 }, "fault": { "drop": {} } }),
        ));
        assert_eq!(struck(&faults, "getOrg", 3), [false; 3]);
        assert_eq!(struck(&faults, "createOrg", 3), [false, true, false]);
        assert_eq!((faults.all()[0].seen, faults.all()[0].struck), (3, 1));
        assert!(faults.remove(id) && !faults.remove(id));
        assert!(faults.all().is_empty());
    }

    #[test]
    fn chance_is_repeatable_and_fair() {
        let with_seed = |seed: u64| {
            let faults = Faults::default();
            faults.add(rule(
                json!({ "when": { "probability": 0.3 }, "seed": seed, "fault": { "drop": {} } }),
            ));
            struck(&faults, "getOrg", 2000)
        };
        let first = with_seed(1);
        assert_eq!(first, with_seed(1));
        assert_ne!(first, with_seed(2));
        let count = first.iter().filter(|struck| **struck).count();
        assert!((540..660).contains(&count), "{count}");
    }

    #[test]
    fn a_rule_for_nothing_is_refused() {
        assert!(
            rule(json!({ "operation": "makeOrg", "fault": { "drop": {} } }))
                .check()
                .is_err()
        );
        assert!(
            rule(json!({ "when": { "nth": 0 }, "fault": { "drop": {} } }))
                .check()
                .is_err()
        );
        assert!(
            rule(json!({ "operation": "createOrg", "fault": { "html": {} } }))
                .check()
                .is_ok()
        );
    }
}
