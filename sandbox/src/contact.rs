//! An org's contacts: visitors of its widget, and people its own server has told of.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use opencx_partner_kit::platform::{Checks, Path};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::api_error::ApiError;

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

/// What the org's own server tells of a contact; what is left out stays.
#[derive(Debug, Default, Deserialize)]
pub struct KnownContact {
    /// Address; it finds the contact again.
    #[serde(default)]
    pub email: Option<String>,
    /// Number, with country code.
    #[serde(default)]
    pub phone: Option<String>,
    /// Name.
    #[serde(default)]
    pub name: Option<String>,
    /// Picture.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// Language code.
    #[serde(default)]
    pub language: Option<String>,
    /// More for the AI to know.
    #[serde(default)]
    pub chat_context: Option<String>,
    /// Data of the customer's.
    #[serde(default)]
    pub custom_data: Option<Map<String, Value>>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Its id.
    pub id: Uuid,
    /// Who it is was vouched for by the customer's server.
    pub verified: bool,
    /// What is known of it.
    pub email: Option<String>,
    /// Likewise.
    pub name: Option<String>,
    /// Likewise.
    pub phone: Option<String>,
    /// Likewise.
    pub avatar_url: Option<String>,
    /// Likewise.
    pub language: Option<String>,
    /// Likewise.
    pub chat_context: Option<String>,
    /// Likewise.
    pub custom_data: Map<String, Value>,
    /// When it came.
    pub created_at: Timestamp,
    /// Latest change.
    pub updated_at: Timestamp,
}

