//! Writes YAML: mappings and sequences in block style, strings in double quotes.
//!
//! A JSON string is a double-quoted YAML 1.2 scalar, so no string can be read as a number, a date or markup.

/// A value in YAML.
#[derive(Clone, Debug)]
pub enum Yaml {
    /// A string.
    Text(String),
    /// A number.
    Number(usize),
    /// A string that is written without quotes; letters, digits, hyphens and dots only.
    Word(String),
    /// A sequence.
    List(Vec<Yaml>),
    /// A mapping, in this order.
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    /// Creates a string.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Writes a document.
    pub fn document(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, indent: usize) {
        match self {
            Self::Text(text) => out.push_str(&format!("{}\n", serde_json::Value::from(text.as_str()))),
            Self::Number(number) => out.push_str(&format!("{number}\n")),
            Self::Word(word) => out.push_str(&format!("{word}\n")),
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push_str(&" ".repeat(indent));
                    }
                    out.push_str("- ");
                    item.write(out, indent + 2);
                }
            }
            Self::Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push_str(&" ".repeat(indent));
                    }
                    out.push_str(&format!("{key}:"));
                    match value {
                        Self::List(_) | Self::Map(_) => out.push_str(&format!("\n{}", " ".repeat(indent + 2))),
                        Self::Text(_) | Self::Number(_) | Self::Word(_) => out.push(' '),
                    }
                    value.write(out, indent + 2);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_nested_blocks() {
        let people = vec![
            Yaml::Map(vec![("name", Yaml::text("A: \"b\" # c")), ("ids", Yaml::List(vec![Yaml::text("1"), Yaml::text("null")]))]),
            Yaml::Map(vec![("name", Yaml::text("é\\"))]),
        ];
        let document =
            Yaml::Map(vec![("version", Yaml::Word("1.2.0".into())), ("people", Yaml::List(people)), ("n", Yaml::Number(3))]);
        let wanted = "\
version: 1.2.0
people:
  - name: \"A: \\\"b\\\" # c\"
    ids:
      - \"1\"
      - \"null\"
  - name: \"é\\\\\"
n: 3
";
        assert_eq!(document.document(), wanted);
    }
}
