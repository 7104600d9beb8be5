//! Holds answers against the contract.

use opencx_sandbox::contract::Operation;
use serde_json::Value;

/// The operation of that id.
pub fn operation(id: &str) -> &'static Operation {
    Operation::of(id).unwrap_or_else(|| panic!("the contract has no operation {id}"))
}

/// Fails when the contract does not know that status for that operation, or the body is not as it says.
pub fn check(operation: &Operation, status: u16, body: Option<&Value>) {
    let breaches = operation.breaches_of_answer(status, body);
    assert!(breaches.is_empty(), "{}: {breaches:#?}\n{body:#?}", operation.id);
}

/// Fails when a body is not in the platform's error shape.
pub fn check_error(status: u16, body: &Value) {
    assert_eq!(body["statusCode"], status, "{body}");
    assert!(body["message"].as_str().is_some_and(|m| !m.is_empty()), "{body}");
    assert!(body["error"].is_string(), "{body}");
}
