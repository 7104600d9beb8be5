//! The pages that may call. That each is an origin, the configuration has seen to.

use super::Finding;
use crate::config::Config;

const WHAT: &str = "allowed origins";

/// Tells them.
pub fn examine(config: &Config) -> Finding {
    let served = config
        .pages
        .serve
        .then(|| "the page this proxy serves".to_owned());
    let origins: Vec<String> = config.allowed_origins.iter().cloned().chain(served).collect();
    if origins.is_empty() {
        return Finding::failed(
            WHAT,
            "none, so no page in a browser may call. List your admin page's in pages.allowed_origins \
             (OPENCX_PROXY_ALLOWED_ORIGINS), such as https://admin.example.com.",
        );
    }
    Finding::well(WHAT, origins.join(", "))
}
