//! An org's contacts: people whom its own server has told of.

use super::shape::{Field, Shape, What, optional};

const NAME: Field = optional("name", What::Text(1, 200));
/// With country code. The contract has no pattern for it, and reads it back as `phone_number`.
const PHONE: Field = optional("phone", What::Text(3, 40));
const CUSTOM_DATA: Field = optional("custom_data", What::MapOf(&What::Text(0, 10_000)));

/// A contact that is to be made (`ContactInput`, which `POST /contacts` takes within `contact`). The platform asks for nothing; the
/// kit asks for `email` or `phone`, since nothing else finds the contact again. `phone`: 3 to 40 characters, with country
/// code. `custom_data`: texts by name.
pub const CONTACT: Shape = &[
    optional("email", What::Unless("phone", &What::Email)),
    PHONE,
    NAME,
    CUSTOM_DATA,
];

/// What `PATCH /contacts/{contact_id}` takes, likewise. What is left out stays.
pub const CONTACT_UPDATE: Shape = &[optional("email", What::Email), PHONE, NAME, CUSTOM_DATA];

/// What `GET /contacts` can be asked: `cursor`, which is `next` of the page before, and moments between which contacts were
/// created or updated.
pub const CONTACT_QUERY: Shape = &[
    optional("cursor", What::Text(1, 2_000)),
    optional("created_after", What::DateTime),
    optional("created_before", What::After("created_after")),
    optional("updated_after", What::DateTime),
    optional("updated_before", What::After("updated_after")),
];
