//! From the claims of a good token to a caller.

use serde_json::Value;

use super::customers::Customers;
use super::identity::Caller;
use super::role::{Grant, RoleNames};

const SUBJECT_LIMIT: usize = 200;

/// Where a claim stands: its name, or a JSON Pointer such as `/realm_access/roles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimName(pub String);

impl ClaimName {
    fn of<'a>(&self, claims: &'a Value) -> Option<&'a Value> {
        let found = if self.0.starts_with('/') {
            claims.pointer(&self.0)
        } else {
            claims.get(&self.0)
        };
        found.filter(|value| !value.is_null())
    }
}

/// How the partner's tokens say who may do what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimNames {
    /// A role, or several: a list, or a text with blanks between.
    pub role: ClaimName,
    /// Whose customers; see [`Customers`].
    pub customers: ClaimName,
    /// What their roles are called.
    pub roles: RoleNames,
    /// Without that claim nobody's, instead of everybody's.
    pub customers_required: bool,
}

/// Why a good token still lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// Its `sub` says nobody.
    Subject,
    /// None of its roles is one here.
    Role,
    /// A customer's server that does not say which customer's.
    Customers,
}

impl ClaimNames {
    /// Who the claims speak of.
    ///
    /// # Errors
    /// [`Lacking`].
    pub fn caller(&self, claims: &Value) -> Result<Caller, Lacking> {
        let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
        let roles: Vec<&str> = match self.role.of(claims) {
            Some(Value::String(roles)) => roles.split(' ').collect(),
            Some(Value::Array(roles)) => roles.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let customers = self.customers.of(claims).map(Customers::read);
        self.known(subject, roles.into_iter(), customers)
    }

    /// Who it is, however it was said.
    ///
    /// # Errors
    /// [`Lacking`].
    pub fn known<'a>(
        &self,
        subject: &str,
        roles: impl Iterator<Item = &'a str>,
        customers: Option<Customers>,
    ) -> Result<Caller, Lacking> {
        if subject.is_empty() || subject.chars().count() > SUBJECT_LIMIT {
            return Err(Lacking::Subject);
        }
        let grant = self.roles.grant(roles).ok_or(Lacking::Role)?;
        let customers = match customers {
            Some(customers) => customers,
            None if self.customers_required || grant == Grant::VisitorTokens => {
                return Err(Lacking::Customers);
            }
            None => Customers::all(),
        };
        Ok(Caller {
            subject: subject.to_owned(),
            grant,
            customers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::role::Role;
    use super::*;
    use serde_json::json;

    fn names(role: &str) -> ClaimNames {
        ClaimNames {
            role: ClaimName(role.into()),
            customers: ClaimName("customers".into()),
            roles: RoleNames::default(),
            customers_required: false,
        }
    }

    #[test]
    fn roles_wherever_the_issuer_puts_them() {
        for (at, claims) in [
            ("role", json!({ "sub": "u", "role": "operator" })),
            (
                "role",
                json!({ "sub": "u", "role": ["staff", "operator", "viewer"] }),
            ),
            ("scope", json!({ "sub": "u", "scope": "openid operator" })),
            (
                "/realm/roles",
                json!({ "sub": "u", "realm": { "roles": ["operator"] } }),
            ),
            (
                "https://x.example/role",
                json!({ "sub": "u", "https://x.example/role": "operator" }),
            ),
        ] {
            let caller = names(at).caller(&claims).unwrap();
            assert_eq!(caller.grant, Grant::Person(Role::Operator), "{claims}");
            assert!(caller.covers("anybody"));
        }
    }

    #[test]
    fn what_lacks_lets_nobody_in() {
        for (claims, lacking) in [
            (json!({ "role": "admin" }), Lacking::Subject),
            (json!({ "sub": 7, "role": "admin" }), Lacking::Subject),
            (json!({ "sub": "", "role": "admin" }), Lacking::Subject),
            (json!({ "sub": "u" }), Lacking::Role),
            (json!({ "sub": "u", "role": "administrator" }), Lacking::Role),
            (json!({ "sub": "u", "role": { "admin": true } }), Lacking::Role),
            (
                json!({ "sub": "u", "role": "visitor-tokens" }),
                Lacking::Customers,
            ),
        ] {
            assert_eq!(names("role").caller(&claims), Err(lacking), "{claims}");
        }
        let strict = ClaimNames {
            customers_required: true,
            ..names("role")
        };
        assert_eq!(
            strict.caller(&json!({ "sub": "u", "role": "admin" })),
            Err(Lacking::Customers)
        );
    }

    #[test]
    fn a_tenants_caller_stays_with_the_tenant() {
        let claims = json!({ "sub": "u", "role": "admin", "customers": ["acme"] });
        let caller = names("role").caller(&claims).unwrap();
        assert!(caller.covers("acme") && !caller.covers("blue-fin"));
    }
}
