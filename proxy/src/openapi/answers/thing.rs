//! What is recorded of the things a write makes, and answered: these fields of what the platform gave.

use serde_json::{Value, json};

use crate::openapi::schema::{flag, named, object, page, text, uuid};

pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        (
            "AddedDatasource",
            object(
                "What is recorded of a website that was added.",
                &[
                    ("id", uuid("As the platform gave it.")),
                    ("url", text("Its start address.")),
                    ("display_name", text("Its label.")),
                    (
                        "status",
                        json!({
                            "type": "string",
                            "description": "As the platform has it; the words known can be set.",
                            "x-known-values": ["active", "paused"],
                        }),
                    ),
                ],
                &["display_name", "status"],
            ),
        ),
        (
            "AddedTraining",
            object(
                "What is recorded of a training that was added.",
                &[
                    ("id", text("As the platform gave it.")),
                    ("title", text("Its title.")),
                    ("type", named("TrainingType")),
                    ("is_draft", flag("Drafts are not used by the AI.")),
                ],
                &["type", "is_draft"],
            ),
        ),
        (
            "AddedOfficeHours",
            object(
                "What is recorded of a schedule that was added.",
                &[
                    ("id", text("As the platform gave it.")),
                    ("name", text("It is known by its name.")),
                    ("iana_timezone", text("IANA name of the time zone.")),
                ],
                &[],
            ),
        ),
        (
            "AddedContact",
            object(
                "What is recorded of a contact that was added: nothing of the person.",
                &[("id", uuid("As the platform gave it."))],
                &[],
            ),
        ),
        (
            "SavedTag",
            object(
                "What is recorded of a tag.",
                &[("tag_name", text("It is known by its name."))],
                &[],
            ),
        ),
        (
            "SavedOrgSettings",
            object(
                "What is recorded of an organization's settings.",
                &[("name", text("As the platform tells it, or as it was asked for."))],
                &["name"],
            ),
        ),
        (
            "Invitation",
            object(
                "A person who was invited.",
                &[
                    ("email", text("The address.")),
                    (
                        "already_there",
                        flag("The platform says that this person was invited, or is a member, already."),
                    ),
                ],
                &[],
            ),
        ),
        (
            "LoginLink",
            object(
                "Opens the dashboard once, within 15 minutes. Secret: for the person who asked, to be stored nowhere.",
                &[(
                    "url",
                    json!({ "type": "string", "format": "uri", "description": "Where the person's browser goes." }),
                )],
                &[],
            ),
        ),
        (
            "DatasourceList",
            page("The organization's websites.", "Datasource"),
        ),
        ("CrawlJobList", page("The crawls of a website.", "CrawlJob")),
        ("CrawledPageList", page("The pages of a website.", "CrawledPage")),
        (
            "OfficeHoursList",
            page("The organization's schedules.", "OfficeHours"),
        ),
        ("TagList", page("The organization's tags.", "Tag")),
    ]
}
