//! The proxy's routes (`docs/proxy-protocol.md`), each with what makes its repeat harmless.

use crate::http::{Request, segment};

/// Builds requests below one proxy.
pub struct Routes;

impl Routes {
    /// What the ledger knows of a customer.
    pub fn checkpoint(external_id: &str) -> Request {
        Request::get(format!("/v1/customers/{}", segment(external_id)))
    }

    /// Create the org; `external_id` in the body makes a repeat harmless.
    pub fn create_org(body: String) -> Request {
        Request::post("/v1/orgs".into(), body).harmless_to_repeat()
    }

    /// Read a website's progress.
    pub fn crawl(org_id: &str, datasource_id: &str) -> Request {
        Request::get(format!(
            "/v1/orgs/{}/crawls/{}",
            segment(org_id),
            segment(datasource_id)
        ))
    }

    /// Crawl a website again. Each call starts a crawl, so it is not repeated by itself.
    pub fn crawl_again(org_id: &str, datasource_id: &str) -> Request {
        let path = format!(
            "/v1/orgs/{}/crawls/{}/jobs",
            segment(org_id),
            segment(datasource_id)
        );
        Request::post(path, "{}".into())
    }

    /// A write below an org that the ledger recognises by its key: `keys`, `crawls`, `trainings`, `invitations`.
    pub fn write(org_id: &str, what: &str, key: String, body: String) -> Request {
        Request::post(format!("/v1/orgs/{}/{what}", segment(org_id)), body).with_key(key)
    }

    /// A login link: never repeated by itself, each call makes another.
    pub fn login_link(org_id: &str, body: String) -> Request {
        Request::post(format!("/v1/orgs/{}/login-links", segment(org_id)), body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_leave_its_place() {
        assert_eq!(
            Routes::checkpoint("../orgs?x").path,
            "/v1/customers/..%2Forgs%3Fx"
        );
        assert_eq!(Routes::crawl("..", "a/b").path, "/v1/orgs/%2E%2E/crawls/a%2Fb");
    }

    #[test]
    fn login_link_and_crawl_must_not_be_repeated() {
        assert!(Routes::create_org(String::new()).repeat_safe);
        assert!(Routes::write("o", "trainings", "k".into(), String::new()).repeat_safe);
        assert!(!Routes::login_link("o", String::new()).repeat_safe);
        assert!(!Routes::crawl_again("o", "d").repeat_safe);
    }
}
