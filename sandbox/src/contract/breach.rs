//! Calls and answers that the contract does not know.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

use super::operation::Operation;
use super::schema::{escaped, findings, resolve};

const KEPT: usize = 1_000;

/// Who broke the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The caller.
    Request,
    /// The sandbox.
    Answer,
}

/// One breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// Of which operation.
    pub operation: String,
    /// By whom.
    pub side: Side,
    /// Where: a JSON pointer into the body, or `query name`, `status`, `body`.
    pub at: String,
    /// What is wrong, without the value.
    pub message: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::Request => "call",
            Side::Answer => "answer",
        };
        write!(f, "{} of {}, {}: {}", side, self.operation, self.at, self.message)
    }
}

impl Operation {
    pub(super) fn breach(&self, side: Side, at: String, message: String) -> Breach {
        Breach {
            operation: self.id.clone(),
            side,
            at,
            message,
        }
    }

    pub(super) fn pointer(&self) -> String {
        format!("/paths/{}/{}", escaped(&self.path), self.method.to_lowercase())
    }

    pub(super) fn judged(&self, side: Side, pointer: &str, value: &Value) -> Vec<Breach> {
        findings(pointer, value)
            .into_iter()
            .map(|(at, message)| self.breach(side, if at.is_empty() { "body".into() } else { at }, message))
            .collect()
    }

    /// What is wrong with a request's JSON body.
    pub fn breaches_of_body(&self, body: &Value) -> Vec<Breach> {
        let pointer = format!("{}/requestBody/content/application~1json/schema", self.pointer());
        if super::DOCUMENT.pointer(&pointer).is_none() {
            return Vec::new();
        }
        self.judged(Side::Request, &pointer, body)
    }

    /// What is wrong with a request's query. Parameters that the contract does not know are not looked at.
    pub fn breaches_of_query(&self, pairs: &[(String, String)]) -> Vec<Breach> {
        let parameters = self.document["parameters"].as_array();
        let mut breaches = Vec::new();
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let (Some("query"), Some(name)) = (parameter["in"].as_str(), parameter["name"].as_str()) else {
                continue;
            };
            let at = format!("query {name}");
            let Some((_, text)) = pairs.iter().find(|(given, _)| given == name) else {
                if parameter["required"] == true {
                    breaches.push(self.breach(Side::Request, at, "is missing".into()));
                }
                continue;
            };
            let value = match parameter["schema"]["type"].as_str() {
                Some("integer" | "number" | "boolean") => {
                    serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
                }
                _ => Value::from(text.as_str()),
            };
            let pointer = format!("{}/parameters/{index}/schema", self.pointer());
            let found = findings(&pointer, &value).into_iter();
            breaches.extend(found.map(|(_, message)| self.breach(Side::Request, at.clone(), message)));
        }
        breaches
    }

    /// What is wrong with an answer. 400 and 404 count as known wherever they are: clients must expect them.
    pub fn breaches_of_answer(&self, status: u16, body: Option<&Value>) -> Vec<Breach> {
        let Some((pointer, response)) = resolve(&format!("{}/responses/{status}", self.pointer())) else {
            if matches!(status, 400 | 404 | 413) {
                return self.breaches_of_error(body);
            }
            let known: Vec<&str> = self.document["responses"]
                .as_object()
                .map(Map::keys)
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            let message = format!("{status} is not one of {}", known.join(", "));
            return vec![self.breach(Side::Answer, "status".into(), message)];
        };
        if response.pointer("/content/application~1json/schema").is_none() {
            return Vec::new();
        }
        match body {
            Some(body) => self.judged(
                Side::Answer,
                &format!("{pointer}/content/application~1json/schema"),
                body,
            ),
            None => vec![self.breach(Side::Answer, "body".into(), "is not JSON".into())],
        }
    }

    fn breaches_of_error(&self, body: Option<&Value>) -> Vec<Breach> {
        match body {
            Some(body) => self.judged(Side::Answer, "/components/schemas/Error", body),
            None => vec![self.breach(Side::Answer, "body".into(), "is not JSON".into())],
        }
    }
}

/// The latest breaches, oldest first.
#[derive(Debug, Default)]
pub struct Breaches(Mutex<VecDeque<Breach>>);

impl Breaches {
    /// Adds some; the oldest go when there are too many.
    pub fn note(&self, breaches: Vec<Breach>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(breaches);
        let surplus = all.len().saturating_sub(KEPT);
        all.drain(..surplus);
    }

    /// A copy of all that are kept.
    pub fn all(&self) -> Vec<Breach> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// Forgets them.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn operation(id: &str) -> &'static Operation {
        Operation::of(id).unwrap()
    }

    #[test]
    fn a_good_call_breaks_nothing() {
        assert_eq!(
            operation("createOrg").breaches_of_body(&json!({ "name": "Blue Fin" })),
            []
        );
        assert_eq!(operation("getOrg").breaches_of_body(&Value::Null), []);
        let query = [
            ("limit".to_owned(), "50".to_owned()),
            ("other".to_owned(), "x".to_owned()),
        ];
        assert_eq!(operation("listTrainings").breaches_of_query(&query), []);
        let created =
            json!({ "id": uuid::Uuid::from_u128(7), "name": "a", "widget_token": "t", "external_id": null });
        assert_eq!(operation("createOrg").breaches_of_answer(201, Some(&created)), []);
        let error = json!({ "statusCode": 400, "message": "m", "error": "e" });
        assert_eq!(operation("deletePages").breaches_of_answer(400, Some(&error)), []);
    }

    #[test]
    fn a_breach_says_where_and_never_repeats_the_value() {
        let body = json!({ "name": 5, "integrations": { "fareharbor": { "app_key": ["canary"] } } });
        let breaches = operation("createOrg").breaches_of_body(&body);
        let places: Vec<&str> = breaches.iter().map(|breach| breach.at.as_str()).collect();
        assert!(
            places.contains(&"/name") && places.contains(&"/integrations/fareharbor/app_key"),
            "{places:?}"
        );
        assert!(!format!("{breaches:?}").contains("canary"));
        let query = [("limit".to_owned(), "500".to_owned())];
        assert_eq!(
            operation("listTrainings").breaches_of_query(&query)[0].at,
            "query limit"
        );
        assert_eq!(
            operation("listWidgetSessions").breaches_of_query(&[])[0].message,
            "is missing"
        );
        assert_eq!(
            operation("createOrg").breaches_of_answer(202, Some(&json!({})))[0].at,
            "status"
        );
        assert_eq!(
            operation("createOrg").breaches_of_answer(201, None)[0].message,
            "is not JSON"
        );
        assert!(
            !operation("createOrg")
                .breaches_of_answer(201, Some(&json!({ "id": 1 })))
                .is_empty()
        );
    }
}
