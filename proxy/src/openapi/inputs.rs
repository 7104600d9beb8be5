//! What operations take: the tables that check it, with words for who reads.

use opencx_partner_kit::platform::json_schema;
use opencx_partner_kit::provision::Route;
use serde_json::{Map, Value, json};

use super::schema::named;
use super::{operations, platform};

/// Each by its name.
pub fn all() -> Result<Map<String, Value>, serde_json::Error> {
    let words = platform::words()?;
    let mut inputs = Map::new();
    // As the package has it for editors; a test of its own holds it against its table.
    let mut spec: Map<String, Value> = serde_json::from_str(include_str!("../../../pkg/spec.schema.json"))?;
    spec.remove("$schema");
    inputs.insert("Spec".into(), spec.into());
    for (route, about, _) in operations().filter(|(_, about, _)| !about.takes.is_empty()) {
        let mut schema = input(route);
        describe(&mut schema, &words[about.takes]);
        describe(&mut schema, &own_words(about.takes));
        inputs.insert(about.takes.to_owned(), schema);
    }
    Ok(inputs)
}

/// Unlike in a spec, fields that are not known are no mistake.
fn input(route: &Route) -> Value {
    let mut schema = json_schema(route.takes);
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("additionalProperties");
    }
    schema["description"] = json!("Fields beyond these are ignored.");
    if let Some(specs) = schema["properties"].get_mut("specs") {
        specs["items"] = named("Spec");
    }
    schema
}

/// Adds words to a schema and its fields.
fn describe(ours: &mut Value, words: &Value) {
    if let Some(text) = words["description"].as_str() {
        ours["description"] = text.into();
    }
    if ours["items"].is_object() {
        describe(&mut ours["items"], &words["items"]);
    }
    if let Some(fields) = ours.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, field) in fields {
            describe(field, &words["properties"][name]);
        }
    }
}

/// For what is the proxy's own, or left without a word in the platform's contract.
fn own_words(input: &str) -> Value {
    let fields: &[(&str, &str)] = match input {
        "Empty" => return json!({ "description": "There is nothing to say: `{}`." }),
        "Assertion" => &[(
            "assertion",
            "A signed JWT of the partner's backend, which vouches for who signs in. Good once.",
        )],
        "NewOrg" => &[(
            "external_id",
            "The partner's own id of the customer. It makes every repeat safe.",
        )],
        "AdoptedOrg" => &[
            ("id", "As the platform gave it."),
            ("widget_token", "Likewise."),
            ("external_id", "The partner's own id of the customer."),
            ("name", "Shown for the organization."),
        ],
        "SettledOrg" => &[(
            "outcome",
            "`not-made`: the platform has none with this external id, so it can be made anew. `left`: nobody knows, and another \
             external id is used. That it was made is `adoptOrg`.",
        )],
        "OrgUpdate" => &[
            ("name", "Shown for the organization."),
            ("website", "Address of the customer's website."),
            ("language", "Language code such as `en` or `pt-br`."),
            ("ai_instructions", "System prompt for the AI agent."),
        ],
        "AutopilotSettings" => &[
            (
                "channels",
                "On which channels the AI answers, such as `{ \"web\": true }`.",
            ),
            (
                "prohibited_topics",
                "What the AI hands off at once: a list, or a text with one topic a line.",
            ),
        ],
        "HandoffSettings" => &[
            (
                "level",
                "0 never hands off, 1 does so quickly, 2 tries first, 3 wants a full statement of the problem and several attempts \
                 first.",
            ),
            (
                "outside_office_hours",
                "Who keeps what is handed off while nobody is there.",
            ),
        ],
        "NewBatch" => &[
            (
                "specs",
                "No two for the same external id, and no member with `\"access\": \"login-link\"`: nobody is there to take a link. A \
                 spec's `embed` is checked and otherwise left alone.",
            ),
            ("in_flight", "Customers at the same time; 4 when left out."),
            (
                "tolerate",
                "No further customer starts once more than that many have failed; 0 when left out.",
            ),
            ("skip_unsupported", "Leave out what this platform cannot do."),
            (
                "prune",
                "Remove what is on the platform and not in the spec: for the role admin.",
            ),
        ],
        "ResumedBatch" => &[(
            "specs",
            "Corrected ones, of customers of this batch who are not done.",
        )],
        _ => &[],
    };
    let fields: Map<String, Value> = fields
        .iter()
        .map(|(name, what)| ((*name).to_owned(), json!({ "description": what })))
        .collect();
    json!({ "properties": fields })
}
