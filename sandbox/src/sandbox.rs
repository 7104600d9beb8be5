//! What all requests share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::Client;
use url::Url;

use crate::call_log::CallLog;
use crate::clock::Clock;
use crate::crawl::fetch;
use crate::secret::Digest;
use crate::settings::Settings;
use crate::variants::Variants;
use crate::world::World;

/// The sandbox.
pub struct Sandbox {
    partner_key: Digest,
    public_url: String,
    world: Mutex<World>,
    variants: Mutex<Arc<Variants>>,
    crawler: Client,
    /// The platform's time.
    pub clock: Clock,
    /// What was asked.
    pub calls: CallLog,
}

impl Sandbox {
    /// An empty one that listens on `address`.
    ///
    /// # Errors
    /// When the crawler's HTTP client cannot be made.
    pub fn new(settings: &Settings, address: SocketAddr) -> reqwest::Result<Self> {
        Ok(Sandbox {
            partner_key: Digest::of(&settings.partner_key),
            public_url: settings
                .public_url
                .as_ref()
                .map_or_else(|| format!("http://{address}"), Url::to_string),
            world: Mutex::default(),
            variants: Mutex::new(Arc::new(settings.variants.clone())),
            crawler: fetch::client()?,
            clock: Clock::default(),
            calls: CallLog::default(),
        })
    }

    /// That is the partner key.
    pub fn is_partner_key(&self, key: &str) -> bool {
        // Digests of both: the time this takes tells nothing about the key.
        Digest::of(key) == self.partner_key
    }

    /// The state. Never hold it over an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        // A panic elsewhere leaves the state usable: every change of it is a single step.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which guesses about the platform are played.
    pub fn variants(&self) -> Arc<Variants> {
        Arc::clone(&self.variants.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Plays others from now on.
    pub fn set_variants(&self, variants: Variants) {
        *self.variants.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(variants);
    }

    /// The crawler's HTTP client.
    pub fn crawler(&self) -> &Client {
        &self.crawler
    }

    /// An address of the sandbox itself, as browsers reach it.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }
}
