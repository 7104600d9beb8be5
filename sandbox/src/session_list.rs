//! An org's conversations.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::contact::Contact;
use crate::session::Session;

const PAGE: usize = 20;

/// An org's conversations.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sessions(IndexMap<Uuid, Session>);

impl Sessions {
    /// Begins one.
    pub fn begin(
        &mut self,
        contact: &Contact,
        custom_data: Map<String, Value>,
        id: Uuid,
        now: Timestamp,
    ) -> &Session {
        let ticket_number = self.0.len() as u64 + 1;
        self.0
            .entry(id)
            .or_insert_with(|| Session::begin(contact, custom_data, ticket_number, id, now))
    }

    /// The contact's own conversation of that id.
    pub fn of(&mut self, contact: &Contact, id: &str) -> Option<&mut Session> {
        let id = Uuid::parse_str(id).ok()?;
        self.0.get_mut(&id).filter(|s| s.contact == contact.id)
    }

    /// Any conversation, for the team.
    pub fn get(&self, id: Uuid) -> Option<&Session> {
        self.0.get(&id)
    }

    /// Any conversation, to be changed.
    pub fn get_mut(&mut self, id: Uuid) -> Option<&mut Session> {
        self.0.get_mut(&id)
    }

    /// All of them, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Session> {
        self.0.values()
    }

    /// A page of the contact's own conversations, latest first, and the offset of the next page.
    ///
    /// An unverified contact sees only those of `device`; anybody can claim its e-mail address.
    pub fn page(
        &self,
        contact: &Contact,
        device: Option<&str>,
        offset: usize,
    ) -> (Vec<&Session>, Option<usize>) {
        let mut own: Vec<&Session> = self
            .0
            .values()
            .filter(|s| s.contact == contact.id)
            .filter(|s| {
                if contact.verified {
                    device.is_none() || s.device() == device
                } else {
                    device.is_some() && s.device() == device
                }
            })
            .collect();
        own.sort_by_key(|s| std::cmp::Reverse((s.updated_at, s.ticket_number)));
        let end = offset.saturating_add(PAGE);
        let next = (own.len() > end).then_some(end);
        (own.into_iter().skip(offset).take(PAGE).collect(), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(id: u128, verified: bool) -> Contact {
        Contact::new(Uuid::from_u128(id), verified, Timestamp::UNIX_EPOCH)
    }

    fn on_device(device: &str) -> Map<String, Value> {
        Map::from_iter([("external_id".to_owned(), Value::from(device))])
    }

    fn filled() -> Sessions {
        let mut sessions = Sessions::default();
        let now = Timestamp::UNIX_EPOCH;
        for (id, owner, device) in [(1, 1, "laptop"), (2, 1, "phone"), (3, 2, "laptop")] {
            sessions.begin(
                &contact(owner, false),
                on_device(device),
                Uuid::from_u128(id),
                now,
            );
        }
        sessions
    }

    fn numbers(page: &[&Session]) -> Vec<u64> {
        page.iter().map(|s| s.ticket_number).collect()
    }

    #[test]
    fn an_unverified_contact_sees_its_own_of_this_device() {
        let sessions = filled();
        let see = |device| numbers(&sessions.page(&contact(1, false), device, 0).0);
        assert_eq!(see(Some("laptop")), [1]);
        assert_eq!(see(Some("phone")), [2]);
        assert!(see(Some("other")).is_empty());
        assert!(see(None).is_empty());
    }

    #[test]
    fn a_verified_contact_sees_all_of_its_own() {
        let sessions = filled();
        assert_eq!(numbers(&sessions.page(&contact(1, true), None, 0).0), [2, 1]);
    }

    #[test]
    fn another_contacts_session_is_not_there() {
        let mut sessions = filled();
        let id = Uuid::from_u128(3).to_string();
        assert!(sessions.of(&contact(1, false), &id).is_none());
        assert!(sessions.of(&contact(2, false), &id).is_some());
        assert!(sessions.of(&contact(2, false), "no uuid").is_none());
    }

    #[test]
    fn pages_follow_each_other() {
        let mut sessions = Sessions::default();
        let owner = contact(1, true);
        for id in 0..25 {
            sessions.begin(&owner, Map::new(), Uuid::from_u128(id), Timestamp::UNIX_EPOCH);
        }
        let (first, next) = sessions.page(&owner, None, 0);
        assert_eq!((first.len(), next), (20, Some(20)));
        let (second, next) = sessions.page(&owner, None, 20);
        assert_eq!((second.len(), next), (5, None));
    }
}
