//! The platform's resources as tables: which fields there are, and what each must be, so that all is checked before anything is
//! sent. A type stands where Rust reads or writes the thing.
//!
//! Field names are the platform's own (`contract/openapi.yaml`). Answers are read leniently: unknown fields are
//! ignored, unknown enum values kept as text.

mod check;
mod contact;
mod crawl;
mod dashboard_access;
mod handoff_analytics;
#[cfg(any(test, feature = "json"))]
mod json_schema;
mod moment;
mod office_hours;
mod org;
mod org_key;
mod settings;
pub mod shape;
mod tag;
mod training;
mod visitor;

pub use check::{Check, Checks, Path};
pub use contact::{CONTACT, CONTACT_QUERY, CONTACT_UPDATE};
pub use crawl::{CrawlProgress, DATASOURCE_UPDATE, Datasource, NewDatasource, PAGE_SELECTION};
pub use dashboard_access::{Invitation, InviteUser, LoginLink, NewLoginLink};
pub use handoff_analytics::{HANDOFF_ANALYTICS_QUERY, HANDOFF_EVENTS_QUERY};
#[cfg(any(test, feature = "json"))]
pub(crate) use json_schema::given;
#[cfg(any(test, feature = "json"))]
pub use json_schema::json_schema;
pub use office_hours::{DAY_NAMES, OFFICE_HOURS};
pub use org::{ADOPTED_ORG, NewOrg, ORG_UPDATE, Org, SETTLED_ORG};
pub use org_key::{NewOrgKey, OrgKey};
pub use settings::{AUTOPILOT_SETTINGS, HANDOFF_SETTINGS};
pub use shape::{Shape, Shaped};
pub use tag::TAG;
pub use training::{
    CHANNELS, METADATA_KEY, TRAINING_DRAFT, TRAINING_QUERY, Training, TrainingInput, TrainingType,
};
pub use visitor::AUTHENTICATE_USER;
