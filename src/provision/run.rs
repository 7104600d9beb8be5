//! Where each step of a run stands, and what may start next. Does nothing itself: the driver starts what [`Run::start`]
//! names and reports back.

use super::{Reason, StepKind, Survey};

/// Why a step is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// An earlier run did it.
    DoneBefore,
    /// A step it needs failed, or was left out and never done.
    NeedsOtherStep,
    /// The caller asked for other steps only.
    NotAsked,
    /// This platform cannot do it, and the caller said to leave it out.
    NotSupported,
}

impl SkipReason {
    /// As events spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipReason::DoneBefore => "done-before",
            SkipReason::NeedsOtherStep => "needs-other-step",
            SkipReason::NotAsked => "not-asked",
            SkipReason::NotSupported => "not-supported",
        }
    }
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not started.
    Waiting,
    /// Started, not reported back.
    Running,
    /// Done in this run.
    Done,
    /// Failed in this run.
    Failed,
    /// Not carried out.
    Skipped(SkipReason),
}

/// A run over steps.
#[derive(Debug, Clone)]
pub struct Run {
    kinds: Vec<StepKind>,
    standings: Vec<Standing>,
}

impl Run {
    /// A run in which everything that is done, or cannot be, or that `only` leaves out, is skipped.
    pub fn new(survey: &Survey, only: Option<&[String]>) -> Self {
        let standing = |id: &String, reason: Reason| match reason {
            Reason::DoneBefore => Standing::Skipped(SkipReason::DoneBefore),
            _ if only.is_some_and(|only| !only.contains(id)) => Standing::Skipped(SkipReason::NotAsked),
            Reason::NotSupported => Standing::Skipped(SkipReason::NotSupported),
            _ => Standing::Waiting,
        };
        Run {
            kinds: survey.steps.iter().map(|(step, _)| step.kind).collect(),
            standings: survey
                .steps
                .iter()
                .map(|(step, reason)| standing(&step.id, *reason))
                .collect(),
        }
    }

    /// Where each step stands, in the order of the steps.
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// Marks as running, and names, every step that can start now. Side by side is safe: nothing here needs another.
    pub fn start(&mut self) -> Vec<usize> {
        let ready: Vec<usize> = (0..self.kinds.len())
            .filter(|&index| {
                self.standings[index] == Standing::Waiting
                    && self.need(index).is_none_or(|standing| {
                        matches!(
                            standing,
                            Standing::Done | Standing::Skipped(SkipReason::DoneBefore)
                        )
                    })
            })
            .collect();
        for &index in &ready {
            self.standings[index] = Standing::Running;
        }
        ready
    }

    /// Marks as skipped, and names, every waiting step whose need can no longer be met.
    pub fn give_up(&mut self) -> Vec<usize> {
        let mut given_up = Vec::new();
        // In plan order, so that giving up one step gives up those behind it in the same pass.
        for index in 0..self.kinds.len() {
            let hopeless = self.need(index).is_some_and(|standing| {
                matches!(
                    standing,
                    Standing::Failed
                        | Standing::Skipped(
                            SkipReason::NeedsOtherStep | SkipReason::NotAsked | SkipReason::NotSupported
                        )
                )
            });
            if self.standings[index] == Standing::Waiting && hopeless {
                self.standings[index] = Standing::Skipped(SkipReason::NeedsOtherStep);
                given_up.push(index);
            }
        }
        given_up
    }

    /// A running step reports back.
    pub fn finish(&mut self, index: usize, done: bool) {
        if self.standings.get(index) == Some(&Standing::Running) {
            self.standings[index] = if done { Standing::Done } else { Standing::Failed };
        }
    }

    /// Nothing failed, and nothing that was asked for was given up.
    pub fn ok(&self) -> bool {
        self.standings.iter().all(|standing| {
            matches!(
                standing,
                Standing::Done
                    | Standing::Skipped(
                        SkipReason::DoneBefore | SkipReason::NotAsked | SkipReason::NotSupported
                    )
            )
        })
    }

