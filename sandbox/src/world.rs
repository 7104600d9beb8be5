//! Everything the sandbox knows: the orgs, and the login links to their dashboards.

use std::collections::HashMap;

use uuid::Uuid;

use crate::contact::Contact;
use crate::crawl::datasource::Datasource;
use crate::login_link::LoginLink;
use crate::org::Org;
use crate::secret::Digest;

/// The state, in memory only.
#[derive(Default)]
pub struct World {
    orgs: Vec<Org>,
    /// By the digest of their token.
    pub login_links: HashMap<Digest, LoginLink>,
}

impl World {
    /// Adds an org; gives it back when its `external_id` is used.
    ///
    /// # Errors
    /// The org that could not be added.
    pub fn add(&mut self, org: Org) -> Result<&Org, Box<Org>> {
        if org.external_id.is_some() && self.orgs.iter().any(|o| o.external_id == org.external_id) {
            return Err(Box::new(org));
        }
        let at = self.orgs.len();
        self.orgs.push(org);
        Ok(&self.orgs[at])
    }

    /// An org by its id.
    pub fn org(&mut self, id: Uuid) -> Option<&mut Org> {
        self.orgs.iter_mut().find(|org| org.id == id)
    }

    /// The org that a key opens.
    pub fn by_key(&self, key: &Digest) -> Option<&Org> {
        self.orgs
            .iter()
            .find(|org| org.keys.iter().any(|kept| kept.digest == *key))
    }

    /// The org that a widget token names.
    pub fn by_widget_token(&self, token: &str) -> Option<&Org> {
        self.orgs.iter().find(|org| org.widget_token == token)
    }

    /// The contact that a token names, and its org.
    pub fn by_contact_token(&self, token: &Digest) -> Option<(Uuid, &Contact)> {
        self.orgs
            .iter()
            .find_map(|org| Some((org.id, org.contacts.by_token(token)?)))
    }

    /// A website of an org, to be changed.
    pub fn website_mut(&mut self, org: Uuid, website: Uuid) -> Option<&mut Datasource> {
        self.org(org)?.knowledge.website_mut(website)
    }
}
