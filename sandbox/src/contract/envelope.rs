//! What the contract says of a call beside its body and query: path parameters, credentials, media types.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use serde_json::Value;

use super::breach::{Breach, Side};
use super::operation::Operation;
use super::{DOCUMENT, schema};

impl Operation {
    /// All that is wrong with a request; `body` if it is JSON.
    pub fn breaches_of_request(&self, uri: &Uri, headers: &HeaderMap, body: Option<&Value>) -> Vec<Breach> {
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let query: Vec<_> = query.into_owned().collect();
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mut breaches = self.breaches_of_path(uri.path());
        breaches.extend(self.breaches_of_query(&query));
        breaches.extend(self.breach_of_credentials(|name| headers.contains_key(name)));
        breaches.extend(self.breach_of_request_type(content_type));
        breaches.extend(body.map(|body| self.breaches_of_body(body)).unwrap_or_default());
        breaches
    }

    /// What is wrong with the values in a request's path.
    pub fn breaches_of_path(&self, path: &str) -> Vec<Breach> {
        let parameters = self.document["parameters"].as_array();
        let mut breaches = Vec::new();
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let (Some("path"), Some(name)) = (parameter["in"].as_str(), parameter["name"].as_str()) else {
                continue;
            };
            let template = format!("{{{name}}}");
            let value = self
                .path
                .split('/')
                .zip(path.split('/'))
                .find(|(part, _)| *part == template);
            let Some((_, value)) = value else { continue };
            let pointer = format!("{}/parameters/{index}/schema", self.pointer());
            let found = schema::findings(&pointer, &Value::from(value)).into_iter();
            breaches.extend(
                found.map(|(_, message)| self.breach(Side::Request, format!("path {name}"), message)),
            );
        }
        breaches
    }

    /// What is wrong with a request's credentials: only that they are there, not that they are good.
    pub fn breach_of_credentials(&self, has_header: impl Fn(&str) -> bool) -> Option<Breach> {
        let ways = self.document["security"].as_array()?;
        let header = |scheme: &str| {
            let scheme = &DOCUMENT["components"]["securitySchemes"][scheme];
            match (scheme["in"].as_str(), scheme["name"].as_str()) {
                (Some("header"), Some(name)) => name.to_ascii_lowercase(),
                _ => "authorization".to_owned(),
            }
        };
        let needed = ways.iter().filter_map(Value::as_object).map(|way| {
            way.keys()
                .map(|scheme| header(scheme))
                .filter(|name| !has_header(name))
                .collect::<Vec<_>>()
        });
        let missing = needed.min_by_key(Vec::len)?;
        let name = missing.first()?;
        Some(self.breach(Side::Request, format!("header {name}"), "is missing".into()))
    }

    /// What is wrong with a request's media type.
    pub fn breach_of_request_type(&self, content_type: Option<&str>) -> Option<Breach> {
        let body = &self.document["requestBody"];
        let known = body["content"].as_object()?;
        if content_type.is_some_and(|given| known.contains_key(media_type(given)))
            || (content_type.is_none() && body["required"] != true)
        {
            return None;
        }
        let known: Vec<&str> = known.keys().map(String::as_str).collect();
        let message = format!("is not {}", known.join(" or "));
        Some(self.breach(Side::Request, "header content-type".into(), message))
    }

    /// What is wrong with an answer's media type. An answer of which the contract knows no content may have any.
    pub fn breach_of_answer_type(&self, status: u16, content_type: Option<&str>) -> Option<Breach> {
        let (_, response) = schema::resolve(&format!("{}/responses/{status}", self.pointer()))?;
        let known = response["content"].as_object()?;
        if content_type.is_some_and(|given| known.contains_key(media_type(given))) {
            return None;
        }
        let known: Vec<&str> = known.keys().map(String::as_str).collect();
        let message = format!("is not {}", known.join(" or "));
        Some(self.breach(Side::Answer, "header content-type".into(), message))
    }

    /// A request has a JSON body by the contract.
    pub fn takes_json(&self) -> bool {
        self.document["requestBody"]["content"]
            .get("application/json")
            .is_some()
    }
}

/// A `Content-Type` without its parameters.
fn media_type(header: &str) -> &str {
    header.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(id: &str) -> &'static Operation {
        Operation::of(id).unwrap()
    }

    #[test]
    fn values_in_a_path() {
        let good = "/partner/v1/orgs/67e55044-10b1-426f-9247-bb680e5fe0c8/api-keys";
        assert_eq!(operation("createOrgApiKey").breaches_of_path(good), []);
        let bad = operation("createOrgApiKey").breaches_of_path("/partner/v1/orgs/canary/api-keys");
        assert_eq!(bad[0].at, "path orgId");
        assert!(!bad[0].message.contains("canary"));
    }

    #[test]
    fn credentials_in_any_of_the_ways() {
        let breach = |id, headers: &[&str]| {
            operation(id)
                .breach_of_credentials(|name| headers.contains(&name))
                .map(|breach| breach.at)
        };
        assert_eq!(
            breach("createOrg", &["x-bot-token"]).as_deref(),
            Some("header authorization")
        );
        assert_eq!(breach("createOrg", &["authorization"]), None);
        assert_eq!(
            breach("getWidgetConfig", &["authorization"]).as_deref(),
            Some("header x-bot-token")
        );
        assert_eq!(
            breach("pollWidgetSession", &["authorization"]),
            None,
            "the contact token alone does"
        );
        assert_eq!(
            breach("pollWidgetSession", &["authorization", "x-bot-token"]),
            None
        );
    }

    #[test]
    fn media_types() {
        let create = operation("createOrg");
        assert_eq!(
            create.breach_of_request_type(Some("application/json; charset=utf-8")),
            None
        );
        for other in [None, Some("text/plain")] {
            assert!(create.breach_of_request_type(other).is_some());
        }
        assert_eq!(
            operation("getOrg").breach_of_request_type(Some("application/json")),
            None
        );
        assert!(
            operation("uploadWidgetFile")
                .breach_of_request_type(Some("application/json"))
                .is_some()
        );
        assert!(create.breach_of_answer_type(201, Some("text/html")).is_some());
        assert_eq!(create.breach_of_answer_type(201, Some("application/json")), None);
        assert_eq!(operation("deleteTraining").breach_of_answer_type(200, None), None);
    }
}
