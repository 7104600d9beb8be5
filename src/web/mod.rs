//! The only place that knows the browser: thin edges over the pure modules.

#[cfg(feature = "admin")]
mod admin;
#[cfg(feature = "csv")]
mod batch;
#[cfg(feature = "admin")]
mod body;
#[cfg(feature = "admin")]
mod call;
#[cfg(feature = "admin")]
mod convert;
#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "embed")]
mod embed;
#[cfg(feature = "admin")]
mod ending;
#[cfg(any(feature = "admin", feature = "embed"))]
mod error;
#[cfg(feature = "admin")]
mod fetch;
mod object;
#[cfg(feature = "admin")]
mod page;
#[cfg(feature = "admin")]
mod settled;
#[cfg(feature = "admin")]
mod signal;
#[cfg(feature = "admin")]
mod time_zone;
#[cfg(feature = "admin")]
mod token;
mod value;

#[cfg(feature = "admin")]
pub use admin::AdminCore;
#[cfg(feature = "csv")]
pub use batch::Batch;
#[cfg(feature = "csv")]
pub use csv::read_csv;
#[cfg(feature = "embed")]
pub use embed::{backoff, begin, check_options, renew_in, standing, step, when};

/// Two kilobytes smaller, compressed, than the default allocator (`../docs/building.md`).
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
