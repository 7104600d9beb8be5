//! A customer with everything a spec can ask for, and the same customer changed.

use serde_json::{Value, json};

pub fn first(website: &str) -> Value {
    json!({
        "org": { "name": "Blue Fin Tours", "external_id": "blue-fin", "website": website },
        "crawl": { "page_limit": 5 },
        "trainings": [
            { "title": "Refunds", "content": "Full refund up to 48 hours before." },
            { "title": "Tone", "content": "Be warm and brief, always.", "type": "BEHAVIORAL" }
        ],
        "members": [
            { "email": "owner@bluefin.example" },
            { "email": "desk@bluefin.example", "name": "Desk", "access": "login-link" }
        ],
        "settings": { "autopilot": { "channels": { "web": true } }, "handoff": { "level": 2 } },
        "office_hours": [{
            "name": "Desk",
            "iana_timezone": "Europe/Lisbon",
            "shifts": [{ "day_of_week": "monday_to_friday", "start_time": "09:00:00", "end_time": "17:00:00" }]
        }],
        "tags": [{ "tag_name": "vip" }],
        "contacts": [{ "email": "ann@example.com", "name": "Ann" }]
    })
}

/// Everything in it is another, a training is gone, and there is a new one.
pub fn changed(website: &str) -> Value {
    let mut spec = first(website);
    spec["org"]["name"] = json!("Blue Fin Tours and Trips");
    spec["crawl"]["page_limit"] = json!(6);
    spec["trainings"] = json!([
        { "title": "Refunds", "content": "Full refund up to 24 hours before." },
        { "title": "Boats", "content": "Boats go daily at nine." }
    ]);
    spec["settings"] = json!({ "autopilot": { "channels": { "web": false } }, "handoff": { "level": 3 } });
    spec["office_hours"][0]["shifts"][0]["end_time"] = json!("18:00:00");
    spec["tags"][0]["description"] = json!("Comes every year.");
    spec["contacts"][0]["name"] = json!("Ann Lee");
    spec
}
