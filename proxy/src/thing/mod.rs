//! A thing of an org: made once for a key, changed when the caller calls its contents another version.

mod find;
pub mod kind;

use opencx_partner_kit::http::path_of;
use opencx_partner_kit::platform::METADATA_KEY;
use reqwest::Method;
use secrecy::SecretString;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

pub use kind::{Kind, Place};

use crate::App;
use crate::ledger::Finished;
use crate::once::Work;
use crate::platform::{Credential, Failure, understand};
use crate::secret_bytes::SecretBytes;

/// What a caller wants to be there.
pub struct Thing {
    /// Of which kind.
    pub kind: &'static Kind,
    /// The org's.
    pub org_key: SecretString,
    /// The write's key in the ledger.
    pub key: String,
    /// Checked.
    pub input: Value,
}

/// As a repeat must match it.
impl Serialize for Thing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.input.serialize(serializer)
    }
}

impl Thing {
    fn body(&self, without: &[&str]) -> Value {
        let mut body = self.input.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|name, _| !without.contains(&name.as_str()));
            if self.kind.operation == kind::TRAINING.operation {
                let metadata = fields.entry("metadata").or_insert_with(|| json!({}));
                metadata[METADATA_KEY] = json!(self.key);
            }
        }
        match self.kind.inside {
            Some(field) => json!({ field: body }),
            None => body,
        }
    }

    async fn send(
        &self,
        app: &App,
        method: &Method,
        path: &str,
        body: &Value,
    ) -> Result<SecretBytes, Failure> {
        let credential = Credential::Org(&self.org_key);
        app.platform
            .send(method.clone(), path, credential, Some(body))
            .await
    }

    /// The recorded fields of an answer, and of the input what the answer leaves out.
    fn recorded(&self, answer: &Value) -> Map<String, Value> {
        let fields = self.kind.recorded.iter();
        fields
            .filter_map(|&name| {
                let value = answer.get(name).or_else(|| self.input.get(name))?;
                Some((name.to_owned(), value.clone()))
            })
            .collect()
    }
}

impl Work for Thing {
    fn operation(&self) -> &'static str {
        self.kind.operation
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Org(&self.org_key))
    }

    async fn look_up(&self, app: &App) -> Result<Option<SecretBytes>, Failure> {
        let found = self.find(app).await?;
        Ok(found.map(|found| found.to_string().into()))
    }

    async fn change(&self, app: &App, before: &Value) -> Result<Option<SecretBytes>, Failure> {
        let (Some(change), Some(id)) = (&self.kind.change, before.get("id").and_then(Value::as_str)) else {
            return Ok(None);
        };
        let path = path_of(change.path, &[id]);
        match self
            .send(app, &change.method, &path, &self.body(change.without))
            .await
        {
            // What this answers is documented for some kinds only: the thing stays the one it was.
            Ok(_) => {
                let mut now = before.clone();
                for (name, value) in self.recorded(&Value::Null) {
                    now[name] = value;
                }
                Ok(Some(now.to_string().into()))
            }
            Err(failure) if failure.error.status == Some(404) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn call(&self, app: &App, _: bool) -> Result<SecretBytes, Failure> {
        let path = app.place(self.kind.place)?;
        let answer = self.send(app, &self.kind.make, path, &self.body(&[])).await;
        let answer = answer.map_err(|failure| app.explain(self.kind.place, failure))?;
        // Of what is only set no answer is needed, nor documented.
        let set = self.kind.find_is_needless() && serde_json::from_slice::<Value>(&answer).is_err();
        Ok(if set { "{}".to_owned().into() } else { answer })
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let answer: Value = understand(answer)?;
        let recorded = self.recorded(&answer);
        let has_id = recorded.get("id").is_none_or(Value::is_string);
        if !answer.is_object() || !has_id || self.kind.recorded.contains(&"id") != recorded.contains_key("id")
        {
            return Err(Failure::bad_response(
                Some(200),
                "JSON of another shape than its contract promises",
            ));
        }
        Ok(Finished::of(Value::Object(recorded)))
    }
}
