//! Compiled schemas, each when it is first needed.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::DOCUMENT;

const ADDRESS: &str = "urn:contract";

static REGISTRY: LazyLock<Option<Registry<'static>>> = LazyLock::new(|| {
    let registry = Registry::new().draft(Draft::Draft202012).add(ADDRESS, &*DOCUMENT);
    registry.ok()?.prepare().ok()
});

static COMPILED: LazyLock<Mutex<HashMap<String, Option<Arc<Validator>>>>> = LazyLock::new(Mutex::default);

/// What is wrong with `value`, by the schema at that JSON pointer of the contract: where, and why. Values are not repeated:
/// they may be secrets.
pub fn findings(pointer: &str, value: &Value) -> Vec<(String, String)> {
    let Some(validator) = compiled(pointer) else {
        return vec![(
            String::new(),
            format!("the contract's schema at {pointer} cannot be used"),
        )];
    };
    validator
        .iter_errors(value)
        .map(|error| {
            (
                error.instance_path().to_string(),
                error.masked_with("it").to_string(),
            )
        })
        .collect()
}

fn compiled(pointer: &str) -> Option<Arc<Validator>> {
    let mut all = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(pointer) {
        return known.clone();
    }
    let schema = json!({ "$ref": format!("{ADDRESS}#{}", pointer.replace('{', "%7B").replace('}', "%7D")) });
    let validator = REGISTRY.as_ref().and_then(|registry| {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(registry)
            .should_validate_formats(true)
            .build(&schema)
            .ok()
    });
    let validator = validator.map(Arc::new);
    all.insert(pointer.to_owned(), validator.clone());
    validator
}

/// The JSON pointer of what stands under `part` of `pointer`, through a reference if there is one.
pub fn resolve(pointer: &str) -> Option<(String, &'static Value)> {
    let found = DOCUMENT.pointer(pointer)?;
    match found["$ref"].as_str() {
        Some(reference) => resolve(reference.strip_prefix('#')?),
        None => Some((pointer.to_owned(), found)),
    }
}

/// A part of a JSON pointer.
pub fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}
