//! The contract's schemas, and where a table lets more pass than they do.

use opencx_partner_kit::platform::shape::{Shape, What, lets_through};
use serde_json::{Map, Value, json};

/// Where an operation's input stands.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// It is the body.
    Body,
    /// It is in that field of the body.
    Within(&'static str),
    /// In the address.
    Query,
}

pub struct Contract(Value);

impl Contract {
    pub fn read() -> Self {
        Contract(serde_yaml_ng::from_str(include_str!("../../contract/openapi.yaml")).unwrap())
    }

    fn operations(&self) -> impl Iterator<Item = (&str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        paths.flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().values();
            operations.map(move |operation| (path.as_str(), operation))
        })
    }

    /// Names and paths of those that take a body or a query.
    pub fn operations_with_input(&self) -> Vec<(String, String)> {
        self.operations()
            .filter(|(_, operation)| {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                !operation["requestBody"].is_null() || { parameters }.any(|one| one["in"] == "query")
            })
            .map(|(path, operation)| {
                (
                    operation["operationId"].as_str().unwrap().to_owned(),
                    path.to_owned(),
                )
            })
            .collect()
    }

    /// The schema of an operation's input; of a query an object's.
    pub fn input(&self, name: &str, part: Part) -> Value {
        let (_, operation) = self
            .operations()
            .find(|(_, operation)| operation["operationId"] == name)
            .unwrap_or_else(|| panic!("the contract has no {name}"));
        let body = || self.resolved(&operation["requestBody"]["content"]["application/json"]["schema"]);
        match part {
            Part::Body => body(),
            Part::Within(field) => self.resolved(&body()["properties"][field]),
            Part::Query => {
                let parameters = operation["parameters"].as_array().unwrap().iter();
                let fields: Map<String, Value> = parameters
                    .filter(|one| one["in"] == "query")
                    .map(|one| (one["name"].as_str().unwrap().to_owned(), one["schema"].clone()))
                    .collect();
                json!({ "type": "object", "properties": fields })
            }
        }
    }

    /// A schema with its references followed and the parts of an `allOf` put together.
    fn resolved(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let found = self.0.pointer(reference.strip_prefix('#').unwrap());
            return self.resolved(found.unwrap_or_else(|| panic!("{reference} leads nowhere")));
        }
        let mut whole = schema.clone();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            for (name, value) in self.resolved(part).as_object().unwrap() {
                whole[name] = value.clone();
            }
        }
        whole
    }

    /// Notes where a table lets more pass than a schema does, or has not all of its fields.
    pub fn compare(&self, shape: Shape, schema: &Value, at: &str, found: &mut Vec<String>) {
        let none = Map::new();
        let fields = schema["properties"].as_object().unwrap_or(&none);
        let asked: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
        // Of a schema that names no fields nothing is known.
        let unknown = fields.is_empty() && schema["additionalProperties"] == true;
        assert_eq!(unknown, lets_through(shape), "{at}");
        if unknown {
            return;
        }
        for field in shape {
            let at = format!("{at}.{}", field.name);
            if asked.iter().any(|asked| *asked == field.name) && !field.required {
                found.push(format!("{at} is asked for in the contract, and here it is not"));
            }
            match fields.get(field.name) {
                Some(schema) => self.compare_what(field.what, schema, &at, found),
                None => found.push(format!("{at} is not in the contract")),
            }
        }
        for name in fields.keys() {
            if !shape.iter().any(|field| field.name == name) {
                found.push(format!("{at}.{name} of the contract is missing"));
            }
        }
    }

    pub fn compare_what(&self, what: What, schema: &Value, at: &str, found: &mut Vec<String>) {
        let schema = self.resolved(schema);
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
            _ => panic!("{at}: the contract says no type"),
        };
        let what = match what.spelled_out() {
            What::OrNull(what) => {
                if !types.contains(&"null") {
                    found.push(format!("{at} may be null, in the contract it may not"));
                }
                what.spelled_out()
            }
            What::Unless(_, what) => what.spelled_out(),
            what => what,
        };
        let in_address = types == ["string"];
        let wanted: &[&str] = match what {
            // An address holds only texts: these are written as such.
            What::Flag if in_address && schema["enum"] == json!(["true", "false"]) => return,
            What::Map(_) if in_address && is_json_text(&schema) => return,
            What::Flag => &["boolean"],
            What::Whole(..) => &["integer", "number"],
            What::List(..) => &["array"],
            What::Object(_) | What::Map(_) | What::MapOf(_) => &["object"],
            What::Any | What::Number => panic!("{at} is not told apart"),
            _ => &["string"],
        };
        if !wanted.iter().any(|wanted| types.contains(wanted)) {
            found.push(format!("{at} is a {what:?}, the contract's type is {types:?}"));
            return;
        }
        let format = schema["format"].as_str().unwrap_or_default();
        let fits = match format {
            "email" => what == What::Email,
            "uri" => what == What::HttpUrl,
            "uuid" => what == What::Uuid,
            "date-time" => matches!(what, What::DateTime | What::After(_)),
            _ => true,
        };
        if !fits {
            found.push(format!("{at} is a {what:?}, the contract's format is {format}"));
        }
        let words = schema["enum"].as_array().or(schema["x-known-values"].as_array());
        match (what, words) {
            (What::OneOf(ours), Some(theirs)) => {
                for word in ours.iter().filter(|word| !theirs.contains(&json!(word))) {
                    found.push(format!("{at} may be {word}, the contract knows no such word"));
                }
            }
            (_, Some(_)) => found.push(format!("{at} is a {what:?}, the contract names its words")),
            (_, None) => {}
        }
        let limits = |least: usize, most: usize, names: [&str; 2], of: &str, found: &mut Vec<String>| {
            if let Some(limit) = schema[names[0]].as_u64().filter(|limit| *limit > least as u64) {
                found.push(
                    format!("{at} may {of}, the contract says at least {limit}")
                        .replace('#', &least.to_string()),
                );
            }
            if let Some(limit) = schema[names[1]].as_u64().filter(|limit| *limit < most as u64) {
                found.push(
                    format!("{at} may {of}, the contract says at most {limit}")
                        .replace('#', &most.to_string()),
                );
            }
        };
        match what {
            What::Text(least, most) => {
                limits(
                    least,
                    most,
                    ["minLength", "maxLength"],
                    "have # characters",
                    found,
                );
            }
            What::Whole(least, most) => {
                limits(
                    least as usize,
                    most as usize,
                    ["minimum", "maximum"],
                    "be #",
                    found,
                );
            }
            What::List(item, least, most) => {
                limits(least, most, ["minItems", "maxItems"], "have # items", found);
                self.compare_what(*item, &schema["items"], &format!("{at}[]"), found);
            }
            What::Object(shape) => self.compare(shape, &schema, at, found),
            What::Map(_) if schema["additionalProperties"].is_object() => {
                found.push(format!("{at} may hold anything, in the contract it may not"));
            }
            What::MapOf(what) if schema["additionalProperties"].is_object() => {
                self.compare_what(*what, &schema["additionalProperties"], &format!("{at}.*"), found);
            }
            _ => {}
        }
    }
}

fn is_json_text(schema: &Value) -> bool {
    schema["description"]
        .as_str()
        .is_some_and(|text| text.starts_with("JSON object text"))
}
