//! What the crawler reads, and what it leaves alone.

use serde_json::{Value, json};

use crate::stage::{Customer, Stage, Who, text};
use crate::website::{Page, Website, html, tour_company};

async fn stage() -> (Stage, Customer) {
    let stage = Stage::start().await;
    let customer = stage.customer("crawls").await;
    (stage, customer)
}

/// What the AI says to a question of a new visitor.
async fn asked(stage: &Stage, customer: &Customer, question: &str) -> String {
    let contact = stage.visitor(customer).await;
    let session = stage.session(customer, &contact, "device").await;
    let reply = stage.say(customer, &contact, &session, question).await;
    text(&reply["autopilotResponse"]["value"]["content"])
}

#[tokio::test]
async fn no_more_pages_than_asked_for() {
    let ((stage, customer), site) = (stage().await, tour_company().await);
    let (_, website) = stage
        .crawl(&customer, json!({ "url": site.url, "page_limit": 3 }))
        .await;
    assert_eq!(website["page_stats"]["synced"], 3);
    // The robots.txt, no sitemap, and three pages.
    assert_eq!(site.asked().len(), 5, "{:?}", site.asked());
}

#[tokio::test]
async fn only_paths_that_are_wanted() {
    let (stage, customer) = stage().await;
    let links = [
        "/tours/a.html",
        "/tours/old/b.html",
        "/blog/c.html",
        "/tours/d.html",
    ];
    let page = |name: &str| html(name, "Something to read.", &links);
    let site = Website::serve(&[
        ("/", page("Home")),
        ("/tours/a.html", page("A")),
        ("/tours/old/b.html", page("B")),
        ("/blog/c.html", page("C")),
        ("/tours/d.html", page("D")),
    ])
    .await;
    let (_, website) = stage
        .crawl(
            &customer,
            json!({ "url": site.url, "include_paths": ["/tours/*"], "exclude_paths": ["/tours/old/*"] }),
        )
        .await;
    assert_eq!(website["page_stats"]["synced"], 2);
    assert_eq!(
        site.asked(),
        [
            "/",
            "/robots.txt",
            "/sitemap.xml",
            "/tours/a.html",
            "/tours/d.html"
        ]
    );
}

#[tokio::test]
async fn robots_txt_is_obeyed() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        (
            "/robots.txt",
            Page::Other("text/plain", "User-agent: *\nDisallow: /private\n".into()),
        ),
        (
            "/",
            html(
                "Home",
                "Welcome aboard.",
                &["/private/a.html", "/public.html", "/leads-in"],
            ),
        ),
        ("/private/a.html", html("Private", "The secret recipe.", &[])),
        ("/public.html", html("Public", "Open to all.", &[])),
        ("/leads-in", Page::Redirect("/private/a.html".into())),
    ])
    .await;
    let (_, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert_eq!(website["page_stats"]["synced"], 2);
    assert_eq!(
        site.asked(),
        ["/", "/leads-in", "/public.html", "/robots.txt", "/sitemap.xml"]
    );
}

#[tokio::test]
async fn a_robots_txt_may_be_elsewhere_on_the_site() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        ("/robots.txt", Page::Redirect("/rules.txt".into())),
        (
            "/rules.txt",
            Page::Other("text/plain", "User-agent: *\nDisallow: /private\n".into()),
        ),
        ("/", html("Home", "Welcome aboard.", &["/private"])),
        ("/private", html("Private", "The secret recipe.", &[])),
    ])
    .await;
    let (_, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert_eq!(website["page_stats"]["synced"], 1);
    assert!(!site.asked().contains(&"/private".to_owned()));
}

#[tokio::test]
async fn a_site_that_forbids_all_fails_with_a_reason() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        (
            "/robots.txt",
            Page::Other("text/plain", "User-agent: OpenCXSandboxBot\nDisallow: /\n".into()),
        ),
        ("/", html("Home", "Welcome.", &[])),
    ])
    .await;
    let (_, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert!(text(&website["error_message"]).contains("robots.txt"));
    assert_eq!(site.asked(), ["/robots.txt"]);
}

#[tokio::test]
async fn a_robots_txt_that_fails_forbids_all() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        ("/robots.txt", Page::Status(503)),
        ("/", html("Home", "Welcome.", &[])),
    ])
    .await;
    let (_, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert!(text(&website["error_message"]).contains("503"), "{website}");
    assert_eq!(site.asked(), ["/robots.txt"]);
}

#[tokio::test]
async fn other_sites_are_left_alone() {
    let (stage, customer) = stage().await;
    let other = Website::serve(&[("/", html("Other", "Elsewhere.", &[]))]).await;
    let site = Website::serve(&[
        (
            "/",
            html(
                "Home",
                "Welcome.",
                &[&format!("{}/", other.url), "/away", "/moved"],
            ),
        ),
        ("/away", Page::Redirect(format!("{}/", other.url))),
        ("/moved", Page::Redirect("/here.html".into())),
        ("/here.html", html("Here", "The new place.", &[])),
    ])
    .await;
    let (_, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert_eq!(website["page_stats"]["synced"], 2, "{website}");
    assert!(other.asked().is_empty(), "{:?}", other.asked());

    let (_, website) = stage
        .crawl(&customer, json!({ "url": format!("{}/away", site.url) }))
        .await;
    assert!(text(&website["error_message"]).contains("another site"));
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn what_is_no_page_is_not_kept() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        (
            "/",
            html(
                "Home",
                "Welcome.",
                &["/data", "/list.pdf", "/gone.html", "/huge.html"],
            ),
        ),
        ("/data", Page::Other("application/json", "{}".into())),
        ("/list.pdf", Page::Other("application/pdf", "%PDF".into())),
        ("/huge.html", Page::Html("<p>more</p>".repeat(300_000))),
    ])
    .await;
    let (_, website) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert_eq!(website["page_stats"]["synced"], 1);
    assert_eq!(website["page_stats"]["error"], 2, "gone and huge: {website}");
    assert!(!site.asked().contains(&"/list.pdf".to_owned()));
}

