//! An organization: one per customer of the partner.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::shape::{Field, Shape, Shaped, What, optional, required};

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
    /// Credentials of third parties; the platform tries them, and refuses the whole org (400) if one fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrations: Option<Integrations>,
}

/// Credentials of third parties (`OrgIntegrations`); FareHarbor is the only one known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Integrations {
    /// FareHarbor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fareharbor: Option<FareHarbor>,
}

/// Credentials of FareHarbor. Secret: their `Debug` says nothing.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct FareHarbor {
    /// Key of the application.
    #[serde(default)]
    pub app_key: String,
    /// Key of the user.
    #[serde(default)]
    pub user_key: String,
    /// Short name of the company.
    #[serde(default)]
    pub default_company_shortname: String,
}

impl fmt::Debug for FareHarbor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FareHarbor(secret)")
    }
}

const WEBSITE: Field = optional("website", What::HttpUrl);
const LANGUAGE: Field = optional("language", What::Language);
const AI_INSTRUCTIONS: Field = optional("ai_instructions", What::Text(0, 20_000));

const FAREHARBOR: Shape = &[
    required("app_key", What::Text(1, 500)),
    required("user_key", What::Text(1, 500)),
    required("default_company_shortname", What::Text(1, 200)),
];

impl Shaped for NewOrg {
    const SHAPE: Shape = &[
        required("name", What::Text(1, 200)),
        required("external_id", What::ExternalId),
        WEBSITE,
        LANGUAGE,
        AI_INSTRUCTIONS,
        optional(
            "integrations",
            What::Object(&[optional("fareharbor", What::Object(FAREHARBOR))]),
        ),
    ];
}

/// What `PATCH /org` takes (`UpdateOrganizationRequest`): `name`, 1 to 200 characters. The other three are not in its schema;
/// the platform's overview says that they can be changed too. What is left out stays.
pub const ORG_UPDATE: Shape = &[
    optional("name", What::Text(1, 200)),
    WEBSITE,
    LANGUAGE,
    AI_INSTRUCTIONS,
];

/// An org that was made without the kit: a person supplies what the platform answered then. For the proxy's ledger; no call
/// of the platform takes it.
pub const ADOPTED_ORG: Shape = &[
    required("id", What::Uuid),
    required("widget_token", What::Text(1, 10_000)),
    required("external_id", What::ExternalId),
    required("name", What::Text(1, 200)),
];

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
            integrations: None,
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
            integrations: Some(Integrations {
                fareharbor: Some(FareHarbor {
                    app_key: "canary".into(),
                    user_key: "canary".repeat(100),
                    default_company_shortname: " ".into(),
                }),
            }),
        };
        assert_eq!(
            paths(&bad),
            [
                "org.name",
                "org.external_id",
                "org.website",
                "org.language",
                "org.ai_instructions",
                "org.integrations.fareharbor.user_key",
                "org.integrations.fareharbor.default_company_shortname"
            ]
        );
        let mut checks = Checks::default();
        bad.check(&Path::root(), &mut checks);
        let told = format!("{bad:?} {:?}", checks.into_fields());
        assert!(!told.contains("canary"), "{told}");
    }
}
