//! The steps a spec stands for, in the order of the plan.

use super::spec::wants_login_link;
use super::{ORG_KEY, crawl_key, crawl_url, invitation_key, training_key};
use crate::platform::Path;
use crate::value::{Value, given, items, text_of};

/// The label of the key the kit makes for itself.
pub const ORG_KEY_NAME: &str = "OpenCX Partner Kit";

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

/// Where a step's input stands in the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In that field.
    Field(&'static str),
    /// In that list, at that place.
    Item(&'static str, usize),
}

impl Source {
    /// The input itself.
    pub fn read<V: Value>(self, spec: &V) -> Option<V> {
        match self {
            Source::Field(name) => spec.get(name),
            Source::Item(list, index) => spec.get(list)?.get(&index.to_string()),
        }
    }

    /// Its path.
    pub fn path(self) -> Path {
        match self {
            Source::Field(name) => Path::root().field(name),
            Source::Item(list, index) => Path::root().field(list).index(index),
        }
    }
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Unique in the run, stable between runs of the same spec.
    pub id: String,
    /// What it is about.
    pub kind: StepKind,
    /// For people. Of a crawl, the address.
    pub label: String,
    /// Names it in the proxy's ledger; `None` where the ledger keeps nothing or knows it by the external id.
    pub key: Option<String>,
    /// Where its input stands in the spec.
    pub source: Source,
}

/// The steps of a checked spec.
pub fn steps<V: Value>(spec: &V) -> Vec<Step> {
    let step = |id: &str, kind: StepKind, label: String, key: Option<String>, name: &'static str| Step {
        id: id.into(),
        kind,
        label,
        key,
        source: Source::Field(name),
    };
    let name = spec.get("org").and_then(|org| text_of(&org, "name"));
    let mut steps = vec![
        step("org", StepKind::Org, name.unwrap_or_default(), None, "org"),
        step(
            "org-key",
            StepKind::OrgKey,
            ORG_KEY_NAME.into(),
            Some(ORG_KEY.into()),
            "org_key",
        ),
    ];
    if let Some(url) = crawl_url(spec) {
        let key = Some(crawl_key(&url));
        steps.push(step("crawl", StepKind::Crawl, url, key, "crawl"));
    }
    for (index, training) in list(spec, "trainings") {
        let title = text_of(&training, "title").unwrap_or_default();
        steps.push(Step {
            id: numbered("training", index),
            kind: StepKind::Training,
            key: Some(training_key(&title)),
            label: title,
            source: Source::Item("trainings", index),
        });
    }
    for (index, member) in list(spec, "members") {
        let email = text_of(&member, "email").unwrap_or_default();
        let (kind, name, key) = if wants_login_link(&member) {
            (StepKind::LoginLink, "login-link", None)
        } else {
            (StepKind::Invitation, "invitation", Some(invitation_key(&email)))
        };
        steps.push(Step {
            id: numbered(name, index),
            kind,
            label: email,
            key,
            source: Source::Item("members", index),
        });
    }
    steps.push(step(
        "snippet",
        StepKind::Snippet,
        "Embed snippet".into(),
        None,
        "embed",
    ));
    steps
}

fn list<V: Value>(spec: &V, name: &str) -> impl Iterator<Item = (usize, V)> {
    let list = given(spec, name).map(|list| items(&list));
    list.unwrap_or_default().into_iter().enumerate()
}

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
        spec["members"][0]["email"] = "Owner@BlueFin.example".into();
        let again: Vec<_> = steps(&spec).into_iter().filter_map(|step| step.key).collect();
        assert_eq!(keys, again);
    }
}
