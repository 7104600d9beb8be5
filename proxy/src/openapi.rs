//! The protocol as OpenAPI 3.1, from the same table of routes that answers: what is not described is not answered, and the
//! other way round.

use std::fmt::Write as _;

use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::Method;
use opencx_partner_kit::platform::json_schema;
use opencx_partner_kit::platform::shape::Shape;
use opencx_partner_kit::provision::{Gives, Repeat, Route};
use serde_json::{Map, Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApiBuilder, PathsBuilder, Ref, RefOr, Required,
    ResponseBuilder,
};

use crate::caller::{Found, Least, Role, SESSION_COOKIE, Secret, access_of};
use crate::routes::{described, is_kept, takes_key};

/// The description, as JSON.
///
/// # Errors
/// None that a test would not find: the table can be written.
pub fn document() -> Result<Value, serde_json::Error> {
    let mut paths = PathsBuilder::new();
    for route in described() {
        paths = paths.path(route.path, PathItem::new(method(route), operation(route)));
    }
    let info = InfoBuilder::new()
        .title("OpenCX partner proxy")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What a partner's admin page says to the proxy that keeps the keys. docs/proxy-protocol.md has the rules that \
             no schema can say: what a repeat does, and what the proxy remembers.",
        ));
    let document = OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(ComponentsBuilder::new().build()))
        .build();
    let mut document = serde_json::to_value(document)?;
    // As the tables have them: utoipa's own model of schemas has no room for all that they say.
    document["components"]["schemas"] = schemas().into();
    for route in described().filter(|route| route.method == Method::Get) {
        let fields = json_schema(route.takes);
        let parameters = document["paths"][route.path]["get"]["parameters"].as_array_mut();
        for parameter in parameters
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
        {
            let name = parameter["name"].as_str().unwrap_or_default();
            parameter["schema"] = fields["properties"][name].clone();
        }
    }
    say_who(&mut document);
    Ok(document)
}

/// Who may call each route, and how he says who he is.
fn say_who(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "OPENCX_PROXY_AUTH_MODE=jwt: a token of the partner's own sign-in.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": SESSION_COOKIE,
            "description": "OPENCX_PROXY_AUTH_MODE=session: from POST /v1/session.",
        },
    });
    // The third: a reverse proxy says it, or nobody is asked.
    document["security"] = json!([{ "token": [] }, { "session": [] }, {}]);
    for route in described() {
        let Found::Row(access) = access_of(route.method.as_str(), route.path) else {
            continue;
        };
        let operation = &mut document["paths"][route.path][route.method.as_str().to_lowercase()];
        let problem = |what: &str| {
            let mut problem = operation["responses"]["default"].clone();
            problem["description"] = json!(what);
            problem
        };
        let (unknown, refused) = (
            problem("It is not known who calls."),
            problem("Not by this caller, from this origin, or not in this way."),
        );
        operation["responses"]["403"] = refused;
        let told = operation["description"].as_str().unwrap_or_default();
        operation["description"] = json!(format!("{told} {}", for_whom(access.least)));
        if access.least == Least::Anybody {
            operation["security"] = json!([]);
        }
        if access.least != Least::Anybody || access.secret == Secret::Session {
            operation["responses"]["401"] = unknown;
        }
    }
}

fn for_whom(least: Least) -> &'static str {
    match least {
        Least::Anybody => "Nobody is asked who calls.",
        Least::Role(Role::Viewer) => "For the role viewer.",
        Least::Role(Role::Operator) => "For the role operator.",
        Least::Role(Role::Admin) => "For the role admin.",
        Least::VisitorTokens => "For the role visitor-tokens, or admin.",
    }
}

fn method(route: &Route) -> HttpMethod {
    match route.method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
        Method::Patch => HttpMethod::Patch,
        Method::Delete => HttpMethod::Delete,
    }
}

fn operation(route: &Route) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(route.name))
        .description(Some(repeat(route)));
    for part in route.path.split('/').filter(|part| part.starts_with('{')) {
        let name = part.trim_matches(['{', '}']);
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
        operation = operation.parameter(parameter.required(Required::True).schema(Some(text())));
    }
    let reads = route.method == Method::Get;
    if reads {
        for field in route.takes {
            let parameter = ParameterBuilder::new()
                .name(field.name)
                .parameter_in(ParameterIn::Query)
                .required(if field.required {
                    Required::True
                } else {
                    Required::False
                });
            operation = operation.parameter(parameter.schema(Some(text())));
        }
    } else if !matches!(route.method, Method::Delete) {
        let body = Content::new(Some(Ref::from_schema_name(schema_name(route, "Input"))));
        let body = RequestBodyBuilder::new().content("application/json", body);
        operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
    }
    for (name, required) in headers(route) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header);
        let required = if required { Required::True } else { Required::False };
        operation = operation.parameter(parameter.required(required).schema(Some(text())));
    }
    let mut done = ResponseBuilder::new().description(what_came(route));
    if route.gives != Gives::Nothing {
        let answer = Content::new(Some(Ref::from_schema_name(answer_name(route))));
        done = done.content("application/json", answer);
    }
    let problem = ResponseBuilder::new()
        .description("What happened, what it means, what to do (RFC 9457).")
        .header("x-request-id", HeaderBuilder::new().schema(Some(text())).build())
        .content(
            "application/problem+json",
            Content::new(Some(Ref::from_schema_name("Problem"))),
        );
    operation
        .response(
            if route.gives == Gives::Nothing {
                "204"
            } else {
                "2XX"
            },
            done.build(),
        )
        .response("default", problem.build())
        .build()
}

