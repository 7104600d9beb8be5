//! Requests that a hostile page, or somebody with a socket, could send: routes of the protocol with something wrong about
//! them, and now and then nothing wrong, so that what follows is tried too.

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderName, HeaderValue, Request, Uri};
use fastrand::Rng;
use opencx_partner_kit::http::Method as KitMethod;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::provision::{ROUTES, Route};
use serde_json::{Value, json};

use crate::value;

pub const ORIGIN: &str = "https://admin.example";
/// In every header that a browser must not get through.
pub const CANARY: &str = "canary-of-a-browser";

const METHODS: [&str; 12] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PURGE", "get", "LINK",
];

/// Path parameters that are none.
const PARTS: [&str; 16] = [
    "..",
    ".",
    "%2e%2e",
    "..%2f..%2fpartner%2fv1%2forgs",
    "%2F",
    "%00",
    "%ff",
    "%",
    "a%20b",
    "*",
    "{org_id}",
    "@evil.example",
    "a;b=c",
    "00000000-0000-0000-0000-000000000000",
    "67E55044-10B1-426F-9247-BB680E5FE0C8",
    "x",
];

const HEADERS: [&str; 22] = [
    "cookie",
    "x-forwarded-for",
    "x-forwarded-host",
    "forwarded",
    "x-bot-token",
    "x-api-key",
    "x-http-method-override",
    "x-original-url",
    "x-rewrite-url",
    "referer",
    "user-agent",
    "accept",
    "accept-language",
    "range",
    "if-none-match",
    "baggage",
    "tracestate",
    "traceparent",
    "x-request-id",
    "te",
    "upgrade",
    "x-kit-version",
];

pub struct Hostile {
    pub orgs: Vec<String>,
    pub host: String,
}

/// With what the admin page sends.
pub fn honest(request: Builder, host: &str) -> Builder {
    request
        .header("host", host)
        .header("origin", ORIGIN)
        .header("x-kit-client", "0.1.0")
        .header("content-type", "application/json")
}

impl Hostile {
    pub fn request(&self, random: &mut Rng) -> Request<Body> {
        loop {
            let route = &ROUTES[random.usize(..ROUTES.len())];
            // What is no address at all never arrives.
            let Ok(uri) = self.address(route, random).parse::<Uri>() else {
                continue;
            };
            let method = if one_in(8, random) {
                METHODS[random.usize(..METHODS.len())]
            } else {
                name(route.method)
            };
            let request = self.headers(Request::builder().method(method).uri(uri), random);
            if let Ok(request) = request.body(body(route, random)) {
                return request;
            }
        }
    }

    fn address(&self, route: &Route, random: &mut Rng) -> String {
        let mut address = String::new();
        for part in route.path.split('/').skip(1) {
            address.push('/');
            match part {
                "{org_id}" if !one_in(6, random) => {
                    address.push_str(&self.orgs[random.usize(..self.orgs.len())])
                }
                "{external_id}" => address.push_str(&segment(&value::text(random))),
                part if part.starts_with('{') => address.push_str(&parameter(random)),
                part => address.push_str(part),
            }
        }
        if one_in(12, random) {
            address = mutated(address, random);
        }
        if one_in(3, random) {
            address.push('?');
            address.push_str(&query(route, random));
        }
        address
    }

    fn headers(&self, request: Builder, random: &mut Rng) -> Builder {
        let host = if one_in(40, random) {
            "evil.example"
        } else {
            &self.host
        };
        let mut request = request.header("host", host).header("x-kit-client", "0.1.0");
        if !one_in(20, random) {
            request = request.header("content-type", "application/json");
        }
        if random.bool() {
            let other = one_in(20, random);
            request = request.header("origin", if other { "https://evil.example" } else { ORIGIN });
        }
        if !one_in(6, random) {
            request = request.header("idempotency-key", format!("key-{}", random.u8(..60)));
        }
        if one_in(40, random) {
            request = request.header("authorization", format!("Bearer {CANARY}"));
        }
        for _ in 0..random.usize(..4) {
            let name = HEADERS[random.usize(..HEADERS.len())];
            let value = match name {
                "traceparent" => format!("00-{CANARY}-01"),
                // The proxy's own, and not passed on.
                "x-kit-version" => format!("{}", random.u8(..4)),
                _ => format!("{CANARY} {}", value::text(random)),
            };
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                request = request.header(HeaderName::from_static(name), value);
            }
        }
        if one_in(4, random) {
            request = request.header("x-kit-lane", "batch");
        }
        request
    }
}

fn parameter(random: &mut Rng) -> String {
    if one_in(2, random) {
        return value::uuid(random);
    }
    if one_in(4, random) {
        return segment(&value::text(random));
    }
    PARTS[random.usize(..PARTS.len())].into()
}

fn mutated(mut address: String, random: &mut Rng) -> String {
    let at = random.usize(..=address.len());
    match random.u8(..7) {
        0 => address.insert(at, '/'),
        1 => address.insert_str(at, "/../"),
        2 => address.insert_str(at, PARTS[random.usize(..PARTS.len())]),
        3 => address.truncate(at),
        4 => address.push_str("/../../../partner/v1/orgs"),
        5 => address = format!("http://evil.example{address}"),
        _ => address.push_str(&"/x".repeat(random.usize(..500))),
    }
    address
}

fn query(route: &Route, random: &mut Rng) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let wild = one_in(3, random);
    if let Value::Object(fields) = value::object(route.takes, random, wild) {
        for (name, value) in fields {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query.append_pair(&name, &value);
        }
    }
    for _ in 0..random.usize(..2) {
        query.append_pair(&value::text(random), &format!("{CANARY}{}", value::text(random)));
    }
    query.finish()
}

fn body(route: &Route, random: &mut Rng) -> Body {
    if route.method == KitMethod::Get && !one_in(10, random) {
        return Body::empty();
    }
    match random.u8(..12) {
        0 => Body::from(value::any(random, 4).to_string()),
        1 => {
            let mut text = value::object(route.takes, random, false).to_string();
            let at = (0..=text.len())
                .rev()
                .find(|&at| at <= text.len() / 2 && text.is_char_boundary(at));
            text.truncate(at.unwrap_or(0));
            Body::from(text)
        }
        2 => Body::from(
            (0..random.usize(..200))
                .map(|_| random.u8(..))
                .collect::<Vec<_>>(),
        ),
        3 => Body::from(json!([value::object(route.takes, random, false)]).to_string()),
        4..=6 => Body::from(value::object(route.takes, random, true).to_string()),
        _ => Body::from(value::object(route.takes, random, false).to_string()),
    }
}

fn one_in(many: u8, random: &mut Rng) -> bool {
    random.u8(..many) == 0
}

fn name(method: KitMethod) -> &'static str {
    match method {
        KitMethod::Get => "GET",
        KitMethod::Post => "POST",
        KitMethod::Put => "PUT",
        KitMethod::Patch => "PATCH",
        KitMethod::Delete => "DELETE",
    }
}
