//! The paths of the calls whose path the contract only guesses (`x-path-is-guess`), each configurable, or missing.

use std::collections::BTreeMap;

use super::{Lookup, Setting};

/// A call's path: operation of the contract, variable, the contract's guess as TOML.
const fn path(key: &'static str, env: &'static str, guess: &'static str) -> Setting {
    Setting::new(key, env, guess, "")
}

/// All of them.
pub const SETTINGS: &[&Setting] = &[
    &path(
        "paths.createLoginLink",
        "OPENCX_PATH_LOGIN_LINK",
        r#""/partner/v1/orgs/{org_id}/login-links""#,
    ),
    &path(
        "paths.inviteUser",
        "OPENCX_PATH_INVITATION",
        r#""/partner/v1/orgs/{org_id}/invitations""#,
    ),
    &path(
        "paths.startCrawl",
        "OPENCX_PATH_START_CRAWL",
        r#""/crawl/{id}/crawls""#,
    ),
    &path(
        "paths.listCrawlJobs",
        "OPENCX_PATH_LIST_CRAWL_JOBS",
        r#""/crawl/{id}/crawls""#,
    ),
    &path(
        "paths.cancelCrawl",
        "OPENCX_PATH_CANCEL_CRAWL",
        r#""/crawl/{id}/crawls/{job_id}/cancel""#,
    ),
    &path(
        "paths.listPages",
        "OPENCX_PATH_LIST_PAGES",
        r#""/crawl/{id}/pages""#,
    ),
    &path(
        "paths.excludePages",
        "OPENCX_PATH_EXCLUDE_PAGES",
        r#""/crawl/{id}/pages/exclude""#,
    ),
    &path(
        "paths.includePages",
        "OPENCX_PATH_INCLUDE_PAGES",
        r#""/crawl/{id}/pages/include""#,
    ),
    &path(
        "paths.resyncPages",
        "OPENCX_PATH_RESYNC_PAGES",
        r#""/crawl/{id}/pages/resync""#,
    ),
    &path(
        "paths.deletePages",
        "OPENCX_PATH_DELETE_PAGES",
        r#""/crawl/{id}/pages/delete""#,
    ),
    &path(
        "paths.moveTraining",
        "OPENCX_PATH_MOVE_TRAINING",
        r#""/training/{id}/move""#,
    ),
    &path(
        "paths.searchTraining",
        "OPENCX_PATH_SEARCH_TRAINING",
        r#""/training/search""#,
    ),
    &path(
        "paths.generateTraining",
        "OPENCX_PATH_GENERATE_TRAINING",
        r#""/training/generate""#,
    ),
    &path(
        "paths.getAutopilotSettings",
        "OPENCX_PATH_GET_AUTOPILOT",
        r#""/autopilot/settings""#,
    ),
    &path(
        "paths.updateAutopilotSettings",
        "OPENCX_PATH_UPDATE_AUTOPILOT",
        r#""/autopilot/settings""#,
    ),
    &path(
        "paths.getHandoffSettings",
        "OPENCX_PATH_GET_HANDOFF",
        r#""/handoff-settings""#,
    ),
    &path(
        "paths.updateHandoffSettings",
        "OPENCX_PATH_UPDATE_HANDOFF",
        r#""/handoff-settings""#,
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
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let mut paths = BTreeMap::new();
        for setting in SETTINGS {
            let path = match lookup.text(setting)? {
                None => Some(guess(setting).to_owned()),
                Some(value) if value == NONE => None,
                Some(value) => Some(checked(setting, value)?),
            };
            paths.insert(setting.short_key(), path);
        }
        Ok(Paths(paths))
    }

    /// The path of that operation; `None` where the platform does not have it.
    pub fn of(&self, operation: &str) -> Option<&str> {
        self.0.get(operation)?.as_deref()
    }

    /// The variable that holds it.
    pub fn setting(operation: &str) -> &'static str {
        let found = SETTINGS.iter().find(|setting| setting.short_key() == operation);
        found.map_or("OPENCX_PATH", |setting| setting.env)
    }

    /// Each operation with whether the platform has it.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.0
            .iter()
            .map(|(operation, path)| (*operation, path.is_some()))
    }
}

fn guess(setting: &Setting) -> &'static str {
    setting.shown.trim_matches('"')
}

/// A path with the same placeholders as the guess, each once.
fn checked(setting: &Setting, value: String) -> Result<String, String> {
    let guess = guess(setting);
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
    Err(setting.wrong(
        value,
        &format!(
            "use a path that starts with / and has the same parts in braces as {guess}, or {NONE} if your platform does \
             not have this call."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::File;
    use super::*;

    fn read(env: &dyn Fn(&str) -> Option<String>) -> Result<Paths, String> {
        Paths::read(&Lookup::new(&File::default(), env))
    }

    #[test]
    fn a_path_can_be_moved_or_be_missing() {
        let paths = read(&|name| match name {
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
            let refusal = read(&|name| (name == "OPENCX_PATH_START_CRAWL").then(|| bad.into()));
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
        let mut ours: Vec<(String, String)> = SETTINGS
            .iter()
            .map(|setting| (setting.short_key().into(), guess(setting).into()))
            .collect();
        guesses.sort();
        ours.sort();
        assert_eq!(guesses, ours);
    }
}
