//! What a run finds before it does anything: why each step would be done or not, and what the spec does not ask for.

use super::{Checkpoint, Item, Source, Step, StepKind};

/// The ledger's key of the settings that an org was changed to.
const ORG_SETTINGS: &str = "org-settings";

/// Why a step would be done, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The proxy's ledger knows of none.
    NotThere,
    /// The spec says something else than when it was done.
    Changed,
    /// The ledger knows of it, and the platform has it no longer.
    Gone,
    /// The ledger knows that it is done, as the spec says.
    DoneBefore,
    /// It is made anew by each run.
    EachTime,
    /// The spec does not ask for it.
    NotInSpec,
    /// This platform cannot do it.
    NotSupported,
}

impl Reason {
    /// As the page sees it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::NotThere => "not-there",
            Reason::Changed => "changed",
            Reason::Gone => "gone",
            Reason::DoneBefore => "done-before",
            Reason::EachTime => "each-time",
            Reason::NotInSpec => "not-in-spec",
            Reason::NotSupported => "not-supported",
        }
    }
}

/// The kinds that can be removed, and how.
const REMOVALS: [(&str, &str); 4] = [
    ("crawl", "deleteCrawl"),
    ("training", "deleteTraining"),
    ("office-hours", "deleteOfficeHours"),
    ("contact", "deleteContact"),
];

/// The steps of a run, each with its reason, and what is there and not asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// In the order of the plan.
    pub steps: Vec<(Step, Reason)>,
    /// On the platform and not in the spec; with `prune` those that can be removed are steps too.
    pub extra: Vec<Item>,
}

impl Survey {
    /// The steps that this platform cannot do, with commas between them; `only`: of those.
    pub fn lacking(&self, only: Option<&[String]>) -> String {
        let mut lacking = String::new();
        for (step, reason) in &self.steps {
            if *reason == Reason::NotSupported && only.is_none_or(|only| only.contains(&step.id)) {
                if !lacking.is_empty() {
                    lacking.push_str(", ");
                }
                lacking.push_str(&step.id);
            }
        }
        lacking
    }
}

/// Looks at the steps of a spec beside what is done.
pub fn survey(steps: Vec<Step>, checkpoint: &Checkpoint, prune: bool) -> Survey {
    let extra = extra(&steps, checkpoint);
    let settings = steps.first().and_then(|org| org_settings(org, checkpoint));
    let mut all: Vec<(Step, Reason)> = Vec::new();
    for step in steps {
        let (is_key, reason) = (step.kind == StepKind::OrgKey, reason(&step, checkpoint));
        all.push((step, reason));
        if is_key && let Some(settings) = &settings {
            all.push((settings.clone(), Reason::Changed));
        }
    }
    if prune {
        all.extend(
            extra
                .iter()
                .filter_map(removal)
                .map(|step| (step, Reason::NotInSpec)),
        );
    }
    Survey { steps: all, extra }
}

fn reason(step: &Step, checkpoint: &Checkpoint) -> Reason {
    let guess = step.kind.guess();
    let lacks = checkpoint.missing_calls.iter().any(|call| call == guess);
    match step.kind {
        StepKind::Org if checkpoint.has_org => return Reason::DoneBefore,
        StepKind::Snippet => return Reason::EachTime,
        StepKind::LoginLink if !lacks => return Reason::EachTime,
        _ => {}
    }
    let known = step.key.as_deref().and_then(|key| checkpoint.operation(key));
    let gone = known
        .and_then(|known| known.id.as_deref())
        .is_some_and(|id| is_listed(step.kind) && checkpoint.is_gone(step.kind.as_str(), id));
    match known {
        Some(known)
            if known.state == "done"
                && !gone
                && step
                    .version
                    .as_ref()
                    .is_none_or(|own| known.version.as_ref() == Some(own)) =>
        {
            Reason::DoneBefore
        }
        _ if lacks => Reason::NotSupported,
        Some(_) if gone => Reason::Gone,
        Some(known) if known.id.is_some() || known.state == "done" => Reason::Changed,
        _ => Reason::NotThere,
    }
}

/// Whether the inventory lists such things.
fn is_listed(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Crawl | StepKind::Training | StepKind::OfficeHours | StepKind::Tag
    )
}

