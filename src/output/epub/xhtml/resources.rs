//! Writes resource tiles and lists, and links to videos.

use super::Writer;
use super::inline::address;
use crate::model::{Badge, LinkedResources, ResourceCard, Target};
use crate::output::epub::names;

impl Writer<'_> {
    pub(super) fn resources(&mut self, group: &LinkedResources) {
        if let Some(badge) = &group.badge {
            self.badge("group-badge", badge);
        }
        if group.cards.is_empty() {
            return;
        }
        self.xml.open("ul").attr("class", &format!("resources {}", group.style.name())).attr("role", "list").line();
        for card in &group.cards {
            self.next_item();
            self.card(card);
        }
        self.xml.close().line();
    }

    fn card(&mut self, card: &ResourceCard) {
        self.xml.open("li").attr("class", "resource").line();
        if let Some(kind) = &card.kind {
            self.xml.leaf("p", Some("resource-kind"), kind).line();
        }
        self.xml.open("p").attr("class", "resource-title");
        match self.card_href(card) {
            Some(href) => {
                let name = link_name(card);
                self.xml.open("a").attr("href", &href).attr_if("aria-label", name).text(&card.title).close();
            }
            None if matches!(card.target, Some(Target::Publication(_))) => {
                self.xml.leaf("cite", Some("publication-reference"), &card.title);
            }
            None => {
                self.xml.text(&card.title);
            }
        }
        self.xml.close().line();
        if let Some(subtitle) = &card.subtitle {
            self.xml.leaf("p", Some("resource-subtitle"), subtitle).line();
        }
        if let Some(badge) = &card.badge {
            self.badge("resource-badge", badge);
        }
        if let Some(statement) = &card.statement {
            self.xml.leaf("p", Some("resource-statement"), statement).line();
        }
        self.xml.close().line();
    }

    /// Returns the address of a resource; `None` for another publication that is not online, because it is a file outside the
    /// container.
    fn card_href(&self, card: &ResourceCard) -> Option<String> {
        match card.target.as_ref()? {
            Target::Internal { section, id, .. } => self.names.href(section, id, &self.section.id),
            Target::External(url) => Some(address(url)),
            Target::Publication(elsewhere) => names::online(elsewhere),
        }
    }

    fn badge(&mut self, place: &str, badge: &Badge) {
        self.xml.open("p").attr("class", place);
        self.xml.leaf("span", Some(&format!("badge badge-{}", badge.kind.name())), &badge.label).close().line();
    }

    /// Writes a link to a video. The word for "video" is added if the title does not contain it.
    pub(super) fn video(&mut self, url: &str, title: &str) {
        let word = self.edition.language.terms.video;
        let named = title.to_lowercase().contains(&word.to_lowercase());
        let text = if named { title.to_owned() } else { format!("{word} – {title}") };
        self.xml.open("p").attr("class", "video").open("a").attr("href", &address(url)).text(&text).close().close().line();
    }
}

/// Returns the alternative text of a card as the accessible name of its link, if it adds information: a subtitle, or a site.
/// The name must contain the visible text (WCAG 2.2 success criterion 2.5.3).
fn link_name(card: &ResourceCard) -> Option<&str> {
    let more = card.subtitle.is_some() || card.statement.is_some();
    Some(card.alt.as_str()).filter(|alt| more && alt.contains(&card.title))
}

#[cfg(test)]
mod tests {
    use crate::model::{Badge, BadgeKind, BlockKind, LinkedResources, ResourceCard, ResourceStyle, Target};
    use crate::output::epub::sample;

    fn card(target: Option<Target>, statement: Option<&str>) -> ResourceCard {
        ResourceCard {
            id: "x".into(),
            title: "Lire & dire".into(),
            subtitle: None,
            kind: Some("Fiche".into()),
            badge: None,
            target,
            alt: "Consulter « Lire & dire » sur le site de X".into(),
            statement: statement.map(str::to_owned),
        }
    }

    #[test]
    fn groups_have_one_badge_and_cards_have_their_statement() {
        let group = LinkedResources {
            style: ResourceStyle::Tiles,
            badge: Some(Badge { kind: BadgeKind::Short, label: "Formats courts 5’".into() }),
            cards: vec![
                card(Some(Target::External("https://x.org/a b".into())), Some("Sur le site de X")),
                card(None, Some("Pas en ligne")),
                card(Some(Target::External("https://x.org".into())), None),
                card(Some(sample::elsewhere("b", None, "B", None)), None),
                card(Some(sample::elsewhere("../c/b", Some("https://x.org/c/b"), "B", None)), None),
            ],
        };
        let out = sample::section_of(vec![BlockKind::Resources(group)]);
        assert_eq!(out.matches("Formats courts").count(), 1, "{out}");
        assert!(out.contains("<p class=\"group-badge\"><span class=\"badge badge-short\">Formats courts 5’</span></p>\n<ul class=\"resources tiles\" role=\"list\">"));
        let wanted =
            "<a href=\"https://x.org/a%20b\" aria-label=\"Consulter « Lire &amp; dire » sur le site de X\">Lire &amp; dire</a>";
        assert!(out.contains(wanted), "{out}");
        assert!(
            out.contains("<p class=\"resource-title\">Lire &amp; dire</p>\n<p class=\"resource-statement\">Pas en ligne</p>"),
            "{out}"
        );
        assert!(out.contains("<a href=\"https://x.org\">Lire &amp; dire</a>"), "the redundant name is not omitted: {out}");
        assert!(out.contains("<cite class=\"publication-reference\">Lire &amp; dire</cite>"), "{out}");
        assert!(out.contains("<a href=\"https://x.org/c/b.epub\">Lire &amp; dire</a>"), "{out}");
    }
}
