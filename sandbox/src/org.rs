//! An organization: one customer of the partner, with all that belongs to it.

use jiff::Timestamp;
use opencx_partner_kit::platform::{Checks, Path};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::contact::Contacts;
use crate::desk::Desk;
use crate::invitation::Invitations;
use crate::knowledge::Knowledge;
use crate::org_key::OrgKey;
use crate::session_list::Sessions;
use crate::tag::Tags;

/// What `POST /partner/v1/orgs` takes.
#[derive(Deserialize)]
pub struct CreateOrg {
    /// Shown for the organization.
    pub name: String,
    /// The partner's own id for this customer.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Customer website.
    #[serde(default)]
    pub website: Option<String>,
    /// Language code.
    #[serde(default)]
    pub language: Option<String>,
    /// System prompt for the AI.
    #[serde(default)]
    pub ai_instructions: Option<String>,
    /// Third-party credentials. Looked at for their shape, then dropped.
    #[serde(default)]
    pub integrations: Option<Integrations>,
}

/// Third-party credentials.
#[derive(Deserialize)]
pub struct Integrations {
    /// The only integration known.
    #[serde(default)]
    pub fareharbor: Option<FareHarbor>,
}

/// FareHarbor credentials.
#[derive(Deserialize)]
pub struct FareHarbor {
    app_key: String,
    user_key: String,
    default_company_shortname: String,
}

/// What `POST /partner/v1/orgs` answers.
#[derive(Debug, Serialize)]
pub struct CreatedOrg {
    id: Uuid,
    name: String,
    widget_token: String,
    external_id: Option<String>,
}

/// Credentials with this `app_key` are refused, as a third party would refuse wrong ones.
pub const REFUSED_APP_KEY: &str = "refused";

/// What `PATCH /org` takes. The contract lists the name only, and says that more can be changed.
#[derive(Deserialize)]
pub struct UpdateOrg {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    website: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    ai_instructions: Option<String>,
}

impl UpdateOrg {
    fn check(&self, checks: &mut Checks) {
        let at = Path::root();
        if let Some(name) = &self.name {
            checks.text(at.field("name"), name, 1..=200);
        }
        if let Some(website) = &self.website {
            checks.http_url(at.field("website"), website);
        }
        if let Some(language) = &self.language {
            checks.language(at.field("language"), language);
        }
        if let Some(instructions) = &self.ai_instructions {
            checks.text(at.field("ai_instructions"), instructions, 0..=20_000);
        }
    }
}

/// An organization.
#[derive(Serialize, Deserialize)]
pub struct Org {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The partner that made it.
    pub partner: String,
    /// The partner's own id.
    pub external_id: Option<String>,
    /// Customer website.
    pub website: Option<String>,
    /// Language code.
    pub language: String,
    /// System prompt; kept, but nothing here can follow it.
    pub ai_instructions: Option<String>,
    /// Public token of its chat widget.
    pub widget_token: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Latest change.
    pub updated_at: Timestamp,
    /// Its secret keys.
    pub keys: Vec<OrgKey>,
    /// Invited people.
    pub invitations: Invitations,
    /// Its tags.
    pub tags: Tags,
    /// What the AI answers from.
    pub knowledge: Knowledge,
    /// Visitors.
    pub contacts: Contacts,
    /// Their conversations.
    pub sessions: Sessions,
    /// Its support desk.
    pub desk: Desk,
}

