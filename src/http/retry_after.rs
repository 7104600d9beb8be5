//! `Retry-After`, in both of its forms (RFC 9110, 10.2.3).

/// Reads an HTTP date as milliseconds of one clock. Handed in: a browser has a parser, a server takes the `httpdate`
/// crate, and five kilobytes stay out of the wasm file.
pub type ParseDate = fn(&str) -> Option<u64>;

/// Milliseconds to wait. A date is counted from the answer's own `Date`, because our clock may be wrong; without a
/// `Date`, or with a text that is neither form, there is no wait to tell.
pub fn retry_after_ms(retry_after: &str, date: Option<&str>, parse: ParseDate) -> Option<u64> {
    let value = retry_after.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(
            value
                .parse::<u64>()
                .map_or(u64::MAX, |seconds| seconds.saturating_mul(1000)),
        );
    }
    Some(parse(value)?.saturating_sub(parse(date?.trim())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<u64> {
        let since = httpdate::parse_http_date(text)
            .ok()?
            .duration_since(std::time::UNIX_EPOCH)
            .ok()?;
        u64::try_from(since.as_millis()).ok()
    }

    const NOON: &str = "Mon, 23 Nov 2026 12:00:00 GMT";

    #[test]
    fn table() {
        let cases = [
            ("7", None, Some(7_000)),
            (" 0 ", None, Some(0)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Mon, 23 Nov 2026 12:00:30 GMT", Some(NOON), Some(30_000)),
            ("Mon, 23 Nov 2026 11:00:00 GMT", Some(NOON), Some(0)),
            ("Mon, 23 Nov 2026 12:00:30 GMT", None, None),
            ("soon", Some(NOON), None),
            ("-3", Some(NOON), None),
            ("", None, None),
        ];
        for (header, date, expected) in cases {
            assert_eq!(retry_after_ms(header, date, parse), expected, "{header:?}");
        }
    }
}
