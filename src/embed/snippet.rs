//! What puts the widget on a page: a script tag to paste, a module for an app, or an element.

use crate::error::{Code, Error};

/// What a snippet is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// A script tag, for a site owner.
    #[default]
    Script,
    /// A module that calls `loadWidget`, for an app.
    Npm,
    /// The `<opencx-chat>` element.
    Element,
}

/// What goes into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// What it is for.
    pub form: Form,
    /// Address of the kit's `script.js`, for an element of its `element.js`: absolute http(s), or a path on the site itself.
    /// The npm form needs none.
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
    /// Token and all options, as the text of one JSON object: for the npm form.
    pub options_json: Option<String>,
}

impl Snippet {
    /// Writes it, every value escaped for where it stands.
    ///
    /// # Errors
    /// `INVALID_OPTIONS` for a missing token, a script address that is none, or an option's name that no attribute
    /// can carry.
    pub fn to_text(&self) -> Result<String, Error> {
        if self.token.trim().is_empty() {
            return Err(refused(
                "The widget token is missing: create the org first and pass its widget_token.",
            ));
        }
        match self.form {
            Form::Script => self.to_script(),
            Form::Npm => Ok(self.to_module()),
            Form::Element => self.to_element(),
        }
    }

    fn to_script(&self) -> Result<String, Error> {
        let mut html = String::new();
        if let Some(json) = &self.nested_json {
            html.push_str("<script type=\"application/json\" data-opencx-kit>");
            html.push_str(&in_script(json));
            html.push_str("</script>\n");
        }
        html.push_str("<script async");
        self.push_source(&mut html)?;
        attribute(&mut html, "data-token", &self.token)?;
        for (name, value) in &self.plain {
            attribute(&mut html, &attribute_name("data-", name)?, value)?;
        }
        html.push_str("></script>");
        Ok(html)
    }

    /// The token goes in as JSON's text, which JavaScript reads as the same; `plain` and `nested_json` are in `options_json`.
    fn to_module(&self) -> String {
        let mut code =
            String::from("import { loadWidget } from \"opencx-partner-kit\";\n\nawait loadWidget(");
        code.push_str(&in_script(self.options_json.as_deref().unwrap_or("{}")));
        code.push_str(");\n");
        code
    }

    fn to_element(&self) -> Result<String, Error> {
        let mut html = String::from("<script type=\"module\"");
        self.push_source(&mut html)?;
        html.push_str("></script>\n<opencx-chat");
        attribute(&mut html, "token", &self.token)?;
        for (name, value) in &self.plain {
            attribute(&mut html, &attribute_name("", name)?, value)?;
        }
        html.push_str("></opencx-chat>");
        if let Some(json) = &self.nested_json {
            html.push_str("\n<script");
            if let Some(nonce) = &self.nonce {
                attribute(&mut html, "nonce", nonce)?;
            }
            html.push_str(">document.querySelector(\"opencx-chat\").options = ");
            html.push_str(&in_script(json));
            html.push_str("</script>");
        }
        Ok(html)
    }

    /// Where the script is, and what the page's policies ask of it.
    fn push_source(&self, html: &mut String) -> Result<(), Error> {
        let src = self.script_src.to_ascii_lowercase();
        if !(src.starts_with("https://") || src.starts_with("http://") || src.starts_with('/')) {
            return Err(refused(
                "scriptSrc must be the http(s) address, or the path, of the kit's script.js (of its element.js for an element).",
            ));
        }
        attribute(html, "src", &self.script_src)?;
        if let Some(hash) = &self.integrity {
            if !is_integrity(hash) {
                return Err(refused(
                    "integrity must be hashes such as sha384-…, as the build prints them.",
                ));
            }
            attribute(html, "integrity", hash)?;
            // Without it a browser compares nothing that comes from another origin.
            attribute(html, "crossorigin", "anonymous")?;
        }
        match &self.nonce {
            Some(nonce) => attribute(html, "nonce", nonce),
            None => Ok(()),
        }
    }
}

/// JSON within a script: `<` ends the element or opens a comment wherever it stands, even inside a JSON string.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
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

