//! What is answered, held against what is described (`docs/proxy-openapi.json`).

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::{Draft, Registry, Validator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::Answer;

const ADDRESS: &str = "urn:description";

/// As it is committed, but closed: a field or a word that is not described is found, unless the platform may add it.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = opencx_partner_proxy::openapi_document().unwrap();
    let platform = include_str!("../../src/openapi/platform.json");
    let platform: Value = serde_json::from_str(platform).unwrap();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    for (_, schema) in schemas
        .iter_mut()
        .filter(|(name, _)| platform["schemas"].get(name).is_none())
    {
        close(schema);
    }
    document
});

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let registry = Registry::new().draft(Draft::Draft202012);
    registry.add(ADDRESS, &*DOCUMENT).unwrap().prepare().unwrap()
});

static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

fn close(schema: &mut Value) {
    if let Some(words) = schema.get("x-known-values").and_then(Value::as_array) {
        let mut words = words.clone();
        words.push(Value::Null);
        schema["enum"] = words.into();
    }
    if schema["properties"].is_object() && schema.get("additionalProperties").is_none() {
        schema["additionalProperties"] = json!(false);
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(close),
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// What is wrong with a value, by the schema at that pointer.
fn findings(pointer: &str, value: &Value) -> Vec<String> {
    let validator = Arc::clone(
        COMPILED
            .lock()
            .unwrap()
            .entry(pointer.to_owned())
            .or_insert_with(|| {
                let reference = pointer.replace('{', "%7B").replace('}', "%7D");
                let built = jsonschema::options()
                    .with_draft(Draft::Draft202012)
                    .with_registry(&REGISTRY)
                    .should_validate_formats(true)
                    .build(&json!({ "$ref": format!("{ADDRESS}#{reference}") }));
                Arc::new(built.unwrap())
            }),
    );
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// An operation that is described.
#[derive(Debug, Clone)]
pub struct Operation {
    pub name: String,
    pub method: Method,
    pub path: String,
}

impl Operation {
    pub fn all() -> Vec<Self> {
        let paths = DOCUMENT["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| Operation {
                    name: operation["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                })
        });
        operations.collect()
    }

    pub fn named(name: &str) -> Self {
        let mut all = Self::all().into_iter();
        all.find(|operation| operation.name == name).unwrap()
    }

    /// A fixed part of a path goes before a parameter.
    fn of(method: &Method, path: &str) -> Option<Self> {
        let fits = |pattern: &str| {
            let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
            let mut pairs = pattern.iter().zip(&path);
            pattern.len() == path.len()
                && pairs.all(|(part, given)| part == given || part.starts_with('{') && !given.is_empty())
        };
        let found = Self::all()
            .into_iter()
            .filter(|operation| operation.method == *method && fits(&operation.path));
        found.min_by_key(|operation| operation.path.matches('{').count())
    }

    fn pointer(&self) -> String {
        let path = self.path.replace('/', "~1");
        format!("/paths/{path}/{}", self.method.as_str().to_lowercase())
    }

    /// The statuses that it is described to answer when it has done what was asked.
    pub fn successes(&self) -> BTreeSet<u16> {
        let responses = DOCUMENT
            .pointer(&format!("{}/responses", self.pointer()))
            .unwrap();
        let statuses = responses.as_object().unwrap().keys();
        statuses
            .filter_map(|status| status.parse().ok())
            .filter(|status| *status < 300)
            .collect()
    }

    /// What is wrong with an answer.
    pub fn breaches(&self, answer: &Answer) -> Vec<String> {
        let mut pointer = format!("{}/responses/{}", self.pointer(), answer.status);
        let Some(mut response) = DOCUMENT.pointer(&pointer) else {
            return vec![format!("{} is not described", answer.status)];
        };
        if let Some(reference) = response["$ref"].as_str() {
            reference[1..].clone_into(&mut pointer);
            response = DOCUMENT.pointer(&pointer).unwrap();
        }
        let mut found = breaches_of_headers(response, answer);
        let Some(content) = response["content"].as_object() else {
            if !answer.text.is_empty() {
                found.push("has a body".into());
            }
            return found;
        };
        let kind = answer.header("content-type");
        if !content.contains_key(kind) {
            found.push(format!("{kind} is not described"));
            return found;
        }
        let schema = format!("{pointer}/content/{}/schema", kind.replace('/', "~1"));
        if kind == "text/event-stream" {
            for event in answer.text.lines().filter_map(|line| line.strip_prefix("data: ")) {
                found.extend(findings(&schema, &serde_json::from_str(event).unwrap()));
            }
        } else {
            found.extend(findings(&schema, &answer.json));
        }
        found
    }
}

fn breaches_of_headers(response: &Value, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let text = answer.header(name);
        if text.is_empty() {
            if name == "x-request-id" {
                found.push(format!("{name} is missing"));
            }
            continue;
        }
        let schema = format!("{}/schema", &header["$ref"].as_str().unwrap()[1..]);
        let number = DOCUMENT.pointer(&schema).unwrap()["type"] == "integer";
        let value = if number {
            serde_json::from_str(text).unwrap()
        } else {
            json!(text)
        };
        found.extend(
            findings(&schema, &value)
                .into_iter()
                .map(|one| format!("{name}{one}")),
        );
    }
    found
}

/// Every test asks here: what is answered has a status that is described, and a problem is one.
pub fn hold(method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = Operation::of(method, path) else {
        return;
    };
    // Below another path than the proxy's, or at its second listener.
    let elsewhere = ["has no such route", "Here are /healthz"];
    if answer.status == 404 && elsewhere.iter().any(|said| answer.text.contains(said)) {
        return;
    }
    if answer.status < 300 {
        // The bodies are the fake platform's.
        assert!(
            operation.successes().contains(&answer.status),
            "{} {answer:?}",
            operation.name
        );
    } else {
        assert_eq!(
            operation.breaches(answer),
            [""; 0],
            "{} {answer:?}",
            operation.name
        );
    }
}
