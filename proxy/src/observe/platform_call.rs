//! The name of a platform call, for metrics: its method and path without what stands for one org, crawl or person.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::config::Paths;

/// The words of the contract's paths.
const WORDS: [&str; 30] = [
    "api-keys",
    "authenticate-user",
    "autopilot",
    "cancel",
    "contacts",
    "crawl",
    "crawls",
    "delete",
    "draft",
    "events",
    "exclude",
    "generate",
    "handoff-analytics",
    "handoff-settings",
    "include",
    "invitations",
    "login-links",
    "move",
    "office-hours",
    "org",
    "orgs",
    "pages",
    "partner",
    "resync",
    "search",
    "settings",
    "tags",
    "training",
    "v1",
    "widget",
];

/// Knows the words that are no ids: the contract's, and those of the configured paths.
#[derive(Debug)]
pub struct PlatformCalls(BTreeSet<String>);

impl PlatformCalls {
    /// Of the contract and these paths.
    pub fn new(paths: &Paths) -> Self {
        let configured = paths.all().filter_map(|(operation, _)| paths.of(operation));
        let words = configured
            .flat_map(|path| path.split('/'))
            .filter(|word| !word.contains('{'));
        PlatformCalls(words.chain(WORDS).map(str::to_owned).collect())
    }

    /// Such as `GET /crawl/{id}/crawls`.
    pub fn name(&self, method: &Method, path: &str) -> String {
        let path = path.split('?').next().unwrap_or_default();
        let mut name = format!("{method} ");
        for part in path.split('/').skip(1) {
            name.push('/');
            name.push_str(if self.0.contains(part) { part } else { "{id}" });
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn calls() -> PlatformCalls {
        let config = Config::read(&|name| match name {
            "OPENCX_PARTNER_KEY" => Some("pk".into()),
            "OPENCX_PATH_START_CRAWL" => Some("/v7/begin/{id}".into()),
            _ => None,
        });
        PlatformCalls::new(&config.unwrap().paths)
    }

    #[test]
    fn ids_and_queries_are_left_out() {
        let calls = calls();
        for (path, expected) in [
            ("/partner/v1/orgs", "POST /partner/v1/orgs"),
            (
                "/partner/v1/orgs/0f3c/api-keys",
                "POST /partner/v1/orgs/{id}/api-keys",
            ),
            ("/training?metadata=canary", "POST /training"),
            ("/v7/begin/canary", "POST /v7/begin/{id}"),
            ("/contacts/canary%2Ftags", "POST /contacts/{id}"),
        ] {
            assert_eq!(calls.name(&Method::POST, path), expected);
        }
    }

    #[test]
    fn the_contracts_own_paths_keep_their_words() {
        let contract: serde_json::Value =
            serde_yaml_ng::from_str(include_str!("../../../contract/openapi.yaml")).unwrap();
        let calls = calls();
        let paths = contract["paths"].as_object().unwrap().keys();
        for path in paths.filter(|path| !path.starts_with("/backend")) {
            let plain: Vec<&str> = path
                .split('/')
                .map(|part| if part.contains('{') { "{id}" } else { part })
                .collect();
            assert_eq!(calls.name(&Method::GET, path), format!("GET {}", plain.join("/")));
        }
    }
}
