//! Which pages the crawler comes to beside plain links: sitemaps, canonical addresses, depth.

use serde_json::json;

use crate::stage::{Customer, Stage, Who, text};
use crate::website::{Page, Website, html};

async fn stage() -> (Stage, Customer) {
    let stage = Stage::start().await;
    let customer = stage.customer("discovers").await;
    (stage, customer)
}

/// The paths of the pages that were read.
async fn read(stage: &Stage, customer: &Customer, site: &Website) -> Vec<String> {
    let (id, _) = stage.crawl(customer, json!({ "url": site.url })).await;
    let pages = stage
        .expect(200, "listPages", &[&id], Who::Bearer(&customer.key), None)
        .await;
    pages
        .as_array()
        .unwrap()
        .iter()
        .filter(|page| page["sync_status"] == "synced")
        .map(|page| text(&page["url"]).replace(&site.url, ""))
        .collect()
}

fn xml(text: String) -> Page {
    Page::Other("application/xml", text)
}

#[tokio::test]
async fn sitemaps_name_pages_that_nothing_links_to() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        ("/", html("Home", "Welcome.", &[])),
        ("/a.html", html("A", "Text.", &[])),
        ("/b.html", html("B", "Text.", &[])),
        ("/private/c.html", html("C", "Text.", &[])),
    ])
    .await;
    let url = &site.url;
    let other = Website::serve(&[("/", html("Other", "Elsewhere.", &[]))]).await;
    site.set(
        "/robots.txt",
        Some(Page::Other(
            "text/plain",
            format!("User-agent: *\nDisallow: /private/\nSitemap: {url}/index.xml\n"),
        )),
    );
    site.set(
        "/index.xml",
        Some(xml(format!(
            "<sitemapindex><sitemap><loc>{url}/1.xml</loc></sitemap><sitemap><loc>{url}/2.txt</loc></sitemap>\
             <sitemap><loc>{url}/index.xml</loc></sitemap><sitemap><loc>{}/3.xml</loc></sitemap></sitemapindex>",
            other.url
        ))),
    );
    site.set(
        "/1.xml",
        Some(xml(format!(
            "<urlset><url><loc>{url}/a.html</loc></url><url><loc>{url}/private/c.html</loc></url>\
             <url><loc>{}/</loc></url></urlset>",
            other.url
        ))),
    );
    site.set(
        "/2.txt",
        Some(Page::Other("text/plain", format!("{url}/b.html\n"))),
    );
    assert_eq!(read(&stage, &customer, &site).await, ["/", "/a.html", "/b.html"]);
    assert!(other.asked().is_empty(), "{:?}", other.asked());
}

#[tokio::test]
async fn the_usual_sitemap_is_found_unnamed() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        ("/", html("Home", "Welcome.", &[])),
        ("/a.html", html("A", "Text.", &[])),
    ])
    .await;
    let map = format!("<urlset><url><loc>{}/a.html</loc></url></urlset>", site.url);
    site.set("/sitemap.xml", Some(xml(map)));
    assert_eq!(read(&stage, &customer, &site).await, ["/", "/a.html"]);
}

fn belongs(title: &str, canonical: &str, links: &str) -> Page {
    Page::Html(format!(
        "<title>{title}</title><link rel=canonical href='{canonical}'><main><p>Text.</p>{links}</main>"
    ))
}

#[tokio::test]
async fn a_page_is_read_where_it_says_it_belongs() {
    let (stage, customer) = stage().await;
    let links =
        "<a href='/list?sort=1'>1</a><a href='/list?sort=2'>2</a><a href='/p'>p</a><a href='/x'>x</a>";
    let site = Website::serve(&[
        ("/", belongs("Home", "https://www.example.com/", links)),
        // The test's website knows paths only: any query gives this page.
        ("/list", belongs("List", "/list", "")),
        ("/p", belongs("P", "/q", "")),
        ("/q", belongs("Q", "/p", "")),
        ("/x", belongs("X", "/y", "")),
        ("/y", html("Y", "Text.", &[])),
    ])
    .await;
    let read = read(&stage, &customer, &site).await;
    assert!(
        read.contains(&"/".to_owned()),
        "the live site's address is not ours to follow: {read:?}"
    );
    assert!(
        read.contains(&"/list".to_owned()) && !read.iter().any(|path| path.contains("sort")),
        "{read:?}"
    );
    assert!(
        read.contains(&"/y".to_owned()) && !read.contains(&"/x".to_owned()),
        "{read:?}"
    );
    let pair = read
        .iter()
        .filter(|path| ["/p", "/q"].contains(&path.as_str()))
        .count();
    assert_eq!(
        pair, 1,
        "two pages that each call the other the right one: {read:?}"
    );
}

#[tokio::test]
async fn a_header_may_ask_not_to_be_found_and_a_charset_is_heeded() {
    let (stage, customer) = stage().await;
    let site = Website::serve(&[
        ("/", html("Home", "Welcome.", &["/hidden", "/latin"])),
        ("/hidden", Page::Hidden("<a href='/a.html'>a</a>".into())),
        ("/a.html", html("A", "Text.", &[])),
        (
            "/latin",
            Page::Bytes(
                "text/html",
                b"<meta charset=latin1><h1>Caf\xe9 im Hafen</h1><p>Kr\xfcge und Gl\xe4ser.".to_vec(),
            ),
        ),
    ])
    .await;
    let (id, _) = stage.crawl(&customer, json!({ "url": site.url })).await;
    let pages = stage
        .expect(200, "listPages", &[&id], Who::Bearer(&customer.key), None)
        .await;
    let titles: Vec<String> = pages
        .as_array()
        .unwrap()
        .iter()
        .map(|page| text(&page["title"]))
        .collect();
    assert_eq!(titles, ["Home", "A", "Café im Hafen"]);
}

#[tokio::test]
async fn a_site_without_end_comes_to_an_end() {
    let (stage, customer) = stage().await;
    let mut pages = vec![("/".to_owned(), html("Day 0", "A calendar.", &["/1"]))];
    for day in 1..=25 {
        let next = format!("/{}", day + 1);
        pages.push((
            format!("/{day}"),
            html(&format!("Day {day}"), "A calendar.", &[&next]),
        ));
    }
    let pages: Vec<(&str, Page)> = pages
        .iter()
        .map(|(path, page)| (path.as_str(), page.clone()))
        .collect();
    let site = Website::serve(&pages).await;
    assert_eq!(
        read(&stage, &customer, &site).await.len(),
        21,
        "the start, and 20 links from it"
    );
}
