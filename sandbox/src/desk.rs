//! The support desk of an org: how AI and team share the conversations, and what became of it.

use serde::{Deserialize, Serialize};

use crate::handoff_log::HandoffLog;
use crate::office_hours::Schedules;
use crate::support_settings::{Autopilot, HandoffSettings};
use crate::upload::Uploads;

/// An org's support desk.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Desk {
    /// Where the AI answers.
    pub autopilot: Autopilot,
    /// When a person takes over.
    pub handoff: HandoffSettings,
    /// When the team is there.
    pub office_hours: Schedules,
    /// What was handed off.
    pub handoffs: HandoffLog,
    /// What visitors have attached.
    pub uploads: Uploads,
}
