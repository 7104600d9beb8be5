//! The tables of `platform` against the contract: what they let pass, the platform takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(not(target_arch = "wasm32"))]

mod schema;

use opencx_partner_kit::platform::shape::{Shape, What, optional, required};
use opencx_partner_kit::platform::{
    AUTHENTICATE_USER, AUTOPILOT_SETTINGS, CONTACT, CONTACT_QUERY, CONTACT_UPDATE, DATASOURCE_UPDATE,
    HANDOFF_ANALYTICS_QUERY, HANDOFF_EVENTS_QUERY, HANDOFF_SETTINGS, InviteUser, NewDatasource, NewLoginLink,
    NewOrg, NewOrgKey, OFFICE_HOURS, ORG_UPDATE, PAGE_SELECTION, Shaped, TAG, TRAINING_DRAFT, TRAINING_QUERY,
    TrainingInput,
};
use schema::{Contract, Part};
use serde_json::json;

/// Which table is for which operation.
const TABLES: &[(&str, Part, Shape)] = &[
    ("createOrg", Part::Body, NewOrg::SHAPE),
    ("createOrgApiKey", Part::Body, NewOrgKey::SHAPE),
    ("createLoginLink", Part::Body, NewLoginLink::SHAPE),
    ("inviteUser", Part::Body, InviteUser::SHAPE),
    ("updateOrg", Part::Body, ORG_UPDATE),
    ("createDatasource", Part::Body, NewDatasource::SHAPE),
    ("updateDatasource", Part::Body, DATASOURCE_UPDATE),
    ("excludePages", Part::Body, PAGE_SELECTION),
    ("includePages", Part::Body, PAGE_SELECTION),
    ("resyncPages", Part::Body, PAGE_SELECTION),
    ("deletePages", Part::Body, PAGE_SELECTION),
    ("createTraining", Part::Body, TrainingInput::SHAPE),
    ("updateTraining", Part::Body, TrainingInput::SHAPE),
    ("toggleTrainingDraft", Part::Body, TRAINING_DRAFT),
    ("listTrainings", Part::Query, TRAINING_QUERY),
    ("updateAutopilotSettings", Part::Body, AUTOPILOT_SETTINGS),
    ("updateHandoffSettings", Part::Body, HANDOFF_SETTINGS),
    ("getHandoffAnalytics", Part::Query, HANDOFF_ANALYTICS_QUERY),
    ("listHandoffEvents", Part::Query, HANDOFF_EVENTS_QUERY),
    ("createOfficeHours", Part::Body, OFFICE_HOURS),
    ("updateOfficeHours", Part::Body, OFFICE_HOURS),
    ("upsertTag", Part::Body, TAG),
    ("saveContact", Part::Within("contact"), CONTACT),
    ("updateContact", Part::Within("contact"), CONTACT_UPDATE),
    ("listContacts", Part::Query, CONTACT_QUERY),
    ("authenticateWidgetUser", Part::Body, AUTHENTICATE_USER),
];

/// Not in the schema: the platform's overview says in words that these can be changed too.
const ONLY_IN_WORDS: [&str; 3] = [
    "updateOrg.website is not in the contract",
    "updateOrg.language is not in the contract",
    "updateOrg.ai_instructions is not in the contract",
];

/// Operations with an input that the kit does not offer: their paths are guesses, and no guide asks for them.
const NOT_OFFERED: [&str; 3] = ["moveTraining", "searchTraining", "generateTraining"];

#[test]
fn no_table_is_wider_than_the_contract_or_lacks_a_field_of_it() {
    let contract = Contract::read();
    let mut found = Vec::new();
    for (operation, part, shape) in TABLES {
        let schema = contract.input(operation, *part);
        contract.compare(shape, &schema, operation, &mut found);
    }
    found.retain(|finding| !ONLY_IN_WORDS.contains(&finding.as_str()));
    assert_eq!(found, [""; 0]);
}

#[test]
fn every_operation_with_an_input_has_a_table() {
    let mut operations = Contract::read().operations_with_input();
    // The widget's own calls, which the vendor's script makes.
    operations.retain(|(_, path)| !path.starts_with("/backend/"));
    for (operation, _) in operations {
        let known = TABLES.iter().any(|(known, ..)| *known == operation);
        assert!(known || NOT_OFFERED.contains(&operation.as_str()), "{operation}");
    }
}

#[test]
fn a_table_that_is_wider_is_found() {
    const WIDER: Shape = &[
        required("tag_name", What::Text(0, 200)),
        optional("description", What::OrNull(&What::Text(0, 161))),
        optional("exclude_from_auto_tagging", What::OrNull(&What::Flag)),
        optional("category_id", What::Text(1, 36)),
        optional("colour", What::Text(1, 9)),
    ];
    const NARROW: Shape = &[optional("tag_name", What::Flag)];
    let contract = Contract::read();
    let tag = contract.input("upsertTag", Part::Body);
    let (mut wider, mut narrow) = (Vec::new(), Vec::new());
    contract.compare(WIDER, &tag, "tag", &mut wider);
    contract.compare(NARROW, &tag, "tag", &mut narrow);
    narrow.sort_unstable();
    assert_eq!(
        wider,
        [
            "tag.tag_name may have 0 characters, the contract says at least 1",
            "tag.description may have 161 characters, the contract says at most 160",
            "tag.exclude_from_auto_tagging may be null, in the contract it may not",
            "tag.category_id is a Text(1, 36), the contract's format is uuid",
            "tag.colour is not in the contract",
        ]
    );
    assert_eq!(
        narrow,
        [
            "tag.category_id of the contract is missing",
            "tag.description of the contract is missing",
            "tag.exclude_from_auto_tagging of the contract is missing",
            "tag.tag_name is a Flag, the contract's type is [\"string\"]",
            "tag.tag_name is asked for in the contract, and here it is not",
        ]
    );
    let list = json!({ "type": "array", "items": { "type": "string", "enum": ["a"] }, "maxItems": 2 });
    let mut found = Vec::new();
    contract.compare_what(
        What::List(&What::OneOf(&["a", "b"]), 0, 3),
        &list,
        "list",
        &mut found,
    );
    let number = json!({ "type": "integer", "minimum": 1, "maximum": 5 });
    contract.compare_what(What::Whole(0, 6), &number, "number", &mut found);
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    contract.compare_what(What::Map(&[]), &texts, "texts", &mut found);
    assert_eq!(
        found,
        [
            "list may have 3 items, the contract says at most 2",
            "list[] may be b, the contract knows no such word",
            "number may be 0, the contract says at least 1",
            "number may be 6, the contract says at most 5",
            "texts may hold anything, in the contract it may not",
        ]
    );
}
