//! What is known of a customer, and what the platform has.

use serde_json::{Value, json};

use crate::openapi::schema::{list, named, object, or_null, text, word};

/// What the ledger knows by a key; the contents are the operation's own.
const OPERATIONS: &[&str] = &[
    "org-key",
    "crawl",
    "training",
    "invitation",
    "office-hours",
    "tag",
    "contact",
    "autopilot",
    "handoff",
    "org-settings",
];

pub fn schemas() -> Vec<(&'static str, Value)> {
    let calls = json!({
        "type": "object",
        "description": "Each call whose path the platform's contract only guesses, by its operation there: whether it is to be had.",
        "additionalProperties": { "type": "boolean" },
    });
    vec![
        (
            "Capabilities",
            object(
                "What this proxy's platform has.",
                &[("calls", calls.clone())],
                &[],
            ),
        ),
        (
            "Checkpoint",
            object(
                "What the ledger knows of a customer, also of one nobody has heard of.",
                &[
                    ("external_id", text("The partner's own id of the customer.")),
                    ("org", or_null(named("Org"))),
                    (
                        "org_state",
                        word(
                            "`none`: nobody has asked for it. `sent`: it is being made, or waits for its turn. `unknown`: a person \
                             settles it. `left`: a person has left it so.",
                            &["none", "sent", "done", "failed", "unknown", "left"],
                        ),
                    ),
                    (
                        "org_version",
                        or_null(text("What the caller called the contents that it was made with.")),
                    ),
                    ("capabilities", calls),
                    (
                        "operations",
                        list("In the order they were first asked for.", &named("Operation")),
                    ),
                ],
                &[],
            ),
        ),
        (
            "Operation",
            object(
                "A write that the ledger knows by its Idempotency-Key.",
                &[
                    ("key", text("Its Idempotency-Key.")),
                    ("operation", word("What it makes, or sets.", OPERATIONS)),
                    (
                        "state",
                        word(
                            "`unknown`: it was sent, and nobody knows what came of it; to send it again does no harm.",
                            &["sent", "done", "failed", "unknown"],
                        ),
                    ),
                    (
                        "version",
                        or_null(text("What the caller called the contents that are done.")),
                    ),
                    (
                        "result",
                        json!({ "type": ["object", "null"], "description": "The recorded answer; null before there is one." }),
                    ),
                ],
                &[],
            ),
        ),
        (
            "Inventory",
            object(
                "What is on the platform for an organization, in a few words each.",
                &[("items", list("In no order.", &named("InventoryItem")))],
                &[],
            ),
        ),
        (
            "InventoryItem",
            object(
                "A thing on the platform, whoever made it.",
                &[
                    (
                        "kind",
                        word("What it is.", &["crawl", "office-hours", "tag", "training"]),
                    ),
                    ("id", text("The platform's id of it; of a tag its name.")),
                    (
                        "label",
                        or_null(text("What people call it: an address, a name, a title.")),
                    ),
                ],
                &[],
            ),
        ),
    ]
}
