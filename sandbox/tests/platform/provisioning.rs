//! A partner sets a customer up.

use serde_json::json;

use crate::stage::{PARTNER_KEY, Stage, Who, text};
use crate::website::tour_company;

const PARTNER: Who<'static> = Who::Bearer(PARTNER_KEY);

#[tokio::test]
async fn the_whole_path_to_the_first_answer() {
    let (stage, site) = (Stage::start().await, tour_company().await);
    let customer = stage.customer("blue-fin").await;
    assert!(customer.key.starts_with("ocx_live_"));
    let key = Who::Bearer(&customer.key);
    let org = stage.expect(200, "getOrg", &[], key, None).await;
    assert_eq!(org["name"], "Org blue-fin");

    let (id, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert_eq!(website["page_stats"]["synced"], 7, "{website}");
    assert!(website["last_crawl_completed_at"].is_string());
    let all = stage.expect(200, "listDatasources", &[], key, None).await;
    assert_eq!(all[0]["id"], id.as_str());

    let training = json!({ "title": "Group discount", "content": "Groups of ten or more pay 10 % less." });
    stage
        .expect(200, "createTraining", &[], key, Some(training))
        .await;

    let contact = stage.visitor(&customer).await;
    let session = stage.session(&customer, &contact, "device").await;
    let reply = stage
        .say(&customer, &contact, &session, "What does the sunset cruise cost?")
        .await;
    let said = text(&reply["autopilotResponse"]["value"]["content"]);
    assert!(said.contains("59 euros"), "{said}");
    assert!(
        said.ends_with(&format!("\n\n(from {}/prices.html)", site.url)),
        "{said}"
    );
    let reply = stage
        .say(&customer, &contact, &session, "Do you give a discount to groups?")
        .await;
    assert_eq!(
        reply["autopilotResponse"]["value"]["content"],
        "Groups of ten or more pay 10 % less."
    );
}

#[tokio::test]
async fn an_external_id_makes_one_org() {
    let stage = Stage::start().await;
    let body = json!({ "name": "Blue Fin", "external_id": "blue-fin" });
    stage
        .expect(201, "createOrg", &[], PARTNER, Some(body.clone()))
        .await;
    stage.expect(409, "createOrg", &[], PARTNER, Some(body)).await;
    // Without one, every call makes another.
    for _ in 0..2 {
        let org = stage
            .expect(
                201,
                "createOrg",
                &[],
                PARTNER,
                Some(json!({ "name": "Blue Fin" })),
            )
            .await;
        assert!(org["external_id"].is_null());
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_refused() {
    let stage = Stage::start().await;
    for body in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": 7 }),
        json!({ "name": "x", "website": "x" }),
    ] {
        stage.expect(400, "createOrg", &[], PARTNER, Some(body)).await;
    }
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    stage
        .expect(
            400,
            "createDatasource",
            &[],
            key,
            Some(json!({ "url": "http://a.example", "page_limit": 0 })),
        )
        .await;
    stage
        .expect(400, "createTraining", &[], key, Some(json!({ "title": "x" })))
        .await;
    stage
        .expect(400, "listTrainings", &["?metadata=nonsense"], key, None)
        .await;
    stage
        .expect(
            400,
            "createOrgApiKey",
            &[&customer.id],
            PARTNER,
            Some(json!({ "name": "" })),
        )
        .await;
}

#[tokio::test]
async fn trainings_are_found_by_metadata() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    for n in 0..3 {
        let body = json!({
            "title": format!("Title {n}"),
            "content": "Some content to say.",
            "type": if n == 0 { "BEHAVIORAL" } else { "SCENARIO_SPECIFIC" },
            "metadata": { "kit": n.to_string() },
        });
        stage.expect(200, "createTraining", &[], key, Some(body)).await;
    }
    let page = stage
        .expect(
            200,
            "listTrainings",
            &["?metadata=%7B%22kit%22%3A%221%22%7D"],
            key,
            None,
        )
        .await;
    assert_eq!(
        (&page["total"], &page["items"][0]["title"]),
        (&json!(1), &json!("Title 1"))
    );
    let id = text(&page["items"][0]["id"]);
    stage.expect(200, "getTraining", &[&id], key, None).await;
    stage.expect(404, "getTraining", &["nothing"], key, None).await;
    let page = stage
        .expect(200, "listTrainings", &["?limit=2&offset=1"], key, None)
        .await;
    assert_eq!((&page["total"], &page["has_more"]), (&json!(3), &json!(false)));
    let page = stage
        .expect(200, "listTrainings", &["?type=BEHAVIORAL"], key, None)
        .await;
    assert_eq!(page["total"], 1);
}

#[tokio::test]
async fn an_address_is_invited_once() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let body = || Some(json!({ "email": "ana@example.com" }));
    stage
        .expect(201, "inviteUser", &[&customer.id], PARTNER, body())
        .await;
    stage
        .expect(409, "inviteUser", &[&customer.id], PARTNER, body())
        .await;
    let nobodys = uuid::Uuid::new_v4().to_string();
    stage
        .expect(403, "inviteUser", &[&nobodys], PARTNER, body())
        .await;
    stage
        .expect(404, "createLoginLink", &[&nobodys], PARTNER, body())
        .await;
}

#[tokio::test]
async fn a_login_link_opens_once() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let link = stage
        .expect(
            201,
            "createLoginLink",
            &[&customer.id],
            PARTNER,
            Some(json!({ "email": "ana@example.com" })),
        )
        .await;
    let url = text(&link["url"]);
    assert!(url.starts_with(&stage.url("/login/")), "{url}");
    let first = stage.http.get(&url).send().await.unwrap();
    assert_eq!(
        (first.status(), &first.headers()["cache-control"]),
        (200.try_into().unwrap(), &"no-store".parse().unwrap())
    );
    assert!(first.text().await.unwrap().contains("sandbox's dashboard"));
    let second = stage.http.get(&url).send().await.unwrap();
    assert_eq!(second.status(), 410);
    assert!(second.text().await.unwrap().contains("was used before"));
    let unknown = stage.http.get(stage.url("/login/nonsense")).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}
