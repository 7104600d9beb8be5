//! An organization: one per customer of the partner.

use serde::{Deserialize, Serialize};

use super::shape::{Field, Shape, Shaped, What, optional, required};

const WEBSITE: Field = optional("website", What::HttpUrl);
const LANGUAGE: Field = optional("language", What::Language);
const AI_INSTRUCTIONS: Field = optional("ai_instructions", What::Text(0, 20_000));

const FAREHARBOR: Shape = &[
    required("app_key", What::Text(1, 500)),
    required("user_key", What::Text(1, 500)),
    required("default_company_shortname", What::Text(1, 200)),
];

/// What `POST /partner/v1/orgs` takes (`CreateOrgRequest`). `name`: shown for the organization, 1 to 200 characters. `external_id`:
/// the partner's own id for this customer, 1 to 200 characters, no blanks at its ends; optional at the platform and required
/// here, for without it a repeat makes a second org. `website`: http or https. `language`: the platform's default is `en`.
/// `ai_instructions`: system prompt of the AI agent, at most 20,000 characters. `integrations`: credentials of third parties,
/// which are secrets; the platform tries them, and refuses the whole org (400) if one fails. FareHarbor is the only one known.
pub struct NewOrg;

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

/// What a person says of an org of which nobody knows whether it was made, and that is not found.
pub const SETTLED_ORG: Shape = &[required("outcome", What::OneOf(&["not-made", "left"]))];

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
    use crate::platform::shape::check;
    use crate::platform::{Checks, Path};
    use serde_json::{Value, json};

    fn found(org: &Value) -> Vec<(String, String)> {
        let mut checks = Checks::default();
        check(NewOrg::SHAPE, org, &Path::root().field("org"), &mut checks);
        let fields = checks.into_fields().into_iter();
        fields.map(|field| (field.path, field.message)).collect()
    }

    fn paths(org: &Value) -> Vec<String> {
        found(org).into_iter().map(|(path, _)| path).collect()
    }

    fn org() -> Value {
        json!({
            "name": "Blue Fin Tours",
            "external_id": "blue-fin",
            "website": "https://bluefin.example",
            "language": "en",
        })
    }

    #[test]
    fn a_good_org_passes() {
        assert_eq!(found(&org()), []);
    }

    #[test]
    fn an_id_that_addresses_fold_away_is_refused() {
        for dots in [".", ".."] {
            let mut org = org();
            org["external_id"] = dots.into();
            assert_eq!(paths(&org), ["org.external_id"]);
        }
    }

    #[test]
    fn each_bad_field_is_named_by_its_path_and_no_secret_is_told() {
        let bad = json!({
            "name": "  ",
            "external_id": "",
            "website": "bluefin.example",
            "language": "x".repeat(40),
            "ai_instructions": "y".repeat(20_001),
            "integrations": {
                "fareharbor": {
                    "app_key": "canary",
                    "user_key": "canary".repeat(100),
                    "default_company_shortname": " "
                }
            }
        });
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
        let told = format!("{:?}", found(&bad));
        assert!(!told.contains("canary"), "{told}");
    }
}