/// The step that brings an org to what the spec says of it now.
fn org_settings(org: &Step, checkpoint: &Checkpoint) -> Option<Step> {
    let changed = checkpoint
        .operation(ORG_SETTINGS)
        .filter(|known| known.state == "done");
    let now = changed.map_or(&checkpoint.org_version, |known| &known.version);
    if !checkpoint.has_org || *now == org.version {
        return None;
    }
    let mut step = Step::new(StepKind::OrgSettings, org.label.clone(), Source::Field("org"));
    step.key = Some(ORG_SETTINGS.into());
    step.version.clone_from(&org.version);
    Some(step)
}

/// What is on the platform, or was made by an earlier run, and no step stands for. Of contacts only those that a run made:
/// a customer's visitors are contacts too.
fn extra(steps: &[Step], checkpoint: &Checkpoint) -> Vec<Item> {
    let of_step = |item: &Item| {
        steps.iter().any(|step| {
            let known = step.key.as_deref().and_then(|key| checkpoint.operation(key));
            let same_id = known.and_then(|known| known.id.as_deref()) == Some(&item.id);
            // An attempt whose answer was lost may have made it: the step will find it, and must not find it removed.
            let in_doubt = known.is_some_and(|known| known.state == "unknown" || known.state == "sent");
            step.kind.as_str() == item.kind
                && (same_id
                    || step.kind == StepKind::Tag && step.label == item.id
                    || in_doubt && is_alike(&step.label, &item.label))
        })
    };
    let made = checkpoint.operations.iter().filter_map(|operation| {
        let id = operation.id.clone()?;
        let is_contact = operation.key.starts_with("contact-") && operation.state == "done";
        is_contact.then(|| Item {
            kind: "contact".into(),
            label: id.clone(),
            id,
        })
    });
    let listed = checkpoint.inventory.iter().flatten().cloned();
    listed.chain(made).filter(|item| !of_step(item)).collect()
}

/// The platform may have added a slash to an address, or lowered its host.
fn is_alike(one: &str, other: &str) -> bool {
    one.trim_end_matches('/')
        .eq_ignore_ascii_case(other.trim_end_matches('/'))
}

