//! Calls to the platform: adds the credential, sends, and says what an answer means.

mod failure;
mod judge;
mod listing;
mod probe;
mod quote;
mod send;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opencx_partner_kit::http::RetryBudget;
use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::SecretString;
use url::Url;

pub use failure::{Failure, understand};
pub use judge::Credential;
pub use listing::{PAGES, listed_items};
pub use probe::Probe;

use crate::budget::Budgets;
use crate::config::{Config, is_loopback};
use crate::observe::{Metrics, PlatformCalls};

/// The platform, or the sandbox that imitates it.
#[derive(Clone)]
pub struct Platform {
    client: Client,
    base: String,
    partner_key: SecretString,
    budgets: Budgets,
    retries: Arc<Mutex<RetryBudget>>,
    metrics: Metrics,
    calls: Arc<PlatformCalls>,
}

impl Platform {
    /// # Errors
    /// One line for people.
    pub fn new(config: &Config, budgets: Budgets, metrics: Metrics) -> Result<Self, String> {
        Ok(Platform {
            client: client(config)?,
            base: config.platform.api_url.clone(),
            partner_key: config.platform.partner_key.clone(),
            retries: Arc::new(Mutex::new(RetryBudget::PROXY)),
            budgets,
            metrics,
            calls: Arc::new(PlatformCalls::new(&config.paths)),
        })
    }

    /// The platform's calls a minute.
    pub fn budgets(&self) -> &Budgets {
        &self.budgets
    }

    /// The repeats that all calls together may make.
    fn retries(&self) -> MutexGuard<'_, RetryBudget> {
        self.retries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What sends.
fn client(config: &Config) -> Result<Client, String> {
    // A second install changes nothing: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = Client::builder()
        .timeout(config.platform.timeout)
        .connect_timeout(config.platform.timeout.min(Duration::from_secs(10)))
        // A redirect would carry the key to wherever it points.
        .redirect(Policy::none())
        .user_agent(concat!("opencx-partner-proxy/", env!("CARGO_PKG_VERSION")));
    let url = Url::parse(&config.platform.api_url).ok();
    if url.as_ref().is_some_and(is_loopback) {
        client = client.no_proxy();
    }
    if url.is_some_and(|url| url.scheme() == "http") {
        // Without TLS a machine needs no certificate authorities to start.
        client = client.tls_certs_only([]);
    }
    client.build().map_err(|error| {
        tracing::debug!(?error, "no HTTP client");
        "OPENCX_API_URL is https, but this machine knows no certificate authorities to check it by. Install its \
         ca-certificates package, or point SSL_CERT_FILE at a file of them."
            .to_owned()
    })
}
