//! Ways into the dashboard for a person: an invitation (older guide) or a login link (newer guide).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::shape::{Shape, Shaped, What, optional, required};

/// What inviting takes (`InviteUserRequest`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteUser {
    /// Address to invite.
    #[serde(default)]
    pub email: String,
}

impl Shaped for InviteUser {
    const SHAPE: Shape = &[required("email", What::Email)];
}

/// What came of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The address.
    pub email: String,
    /// Invited before, or a member: no second e-mail went out.
    pub already_there: bool,
}

impl Shaped for Invitation {
    const SHAPE: Shape = &[
        required("email", What::Text(0, 10_000)),
        required("already_there", What::Flag),
    ];
}

/// What a login link takes (`CreateLoginLinkRequest`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLoginLink {
    /// Address of the person who will sign in.
    #[serde(default)]
    pub email: String,
    /// Display name used when an account has to be made; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Shaped for NewLoginLink {
    const SHAPE: Shape = &[
        required("email", What::Email),
        optional("name", What::Text(1, 200)),
    ];
}

/// Opens the dashboard once, within 15 minutes. Secret: its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginLink {
    /// Address to send the person's browser to.
    pub url: String,
}

impl Shaped for LoginLink {
    const SHAPE: Shape = &[required("url", What::HttpUrl)];
}

impl fmt::Debug for LoginLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginLink(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Check, Checks, Path};

    #[test]
    fn a_login_link_does_not_print_itself() {
        let link = LoginLink {
            url: "https://login.example/canary".into(),
        };
        assert!(!format!("{link:?}").contains("canary"));
    }

    #[test]
    fn addresses_are_checked() {
        let mut checks = Checks::default();
        InviteUser {
            email: "nobody".into(),
        }
        .check(&Path::root(), &mut checks);
        NewLoginLink {
            email: "a@b.co".into(),
            name: Some(" ".into()),
        }
        .check(&Path::root(), &mut checks);
        let paths: Vec<_> = checks.into_fields().into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["email", "name"]);
    }
}
