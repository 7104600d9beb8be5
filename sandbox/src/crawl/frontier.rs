//! Which page is next. Breadth first, each address once, never more pages than asked for, never endlessly deep.

use std::collections::{HashSet, VecDeque};

use url::Url;

/// Links followed from the start page to a page: a calendar leads on for ever.
pub const MOST_DEPTH: usize = 20;

/// The queue of a crawl.
#[derive(Debug)]
pub struct Frontier {
    queue: VecDeque<(Url, usize)>,
    seen: HashSet<String>,
    limit: usize,
    kept: usize,
    under_way: usize,
}

impl Frontier {
    /// For at most so many pages.
    pub fn new(limit: usize) -> Self {
        Frontier {
            queue: VecDeque::new(),
            seen: HashSet::new(),
            limit,
            kept: 0,
            under_way: 0,
        }
    }

    /// Puts an address in the queue, once, that is so many links from the start.
    pub fn offer(&mut self, url: Url, depth: usize) {
        if depth <= MOST_DEPTH && self.mark_seen(&url) {
            self.queue.push_back((url, depth));
        }
    }

    /// Notes an address that was come to by a redirect; `false` when it was known.
    pub fn mark_seen(&mut self, url: &Url) -> bool {
        self.seen.insert(url.as_str().to_owned())
    }

    /// The next page to read and its depth, unless those under way may already fill the limit.
    pub fn take(&mut self) -> Option<(Url, usize)> {
        if self.kept + self.under_way >= self.limit {
            return None;
        }
        let next = self.queue.pop_front()?;
        self.under_way += 1;
        Some(next)
    }

    /// A page taken is dealt with.
    pub fn done(&mut self, kept: bool) {
        self.under_way = self.under_way.saturating_sub(1);
        if kept {
            self.kept += 1;
        }
    }

    /// Pages there will be, as far as can be told.
    pub fn total(&self) -> usize {
        (self.kept + self.under_way + self.queue.len()).min(self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("http://a.example").unwrap().join(path).unwrap()
    }

    #[test]
    fn each_address_once_and_never_too_many() {
        let mut frontier = Frontier::new(2);
        for path in ["/1", "/2", "/1", "/3"] {
            frontier.offer(url(path), 0);
        }
        assert_eq!(frontier.total(), 2);
        assert_eq!(frontier.take(), Some((url("/1"), 0)));
        assert_eq!(frontier.take(), Some((url("/2"), 0)));
        assert_eq!(frontier.take(), None);
        frontier.done(true);
        assert_eq!(frontier.take(), None);
        frontier.done(false);
        assert_eq!(frontier.take(), Some((url("/3"), 0)));
        frontier.done(true);
        assert_eq!((frontier.take(), frontier.total()), (None, 2));
    }

    #[test]
    fn never_endlessly_deep() {
        let mut frontier = Frontier::new(9);
        frontier.offer(url("/too-deep"), MOST_DEPTH + 1);
        frontier.offer(url("/deep"), MOST_DEPTH);
        assert_eq!(frontier.take(), Some((url("/deep"), MOST_DEPTH)));
        assert_eq!(frontier.take(), None);
    }
}
