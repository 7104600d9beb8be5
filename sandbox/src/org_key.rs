//! An organization's secret key: shown once, kept as a digest.

use std::collections::BTreeSet;

use opencx_partner_kit::platform::{Check, Checks, NewOrgKey, Path};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::secret::{Digest, with_prefix};

/// What `POST /partner/v1/orgs/{orgId}/api-keys` takes.
#[derive(Deserialize)]
pub struct AskedKey {
    #[serde(flatten)]
    new: NewOrgKey,
    /// Ours: the platform's dashboard sets scopes, the contract knows no call for it. Absent: full access.
    #[serde(default)]
    scopes: Option<BTreeSet<String>>,
}

/// A key as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrgKey {
    /// Label given when it was made.
    pub name: String,
    /// Digest of the key.
    pub digest: Digest,
    /// What it may do, as `crawl:read`; `None`: everything.
    pub scopes: Option<BTreeSet<String>>,
}

impl OrgKey {
    /// Makes a key: what is kept of it, and the key itself to be shown this once.
    ///
    /// # Errors
    /// 400 when the label is refused.
    pub fn make(asked: AskedKey, random: [Uuid; 2]) -> Result<(Self, String), ApiError> {
        let mut checks = Checks::default();
        asked.new.check(&Path::root(), &mut checks);
        ApiError::unless_good(checks)?;
        let key = with_prefix("ocx_live_", random);
        let kept = OrgKey {
            name: asked.new.name,
            digest: Digest::of(&key),
            scopes: asked.scopes,
        };
        Ok((kept, key))
    }

    /// Whether it opens what needs that scope.
    pub fn allows(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope))
    }
}
