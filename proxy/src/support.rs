//! Calls whose path is a guess: configured, configured away, or found missing at the platform.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use opencx_partner_kit::error::{Code, Error};

use crate::App;
use crate::config::Paths;
use crate::platform::Failure;
use crate::thing::Place;

/// The operations that the platform has answered with 404 where no id could be what it did not find.
#[derive(Default)]
pub struct Missing(RwLock<BTreeSet<String>>);

impl App {
    /// Where a call goes.
    ///
    /// # Errors
    /// `NOT_SUPPORTED`.
    pub fn place(&self, place: Place) -> Result<&str, Failure> {
        match place {
            Place::Known(path) => Ok(path),
            Place::Guessed(operation) => self.paths.of(operation).ok_or_else(|| not_supported(operation)),
        }
    }

    /// Whether the platform is not known to lack it.
    pub fn has(&self, operation: &str) -> bool {
        let missing = self.missing.0.read().unwrap_or_else(PoisonError::into_inner);
        !missing.contains(operation)
    }

    /// A 404 or 405 at a guessed path without an id in it says that the platform has no such call.
    pub fn explain(&self, place: Place, failure: Failure) -> Failure {
        let Place::Guessed(operation) = place else {
            return failure;
        };
        let has_id = self.paths.of(operation).is_none_or(|path| path.contains('{'));
        if has_id || !matches!(failure.error.status, Some(404 | 405)) {
            return failure;
        }
        let mut missing = self.missing.0.write().unwrap_or_else(PoisonError::into_inner);
        missing.insert(operation.to_owned());
        not_supported(operation)
    }
}

fn not_supported(operation: &str) -> Failure {
    let setting = Paths::setting(operation);
    Failure::certain(Error::new(
        Code::NotSupported,
        format!(
            "OpenCX has no such call at the path this proxy knows for it. Nothing was changed. If it is to be had at another \
             path, the operator of this proxy sets {setting}; otherwise leave this step out."
        ),
    ))
}
