//! What somebody probably meant.

/// The known name that is most like this one, if any is like it.
pub fn nearest(name: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(name, &known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

/// Variables that are almost one of these: most likely one of them, misspelt. Others are somebody else's: an orchestrator
/// sets names such as `OPENCX_PROXY_PORT` for a service of that name.
pub fn misspelt<'a>(given: impl IntoIterator<Item = &'a str>, known: &[String]) -> Option<(&'a str, String)> {
    given.into_iter().find_map(|name| {
        if known.iter().any(|known| known == name) {
            return None;
        }
        let close = |known: &&String| strsim::osa_distance(name, known) <= 2;
        known.iter().find(close).map(|known| (name, known.clone()))
    })
}