impl Org {
    /// Makes an organization.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn make(
        asked: CreateOrg,
        partner: &str,
        id: Uuid,
        token: Uuid,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let at = Path::root();
        let mut checks = Checks::default();
        let settings = UpdateOrg {
            name: Some(asked.name.clone()),
            website: asked.website,
            language: asked.language,
            ai_instructions: asked.ai_instructions,
        };
        settings.check(&mut checks);
        if let Some(external_id) = &asked.external_id {
            checks.text(at.field("external_id"), external_id, 1..=200);
        }
        if let Some(fareharbor) = asked.integrations.as_ref().and_then(|i| i.fareharbor.as_ref()) {
            let at = at.field("integrations").field("fareharbor");
            checks.text(at.field("app_key"), &fareharbor.app_key, 1..=1000);
            checks.text(at.field("user_key"), &fareharbor.user_key, 1..=1000);
            checks.text(
                at.field("default_company_shortname"),
                &fareharbor.default_company_shortname,
                1..=1000,
            );
        }
        ApiError::unless_good(checks)?;
        let refused = asked
            .integrations
            .and_then(|i| i.fareharbor)
            .is_some_and(|f| f.app_key == REFUSED_APP_KEY);
        if refused {
            return Err(ApiError::bad_request(
                "FareHarbor refuses these credentials. Nothing was created.",
            ));
        }
        let language = settings.language.unwrap_or_else(|| "en".into());
        Ok(Org {
            id,
            name: asked.name,
            partner: partner.to_owned(),
            external_id: asked.external_id,
            website: settings.website,
            knowledge: Knowledge::new(&language),
            language,
            ai_instructions: settings.ai_instructions,
            widget_token: token.to_string(),
            created_at: now,
            updated_at: now,
            keys: Vec::new(),
            invitations: Invitations::default(),
            tags: Tags::default(),
            contacts: Contacts::default(),
            sessions: Sessions::default(),
            desk: Desk::default(),
        })
    }

    /// Changes what is given.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn update(&mut self, asked: UpdateOrg, now: Timestamp) -> Result<(), ApiError> {
        let mut checks = Checks::default();
        asked.check(&mut checks);
        ApiError::unless_good(checks)?;
        if let Some(name) = asked.name {
            self.name = name;
        }
        if let Some(language) = asked.language {
            self.knowledge.set_language(&language);
            self.language = language;
        }
        self.website = asked.website.or_else(|| self.website.take());
        self.ai_instructions = asked.ai_instructions.or_else(|| self.ai_instructions.take());
        self.updated_at = now;
        Ok(())
    }

    /// As its maker is told, once.
    pub fn as_created(&self) -> CreatedOrg {
        CreatedOrg {
            id: self.id,
            name: self.name.clone(),
            widget_token: self.widget_token.clone(),
            external_id: self.external_id.clone(),
        }
    }

    /// As `GET /org` answers it.
    pub fn as_read(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "website": self.website,
            "language": self.language,
            "ai_instructions": self.ai_instructions,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(body: Value) -> Result<Org, ApiError> {
        let asked: CreateOrg = serde_json::from_value(body).unwrap();
        Org::make(asked, "partner", Uuid::nil(), Uuid::nil(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_name_is_enough() {
        let org = make(json!({ "name": "Blue Fin Tours" })).ok().unwrap();
        assert_eq!((org.language.as_str(), org.external_id), ("en", None));
    }

    #[test]
    fn refused_credentials_make_nothing() {
        let with = |key: &str| {
            make(json!({
                "name": "a",
                "integrations": { "fareharbor": { "app_key": key, "user_key": "u", "default_company_shortname": "s" } },
            }))
        };
        assert!(with("good").is_ok());
        assert!(with(REFUSED_APP_KEY).is_err());
    }

    #[test]
    fn a_change_leaves_the_rest() {
        let mut org = make(json!({ "name": "a", "website": "https://a.example" }))
            .ok()
            .unwrap();
        let later = "2026-01-01T00:00:00Z".parse().unwrap();
        let update = |value| serde_json::from_value::<UpdateOrg>(value).unwrap();
        org.update(update(json!({ "name": "b", "language": "de" })), later)
            .unwrap();
        assert_eq!((org.name.as_str(), org.language.as_str()), ("b", "de"));
        assert_eq!(org.website.as_deref(), Some("https://a.example"));
        assert_eq!(org.updated_at, later);
        assert!(org.update(update(json!({ "name": " " })), later).is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let refused = make(json!({
            "name": " ",
            "website": "bluefin",
            "integrations": { "fareharbor": { "app_key": "", "user_key": "u", "default_company_shortname": "s" } },
        }))
        .err()
        .unwrap();
        let said = format!("{refused:?}");
        for field in ["name", "website", "integrations.fareharbor.app_key"] {
            assert!(said.contains(field), "{said}");
        }
    }
}
