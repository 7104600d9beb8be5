//! OpenCX Partner Kit: loads and configures the OpenCX chat widget, and provisions OpenCX customers, from a browser.
//!
//! The rules live in plain Rust ([`error`], [`value`], [`platform`], [`http`], [`embed`], [`provision`]) and are tested on the
//! host; proxy and sandbox use them too. Only `web`, built by the features `embed`, `admin` and `csv`, knows the browser.

pub mod embed;
pub mod error;
pub mod http;
pub mod platform;
pub mod provision;
pub mod value;
#[cfg(feature = "web")]
mod web;

#[cfg(feature = "admin")]
pub use web::AdminCore;
#[cfg(feature = "csv")]
pub use web::{Batch, read_csv};
#[cfg(feature = "embed")]
pub use web::{backoff, begin, check_options, renew_in, standing, step, when};
