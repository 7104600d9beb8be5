//! The platform's resources as types, with their limits checked before anything is sent.
//!
//! Field names are the platform's own (`contract/openapi.yaml`). Answers are read leniently: unknown fields are
//! ignored, unknown enum values kept as text.

mod check;
mod crawl;
mod dashboard_access;
mod org;
mod org_key;
pub mod shape;
mod training;

pub use check::{Check, Checks, Path};
pub use crawl::{CrawlJob, CrawlProgress, Datasource, DatasourceDetail, NewDatasource, PageStats};
pub use dashboard_access::{Invitation, InviteUser, LoginLink, NewLoginLink};
pub use org::{NewOrg, Org};
pub use org_key::{NewOrgKey, OrgKey};
pub use shape::{Shape, Shaped};
pub use training::{Training, TrainingInput, TrainingType};
