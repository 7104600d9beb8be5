//! The platform's own schemas, of what is passed on: those of its contract, opened for what a later release may add; and its
//! words for what it takes. The contract is YAML, which the proxy does not read: a test writes `platform.json` from it.

use serde_json::{Map, Value};

/// Each by its name in the contract.
pub fn schemas() -> Result<Map<String, Value>, serde_json::Error> {
    part("schemas")
}

/// What the contract says of the fields of each input, by the input's name here.
pub fn words() -> Result<Value, serde_json::Error> {
    part("words").map(Value::Object)
}

fn part(name: &str) -> Result<Map<String, Value>, serde_json::Error> {
    let mut all: Map<String, Value> = serde_json::from_str(include_str!("platform.json"))?;
    match all.remove(name) {
        Some(Value::Object(part)) => Ok(part),
        _ => Ok(Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Those that the answers name; what they refer to comes along.
    const NAMED: [&str; 13] = [
        "Organization",
        "Datasource",
        "DatasourceDetail",
        "CrawlJob",
        "CrawledPage",
        "TrainingPage",
        "UnknownSettings",
        "OfficeHours",
        "Tag",
        "ContactPage",
        "HandoffAnalytics",
        "HandoffEventPage",
        "AuthenticateUserResponse",
    ];

    /// What is taken here, and its schema in the contract.
    const TAKEN: [(&str, &str); 15] = [
        ("NewOrg", "CreateOrgRequest"),
        ("OrgUpdate", "UpdateOrganizationRequest"),
        ("NewOrgKey", "CreateOrgApiKeyRequest"),
        ("NewDatasource", "CreateDatasourceRequest"),
        ("DatasourceUpdate", "UpdateDatasourceRequest"),
        ("PageSelection", "PageSelection"),
        ("TrainingInput", "TrainingInput"),
        ("DraftSwitch", "ToggleDraftRequest"),
        ("InviteUser", "InviteUserRequest"),
        ("NewLoginLink", "CreateLoginLinkRequest"),
        ("OfficeHoursInput", "OfficeHoursInput"),
        ("TagInput", "TagInput"),
        ("ContactInput", "ContactInput"),
        ("ContactUpdate", "ContactInput"),
        ("AuthenticateUser", "AuthenticateUserRequest"),
    ];

    /// The descriptions alone.
    fn words_of(schema: &Value, contract: &Value) -> Value {
        let schema = match schema["$ref"].as_str() {
            Some(reference) => contract.pointer(&reference[1..]).unwrap(),
            None => schema,
        };
        let mut words = Map::new();
        if schema["description"].is_string() {
            words.insert("description".into(), schema["description"].clone());
        }
        if schema["items"].is_object() {
            words.insert("items".into(), words_of(&schema["items"], contract));
        }
        if let Some(fields) = schema["properties"].as_object() {
            let fields = fields.iter();
            let fields: Map<_, _> = fields
                .map(|(name, field)| (name.clone(), words_of(field, contract)))
                .collect();
            words.insert("properties".into(), fields.into());
        }
        words.into()
    }

    /// Words that may become more are told, not demanded.
    fn opened(schema: &Value) -> Value {
        match schema {
            Value::Object(fields) => {
                let field = |(name, value): (&String, &Value)| match name.as_str() {
                    "enum" => ("x-known-values".to_owned(), value.clone()),
                    _ => (name.clone(), opened(value)),
                };
                fields.iter().map(field).collect::<Map<_, _>>().into()
            }
            Value::Array(items) => items.iter().map(opened).collect(),
            other => other.clone(),
        }
    }

    fn take(name: &str, contract: &Value, all: &mut Map<String, Value>) {
        if all.contains_key(name) {
            return;
        }
        let schema = opened(&contract["components"]["schemas"][name]);
        assert!(schema.is_object(), "the contract has no {name}");
        all.insert(name.to_owned(), schema.clone());
        for part in schema.to_string().split("#/components/schemas/").skip(1) {
            take(part.split('"').next().unwrap(), contract, all);
        }
    }

    #[test]
    fn the_platforms_schemas_are_those_of_its_contract() {
        let contract = include_str!("../../../contract/openapi.yaml");
        let contract: Value = serde_yaml_ng::from_str(contract).unwrap();
        let mut all = Map::new();
        for name in NAMED {
            take(name, &contract, &mut all);
        }
        // An older revision answers the bare list, which the proxy puts into `items`.
        all["TrainingPage"]["required"] = json!(["items"]);
        let words: Map<_, _> = TAKEN
            .iter()
            .map(|(name, theirs)| {
                let schema = &contract["components"]["schemas"][theirs];
                assert!(schema.is_object(), "the contract has no {theirs}");
                ((*name).to_owned(), words_of(schema, &contract))
            })
            .collect();
        let all = json!({ "schemas": all, "words": words });
        crate::openapi::tests::is_committed("proxy/src/openapi/platform.json", &all);
    }
}
