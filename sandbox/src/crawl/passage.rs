//! Cuts a page's text into passages: at headings, and at a few hundred characters.

use serde::{Deserialize, Serialize};

use super::extract::Block;

const ENOUGH: usize = 450;
const MOST: usize = 700;

/// A piece of a page that can stand as an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Heading above it; empty when there is none.
    pub heading: String,
    /// The text, a line for each paragraph, list entry or table row.
    pub text: String,
}

/// Cuts.
pub fn cut(blocks: &[Block]) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut heading = String::new();
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Heading(next) => {
                close(&mut passages, &heading, &mut text);
                heading.clone_from(next);
            }
            Block::Text(block) => {
                for piece in pieces(block) {
                    if text.len() + piece.len() > MOST {
                        close(&mut passages, &heading, &mut text);
                    }
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(&piece);
                    if text.len() >= ENOUGH {
                        close(&mut passages, &heading, &mut text);
                    }
                }
            }
        }
    }
    close(&mut passages, &heading, &mut text);
    passages
}

fn close(passages: &mut Vec<Passage>, heading: &str, text: &mut String) {
    if !text.is_empty() {
        passages.push(Passage {
            heading: heading.to_owned(),
            text: std::mem::take(text),
        });
    }
}

/// A block that is too long, cut after sentences, or after words where a sentence is too long itself.
fn pieces(block: &str) -> Vec<String> {
    if block.len() <= MOST {
        return vec![block.to_owned()];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for word in block.split_inclusive(' ') {
        let sentence_over = piece.trim_end().ends_with(['.', '!', '?']) && piece.len() >= ENOUGH / 2;
        if !piece.is_empty() && (sentence_over || piece.len() + word.len() > ENOUGH) {
            pieces.push(piece.trim_end().to_owned());
            piece.clear();
        }
        piece.push_str(word);
    }
    if !piece.trim().is_empty() {
        pieces.push(piece.trim_end().to_owned());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(text: &str) -> Block {
        Block::Heading(text.into())
    }

    fn text(text: &str) -> Block {
        Block::Text(text.into())
    }

    #[test]
    fn cut_at_headings() {
        let passages = cut(&[
            text("Before."),
            heading("Empty"),
            heading("Prices"),
            text("Adults 89."),
            text("Children 45."),
        ]);
        let flat: Vec<_> = passages
            .iter()
            .map(|p| (p.heading.as_str(), p.text.as_str()))
            .collect();
        assert_eq!(flat, [("", "Before."), ("Prices", "Adults 89.\nChildren 45.")]);
    }

    #[test]
    fn a_long_text_comes_in_pieces_and_loses_nothing() {
        let long = "Whales breathe air. ".repeat(100);
        let passages = cut(&[heading("Whales"), text(long.trim())]);
        assert!(passages.len() > 2);
        assert!(
            passages
                .iter()
                .all(|p| p.text.len() <= MOST && p.heading == "Whales")
        );
        let together: Vec<&str> = passages.iter().flat_map(|p| p.text.split_whitespace()).collect();
        assert_eq!(together, long.split_whitespace().collect::<Vec<_>>());
        assert!(passages[0].text.ends_with('.'));
    }
}
