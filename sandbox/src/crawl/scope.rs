//! Which addresses belong to a crawl: same origin, not excluded, included, and likely to be a page.

use globset::{Error, GlobBuilder, GlobSet, GlobSetBuilder};
use percent_encoding::percent_decode_str;
use url::Url;

/// Never a page; asking for them would only cost the site.
const NO_PAGE: [&str; 37] = [
    "7z", "avi", "avif", "bmp", "css", "csv", "doc", "docx", "eot", "epub", "exe", "gif", "gz", "ico", "ics",
    "jpeg", "jpg", "js", "json", "m4a", "mov", "mp3", "mp4", "pdf", "png", "ppt", "pptx", "rar", "svg",
    "tar", "ttf", "webm", "webp", "woff", "woff2", "xml", "zip",
];

/// Globs over the path: `*` stands for anything, also over slashes.
#[derive(Debug, Clone)]
pub struct PathRules {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl PathRules {
    /// Reads the globs.
    ///
    /// # Errors
    /// Names a glob that is none.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, Error> {
        Ok(PathRules {
            include: if include.is_empty() {
                None
            } else {
                Some(globs(include)?)
            },
            exclude: globs(exclude)?,
        })
    }

    /// Pages of that path are wanted.
    pub fn want(&self, path: &str) -> bool {
        let path = percent_decode_str(path).decode_utf8_lossy();
        !self.exclude.is_match(path.as_ref())
            && self
                .include
                .as_ref()
                .is_none_or(|include| include.is_match(path.as_ref()))
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.trim();
        let rooted = if pattern.starts_with(['/', '*']) {
            pattern.to_owned()
        } else {
            format!("/{pattern}")
        };
        set.add(GlobBuilder::new(&rooted).build()?);
    }
    set.build()
}

/// The crawl's borders.
#[derive(Debug, Clone)]
pub struct Scope {
    start: Url,
    rules: PathRules,
}

impl Scope {
    /// Around a start address.
    pub fn new(start: Url, rules: PathRules) -> Self {
        Scope { start, rules }
    }

    /// Same scheme, host and port.
    pub fn same_site(&self, url: &Url) -> bool {
        url.origin() == self.start.origin()
    }

    /// The path rules want it.
    pub fn wants(&self, url: &Url) -> bool {
        self.rules.want(url.path())
    }

    /// A link worth following: of this site, wanted, no picture or download.
    pub fn follows(&self, url: &Url) -> bool {
        let last = url.path().rsplit('/').next().unwrap_or("");
        let extension = last
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        self.same_site(url)
            && self.wants(url)
            && extension.is_none_or(|extension| !NO_PAGE.contains(&extension.as_str()))
    }
}

/// One address for one page: without fragment and credentials.
pub fn normal(mut url: Url) -> Url {
    url.set_fragment(None);
    // Both fail only where there can be none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.query() == Some("") {
        url.set_query(None);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(include: &[&str], exclude: &[&str]) -> PathRules {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        PathRules::new(&owned(include), &owned(exclude)).unwrap()
    }

    #[test]
    fn globs_over_the_path() {
        let all = rules(&[], &[]);
        assert!(all.want("/") && all.want("/a/b"));
        let tours = rules(&["/tours/*", "faq.html"], &["/tours/old*", "*.draft.html"]);
        for (path, wanted) in [
            ("/tours/whales.html", true),
            ("/tours/2026/whales.html", true),
            ("/faq.html", true),
            ("/", false),
            ("/tours/old-ones.html", false),
            ("/tours/x.draft.html", false),
        ] {
            assert_eq!(tours.want(path), wanted, "{path}");
        }
        assert!(rules(&["/ausflüge/**"], &[]).want("/ausfl%C3%BCge/wale"));
        assert!(PathRules::new(&["/[a".to_owned()], &[]).is_err());
    }

    #[test]
    fn borders() {
        let scope = Scope::new(
            Url::parse("http://tours.example:8080/start").unwrap(),
            rules(&[], &["/admin*"]),
        );
        for (url, followed) in [
            ("http://tours.example:8080/a", true),
            ("http://tours.example:8080/v1.0/a", true),
            ("http://tours.example:8080/a.html?x=1", true),
            ("http://tours.example/a", false),
            ("https://tours.example:8080/a", false),
            ("http://other.example:8080/a", false),
            ("http://tours.example:8080/admin/x", false),
            ("http://tours.example:8080/price.PDF", false),
            ("mailto:a@tours.example", false),
        ] {
            assert_eq!(scope.follows(&Url::parse(url).unwrap()), followed, "{url}");
        }
    }

    #[test]
    fn one_address_for_one_page() {
        let url = normal(Url::parse("http://u:p@a.example/x?#top").unwrap());
        assert_eq!(url.as_str(), "http://a.example/x");
    }
}
