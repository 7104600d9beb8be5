//! What is told while things go on.

use serde_json::Value;

use super::problem::code;
use crate::openapi::schema::{flag, list, moment, named, object, or_null, text, whole, word};

fn page(what: &str, event: &str) -> Value {
    object(
        what,
        &[
            ("items", list("Each once and in order.", &named(event))),
            ("next", whole("The `after` of the next page.")),
            ("over", flag("Nothing more will come.")),
        ],
        &[],
    )
}

pub fn schemas() -> Vec<(&'static str, Value)> {
    let seq = whole("Later events have higher ones. What `after` and `Last-Event-ID` take.");
    let at = moment("When it happened.");
    let code = or_null(code());
    vec![
        (
            "BatchEvent",
            object(
                "Something that happened to a batch.",
                &[
                    ("seq", seq.clone()),
                    ("at", at.clone()),
                    (
                        "external_id",
                        or_null(text("Of which customer; null: to the batch as a whole.")),
                    ),
                    (
                        "state",
                        word(
                            "Of a customer `running`, `done`, `failed` or `waiting`; the others are the batch's.",
                            &[
                                "started", "resumed", "waiting", "running", "done", "failed", "stopping",
                                "stopped", "finished",
                            ],
                        ),
                    ),
                    ("code", code.clone()),
                ],
                &[],
            ),
        ),
        (
            "CustomerEvent",
            object(
                "Something that happened to a customer's organization.",
                &[
                    ("seq", seq),
                    ("at", at),
                    (
                        "operation",
                        text("What was done, such as `org`, `training` or `deleteCrawl`."),
                    ),
                    (
                        "key",
                        text("Its external id or Idempotency-Key, or the id of what it was done to."),
                    ),
                    ("state", text("Such as `sent`, `done`, `failed` or `unknown`.")),
                    ("code", code),
                ],
                &[],
            ),
        ),
        ("BatchEventPage", page("Events of a batch.", "BatchEvent")),
        (
            "CustomerEventPage",
            page("Events of a customer.", "CustomerEvent"),
        ),
    ]
}
