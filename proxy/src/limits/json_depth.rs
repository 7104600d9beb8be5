//! How deep a JSON text is nested: a pure look at its bytes, before anything is built from them.

/// Nothing that the protocol takes is half as deep.
pub const MAX_DEPTH: usize = 32;

/// Whether arrays and objects are nested deeper than that. The text need not be right.
pub fn too_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_and_not_merely_many() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!too_deep(nested(MAX_DEPTH).as_bytes()));
        assert!(too_deep(nested(MAX_DEPTH + 1).as_bytes()));
        assert!(
            too_deep("{\"a\":".repeat(40).as_bytes()),
            "also when it is cut off"
        );
        assert!(!too_deep("[[],[{}]],".repeat(1000).as_bytes()));
        assert!(!too_deep(
            format!(r#"{{"a":"{}\"{}"}}"#, "[".repeat(99), "{".repeat(99)).as_bytes()
        ));
        assert!(too_deep(format!(r#"["\\",{}"#, "[".repeat(32)).as_bytes()));
        assert!(!too_deep(b"]]]}}}"));
    }
}