/// Which headers a route reads, and whether it needs them.
fn headers(route: &Route) -> Vec<(&'static str, bool)> {
    let mut headers = Vec::new();
    if route.method != Method::Get {
        headers.push(("X-Kit-Client", true));
    }
    if takes_key(route) {
        headers.push(("Idempotency-Key", route.repeat == Repeat::ByKey));
    }
    if is_kept(route) && route.name != "startBatch" {
        headers.push(("X-Kit-Version", false));
        headers.push(("X-Kit-Again", false));
    }
    if route.name.ends_with("Events") && route.name != "listHandoffEvents" {
        // With `Accept: text/event-stream`, the stream after that event.
        headers.push(("Last-Event-ID", false));
    }
    headers.push(("X-Kit-Lane", false));
    headers
}

fn repeat(route: &Route) -> &'static str {
    match route.repeat {
        Repeat::Harmless => "A repeat does no harm.",
        Repeat::ByKey => "A repeat is known by its Idempotency-Key.",
        Repeat::Never => "Each call does it again: never repeated by itself.",
    }
}

fn what_came(route: &Route) -> &'static str {
    match (route.gives, route.method) {
        (Gives::Nothing, _) => "Done.",
        (_, Method::Post) => "201: made now. 200: made before, or changed.",
        _ => "Done.",
    }
}

fn text() -> RefOr<Schema> {
    RefOr::T(Schema::Object(
        ObjectBuilder::new().schema_type(Type::String).build(),
    ))
}

/// `addTraining` and `Input` as `AddTrainingInput`.
fn schema_name(route: &Route, what: &str) -> String {
    let mut name = String::new();
    let (first, rest) = route.name.split_at(1);
    let _ = write!(name, "{}{rest}{what}", first.to_ascii_uppercase());
    name
}

fn answer_name(route: &Route) -> String {
    match route.gives {
        Gives::One(_) => schema_name(route, "Answer"),
        Gives::Progress => "Website".to_owned(),
        Gives::List => "List".to_owned(),
        Gives::Object | Gives::Nothing => "Object".to_owned(),
    }
}

/// What is answered may have more fields in a later release.
fn answered(shape: Shape) -> Value {
    let mut schema = json_schema(shape);
    schema["additionalProperties"] = json!(true);
    schema
}

fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for route in described() {
        if !matches!(route.method, Method::Get | Method::Delete) {
            schemas.insert(schema_name(route, "Input"), json_schema(route.takes));
        }
        if let Gives::One(shape) = route.gives {
            schemas.insert(schema_name(route, "Answer"), answered(shape));
        }
    }
    schemas.insert("Object".into(), json!({ "type": "object" }));
    schemas.insert(
        "List".into(),
        json!({ "type": "object", "properties": { "items": { "type": "array" } }, "required": ["items"] }),
    );
    schemas.insert(
        "Website".into(),
        json!({
            "type": "object",
            "description": "DatasourceDetail of the platform's contract.",
            "properties": { "id": { "type": "string" } },
            "required": ["id"],
        }),
    );
    schemas.insert("Problem".into(), problem());
    schemas
}

fn problem() -> Value {
    json!({
        "type": "object",
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "enum": Code::all() },
            "detail": { "type": "string" },
            "retryable": {
                "type": "boolean",
                "description": "The same request, sent again, may succeed and can do no harm."
            },
            "retry_after_ms": { "type": "integer" },
            "request_id": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": { "type": "string", "format": "json-pointer" },
                        "detail": { "type": "string" }
                    },
                    "required": ["pointer", "detail"]
                }
            },
            "upstream": { "type": "object", "properties": { "status": { "type": "integer" } } }
        },
        "required": ["type", "title", "status", "code", "detail", "retryable", "request_id"]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use opencx_partner_kit::provision::ROUTES;

    /// `OPENCX_WRITE_OPENAPI=1 cargo test -p opencx-partner-proxy openapi` writes it anew.
    #[test]
    fn the_committed_description_is_of_these_routes() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/proxy-openapi.json");
        let mut text = serde_json::to_string_pretty(&document().unwrap()).unwrap();
        text.push('\n');
        if std::env::var_os("OPENCX_WRITE_OPENAPI").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(
            committed == text,
            "docs/proxy-openapi.json is not of these routes: write it anew with OPENCX_WRITE_OPENAPI=1"
        );
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document().unwrap();
        let text = document.to_string();
        let mut found = 0;
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
            found += 1;
        }
        assert!(found > ROUTES.len());
        assert_eq!(document["openapi"], "3.1.0");
        let put = &document["paths"]["/v1/orgs/{org_id}/tags"]["put"];
        assert_eq!(put["operationId"], "saveTag");
        assert_eq!(document["paths"]["/v1/orgs"]["get"]["operationId"], "listOrgs");
        assert_eq!(document["paths"]["/v1/orgs"]["post"]["operationId"], "createOrg");
    }
}
