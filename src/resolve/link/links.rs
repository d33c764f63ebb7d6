//! Targets of links: in the publication, in other publications of the workspace, and external.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::link_address;
use crate::model::{AnchorKind, AnchorTarget, AuthoredTarget, Inline, InlineKind, PublicationTarget, Target, Title, label_at};
use crate::resolve::scope::{Scope, SourceFile, anchor_like, free_id};
use crate::workspace::{AnchorEntry, Anchors, EditionIndex, Index, PublicationIndex};

/// Resolves the targets of links.
#[derive(Clone, Copy)]
pub struct LinkResolver<'a> {
    /// The edition that contains the links.
    pub scope: &'a Scope<'a>,
    /// The other publications.
    pub index: &'a Index,
}

impl LinkResolver<'_> {
    /// Resolves the target of a link in a text in the language `text_lang`. Reports errors.
    pub fn target(&self, link: &AuthoredTarget, text_lang: &str, found: &mut Diagnostics) -> Option<Target> {
        let mut unresolved = Diagnostics::default();
        let target = self.resolve(link, text_lang, &mut unresolved);
        found.extend(self.scope.strictness.soften_all(unresolved, "its text is kept without a link"));
        target
    }

    fn resolve(&self, link: &AuthoredTarget, text_lang: &str, found: &mut Diagnostics) -> Option<Target> {
        let text = link.text.trim();
        if let Some(id) = text.strip_prefix('#') {
            return self.internal(id, text_lang, link.span, found);
        }
        if let Some(rest) = text.strip_prefix("publication:") {
            return self.publication(rest, text_lang, link.span, found);
        }
        if let Some(file) = SourceFile::of(text, &self.scope.publication.folder) {
            let own = &self.scope.publication;
            if file.is_in(&own.folder) {
                return self.section(&file, text_lang, link.span, found);
            }
            if let Some(slug) = file.slug(&self.index.slugs, &own.slug) {
                return self.other(slug, &OtherPlace::File(&file), text_lang, link.span, found);
            }
        }
        link_address(text, link.span, found).map(Target::External)
    }

    /// Resolves the target of a link without words, which shows the title of its target. External addresses have no title and are
    /// reported.
    pub fn reference(&self, link: &AuthoredTarget, text_lang: &str, found: &mut Diagnostics) -> Option<Target> {
        let target = self.target(link, text_lang, found)?;
        let Target::External(address) = &target else { return self.titled(link, target, found) };
        let message = format!("this link to \"{address}\" has no words");
        let hint = format!("write its text between the brackets, or write <{}> to print the address", link.text.trim());
        let wordless = Diagnostic::new(code::ADDRESS, message).at(link.span).hint(hint);
        found.push(self.scope.strictness.soften(wordless, "the address is printed"));
        None
    }

    /// Reports a link without words to a figure, table or block without a title.
    fn titled(&self, link: &AuthoredTarget, target: Target, found: &mut Diagnostics) -> Option<Target> {
        let title = match &target {
            Target::Internal { title, .. }
            | Target::Publication(PublicationTarget { anchor: Some(AnchorTarget { title, .. }), .. }) => title,
            Target::Publication(_) | Target::External(_) => return Some(target),
        };
        // The text of a reference to another publication also contains the title of the publication.
        let kind = link.text.trim().strip_prefix('#').and_then(|id| Some(self.scope.anchors.get(id)?.anchor.kind));
        if !title.text.is_empty() || kind.is_some_and(|kind| matches!(kind, AnchorKind::Section | AnchorKind::Heading)) {
            return Some(target);
        }
        let message = format!("this link has no words, and its target \"{}\" has no title", link.text.trim());
        let wordless = Diagnostic::new(code::ADDRESS, message).at(link.span);
        let wordless = wordless.hint("write its text between the brackets, or give the target a caption or a title");
        found.push(self.scope.strictness.soften(wordless, "the target is printed as typed"));
        None
    }

    fn internal(&self, id: &str, text_lang: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        let is_in_file = |entry: &AnchorEntry| entry.span.source == span.source;
        let id =
            if self.scope.anchors.contains_key(id) { id } else { anchor_like(&self.scope.anchors, id, is_in_file).unwrap_or(id) };
        if let Some(anchor) = self.scope.anchors.get(id) {
            let lang = anchor.lang.as_deref().unwrap_or(self.scope.language.tag);
            let title = Title::new(label_at(&anchor.anchor.title, span), lang, text_lang);
            return Some(Target::Internal { section: anchor.section.clone(), id: id.to_owned(), title });
        }
        let own = self.index.publication(&self.scope.publication.slug);
        if own.is_some_and(|own| own.has_in_other_edition(id, self.scope.edition.id.get_ref())) {
            let edition = self.scope.edition.id.get_ref();
            let message = format!("no section or heading has the id \"{id}\" in the edition \"{edition}\"");
            let hint = format!("leave the link out of that edition: [[words](#{id})]{{except=\"{edition}\"}}");
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).hint(hint));
            return None;
        }
        let message = if id.is_empty() {
            "this link has no id after the #".into()
        } else {
            format!("no section or heading has the id \"{id}\"")
        };
        found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(id, self.scope.anchors.keys().map(String::as_str)));
        None
    }

    /// Resolves a link to a file of this publication.
    fn section(&self, file: &SourceFile, text_lang: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        let Some(section) = self.scope.files.get(&file.name) else {
            found.push(self.no_section(file, span));
            return None;
        };
        let id = anchor_in(&self.scope.anchors, section, file, span, found)?;
        self.internal(id, text_lang, span, found)
    }

    /// Returns the diagnostic for a link to a file of this publication that is not a section of the edition.
    fn no_section(&self, file: &SourceFile, span: Span) -> Diagnostic {
        let name = &file.name;
        let own = self.index.publication(&self.scope.publication.slug);
        if own.is_some_and(|own| own.editions.iter().any(|edition| edition.files.contains_key(name))) {
            let edition = self.scope.edition.id.get_ref();
            let message = format!("the file \"{name}.md\" is not a section of the edition \"{edition}\"");
            let hint = format!("leave the link out of that edition: [[words](…)]{{except=\"{edition}\"}}");
            return Diagnostic::new(code::DEAD_LINK, message).at(span).hint(hint);
        }
        let message = format!("the file \"{name}.md\" is not a section of this publication");
        let dead = Diagnostic::new(code::DEAD_LINK, message).at(span);
        dead.suggest(name, self.scope.files.keys().map(String::as_str))
            .hint("or list it in `sections`, or put it online and write its address")
    }

    /// Resolves a link to `slug` or `slug#anchor`.
    fn publication(&self, name: &str, text_lang: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        let own = self.scope.publication.slug.as_str();
        let Some((slug, anchor)) = self.index.slugs.split(name, own) else {
            let (slug, id) = name.split_once('#').map_or((name, None), |(slug, id)| (slug, Some(id)));
            if slug == own {
                let hint = match id.filter(|id| !id.is_empty()) {
                    Some(id) => format!("link to its section or heading: #{id}"),
                    None => "link to one of its sections, such as #ID, or name another publication".into(),
                };
                let message = format!("\"{slug}\" is this publication: `publication:` is for links to other publications");
                found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).hint(hint));
                return None;
            }
            let message = format!("no publication is named \"{slug}\"");
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(slug, self.index.slugs.others(own)));
            return None;
        };
        let place = anchor.filter(|anchor| !anchor.is_empty()).map_or(OtherPlace::Start, OtherPlace::Id);
        self.other(slug, &place, text_lang, span, found)
    }

    /// Resolves a link to a place in another publication.
    fn other(&self, slug: &str, place: &OtherPlace<'_>, text_lang: &str, span: Span, found: &mut Diagnostics) -> Option<Target> {
        let Some(other) = self.index.publication(slug) else {
            let message = format!("the publication \"{slug}\" cannot be linked to: it could not be read");
            let hint = format!("run `reliure check {slug}`, and correct what it reports");
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).hint(hint));
            return None;
        };
        let Some(edition) = other.edition(self.scope.edition.id.get_ref()) else {
            let message = format!("the publication \"{slug}\" cannot be linked to: it has no edition");
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).hint("give it one: [[editions]]"));
            return None;
        };
        let of_edition = OtherEdition { other, edition };
        let anchor = match place {
            OtherPlace::Start => None,
            OtherPlace::Id(id) => Some(of_edition.anchor(id, text_lang, span, found)?),
            OtherPlace::File(file) => Some(of_edition.anchor(of_edition.id_of(file, span, found)?, text_lang, span, found)?),
        };
        let title = Inline { span, kind: InlineKind::Text(edition.title.clone()) };
        let from = self.scope.publication.series_folder.as_deref();
        let artefact = artefact(other.series_folder.as_deref(), &edition.stem);
        Some(Target::Publication(PublicationTarget {
            file: relative(from, other.series_folder.as_deref(), &edition.stem),
            published: self.index.published_url.as_ref().map(|address| format!("{address}{artefact}")),
            anchor,
            title: Title::new(vec![title], &other.lang, text_lang),
        }))
    }
}

