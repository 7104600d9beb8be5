//! The columns that a file of customers may have: the fields of a spec by their paths, and short names for the usual ones.

use super::super::SPEC;
use crate::platform::shape::{OTHERS, What};
use crate::platform::{NewOrg, Path, Shaped};

/// A step of the way to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A field.
    Field(&'static str),
    /// An entry of a list, as the header numbers it.
    Item(usize),
}

/// A column with a known header.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// As it stands in the file.
    pub header: String,
    /// Where its cells belong.
    pub way: Vec<Segment>,
    /// What its cells must be.
    pub what: What,
}

/// `crawl`, with true in it: the org's website is to be crawled.
pub const CRAWL: &str = "crawl";

impl Column {
    /// The column that a header names, in any case; `None` if a spec has no such field.
    pub fn of(header: &str) -> Option<Self> {
        let header = header.trim();
        let alone = |name: &&str| !header.contains('.') && header.eq_ignore_ascii_case(name);
        let short = NewOrg::SHAPE.iter().map(|field| field.name).find(alone);
        let (mut way, mut what) = (Vec::new(), What::Object(SPEC));
        let full = match short {
            _ if alone(&"email") => "members[0].email",
            Some(_) => {
                way.push(Segment::Field("org"));
                what = What::Object(NewOrg::SHAPE);
                header
            }
            None => header,
        };
        for word in full.split('.') {
            let (name, item) = word
                .split_once('[')
                .map_or((word, None), |(name, item)| (name, Some(item)));
            let What::Object(shape) = bare(what) else {
                return None;
            };
            let field = shape
                .iter()
                .find(|field| field.name != OTHERS.name && field.name.eq_ignore_ascii_case(name))?;
            way.push(Segment::Field(field.name));
            what = field.what;
            if let Some(item) = item {
                way.push(Segment::Item(item.strip_suffix(']')?.parse().ok()?));
                what = bare(what).item()?;
            }
        }
        if way == [Segment::Field(CRAWL)] {
            what = What::Flag;
        }
        Some(Column {
            header: header.to_owned(),
            way,
            what,
        })
    }

    /// Its path, as errors name it.
    pub fn path(&self) -> Path {
        path(&self.way)
    }
}

/// Such as `trainings[0].title`.
pub fn path(way: &[Segment]) -> Path {
    way.iter().fold(Path::root(), |path, segment| match segment {
        Segment::Field(name) => path.field(name),
        Segment::Item(number) => path.index(*number),
    })
}

/// What a value is where one is given.
pub fn bare(what: What) -> What {
    match what {
        What::OrNull(what) | What::Unless(_, what) => bare(*what),
        what => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_fields_by_their_paths() {
        for header in [
            "org.name",
            "org.external_id",
            "org.ai_instructions",
            "crawl",
            "crawl.page_limit",
            "crawl.include_paths[1]",
            "trainings[12].title",
            "members[0].access",
            "members[3].name",
            "embed.scriptSrc",
            "org.integrations.fareharbor.app_key",
            "settings.autopilot",
            "office_hours[0].shifts[2].day_of_week",
            "contacts[0].custom_data",
            "tags[1].tag_name",
        ] {
            assert_eq!(Column::of(header).unwrap().path().as_str(), header);
            let shouted = header.to_ascii_uppercase();
            assert_eq!(
                Column::of(&format!(" {shouted} ")).unwrap().path().as_str(),
                header
            );
        }
    }

    #[test]
    fn short_names_are_the_orgs_fields_and_the_first_members_address() {
        for (short, path) in [
            ("name", "org.name"),
            ("external_id", "org.external_id"),
            ("website", "org.website"),
            ("language", "org.language"),
            ("ai_instructions", "org.ai_instructions"),
            ("email", "members[0].email"),
        ] {
            assert_eq!(Column::of(short).unwrap().path().as_str(), path);
        }
    }

    #[test]
    fn anything_else_is_no_column() {
        for header in [
            " ",
            ".",
            "org.",
            "org.nome",
            "org[0].name",
            "trainings.title",
            "trainings[].title",
            "trainings[-1].title",
            "trainings[0].title.x",
            "trainings[0].title[0]",
            "title",
            "url",
            "crawl[0]",
            "email[0]",
            "members[0]x.email",
            "embed.options.theme",
            "[0]",
            "ñ",
        ] {
            assert_eq!(Column::of(header), None, "{header}");
        }
    }
}
