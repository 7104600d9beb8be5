//! The protocol as OpenAPI 3.1, from the same table of routes that answers: what is not described is not answered, and the
//! other way round.

mod about;
mod answers;
mod inputs;
mod parameters;
mod platform;
mod responses;
mod schema;
mod schemas;
mod security;

use opencx_partner_kit::http::Method;
use opencx_partner_kit::provision::{Repeat, Route};
use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::server::{ServerBuilder, ServerVariableBuilder};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, InfoBuilder, LicenseBuilder, OpenApiBuilder, PathsBuilder, Ref,
    Required,
};

use self::about::{About, TAGS};
use crate::caller::{Access, Found, access_of};
use crate::routes::described;

/// The description, as JSON.
///
/// # Errors
/// None that a test would not find: the tables can be written.
pub fn document() -> Result<Value, serde_json::Error> {
    let mut paths = PathsBuilder::new();
    for (route, about, access) in operations() {
        let operation = operation(route, about, access)?;
        paths = paths.path(route.path, PathItem::new(method(route), operation));
    }
    let info = InfoBuilder::new()
        .title("OpenCX partner proxy")
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(
            LicenseBuilder::new()
                .name(env!("CARGO_PKG_LICENSE"))
                .identifier(Some(env!("CARGO_PKG_LICENSE")))
                .build(),
        ))
        .description(Some(
            "What a partner's admin page says to the proxy that keeps the keys. docs/proxy-protocol.md has the rules that \
             no schema can say: what a repeat does, and what the proxy remembers.",
        ));
    let here = ServerBuilder::new()
        .url("http://127.0.0.1:4802")
        .description(Some("A proxy as it starts without settings."));
    let there = ServerBuilder::new()
        .url("https://{host}{base_path}")
        .description(Some("A proxy behind a reverse proxy with TLS."))
        .parameter(
            "host",
            ServerVariableBuilder::new()
                .default_value("setup.example.com")
                .description(Some("One of its public names (OPENCX_PROXY_PUBLIC_HOSTS).")),
        )
        .parameter(
            "base_path",
            ServerVariableBuilder::new().default_value("").description(Some(
                "Where its operator has set one (listen.base_path), such as `/opencx`.",
            )),
        );
    let tags = TAGS
        .iter()
        .map(|(name, what)| TagBuilder::new().name(*name).description(Some(*what)).build());
    let document = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([here.build(), there.build()]))
        .tags(Some(tags))
        .paths(paths.build())
        .components(Some(components()?))
        .build();
    let mut document = serde_json::to_value(document)?;
    // As the tables have them: utoipa's own model of schemas has no room for all that they say.
    document["components"]["schemas"] = schemas::all()?.into();
    document["components"]["securitySchemes"] = security::schemes();
    document["security"] = security::ways();
    for (route, _, _) in operations().filter(|(_, _, access)| security::is_open(access)) {
        document["paths"][route.path][route.method.as_str().to_lowercase()]["security"] = json!([]);
    }
    Ok(document)
}

fn components() -> Result<Components, serde_json::Error> {
    let mut components = ComponentsBuilder::new();
    for (name, parameter) in parameters::shared()? {
        components = components.parameter(name, parameter);
    }
    for (name, problem) in responses::problems() {
        components = components.response(name, problem);
    }
    let mut components = components.build();
    for (name, header) in responses::headers()? {
        components.headers.insert(name.to_owned(), header.into());
    }
    Ok(components)
}

