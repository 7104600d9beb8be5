//! Who may call what: one row a route. A route without a row is answered to nobody, and fails a test.

use super::role::Role;

/// The least that a caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    /// No credential is asked for.
    Anybody,
    /// A person of that role or more.
    Role(Role),
    /// A customer's server, or an admin.
    VisitorTokens,
}

/// Whose customer a call touches, which must be one of the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's.
    Nobodys,
    /// That of `{org_id}` in the path.
    Org,
    /// `{external_id}` in the path.
    Customer,
    /// Those in the body or in the answer: the handler asks the caller.
    Handler,
}

/// What the answer hands out that others must not see. It is never logged, recorded or repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// Nothing of the kind.
    No,
    /// A session of this proxy.
    Session,
    /// The way into a dashboard.
    LoginLink,
    /// A visitor's own token.
    ContactToken,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Method; HEAD goes by the row of GET.
    pub method: &'static str,
    /// As the router has it. What a parameter is called does not matter.
    pub path: &'static str,
    /// Who may.
    pub least: Least,
    /// For whom.
    pub whose: Whose,
    /// What of.
    pub secret: Secret,
}

const fn row(method: &'static str, path: &'static str, least: Least, whose: Whose, secret: Secret) -> Access {
    Access {
        method,
        path,
        least,
        whose,
        secret,
    }
}

use Least::{Anybody, VisitorTokens};
use Secret::{ContactToken, LoginLink, No, Session};
use Whose::{Customer, Handler, Nobodys, Org};
const VIEWER: Least = Least::Role(Role::Viewer);
const OPERATOR: Least = Least::Role(Role::Operator);
const ADMIN: Least = Least::Role(Role::Admin);

