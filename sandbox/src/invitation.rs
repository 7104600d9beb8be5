//! Invitations to the dashboard: one for each address.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use opencx_partner_kit::platform::{Check, Checks, InviteUser, Path};

use crate::api_error::ApiError;
use crate::variants::RepeatedInvitation;

/// The addresses invited so far, in lower case.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Invitations {
    invited: BTreeSet<String>,
    members: BTreeSet<String>,
}

impl Invitations {
    /// Notes one more invitation and gives the address as kept.
    ///
    /// # Errors
    /// 400 for what is no address, 409 for one invited before.
    pub fn invite(&mut self, asked: &InviteUser, repeated: RepeatedInvitation) -> Result<String, ApiError> {
        let mut checks = Checks::default();
        asked.check(&Path::root(), &mut checks);
        ApiError::unless_good(checks)?;
        let refused = |message: &str| match repeated {
            RepeatedInvitation::Conflict => ApiError::conflict(message),
            RepeatedInvitation::BadRequest => ApiError::bad_request(message),
        };
        let email = asked.email.to_lowercase();
        if self.members.contains(&email) {
            return Err(refused("This person is a member."));
        }
        if !self.invited.insert(email.clone()) {
            return Err(refused("This address was invited before."));
        }
        Ok(email)
    }

    /// A person has signed in.
    pub fn join(&mut self, email: &str) {
        self.members.insert(email.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_for_each_address() {
        let mut invitations = Invitations::default();
        let invite = |invitations: &mut Invitations, email: &str| {
            let asked = InviteUser { email: email.into() };
            invitations.invite(&asked, RepeatedInvitation::Conflict)
        };
        assert_eq!(
            invite(&mut invitations, "Ana@Example.com"),
            Ok("ana@example.com".into())
        );
        assert!(invite(&mut invitations, "ana@example.com").is_err());
        assert!(invite(&mut invitations, "nobody").is_err());
        assert!(invite(&mut invitations, "ben@example.com").is_ok());
        invitations.join("Cem@example.com");
        assert!(invite(&mut invitations, "cem@example.com").is_err());
    }
}
