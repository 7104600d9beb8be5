//! The paths of the calls whose path the contract only guesses (`x-path-is-guess`), each configurable, or missing.

use std::collections::BTreeMap;

use super::Lookup;

/// Operation of the contract, setting, the contract's guess.
const GUESSED: [(&str, &str, &str); 17] = [
    (
        "createLoginLink",
        "OPENCX_PATH_LOGIN_LINK",
        "/partner/v1/orgs/{org_id}/login-links",
    ),
    (
        "inviteUser",
        "OPENCX_PATH_INVITATION",
        "/partner/v1/orgs/{org_id}/invitations",
    ),
    ("startCrawl", "OPENCX_PATH_START_CRAWL", "/crawl/{id}/crawls"),
    (
        "listCrawlJobs",
        "OPENCX_PATH_LIST_CRAWL_JOBS",
        "/crawl/{id}/crawls",
    ),
    (
        "cancelCrawl",
        "OPENCX_PATH_CANCEL_CRAWL",
        "/crawl/{id}/crawls/{job_id}/cancel",
    ),
    ("listPages", "OPENCX_PATH_LIST_PAGES", "/crawl/{id}/pages"),
    (
        "excludePages",
        "OPENCX_PATH_EXCLUDE_PAGES",
        "/crawl/{id}/pages/exclude",
    ),
    (
        "includePages",
        "OPENCX_PATH_INCLUDE_PAGES",
        "/crawl/{id}/pages/include",
    ),
    (
        "resyncPages",
        "OPENCX_PATH_RESYNC_PAGES",
        "/crawl/{id}/pages/resync",
    ),
    (
        "deletePages",
        "OPENCX_PATH_DELETE_PAGES",
        "/crawl/{id}/pages/delete",
    ),
    ("moveTraining", "OPENCX_PATH_MOVE_TRAINING", "/training/{id}/move"),
    (
        "searchTraining",
        "OPENCX_PATH_SEARCH_TRAINING",
        "/training/search",
    ),
    (
        "generateTraining",
        "OPENCX_PATH_GENERATE_TRAINING",
        "/training/generate",
    ),
    (
        "getAutopilotSettings",
        "OPENCX_PATH_GET_AUTOPILOT",
        "/autopilot/settings",
    ),
    (
        "updateAutopilotSettings",
        "OPENCX_PATH_UPDATE_AUTOPILOT",
        "/autopilot/settings",
    ),
    (
        "getHandoffSettings",
        "OPENCX_PATH_GET_HANDOFF",
        "/handoff-settings",
    ),
    (
        "updateHandoffSettings",
        "OPENCX_PATH_UPDATE_HANDOFF",
        "/handoff-settings",
    ),
];

/// The word for a call that this platform does not have.
const NONE: &str = "none";

/// The configured paths.
#[derive(Debug, Clone)]
pub struct Paths(BTreeMap<&'static str, Option<String>>);

impl Paths {
    /// Reads and checks them.
    ///
    /// # Errors
    /// One line for people.
    pub fn read(lookup: Lookup<'_>) -> Result<Self, String> {
        let mut paths = BTreeMap::new();
        for (operation, setting, guess) in GUESSED {
            let value = lookup(setting).map(|value| value.trim().to_owned());
            let value = value
                .filter(|value| !value.is_empty())
                .unwrap_or_else(|| guess.into());
            let path = (value != NONE)
                .then(|| checked(setting, value, guess))
                .transpose()?;
            paths.insert(operation, path);
        }
        Ok(Paths(paths))
    }

    /// The path of that operation; `None` where the platform does not have it.
    pub fn of(&self, operation: &str) -> Option<&str> {
        self.0.get(operation)?.as_deref()
    }

    /// The setting that holds it.
    pub fn setting(operation: &str) -> &'static str {
        let found = GUESSED.iter().find(|(known, ..)| *known == operation);
        found.map_or("OPENCX_PATH", |(_, setting, _)| setting)
    }

    /// Each operation with whether the platform has it.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.0
            .iter()
            .map(|(operation, path)| (*operation, path.is_some()))
    }
}

/// A path with the same placeholders as the guess, each once.
fn checked(setting: &str, value: String, guess: &str) -> Result<String, String> {
    let placeholders = |path: &str| {
        let mut found: Vec<String> = path
            .split('/')
            .filter(|part| part.contains(['{', '}']))
            .map(str::to_owned)
            .collect();
        found.sort();
        found
    };
    if value.starts_with('/')
        && !value.contains(['?', '#', ' '])
        && placeholders(&value) == placeholders(guess)
    {
        return Ok(value);
    }
    Err(format!(
        "{setting} is {value}: use a path that starts with / and has the same parts in braces as {guess}, or {NONE} if \
         your platform does not have this call."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_be_moved_or_be_missing() {
        let paths = Paths::read(&|name| match name {
            "OPENCX_PATH_START_CRAWL" => Some("/v2/crawl/{id}/start".into()),
            "OPENCX_PATH_LOGIN_LINK" => Some("none".into()),
            _ => None,
        });
        let paths = paths.unwrap();
        assert_eq!(paths.of("startCrawl"), Some("/v2/crawl/{id}/start"));
        assert_eq!(paths.of("createLoginLink"), None);
        assert_eq!(
            paths.of("inviteUser"),
            Some("/partner/v1/orgs/{org_id}/invitations")
        );
    }

    #[test]
    fn a_path_that_loses_a_part_is_refused() {
        for bad in [
            "crawl/{id}",
            "/crawl",
            "/crawl/{id}/{id}",
            "/crawl/x{id}",
            "/crawl/{id}?x",
            "/crawl/{other}",
        ] {
            let refusal = Paths::read(&|name| (name == "OPENCX_PATH_START_CRAWL").then(|| bad.into()));
            assert!(
                refusal.is_err_and(|text| text.contains(bad) && text.contains("OPENCX_PATH_START_CRAWL")),
                "{bad}"
            );
        }
    }

    #[test]
    fn all_guesses_of_the_contract_are_here_and_as_it_has_them() {
        let contract: serde_json::Value =
            serde_yaml_ng::from_str(include_str!("../../../contract/openapi.yaml")).unwrap();
        let mut guesses: Vec<(String, String)> = Vec::new();
        for (path, item) in contract["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                if operation["x-path-is-guess"] == true {
                    let path = path.replace("{orgId}", "{org_id}").replace("{jobId}", "{job_id}");
                    guesses.push((operation["operationId"].as_str().unwrap().into(), path));
                }
            }
        }
        let mut ours: Vec<_> = GUESSED
            .iter()
            .map(|(id, _, path)| ((*id).into(), (*path).into()))
            .collect();
        guesses.sort();
        ours.sort();
        assert_eq!(guesses, ours);
    }
}