/// `primaryColor` as `data-primary-color`, which `dataset` gives back as `primaryColor`; or, on an element of our own, as
/// `primary-color`.
fn attribute_name(prefix: &str, option: &str) -> Result<String, Error> {
    let good = option.starts_with(|c: char| c.is_ascii_lowercase())
        && option.chars().all(|c| c.is_ascii_alphanumeric())
        && option != "token";
    if !good {
        return Err(refused(
            "An option's name must be in camelCase letters and digits, and not be token.",
        ));
    }
    let mut name = String::from(prefix);
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
            html.to_text().unwrap(),
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
            assert!(snippet.to_text().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_tag_people_paste() {
        assert_eq!(
            snippet().to_text().unwrap(),
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
                snippet.to_text().unwrap_err().code,
                Code::InvalidOptions,
                "{snippet:?}"
            );
        }
    }

    #[test]
    fn an_element_and_a_module() {
        let element = Snippet {
            form: Form::Element,
            nonce: Some("n".into()),
            nested_json: Some(r#"{"bot":{"name":"</script>"}}"#.into()),
            ..snippet()
        };
        assert_eq!(
            element.to_text().unwrap(),
            "<script type=\"module\" src=\"https://cdn.example/script.js\" nonce=\"n\"></script>\n\
             <opencx-chat token=\"tok_1\" primary-color=\"#06c\" open-after-n-seconds=\"5\"></opencx-chat>\n\
             <script nonce=\"n\">document.querySelector(\"opencx-chat\").options = \
             {\"bot\":{\"name\":\"\\u003c/script>\"}}</script>"
        );
        let module = Snippet {
            form: Form::Npm,
            options_json: Some(r#"{"token":"tok_1"}"#.into()),
            script_src: String::new(),
            ..snippet()
        };
        assert_eq!(
            module.to_text().unwrap(),
            "import { loadWidget } from \"opencx-partner-kit\";\n\nawait loadWidget({\"token\":\"tok_1\"});\n"
        );
    }

    proptest! {
        // Four hostile texts in each form of each case: 100,000 and more in all.
        #![proptest_config(ProptestConfig::with_cases(9_000))]

        /// A real HTML parser sees exactly the elements and attributes that were meant, whatever the values hold.
        #[test]
        fn hostile_values_stay_in_their_place(
            token in "[^\0\\s][^\0]{0,40}", value in "[^\0]{0,40}", nested in "[^\0]{0,40}", tail in "[^\0\r\n\t]{0,20}",
        ) {
            let json = serde_json::json!({ "a": nested }).to_string();
            let script = Snippet {
                script_src: format!("https://x.example/{tail}"),
                token: token.clone(),
                plain: vec![("cssOverrides".into(), value.clone())],
                nested_json: Some(json),
                options_json: Some(serde_json::json!({ "token": token, "cssOverrides": value, "a": nested }).to_string()),
                ..Snippet::default()
            };
            let element = Snippet { form: Form::Element, ..script.clone() };
            let module = Snippet { form: Form::Npm, ..script.clone() };

            let page = Html::parse_fragment(&script.to_text().unwrap());
            let all: Vec<_> = page.select(&Selector::parse("*:not(html)").unwrap()).collect();
            prop_assert_eq!(all.len(), 2);
            let data: serde_json::Value = serde_json::from_str(&all[0].text().collect::<String>()).unwrap();
            prop_assert_eq!(data["a"].as_str(), Some(nested.as_str()));
            let loader = all[1].value();
            prop_assert_eq!(loader.attrs().count(), 4);
            prop_assert_eq!(loader.attr("data-token"), Some(token.as_str()));
            prop_assert_eq!(loader.attr("data-css-overrides"), Some(value.as_str()));

            let page = Html::parse_fragment(&element.to_text().unwrap());
            let all: Vec<_> = page.select(&Selector::parse("*:not(html)").unwrap()).collect();
            prop_assert_eq!(all.len(), 3);
            prop_assert_eq!(all[0].value().attrs().count(), 2);
            let chat = all[1].value();
            prop_assert_eq!((chat.name(), chat.attrs().count()), ("opencx-chat", 2));
            prop_assert_eq!(chat.attr("token"), Some(token.as_str()));
            prop_assert_eq!(chat.attr("css-overrides"), Some(value.as_str()));
            let code = all[2].text().collect::<String>();
            let options = code.split_once(" = ").unwrap().1;
            let data: serde_json::Value = serde_json::from_str(options).unwrap();
            prop_assert_eq!(data["a"].as_str(), Some(nested.as_str()));

            let code = module.to_text().unwrap();
            let options = code.split_once("loadWidget(").unwrap().1.strip_suffix(");\n").unwrap();
            prop_assert!(!options.contains('<'));
            let data: serde_json::Value = serde_json::from_str(options).unwrap();
            prop_assert_eq!(data["token"].as_str(), Some(token.as_str()));
        }
    }
}
