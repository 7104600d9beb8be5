//! Where the contract is a guess, the platform may be otherwise: one switch for each guess, as the contract says by default.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::contract::Operation;

/// How lists are answered whose shape is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListShape {
    /// `[…]`
    #[default]
    Array,
    /// `{ "items": […] }`
    Items,
}

/// Which success status is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Success {
    /// 200.
    #[default]
    #[serde(rename = "200")]
    Ok,
    /// 201.
    #[serde(rename = "201")]
    Created,
}

/// What a 429 carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitHeaders {
    /// Nothing.
    None,
    /// `Retry-After`, in seconds.
    #[default]
    RetryAfter,
    /// `Retry-After` as a date.
    RetryAfterDate,
}

/// How `authenticate-user` spells the visitor's data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CustomDataName {
    /// As the API reference.
    #[default]
    #[serde(rename = "customData")]
    CamelCase,
    /// As the widget guide's sample.
    #[serde(rename = "custom_data")]
    SnakeCase,
}

/// Which status refuses an invitation that was sent before, or is for a member.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RepeatedInvitation {
    /// 409.
    #[default]
    #[serde(rename = "409")]
    Conflict,
    /// 400.
    #[serde(rename = "400")]
    BadRequest,
}

/// The switches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// Of creating a website, a training or office hours.
    pub created: Success,
    /// Of `authenticate-user`; the older 201 answers a token only.
    pub authenticated: Success,
    /// Of websites, crawl jobs, pages and office hours.
    pub lists: ListShape,
    /// Of trainings: a page with `items`, or the bare list of an older revision.
    pub training_list: ListShape,
    /// Of an invitation.
    pub repeated_invitation: RepeatedInvitation,
    /// Of 429.
    pub limit_headers: LimitHeaders,
    /// Of `authenticate-user`.
    pub custom_data: CustomDataName,
    /// Calls that a key, or a partner, has in a minute; 0 is no limit.
    pub calls_a_minute: u32,
    /// How often the widget is told to ask for its sessions, in seconds.
    pub sessions_poll_seconds: f64,
    /// And for the one that is open.
    pub session_poll_seconds: f64,
    /// The widget's v5 can stream replies.
    pub streaming: bool,
    /// Guessed operations by their id, each with the path it has here instead; names in braces as in the contract.
    pub paths: BTreeMap<String, String>,
    /// Guessed operations that this platform does not have: 404.
    pub missing: BTreeSet<String>,
}

impl Default for Variants {
    fn default() -> Self {
        Variants {
            created: Success::default(),
            authenticated: Success::default(),
            lists: ListShape::default(),
            training_list: ListShape::Items,
            repeated_invitation: RepeatedInvitation::default(),
            limit_headers: LimitHeaders::default(),
            custom_data: CustomDataName::default(),
            calls_a_minute: 100,
            sessions_poll_seconds: 60.0,
            session_poll_seconds: 10.0,
            streaming: false,
            paths: BTreeMap::new(),
            missing: BTreeSet::new(),
        }
    }
}

/// Why switches cannot be set so.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum VariantsError {
    /// Not these switches.
    #[error("{0}")]
    Unreadable(String),
    /// Not an operation whose path, or existence, is a guess.
    #[error("{0} is not an operation of the contract whose path is a guess")]
    NotAGuess(String),
    /// The path lacks a parameter, or has another.
    #[error("the path of {0} must begin with / and have the same {{parameters}} as the contract's")]
    Path(String),
}

impl Variants {
    /// Reads and checks switches.
    ///
    /// # Errors
    /// Names the switch that cannot be used.
    pub fn read(json: &str) -> Result<Self, VariantsError> {
        let variants: Variants =
            serde_json::from_str(json).map_err(|e| VariantsError::Unreadable(e.to_string()))?;
        let guessed = |id: &String| {
            Operation::of(id)
                .filter(|operation| operation.path_is_guess)
                .ok_or_else(|| VariantsError::NotAGuess(id.clone()))
        };
        for id in &variants.missing {
            guessed(id)?;
        }
        for (id, path) in &variants.paths {
            let names = |path: &str| -> Vec<String> {
                path.split('/')
                    .filter(|part| part.starts_with('{'))
                    .map(str::to_owned)
                    .collect()
            };
            if !path.starts_with('/') || names(path) != names(&guessed(id)?.path) {
                return Err(VariantsError::Path(id.clone()));
            }
        }
        Ok(variants)
    }

    /// What is made, and what is listed, is answered as the contract has it.
    pub fn answers_by_the_contract(&self) -> bool {
        let usual = Variants::default();
        (self.created, self.authenticated, self.lists, self.training_list)
            == (
                usual.created,
                usual.authenticated,
                usual.lists,
                usual.training_list,
            )
    }

    /// The contract's path for a call that may be to a guessed operation at another path; `None` if there is nothing there.
    pub fn contract_path(&self, method: &str, path: &str) -> Option<String> {
        for (id, own) in &self.paths {
            if let Some(operation) = Operation::of(id).filter(|operation| operation.method == method)
                && let Some(path) = operation.path_like(own, path)
            {
                return Some(path);
            }
        }
        let moved = Operation::find(method, path).is_some_and(|operation| {
            self.missing.contains(&operation.id) || self.paths.contains_key(&operation.id)
        });
        (!moved).then(|| path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guessed_operation_moves_or_is_missing() {
        let variants = Variants::read(
            r#"{ "paths": { "createLoginLink": "/partner/v2/orgs/{orgId}/sso" }, "missing": ["inviteUser"] }"#,
        )
        .unwrap();
        let path = |path| variants.contract_path("POST", path);
        assert_eq!(
            path("/partner/v2/orgs/a/sso").as_deref(),
            Some("/partner/v1/orgs/a/login-links")
        );
        assert_eq!(path("/partner/v1/orgs/a/login-links"), None);
        assert_eq!(path("/partner/v1/orgs/a/invitations"), None);
        assert_eq!(path("/partner/v1/orgs").as_deref(), Some("/partner/v1/orgs"));
    }

    #[test]
    fn what_cannot_be_set_is_named() {
        let refused = |json| Variants::read(json).unwrap_err().to_string();
        assert!(refused(r#"{ "other": 1 }"#).contains("other"));
        assert!(refused(r#"{ "missing": ["createOrg"] }"#).starts_with("createOrg is not"));
        assert!(refused(r#"{ "paths": { "inviteUser": "/x" } }"#).starts_with("the path of inviteUser"));
        assert_eq!(Variants::read("{}"), Ok(Variants::default()));
    }
}
