//! A link that opens the dashboard once, within 15 minutes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a link works.
pub const LIFE: SignedDuration = SignedDuration::from_mins(15);

/// A link as it is kept; its token is known by digest only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoginLink {
    /// Whose dashboard.
    pub org: Uuid,
    /// Who signs in.
    pub email: String,
    /// From then on it no longer works.
    pub expires_at: Timestamp,
    /// Opened before.
    pub used: bool,
}

/// Why a link does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It works once.
    Used,
    /// It works for 15 minutes.
    Expired,
}

impl LoginLink {
    /// A new link.
    pub fn new(org: Uuid, email: String, now: Timestamp) -> Self {
        LoginLink {
            org,
            email,
            expires_at: now.saturating_add(LIFE).unwrap_or(now),
            used: false,
        }
    }

    /// Opens it, which uses it up.
    ///
    /// # Errors
    /// When it was opened before, or too late.
    pub fn open(&mut self, now: Timestamp) -> Result<(), Refused> {
        if self.used {
            return Err(Refused::Used);
        }
        if now >= self.expires_at {
            return Err(Refused::Expired);
        }
        self.used = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_and_in_time() {
        let start = Timestamp::UNIX_EPOCH;
        let mut link = LoginLink::new(Uuid::nil(), "ana@example.com".into(), start);
        let mut late = link.clone();
        assert_eq!(link.open(start + SignedDuration::from_secs(899)), Ok(()));
        assert_eq!(link.open(start), Err(Refused::Used));
        assert_eq!(late.open(start + LIFE), Err(Refused::Expired));
    }
}
