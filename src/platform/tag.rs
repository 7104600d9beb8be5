//! Tags that the AI, and people, put on conversations.

use super::shape::{Shape, What, optional, required};

/// What `PUT /tags` takes (`TagInput`); it makes the tag or changes the one of that name. `tag_name`: unique in the org, 1 to
/// 200 characters. `description`: at most 160. `exclude_from_auto_tagging`: true keeps the AI from using it; default false.
/// `category_id`: a UUID assigns, null clears, left out it stays.
pub const TAG: Shape = &[
    required("tag_name", What::Text(1, 200)),
    optional("description", What::OrNull(&What::Text(0, 160))),
    optional("exclude_from_auto_tagging", What::Flag),
    optional("category_id", What::OrNull(&What::Uuid)),
];
