//! Words to stems, by the org's language where a stemmer for it is known.

use std::collections::HashSet;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, NgramTokenizer, RemoveLongFilter, SimpleTokenizer, Stemmer,
    StopWordFilter, TextAnalyzer,
};

/// English words that carry no subject. tantivy's list lacks those that make a sentence a question.
const NO_SUBJECT: &str = "what how who whom which when where why whether do does did doing done can could would \
    should may might must shall am been being have has had having i me my mine you your yours we us our ours he him \
    his she her hers its them they any some tell know about from please hi hello hey thanks thank want wants need \
    like get got also just so than too let s t ll re ve d m don doesn isn aren can couldn didn won wouldn haven hasn \
    im id much many ok okay yes one ones up out go going come give take still happen happens company must far against \
    because near nearby around during while between else anything something somewhere anywhere available provide \
    provides provided offer offers offered help helps possible allowed there here use using ever really";

/// Turns text into stems.
#[derive(Clone)]
pub struct Stems(TextAnalyzer);

impl Stems {
    /// For a language code such as `en` or `pt-br`.
    pub fn of(language: &str) -> Self {
        let code = language.split('-').next().unwrap_or("").to_ascii_lowercase();
        // No blanks between words there: pairs of characters do instead.
        if matches!(code.as_str(), "zh" | "ja" | "th")
            && let Ok(pairs) = NgramTokenizer::all_ngrams(2, 2)
        {
            return Stems(TextAnalyzer::builder(pairs).filter(LowerCaser).build());
        }
        let language = stemmed(&code);
        let mut analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter_dynamic(RemoveLongFilter::limit(60))
            .filter_dynamic(LowerCaser);
        if let Some(stop_words) = language.and_then(StopWordFilter::new) {
            analyzer = analyzer.filter_dynamic(stop_words);
        }
        if code == "en" {
            let words = NO_SUBJECT.split_whitespace().map(str::to_owned);
            analyzer = analyzer.filter_dynamic(StopWordFilter::remove(words));
        }
        if let Some(language) = language {
            analyzer = analyzer.filter_dynamic(Stemmer::new(language));
        }
        Stems(analyzer.filter_dynamic(AsciiFoldingFilter).build())
    }

    /// The analyzer itself, for the index.
    pub fn analyzer(&self) -> TextAnalyzer {
        self.0.clone()
    }

    /// The stems in their order.
    pub fn list(&self, text: &str) -> Vec<String> {
        let mut analyzer = self.0.clone();
        let mut stream = analyzer.token_stream(text);
        let mut stems = Vec::new();
        while let Some(token) = stream.next() {
            stems.push(token.text.clone());
        }
        stems
    }

    /// Each stem once.
    pub fn set(&self, text: &str) -> HashSet<String> {
        self.list(text).into_iter().collect()
    }
}

fn stemmed(code: &str) -> Option<Language> {
    Some(match code {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "de" => Language::German,
        "el" => Language::Greek,
        "en" => Language::English,
        "es" => Language::Spanish,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nb" | "nn" | "no" => Language::Norwegian,
        "nl" => Language::Dutch,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_question_is_about() {
        let en = Stems::of("en");
        assert_eq!(en.list("What is your cancellation policy?"), ["cancel", "polici"]);
        assert_eq!(en.list("Can I cancel?"), ["cancel"]);
        assert!(en.list("How do you do?").is_empty());
    }

    #[test]
    fn other_languages() {
        assert_eq!(
            Stems::of("de").list("Stornierungen"),
            Stems::of("de").list("Stornierung")
        );
        assert_eq!(
            Stems::of("pt-br").list("reservas"),
            Stems::of("pt-br").list("reserva")
        );
        assert_eq!(Stems::of("et").list("Tere päevast"), ["tere", "paevast"]);
        assert_eq!(Stems::of("zh-cn").list("观鲸船"), ["观鲸", "鲸船"]);
    }
}
