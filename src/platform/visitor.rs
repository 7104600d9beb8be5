//! A visitor whom the customer's own server vouches for.

use super::shape::{Shape, What, optional, required};

const ANYTHING: What = What::Map(&[]);

/// The languages that the contract names for a visitor (`AuthenticateUserRequest`); the org's own may be any.
const LANGUAGES: &[&str] = &[
    "en", "fr", "de", "nl", "pl", "pt", "es", "it", "ru", "ja", "ko", "zh", "ar", "tr", "sv", "da", "no",
    "fi", "el", "cs", "hu", "th", "vi", "id", "he", "hi", "uk", "ro", "bg", "hr", "sk", "sl", "sr", "et",
    "lv", "lt", "is", "ga", "ms", "tl", "fa", "bn", "ta", "te", "ur", "sw", "zu", "af", "sq", "hy", "az",
    "eu", "be", "bs", "ca", "cy",
];

/// What `POST /widget/authenticate-user` takes (`AuthenticateUserRequest`). From server to server only. `phone`: with
/// country code. `customData`: verified data; the guide's sample spells it `custom_data`, the reference, as here, does not.
/// `chat_context`: more for the AI to know, at most 20,000 characters. `http_action_overrides`: parameters of AI actions for
/// this person, which may be secrets. `mcp_access`: personal connections (widget v5); with it the token lives an hour.
pub const AUTHENTICATE_USER: Shape = &[
    required("email", What::Email),
    optional("name", What::Text(1, 200)),
    optional("avatar_url", What::OrNull(&What::HttpUrl)),
    optional("phone", What::Text(3, 40)),
    optional("language", What::OneOf(LANGUAGES)),
    optional("customData", ANYTHING),
    optional("chat_context", What::Text(0, 20_000)),
    optional(
        "http_action_overrides",
        What::Object(&[
            optional("query_params", ANYTHING),
            optional("path_params", ANYTHING),
            optional("body_params", ANYTHING),
            optional("headers", ANYTHING),
        ]),
    ),
    optional(
        "mcp_access",
        What::Object(&[
            optional("server_ids", What::List(&What::Text(1, 200), 0, 500)),
            optional("account_id", What::Text(1, 200)),
        ]),
    ),
];
