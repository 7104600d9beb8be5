//! Batches of customers that run in the proxy.

use serde_json::{Value, json};

use super::problem::code;
use crate::openapi::schema::{flag, list, moment, named, object, or_null, text, uuid, whole, word};

fn batch_fields() -> Vec<(&'static str, Value)> {
    let counts = object(
        "How many of its customers are in each state.",
        &[
            ("waiting", whole("Not begun, or to be begun again.")),
            ("running", whole("Under way.")),
            ("done", whole("As their specs say.")),
            ("failed", whole("With an error.")),
        ],
        &[],
    );
    vec![
        ("id", uuid("Its id.")),
        (
            "number",
            whole("Later batches have higher ones. What `before` of the list takes."),
        ),
        (
            "state",
            word(
                "`stopping`: calls that were sent end first.",
                &["running", "stopping", "stopped", "finished"],
            ),
        ),
        (
            "stopped",
            or_null(word(
                "Why it ended before all customers had their turn: more have failed than are tolerated, or somebody said so.",
                &["failures", "aborted"],
            )),
        ),
        ("ok", flag("It is over, and all customers are done.")),
        ("counts", counts),
        ("in_flight", whole("Customers at the same time.")),
        (
            "tolerate",
            whole("No further customer starts once more than that many have failed."),
        ),
        (
            "skip_unsupported",
            flag("What this platform cannot do is left out."),
        ),
        (
            "prune",
            flag("What is on the platform and not in the spec is removed."),
        ),
        (
            "started_by",
            text("Who began it; empty where nobody is asked who he is."),
        ),
        ("created_at", moment("When it was begun.")),
        ("updated_at", moment("When it last changed its state.")),
    ]
}

pub fn schemas() -> Vec<(&'static str, Value)> {
    let mut with_customers = batch_fields();
    with_customers.push((
        "customers",
        list(
            "One page of them, in the order of the specs.",
            &named("BatchCustomer"),
        ),
    ));
    with_customers.push((
        "next",
        or_null(whole("The `from` of the next page; null at the end.")),
    ));
    vec![
        ("Batch", object("Where a batch stands.", &batch_fields(), &[])),
        (
            "BatchWithCustomers",
            object("Where a batch and its customers stand.", &with_customers, &[]),
        ),
        (
            "BatchList",
            object(
                "The latest first, those all of whose customers the caller reaches: a page may have fewer than were asked for.",
                &[
                    ("items", list("One page of them.", &named("Batch"))),
                    (
                        "next",
                        or_null(whole("The `before` of the next page; null at the end.")),
                    ),
                ],
                &[],
            ),
        ),
        (
            "BatchCustomer",
            object(
                "A customer of a batch.",
                &[
                    ("index", whole("From 0, in the order of the specs.")),
                    ("external_id", text("The partner's own id of the customer.")),
                    (
                        "state",
                        word("Where he stands.", &["waiting", "running", "done", "failed"]),
                    ),
                    (
                        "steps",
                        json!({
                            "type": ["array", "null"],
                            "description": "What came of each step, once there was one.",
                            "items": named("BatchStep"),
                        }),
                    ),
                    ("error", or_null(named("BatchError"))),
                ],
                &[],
            ),
        ),
        (
            "BatchStep",
            object(
                "A step, without its label: those of invitations are people's addresses.",
                &[
                    ("step", text("Such as `training/1`.")),
                    ("kind", text("Such as `training`.")),
                    (
                        "outcome",
                        word("What came of it.", &["done", "failed", "skipped", "not-started"]),
                    ),
                    ("reason", text("Why it was skipped, such as `done-before`.")),
                    ("error", named("BatchError")),
                ],
                &["reason", "error"],
            ),
        ),
        (
            "BatchError",
            object(
                "Why a step failed.",
                &[
                    ("code", code()),
                    ("message", text("A sentence for people.")),
                    ("retryable", flag("Another attempt may succeed.")),
                    (
                        "errors",
                        list(
                            "Refused fields.",
                            &object(
                                "One of them.",
                                &[
                                    ("path", text("Such as `trainings[1].title`.")),
                                    ("message", text("A sentence for people.")),
                                ],
                                &[],
                            ),
                        ),
                    ),
                ],
                &["errors"],
            ),
        ),
    ]
}
