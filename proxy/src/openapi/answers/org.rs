//! Organizations and their keys.

use serde_json::{Value, json};

use crate::openapi::schema::{flag, list, moment, named, object, or_null, page, text, uuid, word};

pub fn schemas() -> Vec<(&'static str, Value)> {
    let fingerprint = json!({
        "type": "string",
        "pattern": "^[0-9a-f]{12}$",
        "description": "First 12 hex digits of the key's SHA-256, to tell keys apart. Missing of a lost key, which nobody has seen.",
    });
    vec![
        (
            "Org",
            object(
                "A customer's organization.",
                &[
                    ("id", uuid("As the platform gave it.")),
                    ("name", text("As it was asked for.")),
                    ("widget_token", text("Public: what the snippet carries.")),
                    ("external_id", text("The partner's own id of the customer.")),
                ],
                &[],
            ),
        ),
        (
            "KnownOrg",
            object(
                "A customer that the proxy knows.",
                &[
                    ("external_id", text("The partner's own id of the customer.")),
                    (
                        "state",
                        word(
                            "`unknown`: the call that creates it was sent, and nobody knows what came of it. `left`: a person said to \
                             leave it so.",
                            &["sent", "done", "failed", "unknown", "left"],
                        ),
                    ),
                    ("org", or_null(named("Org"))),
                ],
                &[],
            ),
        ),
        (
            "KnownOrgList",
            object(
                "By their external ids, those whom the caller reaches.",
                &[
                    ("items", list("One page of them.", &named("KnownOrg"))),
                    (
                        "next",
                        or_null(text("The `after` of the next page; null at the end.")),
                    ),
                ],
                &[],
            ),
        ),
        (
            "OrgKey",
            object(
                "What may be known of an organization's key: never the key itself.",
                &[
                    ("name", text("As it was asked for.")),
                    ("fingerprint", fingerprint.clone()),
                ],
                &[],
            ),
        ),
        (
            "KnownOrgKey",
            object(
                "A key that was made here.",
                &[
                    ("name", text("As it was asked for.")),
                    ("fingerprint", fingerprint),
                    (
                        "created_at",
                        moment("Of a lost key, when another one took its place."),
                    ),
                    (
                        "in_use",
                        flag("The newest is the one in use. OpenCX revokes the others when asked."),
                    ),
                    (
                        "lost",
                        flag(
                            "It may have been made, but its answer was lost: nobody holds it, and OpenCX should revoke it.",
                        ),
                    ),
                ],
                &["fingerprint", "lost"],
            ),
        ),
        (
            "KnownOrgKeyList",
            page("The newest first, lost ones at the end.", "KnownOrgKey"),
        ),
    ]
}
