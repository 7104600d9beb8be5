//! A page's title, text and links out of its HTML; without navigation, header, footer and other furniture.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node, Selector};
use url::Url;

use super::scope::normal;

const LEFT_OUT: [&str; 18] = [
    "nav", "footer", "script", "style", "aside", "noscript", "template", "svg", "math", "head", "iframe",
    "object", "canvas", "select", "button", "dialog", "audio", "video",
];
/// The same said by ARIA.
const ROLES_LEFT_OUT: [&str; 6] = [
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "dialog",
];
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "form",
    "hr",
    "legend",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "header",
    "section",
    "table",
    "tr",
    "ul",
];
/// A `summary` heads what it folds away, as questions on many pages do.
const HEADINGS: [&str; 7] = ["h1", "h2", "h3", "h4", "h5", "h6", "summary"];

/// A piece of text as the page sets it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph, list entry or table row.
    Text(String),
}

/// What a page holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// Its title, or first heading.
    pub title: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// Where its links lead.
    pub links: Vec<Url>,
    /// Where it says that it belongs (`<link rel="canonical">`).
    pub canonical: Option<Url>,
    /// The page asks not to be found (`noindex`).
    pub no_index: bool,
}

/// Reads a page that was found at `url`, with the `directives` of its `X-Robots-Tag` header.
pub fn extract(html: &str, url: &Url, directives: &str) -> Extract {
    let page = Html::parse_document(html);
    let blocks = blocks(&page);
    let title = first_text(&page, "title")
        .or_else(|| {
            blocks.iter().find_map(|block| match block {
                Block::Heading(text) => Some(text.clone()),
                Block::Text(_) => None,
            })
        })
        .unwrap_or_else(|| url.path().to_owned());
    let mut all_directives = attributes(&page, "meta[name='robots' i]", "content");
    all_directives.push(directives);
    let all_directives = all_directives.join(",").to_lowercase();
    let asks = |word: &str| {
        all_directives
            .split([',', ' '])
            .any(|directive| directive == word || directive == "none")
    };
    Extract {
        title,
        blocks,
        links: if asks("nofollow") {
            Vec::new()
        } else {
            links(&page, url)
        },
        canonical: canonical(&page, url),
        no_index: asks("noindex"),
    }
}

fn selector(text: &str) -> Option<Selector> {
    Selector::parse(text).ok()
}

fn first_text(page: &Html, selected: &str) -> Option<String> {
    let selector = selector(selected)?;
    let element = page.select(&selector).next()?;
    Some(one_line(&element.text().collect::<String>())).filter(|text| !text.is_empty())
}

fn attributes<'a>(page: &'a Html, selected: &str, name: &str) -> Vec<&'a str> {
    selector(selected).map_or_else(Vec::new, |selector| {
        page.select(&selector)
            .filter_map(|element| element.value().attr(name))
            .collect()
    })
}

fn base(page: &Html, url: &Url) -> Url {
    attributes(page, "base[href]", "href")
        .first()
        .and_then(|base| url.join(base).ok())
        .unwrap_or_else(|| url.clone())
}

fn addresses(page: &Html, url: &Url, selected: &str) -> Vec<Url> {
    let base = base(page, url);
    attributes(page, selected, "href")
        .into_iter()
        .filter_map(|href| base.join(href.trim()).ok())
        .filter(|link| matches!(link.scheme(), "http" | "https"))
        .map(normal)
        .collect()
}

fn links(page: &Html, url: &Url) -> Vec<Url> {
    addresses(page, url, "a[href], area[href]")
}

fn canonical(page: &Html, url: &Url) -> Option<Url> {
    addresses(page, url, "link[rel~='canonical' i][href]")
        .into_iter()
        .next()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of its `main` part where it has one with text in it.
fn blocks(page: &Html) -> Vec<Block> {
    selector("main, [role='main']")
        .and_then(|main| page.select(&main).next())
        .map(|main| blocks_of(*main))
        .filter(|blocks| !blocks.is_empty())
        .unwrap_or_else(|| blocks_of(page.tree.root()))
}

/// A walk over the tree's edges, not a recursion: a page may be nested deeper than a stack.
fn blocks_of(root: NodeRef<'_, Node>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text = String::new();
    let mut left_out = 0_usize;
    let mut parts = 0_usize;
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(piece) if left_out == 0 => text.push_str(piece),
                Node::Element(element) => {
                    if left_out > 0 || is_left_out(element, parts > 0) {
                        left_out += 1;
                    } else if is_apart(element) {
                        flush(&mut blocks, &mut text, Block::Text);
                        parts += usize::from(is_part(element));
                        if element.name() == "li" {
                            text.push_str("- ");
                        }
                    } else if element.name() == "br" {
                        text.push(' ');
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let Node::Element(element) = node.value() else {
                    continue;
                };
                if left_out > 0 {
                    left_out -= 1;
                } else if HEADINGS.contains(&element.name()) {
                    flush(&mut blocks, &mut text, Block::Heading);
                } else if is_apart(element) {
                    flush(&mut blocks, &mut text, Block::Text);
                    parts -= usize::from(is_part(element));
                } else if matches!(element.name(), "td" | "th") {
                    text.push_str(" | ");
                }
            }
        }
    }
    flush(&mut blocks, &mut text, Block::Text);
    blocks
}

/// The header of a part of the page belongs to its text, the page's own does not.
fn is_left_out(element: &Element, in_part: bool) -> bool {
    LEFT_OUT.contains(&element.name())
        || (element.name() == "header" && !in_part)
        || element
            .attr("role")
            .is_some_and(|role| ROLES_LEFT_OUT.contains(&role))
        || element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
}