#[tokio::test]
async fn a_site_that_is_not_there_fails_with_a_reason() {
    let (stage, customer) = stage().await;
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (id, website) = stage
        .crawl(&customer, json!({ "url": format!("http://{free}/") }))
        .await;
    let why = text(&website["error_message"]);
    assert!(
        why.contains("could not be reached") && why.contains("Check the address"),
        "{why}"
    );
    assert!(website["last_crawl_completed_at"].is_null());

    let gone = Website::serve(&[]).await;
    let (_, website) = stage.crawl(&customer, json!({ "url": gone.url })).await;
    assert!(text(&website["error_message"]).contains("404 Not Found"));

    // A failed crawl can be started again.
    let key = Who::Bearer(&customer.key);
    let job = stage.expect(200, "startCrawl", &[&id], key, None).await;
    stage.until_idle(&customer, &id).await;
    let job = stage
        .expect(200, "getCrawlJob", &[&id, &text(&job["id"])], key, None)
        .await;
    assert_eq!(job["status"], "failed");
}

#[tokio::test]
async fn progress_is_seen_and_one_crawl_runs_at_a_time() {
    let (stage, customer) = stage().await;
    let key = Who::Bearer(&customer.key);
    let pages = [
        ("/", html("Home", "Welcome.", &["/a.html", "/b.html"])),
        ("/a.html", html("A", "Text.", &[])),
        ("/b.html", html("B", "Text.", &[])),
    ];
    // The robots.txt, the sitemap and the start page are answered, the others wait.
    let site = Website::behind_gate(&pages, 3).await;
    let website = stage
        .expect(
            200,
            "createDatasource",
            &[],
            key,
            Some(json!({ "url": site.url, "auto_start_crawl": false })),
        )
        .await;
    let id = text(&website["id"]);
    let idle = stage.until_idle(&customer, &id).await;
    assert!(idle["last_crawl_started_at"].is_null() && site.asked().is_empty());

    let job = stage.expect(200, "startCrawl", &[&id], key, None).await;
    assert_eq!(job["status"], "pending");
    let job = text(&job["id"]);
    stage.expect(409, "startCrawl", &[&id], key, None).await;
    let read = || async { stage.expect(200, "getCrawlJob", &[&id, &job], key, None).await };
    let mut seen = read().await;
    while seen["completed_pages"] != 1 || seen["total_pages"] != 3 {
        assert_ne!(seen["status"], "failed", "{seen}");
        tokio::task::yield_now().await;
        seen = read().await;
    }
    assert_eq!(seen["status"], "scraping");
    let detail = stage.expect(200, "getDatasource", &[&id], key, None).await;
    assert_eq!(detail["active_crawl_job"]["id"], job.as_str());
    assert_eq!(detail["page_stats"]["pending"], 2);

    site.open_gate();
    stage.until_idle(&customer, &id).await;
    let done = read().await;
    assert_eq!(
        (&done["status"], &done["completed_pages"], &done["new_pages"]),
        (&json!("completed"), &json!(3), &json!(3))
    );
    stage.expect(404, "getCrawlJob", &[&id, &id], key, None).await;
    stage.expect(404, "startCrawl", &[&job], key, None).await;
}

#[tokio::test]
async fn a_second_crawl_finds_what_has_changed() {
    let ((stage, customer), site) = (stage().await, tour_company().await);
    let (id, _) = stage.crawl(&customer, json!({ "url": site.url })).await;
    assert!(
        asked(&stage, &customer, "Are dogs welcome?")
            .await
            .contains("on a leash")
    );

    site.set(
        "/faq.html",
        Some(html("Questions", "There is a free car park.", &["/kayak.html"])),
    );
    site.set("/kayak.html", Some(html("Kayaking", "Paddle to the caves.", &[])));
    site.set("/contact.html", None);
    let key = Who::Bearer(&customer.key);
    let job: Value = stage.expect(200, "startCrawl", &[&id], key, None).await;
    stage.until_idle(&customer, &id).await;
    let job = stage
        .expect(200, "getCrawlJob", &[&id, &text(&job["id"])], key, None)
        .await;
    assert_eq!(
        ["new", "updated", "unchanged", "removed"].map(|kind| job[format!("{kind}_pages")].clone()),
        [json!(1), json!(1), json!(5), json!(1)],
        "{job}"
    );
    let said = asked(&stage, &customer, "Are dogs welcome?").await;
    assert!(!said.contains("on a leash"), "{said}");
    let said = asked(&stage, &customer, "What is your phone number?").await;
    assert!(!said.contains("555"), "{said}");
    let jobs = stage.expect(200, "listCrawlJobs", &[&id], key, None).await;
    assert_eq!(
        (jobs.as_array().unwrap().len(), &jobs[0]["id"]),
        (2, &job["id"]),
        "latest first"
    );
}
