//! What all requests share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::call_log::CallLog;
use crate::clock::Clock;
use crate::contract::Breaches;
use crate::crawl::run::Crawler;
use crate::fault::Faults;
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
    first_variants: Arc<Variants>,
    variants: Mutex<Arc<Variants>>,
    crawler: Crawler,
    /// The platform's time.
    pub clock: Clock,
    /// What was asked.
    pub calls: CallLog,
    /// What broke the contract.
    pub breaches: Breaches,
    /// What is to go wrong.
    pub faults: Faults,
    /// A breach is answered 500.
    pub strict: bool,
    /// Other machines may control it too.
    pub control_from_anywhere: bool,
}

impl Sandbox {
    /// An empty one that listens on `address`.
    ///
    /// # Errors
    /// When the crawler's HTTP client cannot be made.
    pub fn new(settings: &Settings, address: SocketAddr) -> reqwest::Result<Self> {
        let partner_key = Digest::of(&settings.partner_key);
        let variants = Arc::new(settings.variants.clone());
        Ok(Sandbox {
            partner_key,
            limit: Mutex::default(),
            public_url: settings
                .public_url
                .as_ref()
                .map_or_else(|| format!("http://{address}"), Url::to_string),
            world: Mutex::new(new_world(partner_key)),
            variants: Mutex::new(Arc::clone(&variants)),
            first_variants: variants,
            crawler: Crawler::new()?,
            clock: Clock::default(),
            calls: CallLog::default(),
            breaches: Breaches::default(),
            faults: Faults::default(),
            strict: settings.strict,
            control_from_anywhere: settings.control_from_anywhere,
        })
    }

    /// Goes on with another state. The first partner keeps the key that this sandbox was started with.
    pub fn load(&self, mut world: World) {
        let rules = world
            .partners
            .all()
            .into_iter()
            .find(|partner| partner.name == FIRST);
        let first = rules.cloned().unwrap_or_else(first_partner);
        world.partners.put(self.partner_key, first);
        world.interrupt(self.clock.now());
        *self.world() = world;
    }

    /// Goes back to the start: the first partner, and nothing else.
    pub fn reset(&self) {
        self.clock.reset();
        self.set_variants(Variants::clone(&self.first_variants));
        *self.limit.lock().unwrap_or_else(PoisonError::into_inner) = RateLimit::default();
        *self.world() = new_world(self.partner_key);
        self.faults.clear();
        self.breaches.clear();
        self.calls.clear();
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

    /// What all crawls share.
    pub fn crawler(&self) -> &Crawler {
        &self.crawler
    }

    /// An address of the sandbox itself, as browsers reach it.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }
}

fn first_partner() -> Partner {
    Partner {
        name: FIRST.to_owned(),
        active: true,
        allowed_ips: Vec::new(),
    }
}

fn new_world(partner_key: Digest) -> World {
    let mut partners = Partners::default();
    partners.put(partner_key, first_partner());
    World::new(partners, with_prefix("", [Uuid::new_v4(), Uuid::new_v4()]))
}
