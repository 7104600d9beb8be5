//! The steps a spec stands for, in the order of the plan.

use super::{Access, ORG_KEY, Spec, crawl_key, invitation_key, training_key};
use crate::platform::{InviteUser, NewDatasource, NewLoginLink, NewOrg, NewOrgKey, Path, TrainingInput};

/// The label of the key the kit makes for itself.
const ORG_KEY_NAME: &str = "OpenCX Partner Kit";

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Create the org.
    Org,
    /// Create the org's key, which stays in the proxy.
    OrgKey,
    /// Add the website and start its crawl.
    Crawl,
    /// Add a training.
    Training,
    /// Invite a person.
    Invitation,
    /// Make a login link.
    LoginLink,
    /// Write the script tag.
    Snippet,
}

impl StepKind {
    /// As events spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Org => "org",
            StepKind::OrgKey => "org-key",
            StepKind::Crawl => "crawl",
            StepKind::Training => "training",
            StepKind::Invitation => "invitation",
            StepKind::LoginLink => "login-link",
            StepKind::Snippet => "snippet",
        }
    }

    /// The step that must be done first: the platform takes trainings and crawls only with the org's key.
    pub fn needs(self) -> Option<StepKind> {
        match self {
            StepKind::Org => None,
            StepKind::OrgKey | StepKind::Invitation | StepKind::LoginLink | StepKind::Snippet => {
                Some(StepKind::Org)
            }
            StepKind::Crawl | StepKind::Training => Some(StepKind::OrgKey),
        }
    }
}

/// What is to be sent for a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// `POST /v1/orgs`.
    Org(NewOrg),
    /// `POST /v1/orgs/{id}/keys`.
    OrgKey(NewOrgKey),
    /// `POST /v1/orgs/{id}/crawls`.
    Crawl(NewDatasource),
    /// `POST /v1/orgs/{id}/trainings`.
    Training(TrainingInput),
    /// `POST /v1/orgs/{id}/invitations`.
    Invitation(InviteUser),
    /// `POST /v1/orgs/{id}/login-links`.
    LoginLink(NewLoginLink),
    /// Nothing: made here.
    Snippet,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Unique in the run, stable between runs of the same spec.
    pub id: String,
    /// What it is about.
    pub kind: StepKind,
    /// For people.
    pub label: String,
    /// What to send.
    pub work: Work,
    /// Names it in the proxy's ledger; `None` where the ledger keeps nothing or knows it by the external id.
    pub key: Option<String>,
    /// Where its input stands in the spec.
    pub path: Path,
}

/// The steps of a spec: org, org key, then what can go side by side, the snippet last.
pub fn steps(spec: &Spec) -> Vec<Step> {
    let root = Path::root();
    let mut steps = vec![
        Step {
            id: "org".into(),
            kind: StepKind::Org,
            label: spec.org.name.clone(),
            work: Work::Org(spec.org.clone()),
            key: None,
            path: root.field("org"),
        },
        Step {
            id: "org-key".into(),
            kind: StepKind::OrgKey,
            label: ORG_KEY_NAME.into(),
            work: Work::OrgKey(NewOrgKey {
                name: ORG_KEY_NAME.into(),
            }),
            key: Some(ORG_KEY.into()),
            path: root.field("org_key"),
        },
    ];
    if let Some(site) = spec.datasource() {
        steps.push(Step {
            id: "crawl".into(),
            kind: StepKind::Crawl,
            label: site.url.clone(),
            key: Some(crawl_key(&site)),
            path: root.field("crawl"),
            work: Work::Crawl(site),
        });
    }
    for (index, training) in spec.trainings.iter().enumerate() {
        steps.push(Step {
            id: numbered("training", index),
            kind: StepKind::Training,
            label: training.title.clone(),
            work: Work::Training(training.clone()),
            key: Some(training_key(training)),
            path: root.field("trainings").index(index),
        });
    }
    for (index, member) in spec.members.iter().enumerate() {
        let path = root.field("members").index(index);
        let label = member.email.clone();
        steps.push(match member.access {
            Access::Invitation => Step {
                id: numbered("invitation", index),
                kind: StepKind::Invitation,
                label,
                work: Work::Invitation(member.invitation()),
                key: Some(invitation_key(&member.invitation())),
                path,
            },
            Access::LoginLink => Step {
                id: numbered("login-link", index),
                kind: StepKind::LoginLink,
                label,
                work: Work::LoginLink(member.login_link()),
                key: None,
                path,
            },
        });
    }
    steps.push(Step {
        id: "snippet".into(),
        kind: StepKind::Snippet,
        label: "Embed snippet".into(),
        work: Work::Snippet,
        key: None,
        path: root.field("embed"),
    });
    steps
}

/// `training/1` for the first: people count from one.
fn numbered(kind: &str, index: usize) -> String {
    format!("{kind}/{}", index + 1)
}

#[cfg(test)]
mod tests {
    use super::super::spec::tests::full;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_order_of_the_plan() {
        let ids: Vec<_> = steps(&full()).into_iter().map(|step| step.id).collect();
        assert_eq!(
            ids,
            [
                "org",
                "org-key",
                "crawl",
                "training/1",
                "training/2",
                "invitation/1",
                "login-link/2",
                "snippet"
            ]
        );
    }

    #[test]
    fn what_a_step_needs_stands_before_it() {
        let steps = steps(&full());
        for (index, step) in steps.iter().enumerate() {
            if let Some(needed) = step.kind.needs() {
                assert!(
                    steps[..index].iter().any(|before| before.kind == needed),
                    "{}",
                    step.id
                );
            }
        }
    }

    #[test]
    fn keys_are_unique_and_know_a_person_by_the_address_in_any_case() {
        let mut spec = full();
        let keys: Vec<_> = steps(&spec).into_iter().filter_map(|step| step.key).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
        spec.members[0].email = "Owner@BlueFin.example".into();
        let again: Vec<_> = steps(&spec).into_iter().filter_map(|step| step.key).collect();
        assert_eq!(keys, again);
    }
}
