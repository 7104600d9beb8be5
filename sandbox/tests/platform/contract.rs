//! Holds answers against the contract. OpenAPI 3.1 schemas are JSON Schema 2020-12; references resolve because the whole
//! contract is the root of each schema.

use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Draft;
use serde_json::{Value, json};

static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/openapi.yaml");
    serde_yaml_ng::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
});

/// Where an operation is.
pub struct Operation {
    /// HTTP method.
    pub method: String,
    /// Path with `{parameters}`.
    pub path: String,
}

/// The operation of that id.
pub fn operation(id: &str) -> Operation {
    for (path, item) in CONTRACT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["operationId"] == id {
                return Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                };
            }
        }
    }
    panic!("the contract has no operation {id}");
}

/// Every operation's id.
pub fn operations() -> Vec<String> {
    CONTRACT["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str().map(str::to_owned))
        .collect()
}

/// Fails when the contract does not know that status for that operation, or the body is not as it says.
pub fn check(operation: &Operation, status: u16, body: &Value) {
    let what = format!("{} {} -> {status}", operation.method, operation.path);
    let method = operation.method.to_lowercase();
    let response = &CONTRACT["paths"][&operation.path][&method]["responses"][status.to_string()];
    assert!(
        !response.is_null(),
        "{what}: a status the contract does not know: {body}"
    );
    let pointer = match response["$ref"].as_str() {
        Some(reference) => reference.to_owned(),
        None => format!(
            "#/paths/{}/{method}/responses/{status}",
            operation
                .path
                .replace('~', "~0")
                .replace('/', "~1")
                .replace('{', "%7B")
                .replace('}', "%7D"),
        ),
    };
    check_schema(
        &format!("{pointer}/content/application~1json/schema"),
        body,
        &what,
    );
}

/// Fails when a body is not in the platform's error shape.
pub fn check_error(status: u16, body: &Value) {
    check_schema("#/components/schemas/Error", body, "error");
    assert_eq!(body["statusCode"], status, "{body}");
    assert!(body["message"].as_str().is_some_and(|m| !m.is_empty()), "{body}");
    assert!(body["error"].is_string(), "{body}");
}

fn check_schema(pointer: &str, body: &Value, what: &str) {
    let mut schema = CONTRACT.clone();
    schema["$ref"] = json!(pointer);
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|e| panic!("{what}: {e}"));
    let findings: Vec<String> = validator
        .iter_errors(body)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(findings.is_empty(), "{what}: {findings:#?}\n{body:#}");
}
