//! Invitations to the dashboard: one for each address.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use opencx_partner_kit::platform::{Check, Checks, InviteUser, Path};

use crate::api_error::ApiError;

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
    pub fn invite(&mut self, asked: &InviteUser) -> Result<String, ApiError> {
        let mut checks = Checks::default();
        asked.check(&Path::root(), &mut checks);
        ApiError::unless_good(checks)?;
        let email = asked.email.to_lowercase();
        if self.members.contains(&email) {
            return Err(ApiError::conflict("This person is a member."));
        }
        if !self.invited.insert(email.clone()) {
            return Err(ApiError::conflict("This address was invited before."));
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
        let ask = |email: &str| InviteUser { email: email.into() };
        assert_eq!(
            invitations.invite(&ask("Ana@Example.com")),
            Ok("ana@example.com".into())
        );
        assert!(invitations.invite(&ask("ana@example.com")).is_err());
        assert!(invitations.invite(&ask("nobody")).is_err());
        assert!(invitations.invite(&ask("ben@example.com")).is_ok());
        invitations.join("Cem@example.com");
        assert!(invitations.invite(&ask("cem@example.com")).is_err());
    }
}