fn removal(item: &Item) -> Option<Step> {
    let (_, route) = REMOVALS.iter().find(|(kind, _)| *kind == item.kind)?;
    let mut step = Step::new(StepKind::Removal, item.label.clone(), Source::Field("prune"));
    for part in ["/", &item.kind, "/", &item.id] {
        step.id.push_str(part);
    }
    step.removes = Some((route, item.id.clone()));
    Some(step)
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::full;
    use super::super::{Operation, steps};
    use super::*;

    /// Everything of the spec done, as it says, and on the platform.
    pub(crate) fn all_done(steps: &[Step]) -> Checkpoint {
        let operations = steps.iter().filter_map(|step| {
            Some(Operation {
                key: step.key.clone()?,
                state: "done".into(),
                version: step.version.clone(),
                id: Some(step.id.clone()),
            })
        });
        Checkpoint {
            has_org: true,
            org_version: steps[0].version.clone(),
            operations: operations.collect(),
            missing_calls: Vec::new(),
            inventory: Some(
                steps
                    .iter()
                    .filter(|step| is_listed(step.kind))
                    .map(|step| Item {
                        kind: step.kind.as_str().into(),
                        id: step.id.clone(),
                        label: step.label.clone(),
                    })
                    .collect(),
            ),
        }
    }

    fn reasons(survey: &Survey) -> Vec<(&str, &str)> {
        let acting = survey
            .steps
            .iter()
            .filter(|(_, reason)| !matches!(reason, Reason::DoneBefore | Reason::EachTime));
        acting
            .map(|(step, reason)| (step.id.as_str(), reason.as_str()))
            .collect()
    }

    #[test]
    fn an_unchanged_spec_asks_for_nothing() {
        let steps = steps(&full());
        let found = survey(steps.clone(), &all_done(&steps), true);
        assert_eq!(reasons(&found), []);
        assert_eq!(found.extra, []);
    }

    #[test]
    fn changed_missing_and_gone_are_told_apart() {
        let checkpoint = all_done(&steps(&full()));
        let mut spec = full();
        spec["trainings"][0]["content"] = "Another content, long enough.".into();
        spec["org"]["name"] = "Blue Fin Tours and Trips".into();
        spec["tags"]
            .as_array_mut()
            .unwrap()
            .push(serde_json::json!({ "tag_name": "new" }));
        let mut gone = checkpoint.clone();
        gone.inventory
            .as_mut()
            .unwrap()
            .retain(|item| item.id != "training/2");
        assert_eq!(
            reasons(&survey(steps(&spec), &gone, false)),
            [
                ("org-settings", "changed"),
                ("training/1", "changed"),
                ("training/2", "gone"),
                ("tag/2", "not-there"),
            ]
        );
    }

    #[test]
    fn an_org_that_was_changed_before_is_compared_with_that() {
        let mut spec = full();
        let mut checkpoint = all_done(&steps(&spec));
        spec["org"]["name"] = "Another name".into();
        let changed = steps(&spec);
        checkpoint.operations.push(Operation {
            key: ORG_SETTINGS.into(),
            state: "done".into(),
            version: changed[0].version.clone(),
            id: None,
        });
        assert_eq!(reasons(&survey(changed, &checkpoint, false)), []);
        assert_eq!(
            reasons(&survey(steps(&full()), &checkpoint, false)),
            [("org-settings", "changed")]
        );
    }

    #[test]
    fn what_nobody_asks_for_is_told_and_with_prune_removed() {
        let all = steps(&full());
        let checkpoint = all_done(&all);
        let mut spec = full();
        spec["trainings"].as_array_mut().unwrap().pop();
        spec["tags"] = serde_json::json!([]);
        spec["contacts"] = serde_json::json!([]);
        let told = survey(steps(&spec), &checkpoint, false);
        let extra: Vec<_> = told.extra.iter().map(|item| item.kind.as_str()).collect();
        assert_eq!(extra, ["training", "tag", "contact"]);
        assert_eq!(reasons(&told), []);
        let pruned = survey(steps(&spec), &checkpoint, true);
        // No call of the platform removes a tag.
        assert_eq!(
            reasons(&pruned),
            [
                ("removal/training/training/2", "not-in-spec"),
                ("removal/contact/contact/1", "not-in-spec")
            ]
        );
    }

    #[test]
    fn what_an_attempt_in_doubt_may_have_made_is_not_removed() {
        let steps = steps(&full());
        let mut checkpoint = all_done(&steps);
        for state in ["unknown", "sent", "failed"] {
            for operation in &mut checkpoint.operations {
                operation.state = state.into();
                operation.id = None;
            }
            let mut found = survey(steps.clone(), &checkpoint, true).extra;
            // No call of the platform removes a tag.
            found.retain(|item| item.kind != "tag");
            let extra: Vec<_> = found.iter().map(|item| item.kind.as_str()).collect();
            // What failed has certainly made nothing: those are somebody else's.
            let others: &[&str] = &["crawl", "training", "training", "office-hours"];
            assert_eq!(extra, if state == "failed" { others } else { &[] }, "{state}");
        }
        checkpoint.operations[1].state = "unknown".into();
        for item in checkpoint.inventory.iter_mut().flatten() {
            item.label.push('/');
        }
        let extra = survey(steps, &checkpoint, true).extra;
        assert!(extra.iter().all(|item| item.kind != "crawl"), "{extra:?}");
    }

    #[test]
    fn what_the_platform_cannot_do_is_said_before() {
        let checkpoint = Checkpoint {
            missing_calls: vec![
                "inviteUser".into(),
                "createLoginLink".into(),
                "updateAutopilotSettings".into(),
            ],
            ..Checkpoint::default()
        };
        let found = survey(steps(&full()), &checkpoint, false);
        let lacking: Vec<_> = found
            .steps
            .iter()
            .filter(|(_, reason)| *reason == Reason::NotSupported)
            .collect();
        assert_eq!(lacking.len(), 3);
        // Done before it was gone stays done.
        let mut done = all_done(&steps(&full()));
        done.missing_calls = checkpoint.missing_calls;
        let still = survey(steps(&full()), &done, false);
        assert_eq!(reasons(&still), [("login-link/2", "not-supported")]);
    }
}