/// All rows.
#[rustfmt::skip]
pub const ACCESS: &[Access] = &[
    row("GET",    "/v1/health", Anybody, Nobodys, No),
    // The assertion in the body is the credential.
    row("POST",   "/v1/session", Anybody, Nobodys, Session),
    row("GET",    "/v1/session", VIEWER, Nobodys, No),
    row("DELETE", "/v1/session", Anybody, Nobodys, No),
    row("GET",    "/v1/capabilities", VIEWER, Nobodys, No),
    row("POST",   "/v1/orgs", OPERATOR, Handler, No),
    row("GET",    "/v1/orgs", VIEWER, Handler, No),
    row("POST",   "/v1/orgs/adopted", ADMIN, Handler, No),
    row("GET",    "/v1/customers/{external_id}", VIEWER, Customer, No),
    row("POST",   "/v1/customers/{external_id}/settlement", ADMIN, Customer, No),
    row("GET",    "/v1/orgs/{org_id}/inventory", VIEWER, Org, No),
    row("GET",    "/v1/orgs/{org_id}/settings", VIEWER, Org, No),
    row("PATCH",  "/v1/orgs/{org_id}/settings", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/keys", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/keys", VIEWER, Org, No),
    row("POST",   "/v1/orgs/{org_id}/keys/rotations", ADMIN, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/crawls", VIEWER, Org, No),
    row("GET",    "/v1/orgs/{org_id}/crawls/{crawl_id}", VIEWER, Org, No),
    row("PATCH",  "/v1/orgs/{org_id}/crawls/{crawl_id}", OPERATOR, Org, No),
    row("DELETE", "/v1/orgs/{org_id}/crawls/{crawl_id}", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs", VIEWER, Org, No),
    row("GET",    "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs/{job_id}", VIEWER, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs/{job_id}/cancel", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/crawls/{crawl_id}/pages", VIEWER, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/exclude", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/include", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/resync", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/delete", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/trainings", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/trainings", VIEWER, Org, No),
    row("GET",    "/v1/orgs/{org_id}/trainings/{training_id}", VIEWER, Org, No),
    row("PUT",    "/v1/orgs/{org_id}/trainings/{training_id}", OPERATOR, Org, No),
    row("PUT",    "/v1/orgs/{org_id}/trainings/{training_id}/draft", OPERATOR, Org, No),
    row("DELETE", "/v1/orgs/{org_id}/trainings/{training_id}", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/invitations", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/login-links", ADMIN, Org, LoginLink),
    row("GET",    "/v1/orgs/{org_id}/autopilot", VIEWER, Org, No),
    row("PATCH",  "/v1/orgs/{org_id}/autopilot", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/handoff", VIEWER, Org, No),
    row("PATCH",  "/v1/orgs/{org_id}/handoff", OPERATOR, Org, No),
    row("POST",   "/v1/orgs/{org_id}/office-hours", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/office-hours", VIEWER, Org, No),
    row("GET",    "/v1/orgs/{org_id}/office-hours/{schedule_id}", VIEWER, Org, No),
    row("PUT",    "/v1/orgs/{org_id}/office-hours/{schedule_id}", OPERATOR, Org, No),
    row("DELETE", "/v1/orgs/{org_id}/office-hours/{schedule_id}", OPERATOR, Org, No),
    row("PUT",    "/v1/orgs/{org_id}/tags", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/tags", VIEWER, Org, No),
    row("POST",   "/v1/orgs/{org_id}/contacts", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/contacts", VIEWER, Org, No),
    row("PATCH",  "/v1/orgs/{org_id}/contacts/{contact_id}", OPERATOR, Org, No),
    row("DELETE", "/v1/orgs/{org_id}/contacts/{contact_id}", OPERATOR, Org, No),
    row("GET",    "/v1/orgs/{org_id}/handoff-analytics", VIEWER, Org, No),
    row("GET",    "/v1/orgs/{org_id}/handoff-analytics/events", VIEWER, Org, No),
    // Its customers are looked at, too.
    row("POST",   "/v1/batches", OPERATOR, Handler, No),
    row("GET",    "/v1/batches", VIEWER, Handler, No),
    row("GET",    "/v1/batches/{batch_id}", VIEWER, Handler, No),
    row("POST",   "/v1/batches/{batch_id}/stop", OPERATOR, Handler, No),
    row("POST",   "/v1/batches/{batch_id}/resume", OPERATOR, Handler, No),
    row("GET",    "/v1/batches/{batch_id}/events", VIEWER, Handler, No),
    row("GET",    "/v1/customers/{external_id}/events", VIEWER, Customer, No),
    row("POST",   "/v1/orgs/{org_id}/contact-tokens", VisitorTokens, Org, ContactToken),
];

/// What the table says of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Its row.
    Row(&'static Access),
    /// The path has rows, but none for this method.
    OtherMethod,
    /// Nothing: nobody may.
    Nothing,
}

/// Looks a route up by the path that the router matched.
pub fn find(method: &str, path: &str) -> Found {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut found = Found::Nothing;
    for row in ACCESS.iter().filter(|row| same_path(row.path, path)) {
        if row.method == method {
            return Found::Row(row);
        }
        found = Found::OtherMethod;
    }
    found
}

/// The methods that a path has rows for, as a header says it.
pub fn methods(path: &str) -> String {
    let rows = ACCESS.iter().filter(|row| same_path(row.path, path));
    let methods = rows.map(|row| {
        if row.method == "GET" {
            "GET,HEAD"
        } else {
            row.method
        }
    });
    methods.collect::<Vec<_>>().join(",")
}

/// Whether two patterns mean the same paths.
fn same_path(one: &str, other: &str) -> bool {
    let parameter = |part: &str| part.starts_with('{') && part.ends_with('}');
    let mut others = other.split('/');
    one.split('/').all(|part| {
        others
            .next()
            .is_some_and(|other| part == other || parameter(part) && parameter(other))
    }) && others.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_has_one_row_and_it_fits_its_path() {
        for (index, row) in ACCESS.iter().enumerate() {
            assert_eq!(find(row.method, row.path), Found::Row(row));
            for other in &ACCESS[..index] {
                assert!(
                    row.method != other.method || !same_path(row.path, other.path),
                    "{row:?}"
                );
            }
            // Whoever names a customer in the path is held to it.
            assert_eq!(row.path.contains("{org_id}"), row.whose == Org, "{row:?}");
            assert_eq!(
                row.path.contains("{external_id}"),
                row.whose == Customer,
                "{row:?}"
            );
            // Whoever is let in without a credential reaches no customer.
            assert!(row.least != Anybody || row.whose == Nobodys, "{row:?}");
        }
    }

    #[test]
    fn what_hands_out_a_secret_is_for_few() {
        for row in ACCESS {
            let few = matches!(row.least, ADMIN | VisitorTokens) || row.secret == Session;
            assert!(row.secret == No || few, "{row:?}");
        }
    }

    #[test]
    fn every_route_has_a_row() {
        for route in opencx_partner_kit::provision::ROUTES {
            let found = find(route.method.as_str(), route.path);
            assert!(matches!(found, Found::Row(_)), "{}", route.name);
            // No write is a viewer's.
            if let Found::Row(row) = found {
                let reads = route.method.as_str() == "GET";
                assert!(reads || row.least != VIEWER, "{}", route.name);
            }
        }
    }

    #[test]
    fn a_route_is_found_by_its_shape() {
        let least = |method, path| match find(method, path) {
            Found::Row(row) => Some(row.least),
            _ => None,
        };
        assert_eq!(least("GET", "/v1/orgs/{a}/crawls/{b}"), Some(VIEWER));
        assert_eq!(least("HEAD", "/v1/orgs/{a}/crawls/{b}"), Some(VIEWER));
        assert_eq!(least("POST", "/v1/orgs/adopted"), Some(ADMIN));
        assert_eq!(find("PUT", "/v1/orgs"), Found::OtherMethod);
        assert_eq!(methods("/v1/orgs/{x}/autopilot"), "GET,HEAD,PATCH");
        for other in ["/v1/orgs/", "/v1/org", "/v1/orgs/{org_id}", "/v1/orgs/x/keys", ""] {
            assert_eq!(find("GET", other), Found::Nothing, "{other}");
        }
    }
}
