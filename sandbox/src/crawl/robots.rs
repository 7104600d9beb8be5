//! What a site's robots.txt lets the crawler read.

use std::time::Duration;

use texting_robots::Robot;
use url::Url;

/// How the crawler calls itself.
pub const USER_AGENT: &str = "OpenCXSandboxBot";
/// Google's limit, which the parser's author recommends.
pub const MOST_BYTES: usize = 500 * 1024;
/// A site that asks for more is still crawled, at this pace.
const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// The rules of a site.
#[derive(Debug)]
pub struct Robots(Option<Robot>);

impl Robots {
    /// No rules: everything may be read.
    pub fn none() -> Self {
        Robots(None)
    }

    /// Reads a robots.txt. One that cannot be read at all sets no rules.
    pub fn parse(text: &[u8]) -> Self {
        Robots(Robot::new(USER_AGENT, text).ok())
    }

    /// The crawler may read it.
    pub fn allow(&self, url: &Url) -> bool {
        self.0.as_ref().is_none_or(|robot| robot.allowed(url.as_str()))
    }

    /// The sitemaps it names.
    pub fn sitemaps(&self) -> Vec<String> {
        self.0
            .as_ref()
            .map_or_else(Vec::new, |robot| robot.sitemaps.clone())
    }

    /// The pause the site asks for between two pages.
    pub fn delay(&self) -> Option<Duration> {
        let seconds = self.0.as_ref()?.delay?;
        let delay = Duration::try_from_secs_f32(seconds).ok()?;
        (!delay.is_zero()).then_some(delay.min(LONGEST_DELAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        let url = Url::parse("http://tours.example").unwrap().join(path).unwrap();
        Robots::parse(text.as_bytes()).allow(&url)
    }

    #[test]
    fn its_own_group_wins_over_the_general_one() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: OpenCXSandboxBot\nDisallow: /private\nAllow: /private/open\n";
        assert!(allows(text, "/"));
        assert!(!allows(text, "/private/x"));
        assert!(allows(text, "/private/open.html"));
    }

    #[test]
    fn the_general_group_counts_for_all_others() {
        assert!(!allows("User-agent: *\nDisallow: /\n", "/a"));
        assert!(allows("User-agent: OtherBot\nDisallow: /\n", "/a"));
        assert!(!allows("User-agent: *\nDisallow: /*.php$\n", "/x.php"));
        assert!(allows("", "/a"));
        assert!(allows("<html>not found</html>", "/a"));
    }

    #[test]
    fn a_delay_is_kept_within_reason() {
        let delay = |text: &str| Robots::parse(text.as_bytes()).delay();
        assert_eq!(
            delay("User-agent: *\nCrawl-delay: 2\n"),
            Some(Duration::from_secs(2))
        );
        assert_eq!(delay("User-agent: *\nCrawl-delay: 9000\n"), Some(LONGEST_DELAY));
        assert_eq!(delay("User-agent: *\nDisallow:\n"), None);
    }
}
