//! Everything the sandbox knows: the orgs, and the login links to their dashboards.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::contact::{Contact, NewContact};
use crate::crawl::datasource::Datasource;
use crate::login_link::LoginLink;
use crate::org::Org;
use crate::org_key::OrgKey;
use crate::secret::Digest;

/// The state. Each credential finds its org by a look-up, however many orgs there are.
#[derive(Default, Serialize, Deserialize)]
pub struct World {
    /// In the order they were made.
    orgs: IndexMap<Uuid, Org>,
    by_external_id: HashMap<String, Uuid>,
    by_widget_token: HashMap<String, Uuid>,
    by_key: HashMap<Digest, Uuid>,
    by_contact_token: HashMap<Digest, Uuid>,
    /// By the digest of their token.
    pub login_links: HashMap<Digest, LoginLink>,
}

impl World {
    /// Adds an org; gives it back when its `external_id` is used.
    ///
    /// # Errors
    /// The org that could not be added.
    pub fn add(&mut self, org: Org) -> Result<&Org, Box<Org>> {
        if let Some(external_id) = &org.external_id {
            if self.by_external_id.contains_key(external_id) {
                return Err(Box::new(org));
            }
            self.by_external_id.insert(external_id.clone(), org.id);
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

    /// Adds a key to an org; `false` when there is no such org.
    pub fn add_key(&mut self, org: Uuid, key: OrgKey) -> bool {
        let Some(org) = self.orgs.get_mut(&org) else {
            return false;
        };
        self.by_key.insert(key.digest, org.id);
        org.keys.push(key);
        true
    }

    /// The org that a key opens.
    pub fn by_key(&self, key: &Digest) -> Option<&Org> {
        self.orgs.get(self.by_key.get(key)?)
    }

    /// The org that a widget token names.
    pub fn by_widget_token(&self, token: &str) -> Option<&Org> {
        self.orgs.get(self.by_widget_token.get(token)?)
    }

    /// Makes an unverified contact of an org, or refreshes the one with this e-mail address; `token` then names it.
    ///
    /// # Errors
    /// 400 when the address is none, 401 when the org is gone.
    pub fn unverified_contact(
        &mut self,
        org: Uuid,
        asked: NewContact,
        id: Uuid,
        token: Digest,
    ) -> Result<Uuid, ApiError> {
        let contact = self
            .orgs
            .get_mut(&org)
            .ok_or_else(|| ApiError::unauthorized("The organization is gone."))?
            .contacts
            .unverified(asked, id, token)?;
        self.by_contact_token.insert(token, org);
        Ok(contact)
    }

    /// The contact that a token names, and its org.
    pub fn by_contact_token(&self, token: &Digest) -> Option<(Uuid, &Contact)> {
        let org = self.orgs.get(self.by_contact_token.get(token)?)?;
        Some((org.id, org.contacts.by_token(token)?))
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
    use serde_json::json;

    fn org(id: u128, external_id: &str) -> Org {
        let asked = json!({ "name": "Blue Fin Tours", "external_id": external_id });
        let id = Uuid::from_u128(id);
        Org::make(
            serde_json::from_value(asked).unwrap(),
            id,
            id,
            Timestamp::UNIX_EPOCH,
        )
        .ok()
        .unwrap()
    }

    #[test]
    fn what_is_saved_is_all_that_is_known() {
        let mut world = World::default();
        let id = Uuid::from_u128(1);
        assert!(world.add(org(1, "blue-fin")).is_ok());
        let (key, token) = (Digest::of("key"), Digest::of("contact"));
        assert!(world.add_key(
            id,
            OrgKey {
                name: "tests".into(),
                digest: key,
                scopes: None
            }
        ));
        let contact = world
            .unverified_contact(id, NewContact::default(), Uuid::from_u128(2), token)
            .unwrap();

        let saved = serde_json::to_string(&world).unwrap();
        let mut world: World = serde_json::from_str(&saved).unwrap();
        assert_eq!(world.by_key(&key).unwrap().id, id);
        assert_eq!(world.by_widget_token(&id.to_string()).unwrap().id, id);
        assert_eq!(world.by_contact_token(&token).unwrap().1.id, contact);
        assert!(world.add(org(2, "blue-fin")).is_err(), "its external_id is kept");
        assert!(world.add(org(2, "red-fin")).is_ok());
        assert_eq!(serde_json::from_str::<World>(&saved).unwrap().orgs().count(), 1);
    }
}
