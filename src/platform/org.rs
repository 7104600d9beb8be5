//! An organization: one per customer of the partner.

use serde::{Deserialize, Serialize};

use super::shape::{Shape, Shaped, What, optional, required};

/// What `POST /partner/v1/orgs` takes (`CreateOrgRequest`).
///
/// `external_id` is optional at the platform and required here: without it a repeat makes a second org.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewOrg {
    /// Shown for the organization; 1 to 200 characters.
    #[serde(default)]
    pub name: String,
    /// The partner's own id for this customer; 1 to 200 characters, no blanks at its ends.
    #[serde(default)]
    pub external_id: String,
    /// Customer website, http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Language code; the platform's default is `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// System prompt for the AI agent; at most 20,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_instructions: Option<String>,
}

impl Shaped for NewOrg {
    const SHAPE: Shape = &[
        required("name", What::Text(1, 200)),
        required("external_id", What::ExternalId),
        optional("website", What::HttpUrl),
        optional("language", What::Language),
        optional("ai_instructions", What::Text(0, 20_000)),
    ];
}

/// What the platform answers once (`CreateOrgResponse`). No documented call reads it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Organization id (UUID).
    pub id: String,
    /// Name as sent.
    pub name: String,
    /// Public token for the chat widget.
    pub widget_token: String,
    /// The partner's own id, as sent.
    #[serde(default)]
    pub external_id: Option<String>,
}

impl Shaped for Org {
    const SHAPE: Shape = &[
        required("id", What::Text(1, 200)),
        required("name", What::Text(0, 10_000)),
        required("widget_token", What::Text(1, 10_000)),
        optional("external_id", What::Any),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Check, Checks, Path};

    fn org() -> NewOrg {
        NewOrg {
            name: "Blue Fin Tours".into(),
            external_id: "blue-fin".into(),
            website: Some("https://bluefin.example".into()),
            language: Some("en".into()),
            ai_instructions: None,
        }
    }

    fn paths(org: &NewOrg) -> Vec<String> {
        let mut checks = Checks::default();
        org.check(&Path::root().field("org"), &mut checks);
        checks.into_fields().into_iter().map(|field| field.path).collect()
    }

    #[test]
    fn a_good_org_passes() {
        assert!(paths(&org()).is_empty());
    }

    #[test]
    fn an_id_that_addresses_fold_away_is_refused() {
        for dots in [".", ".."] {
            assert_eq!(
                paths(&NewOrg {
                    external_id: dots.into(),
                    ..org()
                }),
                ["org.external_id"]
            );
        }
    }

    #[test]
    fn each_bad_field_is_named_by_its_path() {
        let bad = NewOrg {
            name: "  ".into(),
            external_id: String::new(),
            website: Some("bluefin.example".into()),
            language: Some("x".repeat(40)),
            ai_instructions: Some("y".repeat(20_001)),
        };
        assert_eq!(
            paths(&bad),
            [
                "org.name",
                "org.external_id",
                "org.website",
                "org.language",
                "org.ai_instructions"
            ]
        );
    }
}
