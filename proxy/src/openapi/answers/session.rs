//! Who calls, and whether anybody answers.

use serde_json::{Value, json};

use crate::openapi::schema::{list, moment, object, or_null, text, word};

pub fn schemas() -> Vec<(&'static str, Value)> {
    let ok = json!({ "type": "boolean", "const": true, "description": "It answers." });
    vec![
        ("Health", object("That it answers.", &[("ok", ok)], &[])),
        (
            "Session",
            object(
                "Who calls.",
                &[
                    (
                        "subject",
                        text("His name, as his sign-in has it; empty where nobody is asked."),
                    ),
                    (
                        "role",
                        word("What he may.", &["viewer", "operator", "admin", "visitor-tokens"]),
                    ),
                    (
                        "customers",
                        list(
                            "Whom he reaches: external ids, or beginnings of some that end in `*`; `*` alone is everybody.",
                            &json!({ "type": "string" }),
                        ),
                    ),
                    (
                        "expires_at",
                        or_null(moment("When his session ends; null where there is none.")),
                    ),
                ],
                &[],
            ),
        ),
    ]
}
