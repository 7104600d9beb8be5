//! The commented configuration that `init` writes: every setting with what it means, its variable, and its default.

use std::fmt::Write;

use super::AREAS;

const HEAD: &str = "\
# Configuration of opencx-partner-proxy. Each setting may also come from the environment variable named beside it, which
# wins. Lines that begin with # show the defaults. `opencx-partner-proxy doctor` checks all of it.
";

/// The file's text.
pub fn template() -> String {
    let mut text = String::from(HEAD);
    for area in AREAS {
        text.push('\n');
        comment(&mut text, area.about);
        let _ = writeln!(text, "[{}]", area.name);
        for setting in area.settings {
            if !setting.about.is_empty() {
                text.push('\n');
                comment(&mut text, setting.about);
            }
            let key = setting.short_key();
            if setting.secret {
                let _ = writeln!(text, "# The path of a file with it ({}_FILE):", setting.env);
                let _ = writeln!(text, "# {key}_file = \"/run/secrets/{key}\"");
                let _ = writeln!(text, "# or the value itself ({}):", setting.env);
                let _ = writeln!(text, "# {key} = \"...\"");
            } else {
                let _ = writeln!(text, "# {key} = {}  # {}", setting.shown, setting.env);
            }
        }
    }
    text
}

fn comment(text: &mut String, about: &str) {
    for line in about.lines() {
        let _ = writeln!(text, "# {line}");
    }
}
