//! The backend between a partner's admin page and the OpenCX platform: holds the partner key and the org keys, lends
//! neither. Its protocol is `docs/proxy-protocol.md`.

mod asker;
mod batch;
mod budget;
mod caller;
mod chance;
mod cli;
mod config;
mod data_folder;
mod doctor;
mod input;
mod known_fields;
mod ledger;
mod limits;
mod logging;
mod observe;
mod once;
mod openapi;
mod pages;
mod platform;
mod problem;
mod public_address;
mod relay;
mod retention;
mod routes;
mod running;
mod seal;
mod seal_key;
mod secret_bytes;
#[cfg(test)]
mod secret_types;
mod serve;
mod support;
mod thing;
mod website_address;

use std::sync::Arc;

use tokio_util::task::TaskTracker;

pub use cli::run;
pub use config::Config;
pub use openapi::document as openapi_document;
pub use serve::Proxy;

use batch::Batches;
use caller::Gate;
use config::Paths;
use ledger::Ledger;
use limits::Requests;
use observe::Metrics;
use platform::Platform;
use running::Running;
use support::Missing;

/// What every request needs.
#[derive(Clone)]
struct App {
    metrics: Metrics,
    ledger: Ledger,
    platform: Platform,
    running: Running,
    /// Calls that outlive the request they came with.
    tasks: TaskTracker,
    gate: Arc<Gate>,
    paths: Arc<Paths>,
    /// The calls that the platform has said it does not have.
    missing: Arc<Missing>,
    /// A customer's website may be on this machine or in its network.
    private_websites: bool,
    requests: Requests,
    batches: Batches,
}
