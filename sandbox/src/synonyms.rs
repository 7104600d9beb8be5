//! English words that ask for the same thing, so that "kids" finds a page about children.

use crate::stems::Stems;

const GROUPS: [&str; 26] = [
    "price prices cost costs fee fare rate charge expensive",
    "kid kids child children toddler baby infant family",
    "cancel cancellation refund refunded",
    "bring pack wear carry clothes",
    "start begin depart departure departs leave leaves",
    "started founded founder opened established owner owners",
    "meet meeting location address located directions pier",
    "time times hours open opening schedule timetable daily",
    "book booking reserve reservation",
    "phone call telephone contact email number",
    "pet pets dog dogs animal",
    "wheelchair accessible accessibility disabled disability mobility",
    "weather rain rains rainy storm wind",
    "food eat meal lunch drink drinks snack snacks vegetarian vegan",
    "park parking car",
    "pay payment card cash",
    "discount voucher coupon reduced",
    "age old minimum years",
    "duration last lasts hours minutes long",
    "people persons passengers guests capacity seats maximum group",
    "trip tour cruise excursion",
    "boat ship vessel catamaran yacht",
    "bike bikes bicycle bicycles cycle cycling",
    "advance ahead beforehand early",
    "hire rent rental lend borrow loan",
    "job jobs work working career vacancy hiring",
];

/// What a turn of phrase asks for without naming it.
const HINTS: [(&str, &str); 9] = [
    ("how much", "price cost"),
    ("phone number", "telephone contact reach"),
    ("email address", "mail contact reach"),
    ("how long", "duration hours minutes lasts"),
    ("how many", "maximum capacity"),
    ("what time", "time start hours departs"),
    ("who", "story founder owner team crew"),
    ("when", "time start hours departs season"),
    ("where", "location address meet meeting find"),
];

/// The groups as stems of one language. Only English has any.
#[derive(Clone, Default)]
pub struct Synonyms {
    groups: Vec<Vec<String>>,
    hints: Vec<(&'static str, Vec<String>)>,
}

impl Synonyms {
    /// For a language code.
    pub fn of(language: &str, stems: &Stems) -> Self {
        if !language.to_ascii_lowercase().starts_with("en") {
            return Synonyms::default();
        }
        Synonyms {
            groups: GROUPS.iter().map(|group| stems.list(group)).collect(),
            hints: HINTS
                .iter()
                .map(|(phrase, words)| (*phrase, stems.list(words)))
                .collect(),
        }
    }

    /// Other stems that would do for this one.
    pub fn beside<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = &'a str> {
        self.groups
            .iter()
            .filter(move |group| group.iter().any(|s| s == stem))
            .flatten()
            .map(String::as_str)
            .filter(move |other| *other != stem)
    }

    /// Stems that the question's turns of phrase ask for.
    pub fn hinted(&self, question: &str) -> Vec<Vec<String>> {
        let spaced: String = question
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { ' ' })
            .collect();
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let spaced = format!(" {} ", words.join(" "));
        self.hints
            .iter()
            .filter(|(phrase, _)| spaced.contains(&format!(" {phrase} ")))
            .map(|(_, stems)| stems.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kids_are_children() {
        let stems = Stems::of("en");
        let synonyms = Synonyms::of("en", &stems);
        assert!(synonyms.beside("kid").any(|s| s == "child"));
        assert!(synonyms.beside("lighthous").next().is_none());
        assert_eq!(synonyms.hinted("So, how much is it?").len(), 1);
        assert!(synonyms.hinted("Whenever").is_empty());
        assert!(
            Synonyms::of("de", &Stems::of("de"))
                .beside("kind")
                .next()
                .is_none()
        );
    }
}
