//! What a request carries beside its body: ids in the path, the query, headers.

use opencx_partner_kit::http::Method;
use opencx_partner_kit::platform::json_schema;
use opencx_partner_kit::provision::{Repeat, Route};
use serde_json::{Value, json};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, Ref, RefOr, Required};

use crate::caller::{Access, Secret};
use crate::routes::{is_versioned, takes_key};

/// Those that many operations share, by the name of the component.
pub fn shared() -> Result<Vec<(&'static str, Parameter)>, serde_json::Error> {
    let uuid = || json!({ "type": "string", "format": "uuid" });
    // As the proxy takes it: nobody says that these are UUIDs.
    let plain = || json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$" });
    let visible = |most: u32| json!({ "type": "string", "pattern": format!("^[!-~]{{1,{most}}}$") });
    Ok(vec![
        (
            "org_id",
            in_path(
                "org_id",
                uuid(),
                "The organization, by the id the platform gave it.",
            )?,
        ),
        (
            "crawl_id",
            in_path("crawl_id", uuid(), "The website, by the id the platform gave it.")?,
        ),
        (
            "job_id",
            in_path("job_id", uuid(), "The crawl, by the id the platform gave it.")?,
        ),
        (
            "contact_id",
            in_path(
                "contact_id",
                uuid(),
                "The contact, by the id the platform gave it.",
            )?,
        ),
        ("batch_id", in_path("batch_id", uuid(), "The batch.")?),
        (
            "training_id",
            in_path(
                "training_id",
                plain(),
                "The training, by the id the platform gave it.",
            )?,
        ),
        (
            "schedule_id",
            in_path(
                "schedule_id",
                plain(),
                "The office hours, by the id the platform gave them.",
            )?,
        ),
        (
            "external_id",
            in_path(
                "external_id",
                json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
                "The partner's own id of the customer, percent-encoded: any text.",
            )?,
        ),
        (
            "client",
            header(
                "X-Kit-Client",
                json!({ "type": "string" }),
                "Which client calls, such as its release. No form and no picture of another site can send it, so where callers are \
                 asked who they are a call that changes something needs it.",
                true,
            )?,
        ),
        (
            "key",
            header(
                "Idempotency-Key",
                visible(200),
                "The caller's own name for what is written. The same key with the same body gives the recorded answer (200) without \
                 a call to the platform; with another body, or for another route, 422; while the first is still running, 409.",
                true,
            )?,
        ),
        (
            "optional_key",
            header(
                "Idempotency-Key",
                visible(200),
                "With it, the ledger knows what was done: the same key with the same body gives the recorded answer (200, or 204) without \
                 a call to the platform; with another body, or for another route, 422; while the first is still running, 409.",
                false,
            )?,
        ),
        (
            "secret_key",
            header(
                "Idempotency-Key",
                visible(200),
                "With it, a repeat does nothing: what was answered is a secret that is kept nowhere, so the same key with the same body \
                 is 409; with another body, or for another route, 422.",
                false,
            )?,
        ),
        (
            "version",
            header(
                "X-Kit-Version",
                visible(64),
                "What the caller calls the contents. The same key with the same version gives the recorded answer (200) without a \
                 call; with another version, what the key made is changed (200).",
                false,
            )?,
        ),
        (
            "again",
            header(
                "X-Kit-Again",
                json!({ "type": "string" }),
                "The caller has seen what the key made gone: the record is not taken for an answer.",
                false,
            )?,
        ),
        (
            "lane",
            header(
                "X-Kit-Lane",
                json!({ "type": "string" }),
                "`batch`: the call waits behind those of people. Anything else is a person's.",
                false,
            )?,
        ),
        (
            "last_event",
            header(
                "Last-Event-ID",
                json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
                "The `seq` of the event that was seen last. It wins over `after`, which a browser's reconnecting leaves as it was.",
                false,
            )?,
        ),
        (
            "traceparent",
            header(
                "traceparent",
                json!({ "type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}" }),
                "W3C trace context. One that is valid goes on to the platform, with a span of its own.",
                false,
            )?,
        ),
    ])
}

