//! The writes that somebody is at, in this process. The ledger outlives a crash, this does not: so a `sent` in the
//! ledger that nobody is at here was cut off.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Place = (String, String);

/// Shared by all requests.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<HashMap<Place, String>>>);

/// Somebody is at it already.
#[derive(Debug, PartialEq, Eq)]
pub struct Busy {
    /// With the same body.
    pub same: bool,
}

/// As long as it lives, nobody else can be at that write; also when its task panics.
pub struct Held {
    running: Running,
    place: Place,
}

impl Running {
    /// Takes a write, for one at a time.
    ///
    /// # Errors
    /// [`Busy`].
    pub fn hold(&self, scope: &str, key: &str, fingerprint: &str) -> Result<Held, Busy> {
        let place = (scope.to_owned(), key.to_owned());
        match self.places().entry(place.clone()) {
            Entry::Occupied(other) => Err(Busy {
                same: other.get() == fingerprint,
            }),
            Entry::Vacant(free) => {
                free.insert(fingerprint.to_owned());
                Ok(Held {
                    running: self.clone(),
                    place,
                })
            }
        }
    }

    /// Whether somebody is at it.
    pub fn is_held(&self, scope: &str, key: &str) -> bool {
        self.places().contains_key(&(scope.to_owned(), key.to_owned()))
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Place, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.running.places().remove(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let running = Running::default();
        let held = running.hold("org", "key", "a").ok().unwrap();
        assert_eq!(running.hold("org", "key", "a").err(), Some(Busy { same: true }));
        assert_eq!(running.hold("org", "key", "b").err(), Some(Busy { same: false }));
        assert!(running.hold("other", "key", "a").is_ok());
        assert!(running.is_held("org", "key") && !running.is_held("other", "key"));
        drop(held);
        assert!(running.hold("org", "key", "b").is_ok());
    }
}
