//! An organization's secret key. The key itself lives in the proxy only; here is what others may know of it.

use serde::{Deserialize, Serialize};

use super::shape::{Shape, Shaped, What, required};

/// What `POST /partner/v1/orgs/{id}/api-keys` takes (`CreateOrgApiKeyRequest`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrgKey {
    /// Label for the key; 1 to 100 characters.
    #[serde(default)]
    pub name: String,
}

impl Shaped for NewOrgKey {
    const SHAPE: Shape = &[required("name", What::Text(1, 100))];
}

/// What a browser may know of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgKey {
    /// Label given when it was made.
    pub name: String,
    /// First 12 hex digits of the key's SHA-256.
    pub fingerprint: String,
}

impl Shaped for OrgKey {
    const SHAPE: Shape = &[
        required("name", What::Text(0, 10_000)),
        required("fingerprint", What::Text(1, 200)),
    ];
}
