//! The script tag a site owner pastes.

use crate::error::{Code, Error};

/// What goes into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Address of the kit's `script.js`: absolute http(s), or a path on the site itself.
    pub script_src: String,
    /// Widget token.
    pub token: String,
    /// Subresource Integrity hash of that file, as the build prints it.
    pub integrity: Option<String>,
    /// Nonce of the page's content policy: for a page that is written anew at each request.
    pub nonce: Option<String>,
    /// Options whose values are text, numbers or truth values, as `(camelCase name, text)`.
    pub plain: Vec<(String, String)>,
    /// The other options, as the text of one JSON object.
    pub nested_json: Option<String>,
}

impl Snippet {
    /// Writes the tag, every value escaped for where it stands.
    ///
    /// # Errors
    /// `INVALID_OPTIONS` for a missing token, a script address that is none, or an option's name that no attribute
    /// can carry.
    pub fn to_html(&self) -> Result<String, Error> {
        if self.token.trim().is_empty() {
            return Err(refused(
                "The widget token is missing: create the org first and pass its widget_token.",
            ));
        }
        let src = self.script_src.to_ascii_lowercase();
        if !(src.starts_with("https://") || src.starts_with("http://") || src.starts_with('/')) {
            return Err(refused(
                "scriptSrc must be the http(s) address, or the path, of the kit's script.js.",
            ));
        }
        let mut html = String::new();
        if let Some(json) = &self.nested_json {
            html.push_str("<script type=\"application/json\" data-opencx-kit>");
            // `<` ends the element or opens a comment wherever it stands, even inside a JSON string.
            html.push_str(&json.replace('<', "\\u003c"));
            html.push_str("</script>\n");
        }
        html.push_str("<script async");
        attribute(&mut html, "src", &self.script_src)?;
        if let Some(hash) = &self.integrity {
            if !is_integrity(hash) {
                return Err(refused(
                    "integrity must be hashes such as sha384-…, as the build prints them.",
                ));
            }
            attribute(&mut html, "integrity", hash)?;
            // Without it a browser compares nothing that comes from another origin.
            attribute(&mut html, "crossorigin", "anonymous")?;
        }
        if let Some(nonce) = &self.nonce {
            attribute(&mut html, "nonce", nonce)?;
        }
        attribute(&mut html, "data-token", &self.token)?;
        for (name, value) in &self.plain {
            attribute(&mut html, &data_name(name)?, value)?;
        }
        html.push_str("></script>");
        Ok(html)
    }
}

/// A browser takes a hash that it cannot read for none, and loads whatever comes.
fn is_integrity(hashes: &str) -> bool {
    !hashes.is_empty()
        && hashes.split(' ').all(|hash| {
            let known = ["sha256-", "sha384-", "sha512-"]
                .iter()
                .find_map(|kind| hash.strip_prefix(kind));
            known.is_some_and(|digest| {
                digest.len() > 40
                    && digest
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
            })
        })
}

/// `primaryColor` as `data-primary-color`, which `dataset` gives back as `primaryColor`.
fn data_name(option: &str) -> Result<String, Error> {
    let good = option.starts_with(|c: char| c.is_ascii_lowercase())
        && option.chars().all(|c| c.is_ascii_alphanumeric())
        && option != "token";
    if !good {
        return Err(refused(
            "An option's name must be in camelCase letters and digits, and not be token.",
        ));
    }
    let mut name = String::from("data-");
    for c in option.chars() {
        if c.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    Ok(name)
}

fn attribute(html: &mut String, name: &str, value: &str) -> Result<(), Error> {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    for c in value.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            // The parser would turn these into others.
            '\r' => html.push_str("&#13;"),
            '\0' => {
                return Err(refused(
                    "An option's value holds a NUL character, which no page can carry.",
                ));
            }
            c => html.push(c),
        }
    }
    html.push('"');
    Ok(())
}

fn refused(message: &str) -> Error {
    Error::new(Code::InvalidOptions, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scraper::{Html, Selector};

    fn snippet() -> Snippet {
        Snippet {
            script_src: "https://cdn.example/script.js".into(),
            token: "tok_1".into(),
            plain: vec![
                ("primaryColor".into(), "#06c".into()),
                ("openAfterNSeconds".into(), "5".into()),
            ],
            nested_json: None,
            ..Snippet::default()
        }
    }

    #[test]
    fn integrity_and_nonce_stand_before_the_token() {
        let hash = format!("sha384-{}", "a".repeat(64));
        let html = Snippet {
            integrity: Some(hash.clone()),
            nonce: Some("n\"1".into()),
            plain: vec![],
            ..snippet()
        };
        assert_eq!(
            html.to_html().unwrap(),
            format!(
                "<script async src=\"https://cdn.example/script.js\" integrity=\"{hash}\" crossorigin=\"anonymous\" \
                 nonce=\"n&quot;1\" data-token=\"tok_1\"></script>"
            )
        );
        for bad in ["", "md5-abc", "sha384-", "sha384 abc", "\" onload=\"x"] {
            let snippet = Snippet {
                integrity: Some(bad.into()),
                ..snippet()
            };
            assert!(snippet.to_html().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_tag_people_paste() {
        assert_eq!(
            snippet().to_html().unwrap(),
            "<script async src=\"https://cdn.example/script.js\" data-token=\"tok_1\" \
             data-primary-color=\"#06c\" data-open-after-n-seconds=\"5\"></script>"
        );
    }

    #[test]
    fn what_cannot_be_carried_is_refused() {
        let refused = [
            Snippet {
                token: " ".into(),
                ..snippet()
            },
            Snippet {
                script_src: "javascript:alert(1)".into(),
                ..snippet()
            },
            Snippet {
                plain: vec![("on click".into(), "x".into())],
                ..snippet()
            },
            Snippet {
                plain: vec![("token".into(), "x".into())],
                ..snippet()
            },
            Snippet {
                token: "a\0b".into(),
                ..snippet()
            },
        ];
        for snippet in refused {
            assert_eq!(
                snippet.to_html().unwrap_err().code,
                Code::InvalidOptions,
                "{snippet:?}"
            );
        }
    }

    proptest! {
        /// A real HTML parser sees exactly the elements and attributes that were meant, whatever the values hold.
        #[test]
        fn hostile_values_stay_in_their_place(
            token in "[^\0\\s][^\0]{0,40}", value in "[^\0]{0,40}", nested in "[^\0]{0,40}", tail in "[^\0\r\n\t]{0,20}",
        ) {
            let json = serde_json::to_string(&serde_json::json!({ "a": nested })).unwrap();
            let html = Snippet {
                script_src: format!("https://x.example/{tail}"),
                token: token.clone(),
                plain: vec![("cssOverrides".into(), value.clone())],
                nested_json: Some(json.clone()),
                ..Snippet::default()
            }
            .to_html()
            .unwrap();
            let page = Html::parse_fragment(&html);
            let scripts: Vec<_> = page.select(&Selector::parse("*:not(html)").unwrap()).collect();
            prop_assert_eq!(scripts.len(), 2);
            let data: serde_json::Value = serde_json::from_str(&scripts[0].text().collect::<String>()).unwrap();
            prop_assert_eq!(&data["a"], &serde_json::Value::String(nested));
            let loader = scripts[1].value();
            prop_assert_eq!(loader.attrs().count(), 4);
            prop_assert_eq!(loader.attr("data-token"), Some(token.as_str()));
            prop_assert_eq!(loader.attr("data-css-overrides"), Some(value.as_str()));
        }
    }
}
