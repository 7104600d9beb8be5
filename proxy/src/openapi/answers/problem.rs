//! What is answered where a request did not do what was asked (RFC 9457).

use opencx_partner_kit::error::Code;
use serde_json::{Value, json};

use crate::openapi::schema::{flag, list, object, text, uuid, whole};

/// Those that a proxy answers; the others are the page's own.
const CODES: &[Code] = &[
    Code::InvalidSpec,
    Code::Unauthenticated,
    Code::Forbidden,
    Code::NotFound,
    Code::Conflict,
    Code::RateLimited,
    Code::PlatformError,
    Code::BadResponse,
    Code::Network,
    Code::Timeout,
    Code::OutcomeUnknown,
    Code::NotSupported,
    Code::Internal,
];

/// The word that programs branch on.
pub fn code() -> Value {
    let known: Vec<&str> = CODES.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "string",
        "description": "What programs branch on. A later release may have others: have a branch for them.",
        "x-known-values": known,
    })
}

pub fn schemas() -> Vec<(&'static str, Value)> {
    let field = object(
        "A refused field.",
        &[
            (
                "pointer",
                json!({ "type": "string", "format": "json-pointer", "description": "Into the body, such as `/include_paths/0`." }),
            ),
            ("detail", text("A sentence for people.")),
        ],
        &[],
    );
    let upstream = object(
        "What the platform answered, where that is behind it.",
        &[("status", whole("Its HTTP status."))],
        &[],
    );
    let problem = object(
        "What happened, what it means, what to do.",
        &[
            (
                "type",
                json!({ "type": "string", "const": "about:blank", "description": "Always this: `code` says more." }),
            ),
            ("title", text("Short name of the situation.")),
            (
                "status",
                json!({ "type": "integer", "minimum": 400, "maximum": 599, "description": "HTTP status of this answer." }),
            ),
            ("code", code()),
            (
                "detail",
                text("A sentence for people: what happened, what it means, what to do."),
            ),
            (
                "retryable",
                flag("The same request, sent again, may succeed and can do no harm."),
            ),
            (
                "retry_after_ms",
                whole("How long to wait before that, in milliseconds. Retry-After says it in whole seconds."),
            ),
            ("request_id", uuid("Names the request in the proxy's log.")),
            ("errors", list("Refused fields of the body or the query.", &field)),
            ("upstream", upstream),
        ],
        &["retry_after_ms", "errors", "upstream"],
    );
    vec![("Problem", problem)]
}
