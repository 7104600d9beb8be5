//! The steps a spec stands for, in the order of the plan.

use super::key::crawl_key;
use super::spec::wants_login_link;
use super::{ORG_KEY, Reason, Route, StepKind, crawl_url, key_of, version};
use crate::error::Error;
use crate::http::Request;
use crate::platform::{NewDatasource, Path, Shape};
use crate::value::{Value, given, items, text_of};

/// The label of the key the kit makes for itself.
pub const ORG_KEY_NAME: &str = "OpenCX Partner Kit";

/// Where a step's input stands in the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In that field.
    Field(&'static str),
    /// In that field of that field.
    Within(&'static str, &'static str),
    /// In that list, at that place.
    Item(&'static str, usize),
}

impl Source {
    /// The input itself.
    pub fn read<V: Value>(self, spec: &V) -> Option<V> {
        match self {
            Source::Field(name) => spec.get(name),
            Source::Within(outer, name) => given(spec, outer)?.get(name),
            Source::Item(list, index) => spec.get(list)?.get(&index.to_string()),
        }
    }

    /// Its path.
    pub fn path(self) -> Path {
        match self {
            Source::Field(name) => Path::root().field(name),
            Source::Within(outer, name) => Path::root().field(outer).field(name),
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
    /// What its contents are called there; `None` where they cannot be changed.
    pub version: Option<String>,
    /// Where its input stands in the spec.
    pub source: Source,
    /// Of a removal: the route, and the id of what goes.
    pub removes: Option<(&'static str, String)>,
}

impl Step {
    pub(super) fn new(kind: StepKind, label: String, source: Source) -> Self {
        let id = match source {
            Source::Item(_, index) => numbered(kind.as_str(), index),
            _ => kind.as_str().to_owned(),
        };
        Step {
            id,
            kind,
            label,
            key: None,
            version: None,
            source,
            removes: None,
        }
    }

    /// What its route takes.
    pub fn takes(&self) -> Shape {
        Route::named(self.kind.route()).map_or(&[], |route| route.takes)
    }

    /// Of a removal: its request.
    pub fn removal(&self, org_id: &str) -> Option<Request> {
        let (route, id) = self.removes.as_ref()?;
        Some(Route::named(route)?.request(&[org_id.to_owned(), id.clone()], String::new()))
    }

    /// Of what is made or changed: the request by its route, with that body. `Reason::Gone` makes it anew.
    pub fn request(&self, route: &Route, org_id: String, body: String, reason: Reason) -> Request {
        let mut request = route.request(&[org_id], body);
        if let Some(key) = &self.key {
            request = request.with_key(key.clone());
        }
        request.version.clone_from(&self.version);
        request.again = reason == Reason::Gone;
        request
    }

    /// A route names fields as they stand in its own body; people know them as they stand in the spec.
    #[must_use]
    pub fn explain(&self, mut error: Error) -> Error {
        for field in error.fields.iter_mut().filter(|field| !field.path.is_empty()) {
            field.path = self.source.path().field(&field.path).as_str().to_owned();
        }
        error
    }
}

/// Lists of a spec whose items are a step each: field, kind, what an item is called.
const LISTS: [(&str, StepKind, &str); 4] = [
    ("trainings", StepKind::Training, "title"),
    ("office_hours", StepKind::OfficeHours, "name"),
    ("tags", StepKind::Tag, "tag_name"),
    ("contacts", StepKind::Contact, "email"),
];

/// The steps of a checked spec.
pub fn steps<V: Value>(spec: &V) -> Vec<Step> {
    let org = spec.get("org");
    let name = org
        .as_ref()
        .and_then(|org| text_of(org, "name"))
        .unwrap_or_default();
    let mut made = Step::new(StepKind::Org, name, Source::Field("org"));
    made.version = org.map(|org| version(made.takes(), &org));
    let mut key = Step::new(StepKind::OrgKey, ORG_KEY_NAME.into(), Source::Field("org_key"));
    key.key = Some(ORG_KEY.into());
    let mut steps = vec![made, key];
    if let (Some(url), Some(crawl)) = (crawl_url(spec), given(spec, "crawl")) {
        let mut step = Step::new(StepKind::Crawl, url, Source::Field("crawl"));
        step.key = Some(crawl_key(&step.label));
        step.version = Some(version(NewDatasource::BESIDE_URL, &crawl));
        steps.push(step);
    }
    for (field, kind, called) in LISTS {
        for (index, item) in list(spec, field) {
            let label = text_of(&item, called).or_else(|| text_of(&item, "phone"));
            let mut step = Step::new(kind, label.unwrap_or_default(), Source::Item(field, index));
            step.key = key_of(kind.route(), &item);
            step.version = Some(version(step.takes(), &item));
            steps.push(step);
        }
    }
    for (kind, field) in [(StepKind::Autopilot, "autopilot"), (StepKind::Handoff, "handoff")] {
        if let Some(settings) = given(spec, "settings").and_then(|all| given(&all, field)) {
            let mut step = Step::new(kind, field.into(), Source::Within("settings", field));
            step.key = Some(field.into());
            step.version = Some(version(step.takes(), &settings));
            steps.push(step);
        }
    }
    for (index, member) in list(spec, "members") {
        let email = text_of(&member, "email").unwrap_or_default();
        let link = wants_login_link(&member);
        let kind = if link {
            StepKind::LoginLink
        } else {
            StepKind::Invitation
        };
        let mut step = Step::new(kind, email, Source::Item("members", index));
        step.key = key_of(kind.route(), &member);
        steps.push(step);
    }
    steps.push(Step::new(
        StepKind::Snippet,
        "Embed snippet".into(),
        Source::Field("embed"),
    ));
    steps
}

fn list<V: Value>(spec: &V, name: &str) -> impl Iterator<Item = (usize, V)> {
    let list = given(spec, name).map(|list| items(&list));
    list.unwrap_or_default().into_iter().enumerate()
}

fn numbered(kind: &str, index: usize) -> String {
    let mut id = String::from(kind);
    id.push('/');
    id.push_str(&(index + 1).to_string());
    id
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
                "office-hours/1",
                "tag/1",
                "contact/1",
                "autopilot",
                "handoff",
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