fn is_part(element: &Element) -> bool {
    matches!(element.name(), "main" | "article" | "section")
}

fn is_apart(element: &Element) -> bool {
    BLOCKS.contains(&element.name()) || HEADINGS.contains(&element.name())
}

fn flush(blocks: &mut Vec<Block>, text: &mut String, kind: fn(String) -> Block) {
    let line = one_line(text);
    text.clear();
    let line = line.trim_end_matches([' ', '|']);
    // A list entry or table row with nothing in it.
    if line.chars().any(char::is_alphanumeric) {
        blocks.push(kind(line.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html><head><title> Whale
        watching </title><style>p{}</style></head><body>
        <header><h1>Blue Fin</h1><nav><a href="/prices.html#adults">Prices</a></nav></header>
        <main><h2>Whale <em>watching</em></h2>
        <p>See whales.<br>All year.</p><script>let x = "<p>no</p>";</script>
        <ul><li>Jacket</li><li>Camera <b>or phone</b></li><li></li></ul>
        <table><tr><th>Who</th><th>Price</th></tr><tr><td>Adults</td><td>89 €</td></tr></table>
        <aside>Advertisement</aside><div hidden>secret</div>
        Loose text <a href="sunset.html">and a link</a>
        <a href="mailto:a@b.co">mail</a> <a href="https://other.example/">other</a></main>
        <footer>Imprint</footer></body></html>"#;

    fn page(html: &str) -> Extract {
        extract(
            html,
            &Url::parse("http://a.example/tours/whales.html").unwrap(),
            "",
        )
    }

    #[test]
    fn text_without_furniture() {
        let page = page(PAGE);
        assert_eq!(page.title, "Whale watching");
        let lines: Vec<&str> = page
            .blocks
            .iter()
            .map(|block| match block {
                Block::Heading(text) | Block::Text(text) => text.as_str(),
            })
            .collect();
        assert_eq!(
            lines,
            [
                "Whale watching",
                "See whales. All year.",
                "- Jacket",
                "- Camera or phone",
                "Who | Price",
                "Adults | 89 €",
                "Loose text and a link mail other",
            ]
        );
        assert_eq!(page.blocks[0], Block::Heading("Whale watching".into()));
    }

    fn lines(html: &str) -> Vec<Block> {
        page(html).blocks
    }

    fn heading(text: &str) -> Block {
        Block::Heading(text.into())
    }

    fn line(text: &str) -> Block {
        Block::Text(text.into())
    }

    #[test]
    fn the_main_part_alone_where_there_is_one() {
        let html = "<div>We use cookies.</div><div role=main><p>Whales.</p></div>";
        assert_eq!(lines(html), [line("Whales.")]);
        let empty = "<main></main><p>Drawn elsewhere.</p>";
        assert_eq!(lines(empty), [line("Drawn elsewhere.")]);
        let roles = "<div role=navigation>Menu</div><p>Whales.</p><div role=contentinfo>Imprint</div>";
        assert_eq!(lines(roles), [line("Whales.")]);
    }

    #[test]
    fn a_header_within_the_text_is_text() {
        let html = "<header>Blue Fin</header><article><header><h2>Whales</h2></header><p>All year.</p></article>\
            <header>Bye</header>";
        assert_eq!(lines(html), [heading("Whales"), line("All year.")]);
    }

    #[test]
    fn what_is_folded_away_has_a_heading() {
        let html = "<details><summary>Is there parking?</summary><p>Behind the pier.</p></details>";
        assert_eq!(
            lines(html),
            [heading("Is there parking?"), line("Behind the pier.")]
        );
    }

    #[test]
    fn lists_within_lists() {
        let html = "<ol><li>Jackets<ul><li>warm</li><li>dry</li></ul></li><li>Shoes</li></ol>";
        assert_eq!(
            lines(html),
            [line("- Jackets"), line("- warm"), line("- dry"), line("- Shoes")]
        );
    }

    #[test]
    fn links_are_whole_addresses() {
        let links: Vec<String> = page(PAGE).links.iter().map(Url::to_string).collect();
        assert_eq!(
            links,
            [
                "http://a.example/prices.html",
                "http://a.example/tours/sunset.html",
                "https://other.example/",
            ]
        );
        let based = page(r#"<base href="/en/"><a href="x.html">x</a>"#);
        assert_eq!(based.links[0].as_str(), "http://a.example/en/x.html");
    }

    #[test]
    fn what_the_page_asks_of_robots() {
        let page = page(r#"<META NAME="Robots" content="noindex, NOFOLLOW"><a href="/x">x</a><p>text</p>"#);
        assert!(page.no_index && page.links.is_empty());
        let url = Url::parse("http://a.example/").unwrap();
        let page = extract("<a href=/x>x</a>", &url, "noindex");
        assert!(page.no_index && page.links.len() == 1);
    }

    #[test]
    fn where_it_belongs() {
        let page = page(r#"<link rel="Canonical" href="/whales"><p>text</p>"#);
        assert_eq!(page.canonical.unwrap().as_str(), "http://a.example/whales");
    }

    #[test]
    fn a_title_can_be_missing() {
        assert_eq!(page("<h1>Whales</h1>").title, "Whales");
        assert_eq!(page("").title, "/tours/whales.html");
    }

    #[test]
    fn deep_nesting_does_no_harm() {
        let deep = format!("{}text{}", "<div>".repeat(2_000), "</div>".repeat(2_000));
        assert_eq!(page(&deep).blocks, [Block::Text("text".into())]);
    }
}
