//! Partners: who may create orgs.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::api_error::ApiError;
use crate::secret::Digest;

/// The name of the partner whose key the sandbox is started with.
pub const FIRST: &str = "partner";

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its name, and that of its orgs' owner.
    pub name: String,
    /// Made inactive by OpenCX staff, its key is refused.
    #[serde(default = "yes")]
    pub active: bool,
    /// Addresses, or networks, it may call from; empty: from anywhere.
    #[serde(default)]
    pub allowed_ips: Vec<Network>,
}

fn yes() -> bool {
    true
}

/// An address, or a network as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Network {
    /// One address.
    One(IpAddr),
    /// All in a network.
    All(IpNet),
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        match self {
            Network::One(one) => one == address,
            Network::All(all) => all.contains(&address),
        }
    }
}

/// All partners, by the digest of their key.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Partners(HashMap<Digest, Partner>);

impl Partners {
    /// Adds a partner; one of that name gets this key and these rules instead.
    pub fn put(&mut self, key: Digest, partner: Partner) {
        self.0.retain(|_, other| other.name != partner.name);
        self.0.insert(key, partner);
    }

    /// All, by name.
    pub fn all(&self) -> Vec<&Partner> {
        let mut all: Vec<&Partner> = self.0.values().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Whether there is an active partner of that name.
    pub fn is_active(&self, name: &str) -> bool {
        self.0
            .values()
            .any(|partner| partner.name == name && partner.active)
    }

    /// Who calls with that key from that address.
    ///
    /// # Errors
    /// 401 for an unknown key and an inactive partner, 403 for an address that is not listed.
    pub fn caller(&self, key: &Digest, from: IpAddr) -> Result<&Partner, ApiError> {
        let partner = self
            .0
            .get(key)
            .ok_or_else(|| ApiError::unauthorized("The partner key is missing or unknown."))?;
        if !partner.active {
            return Err(ApiError::unauthorized("This partner is inactive."));
        }
        let from = from.to_canonical();
        if !partner.allowed_ips.is_empty() && !partner.allowed_ips.iter().any(|network| network.holds(from)) {
            return Err(ApiError::forbidden("This address is not on the partner's list."));
        }
        Ok(partner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn inactive_unknown_or_from_elsewhere() {
        let mut partners = Partners::default();
        let partner = |value| serde_json::from_value::<Partner>(value).unwrap();
        let here: IpAddr = "::ffff:127.0.0.1".parse().unwrap();
        let key = Digest::of("key");
        assert!(partners.caller(&key, here).is_err());
        partners.put(key, partner(json!({ "name": "a" })));
        assert_eq!(partners.caller(&key, here).unwrap().name, "a");
        for (networks, good) in [
            (json!(["127.0.0.1"]), true),
            (json!(["10.0.0.0/8", "127.0.0.0/8"]), true),
            (json!(["10.0.0.0/8"]), false),
        ] {
            partners.put(key, partner(json!({ "name": "a", "allowed_ips": networks })));
            assert_eq!(partners.caller(&key, here).is_ok(), good);
        }
        partners.put(
            Digest::of("other"),
            partner(json!({ "name": "a", "active": false })),
        );
        assert!(partners.caller(&key, here).is_err(), "the key was replaced");
        assert!(partners.caller(&Digest::of("other"), here).is_err());
        assert_eq!(partners.all().len(), 1);
    }
}
