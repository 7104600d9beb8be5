//! What is counted of the conversations that the AI handed to a person.

use super::shape::{Field, Shape, What, optional};

/// 30 days ago when left out.
const START: Field = optional("start_date", What::DateTime);
/// Now when left out.
const END: Field = optional("end_date", What::After("start_date"));

/// What `GET /handoff-analytics` can be asked: from when (30 days ago when left out) until when (now).
pub const HANDOFF_ANALYTICS_QUERY: Shape = &[START, END];

/// What `GET /handoff-analytics/events` can be asked: likewise, and `cursor`, which is `next` of the page before, and `reason`
/// (`HandoffReason`).
pub const HANDOFF_EVENTS_QUERY: Shape = &[
    optional("cursor", What::Text(1, 2_000)),
    optional(
        "reason",
        What::OneOf(&[
            "based_on_instructions",
            "instructions_not_clear",
            "insufficient_knowledge",
            "insufficient_tools",
            "prohibited_topic",
            "user_requested_human_assistance",
        ]),
    ),
    START,
    END,
];
