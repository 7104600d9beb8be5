//! Who may call each operation, and how he says who he is.

use serde_json::{Value, json};

use crate::caller::{Access, Least, Role, SESSION_COOKIE};

pub fn schemes() -> Value {
    json!({
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
    })
}

/// Of all operations that say nothing else. The third way: a reverse proxy says it, or nobody is asked.
pub fn ways() -> Value {
    json!([{ "token": [] }, { "session": [] }, {}])
}

/// Nobody is asked who calls.
pub fn is_open(access: &Access) -> bool {
    access.least == Least::Anybody
}

pub fn for_whom(access: &Access) -> &'static str {
    match access.least {
        Least::Anybody => "Nobody is asked who calls.",
        Least::Role(Role::Viewer) => "For the role viewer.",
        Least::Role(Role::Operator) => "For the role operator.",
        Least::Role(Role::Admin) => "For the role admin.",
        Least::VisitorTokens => "For the role visitor-tokens, or admin.",
    }
}
