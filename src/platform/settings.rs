//! Autopilot and handoff settings.
//!
//! The contract knows that both exist and nothing of what is in them (`UnknownSettings`). The names here are the ones that the
//! sandbox plays; they are checked so far as to catch a slip, and every other field passes as it is. What is left out stays
//! as it was; null takes a setting back.

use super::shape::{OTHERS, Shape, What, optional};

/// What `PATCH /autopilot/settings` takes. `channels`: on which the AI answers, `{ "web": true }`; where it is off a message
/// goes straight to the team. `prohibited_topics`: what the AI never answers but hands off at once, a list, or a text with
/// one topic a line.
pub const AUTOPILOT_SETTINGS: Shape = &[
    optional("channels", What::OrNull(&What::MapOf(&What::OrNull(&What::Flag)))),
    optional("prohibited_topics", What::OrNull(&What::Any)),
    OTHERS,
];

/// What `PATCH /handoff-settings` takes. `level`: 0 never hands off, 1 does so quickly (the default), 2 tries first and
/// respects an explicit request, 3 wants a full statement of the problem and several attempts first.
/// `outside_office_hours`: whether the team's inbox or the AI keeps what would then be handed off.
pub const HANDOFF_SETTINGS: Shape = &[
    optional("level", What::OrNull(&What::Whole(0, 3))),
    optional(
        "outside_office_hours",
        What::OrNull(&What::OneOf(&["inbox", "ai"])),
    ),
    OTHERS,
];
