//! Sitemaps (sitemaps.org): pages a site names beside its links, as XML, as plain text, or gzipped.

use std::io::Read;

use flate2::read::GzDecoder;
use serde::Deserialize;

/// Most bytes of one sitemap, unpacked.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

/// What a sitemap names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<String>,
    /// Other sitemaps.
    pub sitemaps: Vec<String>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default, rename = "url")]
    pages: Vec<Entry>,
    #[serde(default, rename = "sitemap")]
    sitemaps: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    loc: String,
}

impl Sitemap {
    /// Reads one. What is no sitemap names nothing.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut unpacked = Vec::new();
        let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
            let limit = MOST_BYTES as u64;
            match GzDecoder::new(bytes).take(limit).read_to_end(&mut unpacked) {
                Ok(_) => unpacked.as_slice(),
                Err(_) => return Sitemap::default(),
            }
        } else {
            bytes
        };
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('<') {
            Self::from_xml(text)
        } else {
            Sitemap {
                pages: addresses(text.lines()),
                sitemaps: Vec::new(),
            }
        }
    }

    fn from_xml(text: &str) -> Self {
        match quick_xml::de::from_str::<Document>(text) {
            Ok(document) => Sitemap {
                pages: addresses(document.pages.iter().map(|entry| entry.loc.as_str())),
                sitemaps: addresses(document.sitemaps.iter().map(|entry| entry.loc.as_str())),
            },
            Err(error) => {
                tracing::debug!(%error, "no sitemap");
                Sitemap::default()
            }
        }
    }
}

fn addresses<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    all.map(str::trim)
        .filter(|address| address.starts_with("http://") || address.starts_with("https://"))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const PAGES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
          <!-- a shop -->
          <url><loc> http://a.example/x?a=1&amp;b=2 </loc><lastmod>2026-01-01</lastmod>
            <image:image><image:loc>http://a.example/x.png</image:loc></image:image></url>
          <url><loc><![CDATA[http://a.example/y]]></loc></url>
          <url><lastmod>2026-01-01</lastmod></url>
          <url><loc>/relative</loc></url>
        </urlset>"#;

    #[test]
    fn pages_are_named() {
        let map = Sitemap::parse(PAGES.as_bytes());
        assert_eq!(map.pages, ["http://a.example/x?a=1&b=2", "http://a.example/y"]);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(PAGES.as_bytes()).unwrap();
        assert_eq!(Sitemap::parse(&packed.finish().unwrap()), map);
        assert_eq!(
            Sitemap::parse(b"\xef\xbb\xbfhttp://a.example/1\nhttp://a.example/2\n")
                .pages
                .len(),
            2
        );
    }

    #[test]
    fn an_index_names_sitemaps() {
        let index = "<sitemapindex><sitemap><loc>http://a.example/1.xml</loc></sitemap></sitemapindex>";
        assert_eq!(
            Sitemap::parse(index.as_bytes()).sitemaps,
            ["http://a.example/1.xml"]
        );
    }

    #[test]
    fn what_is_no_sitemap_names_nothing() {
        for text in [
            "",
            "<html><p>Not found",
            "<urlset><url><loc>http://a.example/",
            "\x1f\x7b",
            "Not found",
        ] {
            assert_eq!(Sitemap::parse(text.as_bytes()), Sitemap::default(), "{text}");
        }
        assert_eq!(Sitemap::parse(&[0x1f, 0x8b, 8, 0]), Sitemap::default());
    }
}
