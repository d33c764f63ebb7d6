//! A style sheet with its rules.

use super::rules::{StyleRule, style_rules};

/// A style sheet, whose rules are read once.
#[derive(Clone, Debug)]
pub struct StyleSheet {
    text: String,
    rules: Option<Vec<StyleRule>>,
}

impl StyleSheet {
    /// Reads the rules of a style sheet.
    pub fn new(text: String) -> Self {
        let rules = style_rules(&text);
        Self { text, rules }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the style rules, or `None` if the style sheet cannot be read.
    pub fn rules(&self) -> Option<&[StyleRule]> {
        self.rules.as_deref()
    }
}