    fn need(&self, index: usize) -> Option<Standing> {
        let needed = self.kinds[index].needs()?;
        let position = self.kinds.iter().position(|kind| *kind == needed)?;
        self.standings.get(position).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::full;
    use super::super::{Checkpoint, Operation, Step, steps, survey};
    use super::*;
    use proptest::prelude::*;

    fn done_org() -> Checkpoint {
        Checkpoint {
            has_org: true,
            org_version: steps(&full())[0].version.clone(),
            ..Checkpoint::default()
        }
    }

    fn run(checkpoint: &Checkpoint, only: Option<&[String]>) -> (Run, Vec<Step>) {
        let survey = survey(steps(&full()), checkpoint, false);
        (
            Run::new(&survey, only),
            survey.steps.into_iter().map(|(step, _)| step).collect(),
        )
    }

    /// The places of the steps that need a step of that kind.
    fn needing(steps: &[Step], kind: StepKind) -> Vec<usize> {
        (0..steps.len())
            .filter(|&index| steps[index].kind.needs() == Some(kind))
            .collect()
    }

    #[test]
    fn org_then_key_then_the_rest_side_by_side() {
        let (mut run, steps) = run(&Checkpoint::default(), None);
        assert_eq!(run.start(), [0]);
        assert!(run.start().is_empty(), "what runs is not started twice");
        run.finish(0, true);
        assert_eq!(run.start(), needing(&steps, StepKind::Org));
        run.finish(1, true);
        assert_eq!(run.start(), needing(&steps, StepKind::OrgKey));
    }

    #[test]
    fn a_failed_key_does_not_stop_the_invitation() {
        let (mut run, steps) = run(&done_org(), None);
        assert_eq!(run.start(), needing(&steps, StepKind::Org));
        run.finish(1, false);
        assert_eq!(run.give_up(), needing(&steps, StepKind::OrgKey));
        assert!(!run.ok());
    }

    #[test]
    fn only_one_step_and_what_it_needs_was_done_before() {
        let mut checkpoint = done_org();
        checkpoint.operations.push(Operation {
            key: "org-key".into(),
            state: "done".into(),
            ..Operation::default()
        });
        let (mut run, _) = run(&checkpoint, Some(&["crawl".into()]));
        assert_eq!(run.start(), [2]);
        run.finish(2, true);
        assert!(run.ok());
    }

    #[test]
    fn only_a_step_whose_need_was_never_done_is_not_ok() {
        let (mut run, _) = run(&Checkpoint::default(), Some(&["training/1".into()]));
        assert!(run.start().is_empty());
        assert_eq!(run.give_up(), [3]);
        assert!(!run.ok());
    }

    #[test]
    fn what_the_platform_cannot_do_stops_nothing_else() {
        let checkpoint = Checkpoint {
            missing_calls: vec!["inviteUser".into()],
            ..Checkpoint::default()
        };
        let (mut run, steps) = run(&checkpoint, None);
        while let Some(index) = run.start().first().copied() {
            run.finish(index, true);
            for index in 0..steps.len() {
                run.finish(index, true);
            }
        }
        assert!(run.ok());
        let invitation = steps
            .iter()
            .position(|step| step.kind == StepKind::Invitation)
            .unwrap();
        assert_eq!(
            run.standings()[invitation],
            Standing::Skipped(SkipReason::NotSupported)
        );
    }

    proptest! {
        /// Whatever fails and in whatever order steps report back: the run ends, and no step starts before its need.
        #[test]
        fn every_run_ends(failing in proptest::collection::vec(any::<bool>(), 32), picks in proptest::collection::vec(any::<usize>(), 64)) {
            let (mut run, steps) = run(&Checkpoint::default(), None);
            let mut running: Vec<usize> = Vec::new();
            let mut started = vec![false; steps.len()];
            for pick in picks {
                for index in run.start() {
                    prop_assert!(!started[index]);
                    started[index] = true;
                    if let Some(needed) = steps[index].kind.needs() {
                        let position = steps.iter().position(|step| step.kind == needed).unwrap();
                        prop_assert_eq!(run.standings()[position], Standing::Done);
                    }
                    running.push(index);
                }
                if running.is_empty() {
                    break;
                }
                let index = running.swap_remove(pick % running.len());
                run.finish(index, !failing[index]);
                run.give_up();
            }
            prop_assert!(!run.standings().iter().any(|s| matches!(s, Standing::Waiting | Standing::Running)));
            prop_assert_eq!(run.ok(), !failing.iter().zip(started).any(|(fails, started)| *fails && started));
        }
    }
}
