//! The JSON Schema of a spec (`pkg/spec.schema.json`), made of its table.

use serde_json::{Value, json};

use super::SPEC;
use crate::platform::json_schema;

/// The schema. It takes what [`check_spec`](super::check_spec) takes, but for what no schema can say (see [`json_schema`]) and
/// that no item of a list is another one again.
pub fn spec_schema() -> Value {
    let mut schema = json_schema(SPEC);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "OpenCX Partner Kit: a customer".into();
    schema["description"] = "What a customer should be. Beyond this schema, the kit refuses a time zone that nobody knows, an \
                             end that is not later than its start, shifts that lie over each other, and two items of a list \
                             that are the same."
        .into();
    // Without an address of its own the crawl takes the org's website.
    let with = |part: &str, field: &str| json!({ "required": [part], "properties": { part: crate::platform::given(field) } });
    schema["anyOf"] = json!([
        { "properties": { "crawl": { "type": "null" } } },
        with("crawl", "url"),
        with("org", "website")
    ]);
    schema
}

#[cfg(test)]
mod tests {
    use super::super::check_spec;
    use super::super::spec::tests::{full, fuller};
    use super::*;
    use jsonschema::{Draft, Validator};
    use proptest::prelude::*;
    use proptest::sample::Index;
    use std::path::Path;
    use std::sync::LazyLock;

    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&spec_schema())
            .unwrap()
    });

    /// Parts of a spec, each with the contract's schema that describes its fields.
    const DESCRIBED: [(&str, &str); 7] = [
        ("/properties/org", "CreateOrgRequest"),
        ("/properties/crawl", "CreateDatasourceRequest"),
        ("/properties/trainings/items", "TrainingInput"),
        ("/properties/members/items", "CreateLoginLinkRequest"),
        ("/properties/office_hours/items", "OfficeHoursInput"),
        ("/properties/tags/items", "TagInput"),
        ("/properties/contacts/items", "ContactInput"),
    ];

    /// Adds the contract's words, which an editor shows.
    fn describe(ours: &mut Value, theirs: &Value, contract: &Value) {
        let theirs = match theirs["$ref"].as_str() {
            Some(reference) => contract.pointer(&reference[1..]).unwrap(),
            None => theirs,
        };
        if let Some(text) = theirs["description"].as_str() {
            ours["description"] = text.into();
        }
        if ours["items"].is_object() {
            describe(&mut ours["items"], &theirs["items"], contract);
        }
        if let Some(fields) = ours.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, field) in fields {
                describe(field, &theirs["properties"][name], contract);
            }
        }
    }

    #[test]
    fn the_file_is_what_the_tables_say() {
        let contract: Value = serde_yaml_ng::from_str(include_str!("../../contract/openapi.yaml")).unwrap();
        let mut schema = spec_schema();
        for (part, theirs) in DESCRIBED {
            let theirs = &contract["components"]["schemas"][theirs];
            describe(schema.pointer_mut(part).unwrap(), theirs, &contract);
        }
        assert!(jsonschema::draft202012::meta::is_valid(&schema));
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/spec.schema.json");
        if std::env::var_os("OPENCX_WRITE_SPEC_SCHEMA").is_some() {
            std::fs::write(&file, format!("{schema:#}\n")).unwrap();
        }
        let written: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert!(
            written == schema,
            "write it anew: OPENCX_WRITE_SPEC_SCHEMA=1 cargo test -p opencx-partner-kit spec_schema"
        );
    }

    /// What is wrong with a spec and could be said by a schema.
    fn found(spec: &Value) -> Vec<String> {
        let found = check_spec(spec, |_| true).into_fields().into_iter();
        let told = found.map(|field| format!("{} {}", field.path, field.message));
        told.filter(|told| {
            !["is the same as", "lies over", "must be later than"]
                .iter()
                .any(|beyond| told.contains(beyond))
        })
        .collect()
    }

    fn agree(spec: &Value) -> Result<bool, String> {
        let (ours, good) = (found(spec), VALIDATOR.is_valid(spec));
        let theirs: Vec<_> = VALIDATOR
            .iter_errors(spec)
            .map(|error| error.to_string())
            .collect();
        if ours.is_empty() == good {
            Ok(good)
        } else {
            Err(format!(
                "{spec:#}\nthe tables say {ours:?}, the schema says {theirs:?}"
            ))
        }
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut spec = fuller();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match spec.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
            parent => parent[name] = value,
        }
        spec
    }

    #[test]
    fn the_schema_takes_and_refuses_what_the_tables_do() {
        for good in [
            full(),
            fuller(),
            json!({ "org": { "name": "A", "external_id": "a" } }),
            json!({ "org": { "name": "A", "external_id": "a" }, "crawl": { "url": "http://a" } }),
            json!({ "org": { "name": "A", "external_id": "a" }, "crawl": null, "tags": null }),
            with("/trainings/0/title", json!(format!("  {} ", "é".repeat(497)))),
            with("/trainings/0/end_time", json!("2024-02-29T23:59:59.5-11:30")),
            with("/trainings/0/directory_id", json!(null)),
            with("/trainings/0/metadata", json!({ "mine": [1, { "x": null }] })),
            with("/crawl/crawl_interval_hours", json!(24.0)),
            with("/settings/handoff/theirs", json!("anything")),
            with(
                "/tags/0/category_id",
                json!("00000000-0000-0000-0000-000000000000"),
            ),
        ] {
            assert_eq!(agree(&good), Ok(true), "{good:#}");
        }
        for bad in [
            json!([]),
            json!({}),
            json!({ "org": null }),
            json!({ "org": { "name": "A", "external_id": "a" }, "crawl": {} }),
            json!({ "org": { "name": "A", "external_id": "a", "website": null }, "crawl": {} }),
            json!({ "org": { "name": "A", "external_id": "a" }, "crawl": { "url": null } }),
            with("/training", json!([])),
            with("/org/external_id", json!("..")),
            with("/org/external_id", json!("a ")),
            with("/org/name", json!("  ")),
            with("/org/website", json!("https://user@host")),
            with("/org/integrations", json!({ "fareharbor": { "app_key": "a" } })),
            with("/org/integrations", json!({ "fareharbour": {} })),
            with("/crawl/page_limit", json!(5001)),
            with("/crawl/page_limit", json!(1.5)),
            with("/crawl/exclude_paths", json!(["/a", " "])),
            with("/crawl/status", json!("paused")),
            with("/trainings/0/title", json!(" ab ")),
            with("/trainings/0/title", json!("x".repeat(501))),
            with("/trainings/0/type", json!("OFTEN")),
            with("/trainings/0/start_time", json!("2023-02-29T00:00:00Z")),
            with("/trainings/0/start_time", json!("2026-01-01T00:00:60Z")),
            with("/trainings/0/start_time", json!("2026-01-01")),
            with("/trainings/0/restricted_to_channels", json!(["fax"])),
            with("/trainings/0/metadata", json!({ "opencx_kit_key": "mine" })),
            with("/members/0/access", json!("key")),
            with("/members/0/email", json!("nobody")),
            with("/settings/handoff/level", json!(4)),
            with("/settings/autopilot/channels", json!({ "web": "on" })),
            with("/settings/other", json!({})),
            with("/office_hours/0/iana_timezone", json!("+01:00")),
            with("/office_hours/0/shifts/0/day_of_week", json!("weekend")),
            with("/office_hours/0/shifts/0/start_time", json!("9:00")),
            with("/tags/0/description", json!("x".repeat(161))),
            with("/tags/0/category_id", json!("1")),
            with("/contacts/0", json!({ "name": "Nobody" })),
            with("/contacts/0/custom_data", json!({ "plan": 7 })),
            with("/embed/form", json!("iframe")),
        ] {
            assert_eq!(agree(&bad), Ok(false), "{bad:#}");
        }
    }

    /// Every place in a spec.
    fn places(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    places(item, &format!("{at}/{index}"), all);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    places(field, &format!("{at}/{name}"), all);
                }
            }
            _ => {}
        }
    }

    fn anything() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "\\PC{0,12}",
            "[ -~]{0,12}",
            "https?://[a-z.:@/?# ]{0,9}",
            "[a-z.@-]{1,4}@[a-z.-]{1,9}",
            "[A-Za-z0-9-]{1,10}",
            "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](Z|\\+0[0-9]:00)",
            "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-2..6000_i64).prop_map(Value::from),
            (0.0..30.0_f64).prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("(name|email|phone|url|level|[a-z]{1,3})", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn whatever_stands_anywhere_both_say_the_same(place in any::<Index>(), value in anything()) {
            let mut all = Vec::new();
            places(&fuller(), "", &mut all);
            let mut spec = fuller();
            *spec.pointer_mut(&all[place.index(all.len())]).unwrap() = value;
            if let Err(message) = agree(&spec) {
                prop_assert!(false, "{}", message);
            }
        }
    }
}
