//! Cancelling crawls, and what can be done with websites and their pages.

use serde_json::{Value, json};

use crate::stage::{Customer, Stage, Who, text};
use crate::website::{Website, html, tour_company};

async fn crawled() -> (Stage, Customer, Website, String) {
    let (stage, site) = (Stage::start().await, tour_company().await);
    let customer = stage.customer("manages").await;
    let (id, _) = stage.crawl(&customer, json!({ "url": site.url })).await;
    (stage, customer, site, id)
}

/// What the AI says to a question of a new visitor.
async fn asked(stage: &Stage, customer: &Customer, question: &str) -> String {
    let contact = stage.visitor(customer).await;
    let session = stage.session(customer, &contact, "device").await;
    let reply = stage.say(customer, &contact, &session, question).await;
    text(&reply["autopilotResponse"]["value"]["content"])
}

async fn page(stage: &Stage, customer: &Customer, website: &str, path: &str) -> Value {
    let pages = stage
        .expect(200, "listPages", &[website], Who::Bearer(&customer.key), None)
        .await;
    let mut pages = pages.as_array().unwrap().iter();
    pages
        .find(|page| text(&page["url"]).ends_with(path))
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_crawl_is_cancelled_and_keeps_what_it_has() {
    let stage = Stage::start().await;
    let customer = stage.customer("cancels").await;
    let key = Who::Bearer(&customer.key);
    let pages = [
        ("/", html("Home", "Welcome.", &["/a.html"])),
        ("/a.html", html("A", "Text.", &[])),
    ];
    // The robots.txt, the sitemap and the start page are answered, the other page never.
    let site = Website::behind_gate(&pages, 3).await;
    let website = stage
        .expect(
            200,
            "createDatasource",
            &[],
            key,
            Some(json!({ "url": site.url })),
        )
        .await;
    let id = text(&website["id"]);
    let job = loop {
        let detail = stage.expect(200, "getDatasource", &[&id], key, None).await;
        if detail["page_stats"]["synced"] == 1 {
            break text(&detail["active_crawl_job"]["id"]);
        }
        tokio::task::yield_now().await;
    };
    stage.expect(404, "cancelCrawl", &[&id, &id], key, None).await;
    stage.expect(200, "cancelCrawl", &[&id, &job], key, None).await;
    let detail = stage.expect(200, "getDatasource", &[&id], key, None).await;
    assert!(detail["active_crawl_job"].is_null());
    assert_eq!(detail["page_stats"]["synced"], 1);
    let cancelled = stage.expect(200, "getCrawlJob", &[&id, &job], key, None).await;
    assert_eq!(cancelled["status"], "cancelled");
    assert!(cancelled["completed_at"].is_string());

    // Again changes nothing, and another crawl may begin.
    stage.expect(200, "cancelCrawl", &[&id, &job], key, None).await;
    assert_eq!(
        stage.expect(200, "getCrawlJob", &[&id, &job], key, None).await,
        cancelled
    );
    site.open_gate();
    stage.expect(200, "startCrawl", &[&id], key, None).await;
    let detail = stage.until_idle(&customer, &id).await;
    assert_eq!(detail["page_stats"]["synced"], 2);
}

#[tokio::test]
async fn a_page_is_taken_out_and_put_back() {
    let (stage, customer, _site, id) = crawled().await;
    let key = Who::Bearer(&customer.key);
    let faq = page(&stage, &customer, &id, "/faq.html").await;
    let selection = json!({ "page_ids": [faq["id"]] });
    stage
        .expect(200, "excludePages", &[&id], key, Some(selection.clone()))
        .await;
    let said = asked(&stage, &customer, "Are dogs welcome?").await;
    assert!(!said.contains("on a leash"), "{said}");
    assert_eq!(
        page(&stage, &customer, &id, "/faq.html").await["sync_status"],
        "excluded"
    );
    stage.expect(200, "startCrawl", &[&id], key, None).await;
    let detail = stage.until_idle(&customer, &id).await;
    assert_eq!(
        detail["page_stats"]["excluded"], 1,
        "a crawl does not put it back"
    );

    stage
        .expect(200, "includePages", &[&id], key, Some(selection))
        .await;
    let said = asked(&stage, &customer, "Are dogs welcome?").await;
    assert!(said.contains("on a leash"), "{said}");
    let unknown = json!({ "page_ids": [faq["id"], "nothing"] });
    stage.expect(404, "deletePages", &[&id], key, Some(unknown)).await;
    assert_eq!(
        page(&stage, &customer, &id, "/faq.html").await["sync_status"],
        "synced"
    );
}

#[tokio::test]
async fn a_page_is_read_again_and_deleted() {
    let (stage, customer, site, id) = crawled().await;
    let key = Who::Bearer(&customer.key);
    let faq = page(&stage, &customer, &id, "/faq.html").await;
    let selection = json!({ "page_ids": [faq["id"]] });
    site.set(
        "/faq.html",
        Some(html("Questions", "Dogs are welcome when they stay calm.", &[])),
    );
    stage
        .expect(200, "resyncPages", &[&id], key, Some(selection.clone()))
        .await;
    let read = loop {
        let read = page(&stage, &customer, &id, "/faq.html").await;
        if read["sync_status"] != "pending" {
            break read;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(read["sync_status"], "synced");
    assert_ne!(read["content_hash"], faq["content_hash"]);
    let said = asked(&stage, &customer, "Are dogs welcome?").await;
    assert!(said.contains("stay calm"), "{said}");

    stage
        .expect(200, "deletePages", &[&id], key, Some(selection))
        .await;
    assert_eq!(page(&stage, &customer, &id, "/faq.html").await, Value::Null);
    let said = asked(&stage, &customer, "Are dogs welcome?").await;
    assert!(!said.contains("stay calm"), "{said}");
}

#[tokio::test]
async fn a_website_is_changed_and_removed() {
    let (stage, customer, _site, id) = crawled().await;
    let key = Who::Bearer(&customer.key);
    let update = json!({ "display_name": "Tours", "exclude_paths": ["/faq*"], "page_limit": null });
    let changed = stage
        .expect(200, "updateDatasource", &[&id], key, Some(update))
        .await;
    assert_eq!(
        (&changed["display_name"], &changed["page_limit"]),
        (&json!("Tours"), &Value::Null)
    );
    stage
        .expect(
            400,
            "updateDatasource",
            &[&id],
            key,
            Some(json!({ "page_limit": 5001 })),
        )
        .await;
    stage.expect(200, "startCrawl", &[&id], key, None).await;
    stage.until_idle(&customer, &id).await;
    assert_eq!(page(&stage, &customer, &id, "/faq.html").await, Value::Null);

    stage.expect(200, "deleteDatasource", &[&id], key, None).await;
    stage.expect(404, "deleteDatasource", &[&id], key, None).await;
    let said = asked(&stage, &customer, "How much is whale watching?").await;
    assert!(!said.contains("89"), "{said}");
}