fn in_path(name: &str, schema: Value, what: &str) -> Result<Parameter, serde_json::Error> {
    let schema: Schema = serde_json::from_value(schema)?;
    Ok(begun(name, ParameterIn::Path, what, true)
        .schema(Some(schema))
        .build())
}

fn header(name: &str, schema: Value, what: &str, required: bool) -> Result<Parameter, serde_json::Error> {
    let schema: Schema = serde_json::from_value(schema)?;
    Ok(begun(name, ParameterIn::Header, what, required)
        .schema(Some(schema))
        .build())
}

fn begun(name: &str, place: ParameterIn, what: &str, required: bool) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .description(Some(what))
        .required(if required { Required::True } else { Required::False })
}

/// The shared ones that a route reads, in order.
pub fn of(route: &Route, access: &Access) -> Vec<Ref> {
    let parts = route.path.split('/').filter(|part| part.starts_with('{'));
    let mut names: Vec<&str> = parts.map(|part| part.trim_matches(['{', '}'])).collect();
    if route.method != Method::Get {
        names.push("client");
    }
    match route.repeat {
        Repeat::ByKey => names.push("key"),
        _ if !takes_key(route) => {}
        _ if access.secret == Secret::No => names.push("optional_key"),
        _ => names.push("secret_key"),
    }
    if is_versioned(route) || route.name == "createOrg" {
        names.push("version");
    }
    if is_versioned(route) {
        names.push("again");
    }
    if tells_events(route) {
        names.push("last_event");
    }
    names.extend(["lane", "traceparent"]);
    let reference = |name| Ref::new(format!("#/components/parameters/{name}"));
    names.into_iter().map(reference).collect()
}

fn tells_events(route: &Route) -> bool {
    matches!(route.name, "listBatchEvents" | "listCustomerEvents")
}

/// The query of a read.
pub fn query(route: &Route) -> Result<Vec<Parameter>, serde_json::Error> {
    if route.method != Method::Get {
        return Ok(Vec::new());
    }
    let schema = json_schema(route.takes);
    let fields = route.takes.iter();
    fields
        .map(|field| {
            let what = QUERY.iter().find(|(name, _)| *name == field.name);
            let what = what.map_or("", |(_, what)| what);
            let begun = begun(field.name, ParameterIn::Query, what, field.required);
            let field = without_null(schema["properties"][field.name].clone());
            let field_is_map = field["type"] == "object";
            let field: Schema = serde_json::from_value(field)?;
            Ok(if field_is_map {
                let json: RefOr<Content> = Content::new(Some(field)).into();
                begun.content("application/json", json).build()
            } else {
                begun.schema(Some(field)).build()
            })
        })
        .collect()
}

/// An address cannot say null.
fn without_null(mut schema: Value) -> Value {
    if let Some(kind) = schema["type"].as_array().and_then(|kinds| kinds.first().cloned()) {
        schema["type"] = kind;
    }
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.retain(|word| !word.is_null());
    }
    schema
}

/// What the fields of a query mean, which is the same wherever they are.
const QUERY: &[(&str, &str)] = &[
    ("limit", "How many at most."),
    ("after", "Those after that one: `next` of the page before."),
    ("before", "Those before that one: `next` of the page before."),
    (
        "from",
        "From that one on, counted from 0: `next` of the page before.",
    ),
    ("cursor", "`next` of the page before."),
    ("offset", "How many to pass over."),
    ("search", "Within title or content, in any case."),
    ("type", "Only those of that type."),
    ("is_draft", "Only drafts, or only what is published."),
    ("sort_by", "What the order goes by."),
    ("metadata", "Those whose metadata has every one of these pairs."),
    (
        "created_after",
        "Made later than that: RFC 3339 with a zone, as all times here.",
    ),
    (
        "created_before",
        "Made earlier than that; later than `created_after`.",
    ),
    ("updated_after", "Changed later than that."),
    (
        "updated_before",
        "Changed earlier than that; later than `updated_after`.",
    ),
    (
        "start_date",
        "From then on: RFC 3339 with a zone. 30 days ago when left out.",
    ),
    (
        "end_date",
        "Until then; later than `start_date`. Now when left out.",
    ),
    ("reason", "Only those handed off for it."),
];