/// A place in another publication.
enum OtherPlace<'a> {
    /// Its first page.
    Start,
    /// A target with an id.
    Id(String),
    /// One of its files, or a target in it.
    File(&'a SourceFile),
}

/// Returns the id of a target in a section: the one that a link names, otherwise the section. Reports a dead link.
fn anchor_in<'a>(
    anchors: &'a Anchors,
    section: &'a str,
    file: &SourceFile,
    span: Span,
    found: &mut Diagnostics,
) -> Option<&'a str> {
    let Some(id) = &file.id else { return Some(section) };
    let is_in_section = |entry: &AnchorEntry| entry.section == section;
    let known = anchor_like(anchors, id, is_in_section);
    if known.is_none() {
        let message = format!("the section in \"{}.md\" has no heading \"{id}\"", file.name);
        let own = anchors.iter().filter(|(_, entry)| is_in_section(entry)).map(|(id, _)| id.as_str());
        found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(id, own));
    }
    known
}

/// The target edition of a link to another publication.
struct OtherEdition<'a> {
    other: &'a PublicationIndex,
    edition: &'a EditionIndex,
}

impl<'a> OtherEdition<'a> {
    /// Returns the id of the target that a link to a file of the publication names.
    fn id_of(&self, file: &SourceFile, span: Span, found: &mut Diagnostics) -> Option<&'a str> {
        let Some(section) = self.edition.files.get(&file.name) else {
            let message = format!("the publication \"{}\" has no section \"{}.md\"", self.other.slug, file.name);
            let files = self.edition.files.keys().map(String::as_str);
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(&file.name, files));
            return None;
        };
        anchor_in(&self.edition.anchors, section, file, span, found)
    }

    /// Resolves a link to an id of the edition.
    fn anchor(&self, id: &str, text_lang: &str, span: Span, found: &mut Diagnostics) -> Option<AnchorTarget> {
        let anchors = &self.edition.anchors;
        let Some(anchor) = anchors.get(id) else {
            let message = format!("the publication \"{}\" has no section or heading \"{id}\"", self.other.slug);
            found.push(Diagnostic::new(code::DEAD_LINK, message).at(span).suggest(id, anchors.keys().map(String::as_str)));
            return None;
        };
        self.warn_if_numbered(id, anchor, span, found);
        let lang = anchor.lang.as_deref().unwrap_or(&self.other.lang);
        let title = Title::new(label_at(&anchor.anchor.title, span), lang, text_lang);
        // The PDF has named destinations for sections and headings only.
        let is_named = matches!(anchor.anchor.kind, AnchorKind::Section | AnchorKind::Heading);
        let destination = if is_named { id.to_owned() } else { anchor.section.clone() };
        let (section, number) = (anchor.section.clone(), anchor.section_number);
        Some(AnchorTarget { section, number, id: id.to_owned(), destination, title })
    }

    /// Warns if the target is one of two headings with the same words, so that a number was added to the id of one of them.
    fn warn_if_numbered(&self, id: &str, anchor: &AnchorEntry, span: Span, found: &mut Diagnostics) {
        let anchors = &self.edition.anchors;
        let slug = &self.other.slug;
        // A numbered id consists of the original id, a hyphen and a number.
        let after = format!("{id}-");
        let mut numbered = anchors.range(after.clone()..).take_while(|(other, _)| other.starts_with(&after));
        let (message, numbered) = match anchor.unnumbered.as_deref() {
            Some(wanted) => {
                let message =
                    format!("the id \"{id}\" in \"{slug}\" was numbered, because another heading has the id \"{wanted}\"");
                (message, anchor)
            }
            None => match numbered.find(|(_, other)| other.unnumbered.as_deref() == Some(id)) {
                Some((other, anchor)) => {
                    let message = format!(
                        "the id \"{id}\" in \"{slug}\" is ambiguous: another heading with the same words has the numbered id \"{other}\""
                    );
                    (message, anchor)
                }
                None => return,
            },
        };
        let free = free_id(anchors, &numbered.section, numbered.unnumbered.as_deref().unwrap_or_default());
        let warning = Diagnostic::new(code::NUMBERED_ID, message).at(span);
        let warning = warning.related(numbered.span, "the heading that was numbered");
        found.push(warning.hint(format!("give that heading an id of its own: {{#{free}}}")));
    }
}

/// Returns the relative URL of an artefact in the output folder, without extension.
fn artefact(series_folder: Option<&str>, stem: &str) -> String {
    let parts: Vec<String> = series_folder.into_iter().chain([stem]).map(segment).collect();
    parts.join("/")
}

/// Returns the relative URL of an artefact in the folder of the series `to`, from the folder of the series `from`.
fn relative(from: Option<&str>, to: Option<&str>, stem: &str) -> String {
    if from == to {
        return segment(stem);
    }
    let up = if from.is_some() { "../" } else { "" };
    format!("{up}{}", artefact(to, stem))
}

/// Encodes a file name as a segment of a URL (RFC 3986 §3.3).
fn segment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
