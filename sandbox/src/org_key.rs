//! An organization's secret key: shown once, kept as a digest.

use opencx_partner_kit::platform::{Check, Checks, NewOrgKey, Path};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::secret::{Digest, with_prefix};

/// A key as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrgKey {
    /// Label given when it was made.
    pub name: String,
    /// Digest of the key.
    pub digest: Digest,
}

impl OrgKey {
    /// Makes a key: what is kept of it, and the key itself to be shown this once.
    ///
    /// # Errors
    /// 400 when the label is refused.
    pub fn make(asked: NewOrgKey, random: [Uuid; 2]) -> Result<(Self, String), ApiError> {
        let mut checks = Checks::default();
        asked.check(&Path::root(), &mut checks);
        ApiError::unless_good(checks)?;
        let key = with_prefix("ocx_live_", random);
        let kept = OrgKey {
            name: asked.name,
            digest: Digest::of(&key),
        };
        Ok((kept, key))
    }
}
