//! A call that is passed on under a key: in the ledger before it is sent, and its answer sealed there for a repeat. A repeat that
//! comes late does not undo what others have changed since.

use serde::{Serialize, Serializer};

use super::{Relay, told};
use crate::App;
use crate::caller::{Found, Secret, access_of};
use crate::ledger::Finished;
use crate::once::Work;
use crate::platform::{Credential, Failure};
use crate::secret_bytes::SecretBytes;

/// See above.
pub struct Keyed(pub Relay);

/// As a repeat must match it.
impl Serialize for Keyed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.0.parameters, &self.0.input).serialize(serializer)
    }
}

impl Work for Keyed {
    fn operation(&self) -> &'static str {
        self.0.route.name
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Org(&self.0.org_key))
    }

    async fn call(&self, app: &App, _: bool) -> Result<SecretBytes, Failure> {
        self.0.send(app).await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let route = self.0.route;
        told(route, answer)?;
        let access = access_of(route.method.as_str(), route.path);
        let kept = matches!(access, Found::Row(access) if access.secret == Secret::No);
        Ok(Finished::passed_on(answer, kept))
    }
}
