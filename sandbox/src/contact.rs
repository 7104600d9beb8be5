//! Visitors of the widget, known by a contact token.

use std::collections::HashMap;

use indexmap::IndexMap;
use opencx_partner_kit::platform::{Checks, Path};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::secret::Digest;

/// What `POST /backend/widget/v2/contact/create-unverified` takes.
#[derive(Debug, Default, Deserialize)]
pub struct NewContact {
    /// Address the visitor gave.
    #[serde(default)]
    pub email: Option<String>,
    /// Name the visitor gave.
    #[serde(default)]
    pub non_verified_name: Option<String>,
    /// Data the page gave.
    #[serde(default)]
    pub non_verified_custom_data: Option<Map<String, Value>>,
}

/// A visitor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contact {
    /// Its id.
    pub id: Uuid,
    /// Who it is was vouched for by the customer's server.
    pub verified: bool,
    /// Address given.
    pub email: Option<String>,
    /// Name given.
    pub name: Option<String>,
    /// Data given.
    pub custom_data: Map<String, Value>,
}

/// An org's visitors.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Contacts {
    /// In the order they came.
    all: IndexMap<Uuid, Contact>,
    by_email: HashMap<String, Uuid>,
    tokens: HashMap<Digest, Uuid>,
}

impl Contacts {
    /// Makes an unverified contact, or refreshes the unverified one with this e-mail address; `token` then names it.
    ///
    /// # Errors
    /// 400 when the address is none.
    pub fn unverified(&mut self, asked: NewContact, id: Uuid, token: Digest) -> Result<Uuid, ApiError> {
        let email = asked.email.map(|email| email.trim().to_lowercase());
        if let Some(email) = &email {
            let mut checks = Checks::default();
            checks.email(Path::root().field("email"), email);
            ApiError::unless_good(checks)?;
        }
        let id = match &email {
            Some(email) => *self.by_email.entry(email.clone()).or_insert(id),
            None => id,
        };
        let contact = self.all.entry(id).or_insert_with(|| Contact {
            id,
            verified: false,
            email,
            name: None,
            custom_data: Map::new(),
        });
        if asked.non_verified_name.is_some() {
            contact.name = asked.non_verified_name;
        }
        if let Some(data) = asked.non_verified_custom_data {
            contact.custom_data.extend(data);
        }
        self.tokens.insert(token, id);
        Ok(id)
    }

    /// The contact that a token names.
    pub fn by_token(&self, token: &Digest) -> Option<&Contact> {
        self.all.get(self.tokens.get(token)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(email: Option<&str>) -> NewContact {
        NewContact {
            email: email.map(Into::into),
            ..NewContact::default()
        }
    }

    #[test]
    fn an_email_finds_its_contact_again() {
        let mut contacts = Contacts::default();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = contacts.unverified(asked(Some("a@b.co")), one, Digest::of("t1"));
        let again = contacts.unverified(asked(Some("A@b.co")), two, Digest::of("t2"));
        assert_eq!((first, again), (Ok(one), Ok(one)));
        assert_eq!(contacts.by_token(&Digest::of("t2")).unwrap().id, one);
        assert!(contacts.by_token(&Digest::of("t3")).is_none());
    }

    #[test]
    fn nameless_visitors_stay_apart() {
        let mut contacts = Contacts::default();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(contacts.unverified(asked(None), one, Digest::of("t1")), Ok(one));
        assert_eq!(contacts.unverified(asked(None), two, Digest::of("t2")), Ok(two));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(
            Contacts::default()
                .unverified(asked(Some("nobody")), Uuid::nil(), Digest::of("t"))
                .is_err()
        );
    }
}
