//! What all requests share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::Client;
use url::Url;
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::call_log::CallLog;
use crate::clock::Clock;
use crate::contract::Breaches;
use crate::crawl::fetch;
use crate::partner::{FIRST, Partner, Partners};
use crate::rate_limit::RateLimit;
use crate::secret::{Digest, with_prefix};
use crate::settings::Settings;
use crate::variants::Variants;
use crate::world::World;

/// Whose calls are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A partner, by its name.
    Partner(String),
    /// An organization key.
    Key(Digest),
}

/// The sandbox.
pub struct Sandbox {
    partner_key: Digest,
    limit: Mutex<RateLimit<Caller>>,
    public_url: String,
    world: Mutex<World>,
    variants: Mutex<Arc<Variants>>,
    crawler: Client,
    /// The platform's time.
    pub clock: Clock,
    /// What was asked.
    pub calls: CallLog,
    /// What broke the contract.
    pub breaches: Breaches,
    /// A breach is answered 500.
    pub strict: bool,
}

impl Sandbox {
    /// An empty one that listens on `address`.
    ///
    /// # Errors
    /// When the crawler's HTTP client cannot be made.
    pub fn new(settings: &Settings, address: SocketAddr) -> reqwest::Result<Self> {
        let partner_key = Digest::of(&settings.partner_key);
        Ok(Sandbox {
            partner_key,
            limit: Mutex::default(),
            public_url: settings
                .public_url
                .as_ref()
                .map_or_else(|| format!("http://{address}"), Url::to_string),
            world: Mutex::new(new_world(partner_key)),
            variants: Mutex::new(Arc::new(settings.variants.clone())),
            crawler: fetch::client()?,
            clock: Clock::default(),
            calls: CallLog::default(),
            breaches: Breaches::default(),
            strict: settings.strict,
        })
    }

    /// A state as at the start: the first partner, and nothing else.
    pub fn new_world(&self) -> World {
        new_world(self.partner_key)
    }

    /// Counts a call.
    ///
    /// # Errors
    /// 429 when the caller has made too many in the last minute.
    pub fn count(&self, caller: Caller) -> Result<(), ApiError> {
        let (variants, now) = (self.variants(), self.clock.now());
        let mut limit = self.limit.lock().unwrap_or_else(PoisonError::into_inner);
        limit
            .take(caller, variants.calls_a_minute, now)
            .map_err(|free| ApiError::too_many(variants.limit_headers, free, now))
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

fn new_world(partner_key: Digest) -> World {
    let mut partners = Partners::default();
    partners.put(
        partner_key,
        Partner {
            name: FIRST.to_owned(),
            active: true,
            allowed_ips: Vec::new(),
        },
    );
    World::new(partners, with_prefix("", [Uuid::new_v4(), Uuid::new_v4()]))
}
