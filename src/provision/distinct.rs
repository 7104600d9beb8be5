//! Texts of which each may stand in a list once.

/// The texts so far.
#[derive(Debug, Default)]
pub struct Distinct {
    texts: Vec<String>,
    /// Their places, by the texts' order. Four bytes each, and no hash table: a hundred thousand insertions are quick enough, and a
    /// table would be two kilobytes more to download.
    sorted: Vec<u32>,
}

impl Distinct {
    /// Takes one more text. The empty one is never the same: it is told as missing.
    ///
    /// # Errors
    /// It is there: how many stood before it.
    pub fn insert(&mut self, text: String) -> Result<(), usize> {
        if !text.is_empty() {
            let found = self
                .sorted
                .binary_search_by(|place| self.texts[*place as usize].cmp(&text));
            match found {
                Ok(found) => return Err(self.sorted[found] as usize),
                #[allow(clippy::cast_possible_truncation)] // four billion texts do not fit in a page
                Err(place) => self.sorted.insert(place, self.texts.len() as u32),
            }
        }
        self.texts.push(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_place_of_each_text(texts in proptest::collection::vec("[ab]{0,2}", 0..40)) {
            let mut distinct = Distinct::default();
            let mut kept: Vec<String> = Vec::new();
            for text in texts {
                let first = kept.iter().position(|known| *known == text && !text.is_empty());
                prop_assert_eq!(distinct.insert(text.clone()).err(), first);
                if first.is_none() {
                    kept.push(text);
                }
            }
        }
    }
}
