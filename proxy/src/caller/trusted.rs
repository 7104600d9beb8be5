//! A reverse proxy that has asked who calls, and says so in headers. It is believed by its address.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use super::claims::ClaimNames;
use super::customers::Customers;
use super::identity::Caller;
use super::refusal::{forbidden, lacking, unknown};
use crate::problem::ApiError;

/// Whom to believe, and where it says what.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// The reverse proxies' addresses.
    pub peers: Vec<IpNet>,
    /// Who calls.
    pub subject: HeaderName,
    /// His roles, with commas or blanks between.
    pub role: HeaderName,
    /// Whose customers; see [`Customers`].
    pub customers: HeaderName,
}

impl Trusted {
    /// Who calls, by the word of that peer.
    ///
    /// # Errors
    /// For people.
    pub fn caller(
        &self,
        peer: Option<IpAddr>,
        headers: &HeaderMap,
        names: &ClaimNames,
    ) -> Result<Caller, ApiError> {
        let listed = peer.map(|peer| peer.to_canonical());
        if !listed.is_some_and(|peer| self.peers.iter().any(|known| known.contains(&peer))) {
            return Err(forbidden(
                "This proxy takes calls from its reverse proxy only, and this one came from another address. Nothing was \
                 done. Call the reverse proxy; if you did, this proxy's operator must list its address in \
                 OPENCX_PROXY_AUTH_TRUSTED_PROXIES.",
            ));
        }
        let subject = only(headers, &self.subject)?.ok_or_else(|| {
            unknown(
                "The reverse proxy has not said who calls. Nothing was done. Sign in there; if you are, it must pass on \
                 who you are in the header that this proxy's operator has set in OPENCX_PROXY_AUTH_SUBJECT_HEADER.",
            )
        })?;
        let roles = only(headers, &self.role)?.unwrap_or_default();
        let customers = only(headers, &self.customers)?.map(Customers::read_list);
        let roles = roles.split([',', ' ']).filter(|role| !role.is_empty());
        names
            .known(subject, roles, customers)
            .map_err(|lack| lacking("reverse proxy", lack))
    }
}

/// The one value of a header. Two may be the reverse proxy's and the caller's own.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(|value| value.to_str().map(str::trim));
    match (value, values.next()) {
        (None, _) => Ok(None),
        (Some(Ok(value)), None) => Ok(Some(value)),
        _ => Err(unknown(
            "What the reverse proxy says of who calls came twice, or is no plain text. Nothing was done. It must replace \
             these headers of its callers by its own.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::claims::ClaimName;
    use super::super::role::{Grant, Role, RoleNames};
    use super::*;

    fn ask(peer: &str, headers: &[(&'static str, &'static str)]) -> Result<Caller, (u16, String)> {
        let trusted = Trusted {
            peers: vec!["10.1.0.0/16".parse().unwrap(), "::1/128".parse().unwrap()],
            subject: HeaderName::from_static("x-user"),
            role: HeaderName::from_static("x-groups"),
            customers: HeaderName::from_static("x-customers"),
        };
        let names = ClaimNames {
            role: ClaimName("role".into()),
            customers: ClaimName("customers".into()),
            roles: RoleNames::default(),
            customers_required: false,
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let peer = (!peer.is_empty()).then(|| peer.parse().unwrap());
        trusted
            .caller(peer, &map, &names)
            .map_err(|refused| (refused.status.as_u16(), refused.error.message))
    }

    #[test]
    fn only_a_listed_peer_is_believed() {
        let ada = [("x-user", "ada"), ("x-groups", "staff, operator")];
        for peer in ["10.1.2.3", "::ffff:10.1.2.3", "::1"] {
            let caller = ask(peer, &ada).unwrap();
            assert_eq!(
                (caller.subject(), caller.grant),
                ("ada", Grant::Person(Role::Operator))
            );
        }
        for peer in ["10.2.0.1", "127.0.0.1", "::2", ""] {
            let (status, told) = ask(peer, &ada).unwrap_err();
            assert_eq!(status, 403, "{peer}");
            assert!(told.contains("OPENCX_PROXY_AUTH_TRUSTED_PROXIES") && !told.contains("ada"));
        }
    }

    #[test]
    fn what_it_says_counts_once() {
        let admin = ("x-groups", "admin");
        for (headers, expected) in [
            (&[admin][..], 401),
            (&[("x-user", ""), admin], 401),
            (&[("x-user", "ada"), ("x-user", "eve"), admin], 401),
            (&[("x-user", "ada"), admin, admin], 401),
            (&[("x-user", "ada")], 403),
            (&[("x-user", "ada"), ("x-groups", "staff")], 403),
        ] {
            assert_eq!(ask("::1", headers).unwrap_err().0, expected, "{headers:?}");
        }
        let tenant = ask(
            "::1",
            &[("x-user", "ada"), admin, ("x-customers", "acme, blue-*")],
        )
        .unwrap();
        assert!(tenant.covers("acme") && tenant.covers("blue-fin") && !tenant.covers("other"));
        let nobodys = ask("::1", &[("x-user", "ada"), admin, ("x-customers", "")]).unwrap();
        assert!(!nobodys.covers("acme"));
    }
}
