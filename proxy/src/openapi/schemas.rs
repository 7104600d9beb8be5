//! All schemas of the document: what is taken, what is answered, what is passed on.

use serde_json::{Map, Value, json};

use super::{answers, inputs, platform};

/// Each by its name.
pub fn all() -> Result<Map<String, Value>, serde_json::Error> {
    let mut schemas = platform::schemas()?;
    schemas.insert(
        "SwitchedTraining".into(),
        json!({
            "type": "object",
            "description": "The training or something else: what the platform answers to this, nobody has documented.",
            "additionalProperties": true,
        }),
    );
    schemas.extend(inputs::all()?);
    schemas.extend(answers::all().map(|(name, schema)| (name.to_owned(), schema)));
    Ok(schemas)
}
