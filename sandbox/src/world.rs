//! Everything the sandbox knows: partners, their orgs, and the login links to their dashboards.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::contact::Contact;
use crate::contact_token::{self, Claims};
use crate::crawl::datasource::Datasource;
use crate::login_link::LoginLink;
use crate::org::Org;
use crate::org_key::OrgKey;
use crate::partner::Partners;
use crate::secret::Digest;

/// The state. Each credential finds its org by a look-up, however many orgs there are.
#[derive(Default, Serialize, Deserialize)]
pub struct World {
    /// Who may create orgs.
    pub partners: Partners,
    /// In the order they were made.
    orgs: IndexMap<Uuid, Org>,
    /// By the partner's name, then its own id for the org.
    by_external_id: HashMap<String, HashMap<String, Uuid>>,
    by_widget_token: HashMap<String, Uuid>,
    by_key: HashMap<Digest, Uuid>,
    /// What contact tokens are signed with.
    contact_secret: String,
    /// By the digest of their token.
    pub login_links: HashMap<Digest, LoginLink>,
}

impl World {
    /// One without orgs. Contact tokens of a world with another secret are not good in this one.
    pub fn new(partners: Partners, contact_secret: String) -> Self {
        World {
            partners,
            contact_secret,
            ..World::default()
        }
    }

    /// Adds an org; gives it back when its partner has used its `external_id`.
    ///
    /// # Errors
    /// The org that could not be added.
    pub fn add(&mut self, org: Org) -> Result<&Org, Box<Org>> {
        if let Some(external_id) = &org.external_id {
            let used = self.by_external_id.entry(org.partner.clone()).or_default();
            if used.contains_key(external_id) {
                return Err(Box::new(org));
            }
            used.insert(external_id.clone(), org.id);
        }
        self.by_widget_token.insert(org.widget_token.clone(), org.id);
        Ok(self.orgs.entry(org.id).or_insert(org))
    }

    /// All orgs, oldest first.
    pub fn orgs(&self) -> impl Iterator<Item = &Org> {
        self.orgs.values()
    }

    /// An org by its id.
    pub fn org(&mut self, id: Uuid) -> Option<&mut Org> {
        self.orgs.get_mut(&id)
    }

    /// An org of that partner.
    ///
    /// # Errors
    /// 404 when there is none, 403 when it is another partner's.
    pub fn org_of(&mut self, partner: &str, id: &str) -> Result<&mut Org, ApiError> {
        let org = Uuid::parse_str(id).ok().and_then(|id| self.orgs.get_mut(&id));
        let org = org.ok_or_else(|| ApiError::not_found("There is no such organization."))?;
        if org.partner == partner {
            Ok(org)
        } else {
            Err(ApiError::forbidden("This organization is another partner's."))
        }
    }

    /// Adds a key to an org; `false` when there is no such org.
    pub fn add_key(&mut self, org: Uuid, key: OrgKey) -> bool {
        let Some(org) = self.orgs.get_mut(&org) else {
            return false;
        };
        self.by_key.insert(key.digest, org.id);
        org.keys.push(key);
        true
    }

    /// The org that a key opens, and the key.
    pub fn by_key(&self, key: &Digest) -> Option<(&Org, &OrgKey)> {
        let org = self.orgs.get(self.by_key.get(key)?)?;
        Some((org, org.keys.iter().find(|kept| kept.digest == *key)?))
    }

    /// The org that a widget token names.
    pub fn by_widget_token(&self, token: &str) -> Option<&Org> {
        self.orgs.get(self.by_widget_token.get(token)?)
    }

    /// A token that names a contact of an org, for that long or for ever.
    ///
    /// # Errors
    /// The library's own, as 500.
    pub fn contact_token(
        &self,
        (org, contact): (Uuid, Uuid),
        life: Option<SignedDuration>,
        id: Uuid,
        now: Timestamp,
    ) -> Result<String, ApiError> {
        let claims = Claims {
            sub: contact,
            org,
            iat: now.as_second(),
            exp: life.map(|life| now.as_second() + life.as_secs()),
            jti: id,
        };
        contact_token::issue(&claims, &self.contact_secret).map_err(|e| ApiError::internal(&e))
    }

    /// The contact that a token names, and its org.
    pub fn by_contact_token(&self, token: &str, now: Timestamp) -> Option<(Uuid, &Contact)> {
        let claims = contact_token::read(token, &self.contact_secret, now)?;
        let contact = self.orgs.get(&claims.org)?.contacts.get(claims.sub)?;
        Some((claims.org, contact))
    }

    /// A website of an org, to be changed.
    pub fn website_mut(&mut self, org: Uuid, website: Uuid) -> Option<&mut Datasource> {
        self.org(org)?.knowledge.website_mut(website)
    }

    /// Ends what ran when this state was saved.
    pub fn interrupt(&mut self, now: Timestamp) {
        for org in self.orgs.values_mut() {
            org.knowledge.interrupt(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::NewContact;
    use serde_json::json;

    fn org(id: u128, partner: &str, external_id: &str) -> Org {
        let asked = json!({ "name": "Blue Fin Tours", "external_id": external_id });
        let (asked, id) = (serde_json::from_value(asked).unwrap(), Uuid::from_u128(id));
        Org::make(asked, partner, id, id, Timestamp::UNIX_EPOCH)
            .ok()
            .unwrap()
    }

    #[test]
    fn what_is_saved_is_all_that_is_known() {
        let mut world = World::new(Partners::default(), "secret".into());
        let (id, now) = (Uuid::from_u128(1), Timestamp::UNIX_EPOCH);
        assert!(world.add(org(1, "a", "blue-fin")).is_ok());
        let digest = Digest::of("key");
        assert!(world.add_key(
            id,
            OrgKey {
                name: "tests".into(),
                digest,
                scopes: None
            }
        ));
        let contact = Uuid::from_u128(2);
        let contacts = &mut world.org(id).unwrap().contacts;
        contacts.unverified(NewContact::default(), contact, now).unwrap();
        let token = world
            .contact_token((id, contact), None, Uuid::nil(), now)
            .unwrap();

        let saved = serde_json::to_string(&world).unwrap();
        let mut world: World = serde_json::from_str(&saved).unwrap();
        assert_eq!(world.by_key(&digest).unwrap().0.id, id);
        assert_eq!(world.by_widget_token(&id.to_string()).unwrap().id, id);
        assert_eq!(world.by_contact_token(&token, now).unwrap().1.id, contact);
        assert!(
            world.add(org(2, "a", "blue-fin")).is_err(),
            "its external_id is kept"
        );
        assert!(
            world.add(org(2, "b", "blue-fin")).is_ok(),
            "another partner has its own ids"
        );
        assert_eq!(serde_json::from_str::<World>(&saved).unwrap().orgs().count(), 1);
    }

    #[test]
    fn a_partner_has_its_own_orgs() {
        let mut world = World::default();
        assert!(world.add(org(1, "a", "x")).is_ok());
        let id = Uuid::from_u128(1).to_string();
        assert!(world.org_of("a", &id).is_ok());
        assert_eq!(
            world.org_of("b", &id).err(),
            Some(ApiError::forbidden("This organization is another partner's."))
        );
        assert!(world.org_of("a", "nothing").is_err());
    }
}
