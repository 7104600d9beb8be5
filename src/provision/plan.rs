//! What a run would do, before it does anything.

use super::{Reason, Step, StepKind, Survey};

/// What the platform takes of one partner in a minute (`contract/README.md`, limits).
const CALLS_A_MINUTE: u64 = 100;
/// One call to the platform through the proxy, roughly.
const ROUND_TRIP_MS: u64 = 500;
/// Org, key, and all that needs the key side by side.
const ROUNDS: u64 = 3;

/// What would become of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// Why.
    pub reason: Reason,
    /// Calls to the platform; look-ups after an uncertain answer come on top.
    pub calls: u64,
    /// Whether some call of the platform takes it back.
    pub can_be_undone: bool,
    /// Whether the person it is for gets an e-mail.
    pub sends_email: bool,
}

impl Action {
    /// Whether anything would happen.
    pub fn is_done(self) -> bool {
        !matches!(self.reason, Reason::DoneBefore | Reason::NotSupported)
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

/// Plans a run of what was surveyed.
pub fn plan(survey: &Survey) -> Plan {
    let actions: Vec<Action> = survey.steps.iter().map(action).collect();
    let calls = actions.iter().map(|action| action.calls).sum();
    let over: u64 = calls - CALLS_A_MINUTE.min(calls);
    Plan {
        calls,
        about_ms: ROUNDS.min(calls) * ROUND_TRIP_MS + over * 60_000 / CALLS_A_MINUTE,
        actions,
    }
}

fn action((step, reason): &(Step, Reason)) -> Action {
    let mut action = Action {
        reason: *reason,
        calls: 0,
        can_be_undone: step.kind.can_be_undone(),
        sends_email: false,
    };
    if action.is_done() && step.kind != StepKind::Snippet {
        // What is gone is looked for before it is made again.
        action.calls = if *reason == Reason::Gone { 2 } else { 1 };
        action.sends_email = step.kind == StepKind::Invitation;
    }
    action
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::full;
    use super::super::{Checkpoint, Operation, Run, Standing, steps, survey};
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Json;

    fn first_run(spec: &Json) -> Plan {
        plan(&survey(steps(spec), &Checkpoint::default(), false))
    }

    #[test]
    fn a_first_run_does_everything() {
        let plan = first_run(&full());
        let count = steps(&full()).len() as u64;
        assert_eq!((plan.calls, plan.about_ms), (count - 1, 1_500));
        assert!(plan.actions.iter().all(|action| action.is_done()));
        let of = |index: usize| plan.actions[index];
        assert!(!of(0).can_be_undone && !of(1).can_be_undone && of(2).can_be_undone);
        assert_eq!(plan.actions.iter().filter(|action| action.sends_email).count(), 1);
        let snippet = plan.actions.last().unwrap();
        assert_eq!((snippet.reason, snippet.calls), (Reason::EachTime, 0));
    }

    #[test]
    fn a_large_spec_waits_for_the_platforms_minute() {
        let mut spec = full();
        let before = first_run(&spec).calls;
        spec["trainings"] = (0..200)
            .map(|n| serde_json::json!({ "title": format!("Title {n}"), "content": "Some content." }))
            .collect();
        let plan = first_run(&spec);
        assert_eq!(plan.calls, before + 198);
        assert_eq!(plan.about_ms, 1_500 + (plan.calls - 100) * 600);
    }

    proptest! {
        /// The plan and the run agree: what the one calls done before, the other does not start.
        #[test]
        fn a_run_does_what_was_planned(done in proptest::collection::vec(0..4, 32), has_org: bool, skip: bool) {
            let steps = steps(&full());
            let mut checkpoint = Checkpoint {
                has_org,
                missing_calls: skip.then(|| "inviteUser".to_owned()).into_iter().collect(),
                ..Checkpoint::default()
            };
            for (step, done) in steps.iter().zip(&done) {
                if let (Some(key), 1..) = (&step.key, *done) {
                    checkpoint.operations.push(Operation {
                        key: key.clone(),
                        state: if *done == 1 { "unknown" } else { "done" }.into(),
                        version: if *done == 2 { None } else { step.version.clone() },
                        id: Some("id".into()),
                    });
                }
            }
            let survey = survey(steps, &checkpoint, true);
            let plan = plan(&survey);
            let run = Run::new(&survey, None);
            for (action, standing) in plan.actions.iter().zip(run.standings()) {
                prop_assert_eq!(action.is_done(), *standing == Standing::Waiting);
            }
        }
    }
}
