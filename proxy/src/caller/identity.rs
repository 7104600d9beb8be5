//! Who calls.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use opencx_partner_kit::error::{Code, Error};
use serde::{Deserialize, Serialize};

use super::access::Least;
use super::customers::Customers;
use super::role::{Grant, Role};
use crate::App;
use crate::problem::ApiError;

/// A caller whose credential is good. A handler whose body or list names customers takes it as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// See [`Caller::subject`].
    pub subject: String,
    /// What it may do.
    pub grant: Grant,
    /// Whose customers it may touch.
    pub customers: Customers,
}

/// A caller as a page sees itself, and as a session keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// See [`Caller`].
    pub subject: String,
    /// The kit's name of the grant.
    pub role: String,
    /// See [`Caller`].
    pub customers: Customers,
}

impl Caller {
    /// Whoever is at this machine, where nobody is asked: he has no name.
    pub fn local() -> Self {
        Caller {
            subject: String::new(),
            grant: Grant::Person(Role::Admin),
            customers: Customers::all(),
        }
    }

    /// The partner's own id of the person or server; empty where nobody is asked. The same person has the same one each time.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether it may call what asks for at least that.
    pub fn may(&self, least: Least) -> bool {
        match (least, self.grant) {
            (Least::Anybody, _) | (Least::VisitorTokens, Grant::VisitorTokens) => true,
            (Least::Role(least), Grant::Person(role)) => role >= least,
            (Least::VisitorTokens, Grant::Person(role)) => role == Role::Admin,
            (Least::Role(_), Grant::VisitorTokens) => false,
        }
    }

    /// Whether that customer may be told to it.
    pub fn covers(&self, external_id: &str) -> bool {
        self.customers.cover(external_id)
    }

    /// As [`Caller::covers`], for a body that names a customer.
    ///
    /// # Errors
    /// `NOT_FOUND`, whether or not there is such a customer: that one exists is not told either.
    pub fn must_cover(&self, external_id: &str) -> Result<(), ApiError> {
        if self.covers(external_id) {
            return Ok(());
        }
        Err(ApiError::new(Error::new(
            Code::NotFound,
            "Your sign-in does not reach a customer with this external_id. Nothing was sent. Use one of your own, or ask \
             who runs this proxy to add it to your sign-in.",
        )))
    }

    /// For the page, and for a session.
    pub fn shown(&self) -> Shown {
        Shown {
            subject: self.subject.clone(),
            role: self.grant.name().into(),
            customers: self.customers.clone(),
        }
    }
}

impl Shown {
    /// The caller it was made of.
    pub fn caller(self) -> Option<Caller> {
        Some(Caller {
            grant: Grant::named(&self.role)?,
            subject: self.subject,
            customers: self.customers,
        })
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        // Only a route that lets anybody in has no caller, and such a route must not ask for one.
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| {
            let message = "The proxy did not ask who calls. That is a mistake of the proxy; report it.";
            ApiError::with_status(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_what() {
        use Least::{Anybody, VisitorTokens};
        let all = [
            Anybody,
            Least::Role(Role::Viewer),
            Least::Role(Role::Operator),
            Least::Role(Role::Admin),
            VisitorTokens,
        ];
        for (grant, expected) in [
            (Grant::Person(Role::Viewer), [true, true, false, false, false]),
            (Grant::Person(Role::Operator), [true, true, true, false, false]),
            (Grant::Person(Role::Admin), [true, true, true, true, true]),
            (Grant::VisitorTokens, [true, false, false, false, true]),
        ] {
            let caller = Caller {
                grant,
                ..Caller::local()
            };
            assert_eq!(all.map(|least| caller.may(least)), expected, "{grant:?}");
            assert_eq!(caller.shown().caller(), Some(caller));
        }
    }
}
