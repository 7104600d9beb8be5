//! The contract's operations, found by method and path.

use std::sync::LazyLock;

use serde_json::Value;

use super::DOCUMENT;

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// HTTP method, in capitals.
    pub method: String,
    /// Path with `{parameters}`.
    pub path: String,
    /// What a scoped organization key must allow.
    pub scope: Option<String>,
    /// The path is made up, in the style of the API.
    pub path_is_guess: bool,
    /// As the contract spells it.
    pub(super) document: &'static Value,
}

static ALL: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object();
    let items = paths.into_iter().flatten().flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .map(move |(m, o)| (path, m, o))
    });
    items
        .filter_map(|(path, method, document)| {
            Some(Operation {
                id: document["operationId"].as_str()?.to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                scope: document["x-scope"].as_str().map(str::to_owned),
                path_is_guess: document["x-path-is-guess"] == true,
                document,
            })
        })
        .collect()
});

impl Operation {
    /// All of them, in the contract's order.
    pub fn all() -> &'static [Operation] {
        &ALL
    }

    /// The operation of that id.
    pub fn of(id: &str) -> Option<&'static Operation> {
        ALL.iter().find(|operation| operation.id == id)
    }

    /// The operation that a call asks for. A fixed part of a path goes before a parameter.
    pub fn find(method: &str, path: &str) -> Option<&'static Operation> {
        ALL.iter()
            .filter(|operation| operation.method == method && fits(&operation.path, path))
            .min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Its path with the parameters of `path`, which is one of `template`.
    pub fn path_like(&self, template: &str, path: &str) -> Option<String> {
        if !fits(template, path) {
            return None;
        }
        let mut values = template
            .split('/')
            .zip(path.split('/'))
            .filter(|(part, _)| part.starts_with('{'))
            .map(|(_, value)| value);
        let parts = self.path.split('/').map(|part| {
            if part.starts_with('{') {
                values.next()
            } else {
                Some(part)
            }
        });
        Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
    }

    /// Answers show something that exists nowhere else.
    pub fn has_secret_answer(&self) -> bool {
        self.document.get("x-secret-fields").is_some()
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut left, mut right) = (template.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given || (part.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_finds_its_operation() {
        let id = |method, path| Operation::find(method, path).map(|o| o.id.as_str());
        assert_eq!(Operation::all().len(), 70);
        assert_eq!(id("POST", "/partner/v1/orgs"), Some("createOrg"));
        assert_eq!(id("PUT", "/training/abc/draft"), Some("toggleTrainingDraft"));
        assert_eq!(id("GET", "/training/abc"), Some("getTraining"));
        assert_eq!(id("POST", "/training/search"), Some("searchTraining"));
        assert_eq!(id("GET", "/training/"), None);
        assert_eq!(id("GET", "/nothing"), None);
    }

    #[test]
    fn a_guessed_path_may_be_another() {
        let cancel = Operation::of("cancelCrawl").unwrap();
        let own = "/v2/sites/{id}/jobs/{jobId}/stop";
        assert_eq!(
            cancel.path_like(own, "/v2/sites/a/jobs/b/stop").as_deref(),
            Some("/crawl/a/crawls/b/cancel")
        );
        assert_eq!(cancel.path_like(own, "/v2/sites/a/jobs/b"), None);
    }
}