impl Contact {
    /// One of whom nothing is known.
    pub fn new(id: Uuid, verified: bool, now: Timestamp) -> Self {
        Contact {
            id,
            verified,
            email: None,
            name: None,
            phone: None,
            avatar_url: None,
            language: None,
            chat_context: None,
            custom_data: Map::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// As the contract's `Contact`.
    pub fn as_json(&self) -> Value {
        json!({
            "id": self.id,
            "email": self.email,
            "phone_number": self.phone,
            "name": self.name,
            "custom_data": self.custom_data,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }

    fn learn(&mut self, known: KnownContact, now: Timestamp) {
        let set = |own: &mut Option<String>, given: Option<String>| {
            if given.is_some() {
                *own = given;
            }
        };
        set(&mut self.phone, known.phone);
        set(&mut self.name, known.name);
        set(&mut self.avatar_url, known.avatar_url);
        set(&mut self.language, known.language);
        set(&mut self.chat_context, known.chat_context);
        self.custom_data.extend(known.custom_data.unwrap_or_default());
        self.updated_at = now;
    }
}

/// Which contacts a list asks for.
#[derive(Debug, Default, Deserialize)]
pub struct ContactQuery {
    cursor: Option<String>,
    created_after: Option<Timestamp>,
    created_before: Option<Timestamp>,
    updated_after: Option<Timestamp>,
    updated_before: Option<Timestamp>,
}

/// Contacts in one page of a list; the contract names no number.
pub const PAGE: usize = 50;

/// An org's contacts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Contacts {
    /// In the order they came.
    all: IndexMap<Uuid, Contact>,
    /// Unverified ones.
    claimed: HashMap<String, Uuid>,
    /// Verified ones.
    verified: HashMap<String, Uuid>,
}

impl Contacts {
    /// Makes an unverified contact, or refreshes the unverified one with this e-mail address.
    ///
    /// # Errors
    /// 400 when the address is none.
    pub fn unverified(&mut self, asked: NewContact, id: Uuid, now: Timestamp) -> Result<Uuid, ApiError> {
        let email = address(asked.email)?;
        let id = match &email {
            Some(email) => *self.claimed.entry(email.clone()).or_insert(id),
            None => id,
        };
        let contact = self.all.entry(id).or_insert_with(|| Contact::new(id, false, now));
        contact.email = email.or(contact.email.take());
        contact.learn(
            KnownContact {
                name: asked.non_verified_name,
                custom_data: asked.non_verified_custom_data,
                ..KnownContact::default()
            },
            now,
        );
        Ok(id)
    }

    /// Makes a verified contact, or updates the one with this e-mail address.
    ///
    /// # Errors
    /// 400 when the address is none.
    pub fn save(&mut self, mut known: KnownContact, id: Uuid, now: Timestamp) -> Result<Uuid, ApiError> {
        let email = address(known.email.take())?;
        let id = match &email {
            Some(email) => *self.verified.entry(email.clone()).or_insert(id),
            None => id,
        };
        let contact = self.all.entry(id).or_insert_with(|| Contact::new(id, true, now));
        contact.email = email.or(contact.email.take());
        contact.learn(known, now);
        Ok(id)
    }

    /// Changes a contact.
    ///
    /// # Errors
    /// 404 when there is none of that id, 400 when the address is none or another's.
    pub fn update(&mut self, id: &str, mut known: KnownContact, now: Timestamp) -> Result<(), ApiError> {
        let contact = Uuid::parse_str(id).ok().and_then(|id| self.all.get_mut(&id));
        let contact = contact.ok_or_else(no_such_contact)?;
        if let Some(email) = address(known.email.take())? {
            let known = if contact.verified {
                &mut self.verified
            } else {
                &mut self.claimed
            };
            if *known.entry(email.clone()).or_insert(contact.id) != contact.id {
                return Err(ApiError::bad_request("Another contact has this e-mail address."));
            }
            if let Some(before) = contact.email.replace(email)
                && contact.email.as_ref() != Some(&before)
            {
                known.remove(&before);
            }
        }
        contact.learn(known, now);
        Ok(())
    }

    /// Removes a contact: its tokens name nobody from now on.
    ///
    /// # Errors
    /// 404 when there is none of that id.
    pub fn delete(&mut self, id: &str) -> Result<(), ApiError> {
        let id = Uuid::parse_str(id).map_err(|_| no_such_contact())?;
        self.all.shift_remove(&id).ok_or_else(no_such_contact)?;
        self.claimed.retain(|_, other| *other != id);
        self.verified.retain(|_, other| *other != id);
        Ok(())
    }

    /// A contact by its id.
    pub fn get(&self, id: Uuid) -> Option<&Contact> {
        self.all.get(&id)
    }

    /// A page of contacts, oldest first, and the cursor of the next.
    ///
    /// # Errors
    /// 400 when the cursor is not one that a page gave.
    pub fn page(&self, query: &ContactQuery) -> Result<(Vec<&Contact>, Option<String>), ApiError> {
        let start = match &query.cursor {
            None => 0,
            Some(cursor) => Uuid::parse_str(cursor)
                .ok()
                .and_then(|id| self.all.get_index_of(&id))
                .ok_or_else(|| ApiError::bad_request("cursor must be the `next` of the page before"))?,
        };
        let within = |at: Timestamp, after: Option<Timestamp>, before: Option<Timestamp>| {
            after.is_none_or(|after| at > after) && before.is_none_or(|before| at < before)
        };
        let mut wanted = self.all.values().skip(start).filter(|contact| {
            within(contact.created_at, query.created_after, query.created_before)
                && within(contact.updated_at, query.updated_after, query.updated_before)
        });
        let page: Vec<&Contact> = wanted.by_ref().take(PAGE).collect();
        Ok((page, wanted.next().map(|contact| contact.id.to_string())))
    }
}

fn address(email: Option<String>) -> Result<Option<String>, ApiError> {
    let email = email.map(|email| email.trim().to_lowercase());
    if let Some(email) = &email {
        let mut checks = Checks::default();
        checks.email(Path::root().field("email"), email);
        ApiError::unless_good(checks)?;
    }
    Ok(email)
}

fn no_such_contact() -> ApiError {
    ApiError::not_found("There is no such contact.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn asked(email: Option<&str>) -> NewContact {
        NewContact {
            email: email.map(Into::into),
            ..NewContact::default()
        }
    }

    fn known(value: Value) -> KnownContact {
        serde_json::from_value(value).unwrap()
    }

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn an_email_finds_its_contact_again() {
        let mut contacts = Contacts::default();
        assert_eq!(contacts.unverified(asked(Some("a@b.co")), id(1), NOW), Ok(id(1)));
        assert_eq!(contacts.unverified(asked(Some("A@b.co")), id(2), NOW), Ok(id(1)));
        assert_eq!(
            contacts.save(known(json!({ "email": "a@b.co" })), id(3), NOW),
            Ok(id(3)),
            "claimed is not verified"
        );
        assert_eq!(
            contacts.save(known(json!({ "email": "a@b.co", "name": "Ana" })), id(4), NOW),
            Ok(id(3))
        );
        assert_eq!(contacts.get(id(3)).unwrap().name.as_deref(), Some("Ana"));
        assert_eq!(contacts.get(id(1)).unwrap().name, None);
    }

    #[test]
    fn nameless_visitors_stay_apart() {
        let mut contacts = Contacts::default();
        assert_eq!(contacts.unverified(asked(None), id(1), NOW), Ok(id(1)));
        assert_eq!(contacts.unverified(asked(None), id(2), NOW), Ok(id(2)));
        assert!(contacts.unverified(asked(Some("nobody")), id(3), NOW).is_err());
    }

    #[test]
    fn a_change_keeps_addresses_apart() {
        let mut contacts = Contacts::default();
        for number in [1, 2] {
            let email = format!("{number}@b.co");
            contacts
                .save(known(json!({ "email": email })), id(number), NOW)
                .unwrap();
        }
        let mut update = |to: &str| contacts.update(&id(1).to_string(), known(json!({ "email": to })), NOW);
        assert!(update("2@b.co").is_err());
        assert!(update("1@b.co").is_ok());
        assert!(update("3@b.co").is_ok());
        assert_eq!(
            contacts.save(known(json!({ "email": "3@b.co" })), id(9), NOW),
            Ok(id(1))
        );
        assert_eq!(
            contacts.save(known(json!({ "email": "1@b.co" })), id(9), NOW),
            Ok(id(9))
        );
        assert!(contacts.update("nobody", KnownContact::default(), NOW).is_err());
        assert!(contacts.delete(&id(1).to_string()).is_ok());
        assert!(contacts.delete(&id(1).to_string()).is_err());
        assert_eq!(
            contacts.save(known(json!({ "email": "3@b.co" })), id(7), NOW),
            Ok(id(7))
        );
    }

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let mut contacts = Contacts::default();
        for number in 0..(PAGE as u128 * 2 + 1) {
            contacts.unverified(asked(None), id(number), NOW).unwrap();
        }
        let (mut seen, mut query) = (Vec::new(), ContactQuery::default());
        loop {
            let (page, next) = contacts.page(&query).unwrap();
            seen.extend(page.iter().map(|contact| contact.id));
            match next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, (0..(PAGE as u128 * 2 + 1)).map(id).collect::<Vec<_>>());
        query.cursor = Some("elsewhere".into());
        assert!(contacts.page(&query).is_err());
        let later = ContactQuery {
            created_after: Some(NOW),
            ..ContactQuery::default()
        };
        assert!(contacts.page(&later).unwrap().0.is_empty());
    }
}