/// Every route that is described, with what is said of it.
fn operations() -> impl Iterator<Item = (&'static Route, &'static About, &'static Access)> {
    described().filter_map(|route| {
        let Found::Row(access) = access_of(route.method.as_str(), route.path) else {
            return None;
        };
        Some((route, About::of(route.name)?, access))
    })
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

fn operation(route: &Route, about: &About, access: &Access) -> Result<Operation, serde_json::Error> {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(route.name))
        .tag(about.tag)
        .summary(Some(about.summary))
        .description(Some(format!("{} {}", repeat(route), security::for_whom(access))));
    for reference in parameters::of(route, access) {
        operation = operation.parameter_ref(reference);
    }
    for parameter in parameters::query(route)? {
        operation = operation.parameter(parameter);
    }
    if !about.takes.is_empty() {
        let body = Content::new(Some(Ref::from_schema_name(about.takes)));
        let body = RequestBodyBuilder::new().content("application/json", body);
        operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
    }
    for (status, response) in responses::of(route, about, access) {
        operation = operation.response(status, response);
    }
    Ok(operation.build())
}

fn repeat(route: &Route) -> &'static str {
    match route.repeat {
        Repeat::Harmless => "A repeat does no harm.",
        Repeat::ByKey => "A repeat is known by its Idempotency-Key.",
        Repeat::Never => "Each call does it again: never repeated by itself.",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use opencx_partner_kit::platform::json_schema;

    use super::about::OPERATIONS;
    use super::*;

    /// `OPENCX_WRITE_OPENAPI=1 cargo test -p opencx-partner-proxy --lib openapi` writes anew what is not; twice, after a change of the contract.
    pub fn is_committed(file: &str, value: &Value) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let mut text = serde_json::to_string_pretty(value).unwrap();
        text.push('\n');
        if std::env::var_os("OPENCX_WRITE_OPENAPI").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap();
        assert!(
            committed == text,
            "{file} is not what it is made of: write it anew with OPENCX_WRITE_OPENAPI=1"
        );
    }

    #[test]
    fn the_committed_description_is_of_these_routes() {
        is_committed("docs/proxy-openapi.json", &document().unwrap());
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_component_is_used() {
        let document = document().unwrap();
        let text = document.to_string();
        let mut found = std::collections::HashSet::new();
        for part in text.split("\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
            found.insert(pointer.to_owned());
        }
        for (kind, components) in document["components"].as_object().unwrap() {
            let components = components.as_object().unwrap().keys();
            for name in components.filter(|_| kind != "securitySchemes") {
                assert!(
                    found.contains(&format!("/components/{kind}/{name}")),
                    "{kind}/{name}"
                );
            }
        }
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn every_route_is_told_of_once_and_by_its_own_table() {
        let mut told: Vec<_> = operations()
            .map(|(route, about, _)| (route.name, about.name))
            .collect();
        told.dedup();
        assert_eq!(told.len(), described().count());
        assert_eq!(told.len(), OPERATIONS.len());
        for (route, about, _) in operations() {
            assert!(TAGS.iter().any(|(tag, _)| *tag == about.tag), "{}", route.name);
            let has_body = !matches!(route.method, Method::Get | Method::Delete);
            assert_eq!(has_body, !about.takes.is_empty(), "{}", route.name);
            // One name is one table.
            let first = operations()
                .find(|(_, other, _)| other.takes == about.takes)
                .unwrap()
                .0;
            assert!(
                !has_body || json_schema(first.takes) == json_schema(route.takes),
                "{}",
                route.name
            );
        }
    }

    #[test]
    fn nothing_is_left_without_a_word() {
        let document = document().unwrap();
        let said = |value: &Value| value["description"].as_str().is_some_and(|text| !text.is_empty());
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                assert!(said(operation) && operation["summary"].is_string(), "{path}");
                for parameter in operation["parameters"].as_array().unwrap() {
                    assert!(
                        parameter["$ref"].is_string() || said(parameter),
                        "{path} {parameter}"
                    );
                }
            }
        }
        for kind in ["parameters", "headers", "responses"] {
            for (name, component) in document["components"][kind].as_object().unwrap() {
                assert!(said(component), "{name}");
            }
        }
        for (name, schema) in super::answers::all() {
            assert!(said(&schema), "{name}");
        }
    }
}
