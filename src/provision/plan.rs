//! What a run would do, before it does anything.

use super::{Checkpoint, Step, StepKind};

/// What the platform takes of one partner in a minute (`contract/README.md`, limits).
const CALLS_A_MINUTE: u64 = 100;
/// One call to the platform through the proxy, roughly.
const ROUND_TRIP_MS: u64 = 500;
/// Org, key, and all that needs the key side by side.
const ROUNDS: u64 = 3;

/// Why a step would be done, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The proxy's ledger knows of none.
    NotThere,
    /// The ledger knows that it is done.
    DoneBefore,
    /// It is made anew by each run.
    EachTime,
}

impl Reason {
    /// As the page sees it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::NotThere => "not-there",
            Reason::DoneBefore => "done-before",
            Reason::EachTime => "each-time",
        }
    }
}

/// What would become of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// Why.
    pub reason: Reason,
    /// Calls to the platform; look-ups after an uncertain answer come on top.
    pub calls: u64,
    /// Whether some call of the platform takes it back. An org and a key stay, and a sent e-mail is sent.
    pub can_be_undone: bool,
    /// Whether the person it is for gets an e-mail.
    pub sends_email: bool,
}

impl Action {
    /// Whether anything would happen.
    pub fn is_done(self) -> bool {
        self.reason != Reason::DoneBefore
    }
}

/// What a run would do, step by step, and what it would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// For each step, in the order of the steps.
    pub actions: Vec<Action>,
    /// Calls to the platform in all.
    pub calls: u64,
    /// About how long, in milliseconds, without waiting for the crawl: a first crawl takes the platform 10 to 30 minutes.
    pub about_ms: u64,
}

/// Plans a run of these steps.
pub fn plan(steps: &[Step], checkpoint: &Checkpoint) -> Plan {
    let actions: Vec<Action> = steps.iter().map(|step| action(step, checkpoint)).collect();
    let calls = actions.iter().map(|action| action.calls).sum();
    let over: u64 = calls - CALLS_A_MINUTE.min(calls);
    Plan {
        calls,
        about_ms: ROUNDS.min(calls) * ROUND_TRIP_MS + over * 60_000 / CALLS_A_MINUTE,
        actions,
    }
}

fn action(step: &Step, checkpoint: &Checkpoint) -> Action {
    let reason = match step.kind {
        StepKind::Snippet | StepKind::LoginLink => Reason::EachTime,
        _ if checkpoint.knows(step) => Reason::DoneBefore,
        _ => Reason::NotThere,
    };
    let happens = reason != Reason::DoneBefore;
    Action {
        reason,
        calls: u64::from(happens && step.kind != StepKind::Snippet),
        can_be_undone: !matches!(step.kind, StepKind::Org | StepKind::OrgKey | StepKind::Invitation),
        sends_email: happens && step.kind == StepKind::Invitation,
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::full;
    use super::super::{Operation, Run, Standing, steps};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_first_run_does_everything() {
        let plan = plan(&steps(&full()), &Checkpoint::default());
        assert_eq!((plan.calls, plan.about_ms), (7, 1_500));
        assert!(plan.actions.iter().all(|action| action.is_done()));
        let of = |index: usize| plan.actions[index];
        assert!(!of(0).can_be_undone && !of(1).can_be_undone && of(2).can_be_undone);
        assert_eq!(plan.actions.iter().filter(|action| action.sends_email).count(), 1);
        assert_eq!((of(7).reason, of(7).calls), (Reason::EachTime, 0));
    }

    #[test]
    fn a_large_spec_waits_for_the_platforms_minute() {
        let mut spec = full();
        spec["trainings"] = (0..200)
            .map(|n| serde_json::json!({ "title": format!("Title {n}"), "content": "Some content." }))
            .collect();
        let plan = plan(&steps(&spec), &Checkpoint::default());
        assert_eq!(plan.calls, 205);
        assert_eq!(plan.about_ms, 1_500 + 105 * 600);
    }

    proptest! {
        /// The plan and the run agree: what the one calls done before, the other does not start.
        #[test]
        fn a_run_does_what_was_planned(done in proptest::collection::vec(any::<bool>(), 8)) {
            let steps = steps(&full());
            let mut checkpoint = Checkpoint { has_org: done[0], operations: Vec::new() };
            for (step, done) in steps.iter().zip(&done) {
                if let (Some(key), true) = (&step.key, *done) {
                    checkpoint.operations.push(Operation { key: key.clone(), state: "done".into() });
                }
            }
            let plan = plan(&steps, &checkpoint);
            let run = Run::new(&steps, &checkpoint, None);
            for (action, standing) in plan.actions.iter().zip(run.standings()) {
                prop_assert_eq!(action.is_done(), *standing == Standing::Waiting);
            }
        }
    }
}
