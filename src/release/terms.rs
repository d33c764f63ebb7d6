//! The texts of the report and of the list of changes, in English and in French.

use super::changes::{EditionReference, PageChanges};

/// The texts in one language. `{}` is a placeholder.
#[allow(missing_docs, reason = "each field is the English for what it holds")]
pub struct ReleaseTerms {
    pub tag: &'static str,
    pub report: &'static str,
    pub skip: &'static str,
    pub summary: &'static str,
    pub edition: &'static str,
    pub date: &'static str,
    pub publisher: &'static str,
    pub licence: &'static str,
    pub tool: &'static str,
    pub files: &'static str,
    pub file: &'static str,
    pub size: &'static str,
    pub conformance: &'static str,
    pub no_claim: &'static str,
    pub certified_by: &'static str,
    pub record: &'static str,
    pub claims_note: &'static str,
    pub allowed: &'static str,
    pub nothing_allowed: &'static str,
    pub levels: &'static str,
    pub code: &'static str,
    pub reason: &'static str,
    pub source: &'static str,
    pub finding: &'static str,
    pub command_line: &'static str,
    pub off: &'static str,
    pub role: &'static str,
    pub names: &'static str,
    pub item: &'static str,
    pub holder: &'static str,
    pub terms: &'static str,
    pub all_own: &'static str,
    pub no_credits: &'static str,
    pub first_release: &'static str,
    pub cover: &'static str,
    pub pictures: &'static str,
    pub page: &'static str,
    pub view: &'static str,
    pub more_pages: &'static str,
    pub before_after: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub more_changes: &'static str,
    pub proof: &'static str,
    pub proof_sums: &'static str,
    pub proof_verify: &'static str,
    pub inputs: &'static str,
    pub made_by: &'static str,
    pub changes: &'static str,
    pub between: &'static str,
    pub corrected: &'static str,
    pub since_replaced: &'static str,
    pub since_edition: &'static str,
    pub declared: &'static str,
    pub no_changes: &'static str,
    pub metadata: &'static str,
    pub none: &'static str,
    pub texts: &'static str,
    pub links: &'static str,
    pub credits: &'static str,
    pub rights: &'static str,
    pub resources: &'static str,
    pub images: &'static str,
    pub pages: &'static str,
    pub added: &'static str,
    pub removed: &'static str,
    pub moved: &'static str,
    pub replaced: &'static str,
    pub reworded: &'static str,
    pub moved_and_reworded: &'static str,
    pub section_added: &'static str,
    pub section_removed: &'static str,
    pub section_moved: &'static str,
    pub from_section: &'static str,
    pub from_before: &'static str,
    pub pages_same: &'static str,
    pub pages_count: &'static str,
    pub pages_changed: &'static str,
    pub pages_only_heads: &'static str,
    pub pages_all: &'static str,
    pub pages_added: &'static str,
    pub pages_removed: &'static str,
    pub yes_removed: &'static str,
    pub yes_added: &'static str,
    pub yes_replaced: &'static str,
    pub colon: &'static str,
    pub decimal: &'static str,
    values: [&'static str; 15],
}

/// The names of the values in `metadata`, in the order of [`ReleaseTerms::values`].
const VALUES: [&str; 15] = [
    "title",
    "subtitle",
    "series",
    "publisher",
    "authors",
    "language",
    "description",
    "keywords",
    "period",
    "doi",
    "isbn-pdf",
    "isbn-epub",
    "isbn-print",
    "licence",
    "modified",
];

/// Returns the texts in the language of a publication; English for other languages.
pub fn terms(tag: &str) -> &'static ReleaseTerms {
    if tag == "fr" || tag.starts_with("fr-") { &FRENCH } else { &ENGLISH }
}

impl ReleaseTerms {
    /// Names a value of the metadata.
    pub fn value(&self, name: &str) -> &'static str {
        VALUES.iter().zip(self.values).find(|(known, _)| **known == name).map_or("", |(_, shown)| shown)
    }

    /// Names both editions.
    pub fn between(&self, old: &EditionReference, new: &EditionReference) -> String {
        let shown = |edition: &EditionReference| {
            let mut others = vec![edition.id.as_str(), edition.date.as_str()];
            others.dedup();
            others.retain(|other| *other != edition.label);
            if others.is_empty() { edition.label.clone() } else { format!("{} ({})", edition.label, others.join(", ")) }
        };
        match old.id == new.id {
            true => filled(self.corrected, &[&shown(new)]),
            false => filled(self.between, &[&shown(old), &shown(new)]),
        }
    }

    /// Names the earlier release, for a heading.
    pub fn since(&self, old: &EditionReference, new: &EditionReference) -> String {
        if old.id == new.id { self.since_replaced.to_owned() } else { filled(self.since_edition, &[&old.label]) }
    }

    /// Describes the changes of pages, a line for each kind.
    pub fn page_lines(&self, pages: &PageChanges) -> impl Iterator<Item = String> {
        let count = filled(self.pages_count, &[&pages.old.to_string(), &pages.new.to_string()]);
        let pairs = |pairs: &[[usize; 2]]| match pairs.len() == pages.new && pages.new == pages.old && pages.new > 1 {
            true => self.pages_all.to_owned(),
            false => ranges(pairs),
        };
        let numbers = |pages: &[usize]| ranges(&pages.iter().map(|page| [*page, *page]).collect::<Vec<_>>());
        let lines = [
            (self.pages_changed, pairs(&pages.changed)),
            (self.pages_only_heads, pairs(&pages.only_heads)),
            (self.pages_added, numbers(&pages.added)),
            (self.pages_removed, numbers(&pages.removed)),
        ];
        let changed: Vec<String> =
            lines.into_iter().filter(|(_, list)| !list.is_empty()).map(|(text, list)| filled(text, &[&list])).collect();
        let same = (changed.is_empty()).then(|| self.pages_same.to_owned());
        std::iter::once(count).chain(same).chain(changed)
    }

    /// Formats a size: `1,4 Mo`.
    pub fn bytes(&self, bytes: u64) -> String {
        let units = if self.tag == "fr" { ["o", "ko", "Mo"] } else { ["B", "kB", "MB"] };
        let [one, thousand, million] = units;
        match bytes {
            0..1_000 => format!("{bytes}\u{a0}{one}"),
            1_000..1_000_000 => format!("{}\u{a0}{thousand}", bytes.div_ceil(1_000)),
            _ => format!("{:.1}\u{a0}{million}", bytes as f64 / 1e6).replace('.', self.decimal),
        }
    }
}

/// Lists pages by their later position, with the earlier one in parentheses if it differs: `1, 4–9, 12–14 (11–13)`.
fn ranges(pairs: &[[usize; 2]]) -> String {
    let mut runs: Vec<([usize; 2], usize)> = Vec::new();
    for pair in pairs {
        match runs.last_mut() {
            Some(([old, new], length)) if [*old + *length, *new + *length] == *pair => *length += 1,
            _ => runs.push((*pair, 1)),
        }
    }
    let range = |start: usize, length: usize| match length {
        1 => start.to_string(),
        length => format!("{start}–{}", start + length - 1),
    };
    let shown = runs.iter().map(|([old, new], length)| match old == new {
        true => range(*new, *length),
        false => format!("{} ({})", range(*new, *length), range(*old, *length)),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Replaces each `{}` of a text with a value.
pub fn filled(text: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(values.next().copied().unwrap_or_default());
        out.push_str(part);
    }
    out
}

static ENGLISH: ReleaseTerms = ReleaseTerms {
    tag: "en",
    report: "Release report",
    skip: "Skip to the content",
    summary: "Summary",
    edition: "Edition",
    date: "Date",
    publisher: "Publisher",
    licence: "Licence",
    tool: "Made by",
    files: "Files and conformance",
    file: "File",
    size: "Size",
    conformance: "What the file claims",
    no_claim: "no conformance",
    certified_by: "certified by {}",
    record: "record for catalogues",
    claims_note: "The claims are read from the files themselves. What no program can check, such as whether an alternative text is right, \
                  remains the statement of the publisher.",
    allowed: "Findings that were allowed",
    nothing_allowed: "None: the build reported no error and no warning, and nothing was allowed.",
    levels: "Checks whose level the project changed",
    code: "Code",
    reason: "Reason",
    source: "Where",
    finding: "Finding",
    command_line: "when it was released",
    off: "off",
    role: "Role",
    names: "Names",
    item: "Material",
    holder: "Credit",
    terms: "Terms",
    all_own: "Everything is under the licence of the publication.",
    no_credits: "No credits are declared.",
    first_release: "No earlier edition of this publication has been released, so there is none to compare it with.",
    cover: "Cover",
    pictures: "Pages",
    page: "Page {}",
    view: "Picture: {}",
    more_pages: "The first {} of {} pages are shown; the others are in the folder “pages”.",
    before_after: "Pages that look different",
    before: "before, page {}",
    after: "now, page {}",
    more_changes: "The first {} of {} changed pages are shown; changes.md lists all of them.",
    proof: "How to check this release",
    proof_sums: "SHA256SUMS has the sum of each file:",
    proof_verify: "With the sources and the same build of the tool, every file can be made again and compared:",
    inputs: "{} source files went into it; manifest.json lists their sums.",
    made_by: "Made by {} from the sources. This page needs no other file.",
    changes: "what changed",
    between: "Between {} and {}.",
    corrected: "Between the earlier release of {} and this one, which replaces it.",
    since_replaced: "Since the release that this one replaces",
    since_edition: "Since {}",
    declared: "Changes that the publication states for {}",
    no_changes: "Texts, links, credits, rights, resources and images are the same.",
    metadata: "Metadata",
    none: "none",
    texts: "Texts",
    links: "Links",
    credits: "Credits",
    rights: "Rights",
    resources: "Resources",
    images: "Images",
    pages: "Pages",
    added: "added",
    removed: "removed",
    moved: "moved",
    replaced: "other contents",
    reworded: "reworded",
    moved_and_reworded: "moved and reworded",
    section_added: "new section",
    section_removed: "section removed",
    section_moved: "section moved",
    from_section: " (from the section “{}”)",
    from_before: " (it was before “{}”)",
    pages_same: "No page looks different.",
    pages_count: "{} pages before, {} now.",
    pages_changed: "Changed pages: {}.",
    pages_only_heads: "Same content, another running head or folio: {}.",
    pages_all: "all pages",
    pages_added: "Added: {}.",
    pages_removed: "Removed: {}.",
    yes_removed: "removed:",
    yes_added: "added:",
    yes_replaced: "other contents:",
    colon: ":",
    decimal: ".",
    values: [
        "Title",
        "Subtitle",
        "Series",
        "Publisher",
        "Authors",
        "Language",
        "Description",
        "Keywords",
        "Period",
        "DOI",
        "ISBN of the PDF",
        "ISBN of the EPUB",
        "ISBN of the printed book",
        "Licence",
        "Corrected",
    ],
};

static FRENCH: ReleaseTerms = ReleaseTerms {
    tag: "fr",
    report: "Rapport de parution",
    skip: "Aller au contenu",
    summary: "En bref",
    edition: "Édition",
    date: "Date",
    publisher: "Éditeur",
    licence: "Licence",
    tool: "Fait par",
    files: "Fichiers et conformité",
    file: "Fichier",
    size: "Poids",
    conformance: "Ce que le fichier déclare",
    no_claim: "aucune conformité",
    certified_by: "certifié par {}",
    record: "notice pour les catalogues",
    claims_note: "Ces déclarations sont lues dans les fichiers eux-mêmes. Ce qu’aucun programme ne peut vérifier, par exemple la justesse \
                  d’un texte de remplacement, reste une affirmation de l’éditeur.",
    allowed: "Constats admis",
    nothing_allowed: "Aucun : la fabrication n’a signalé ni erreur ni avertissement, et rien n’a été admis.",
    levels: "Contrôles dont le projet a changé le niveau",
    code: "Code",
    reason: "Raison",
    source: "Où",
    finding: "Constat",
    command_line: "à la parution",
    off: "désactivé",
    role: "Rôle",
    names: "Noms",
    item: "Élément",
    holder: "Crédit",
    terms: "Conditions",
    all_own: "Tout est sous la licence de la publication.",
    no_credits: "Aucun crédit n’est déclaré.",
    first_release: "Aucune édition antérieure de cette publication n’est parue : il n’y en a pas à comparer.",
    cover: "Couverture",
    pictures: "Pages",
    page: "Page {}",
    view: "Vue : {}",
    more_pages: "Les {} premières pages sur {} sont montrées ; les autres sont dans le dossier « pages ».",
    before_after: "Pages dont l’aspect a changé",
    before: "avant, page {}",
    after: "maintenant, page {}",
    more_changes: "Les {} premières pages changées sur {} sont montrées ; changes.md les énumère toutes.",
    proof: "Comment vérifier cette parution",
    proof_sums: "SHA256SUMS contient la somme de chaque fichier :",
    proof_verify: "Avec les sources et la même version de l’outil, chaque fichier peut être refait et comparé :",
    inputs: "Elle est faite de {} fichiers sources ; manifest.json en donne les sommes.",
    made_by: "Fait par {} à partir des sources. Cette page n’a besoin d’aucun autre fichier.",
    changes: "ce qui a changé",
    between: "Entre {} et {}.",
    corrected: "Entre la parution précédente de {} et celle-ci, qui la remplace.",
    since_replaced: "Depuis la parution que celle-ci remplace",
    since_edition: "Depuis {}",
    declared: "Selon la publication, pour {}",
    no_changes: "Textes, liens, crédits, droits, ressources et images sont les mêmes.",
    metadata: "Métadonnées",
    none: "rien",
    texts: "Textes",
    links: "Liens",
    credits: "Crédits",
    rights: "Droits",
    resources: "Ressources",
    images: "Images",
    pages: "Pages",
    added: "ajouté",
    removed: "supprimé",
    moved: "déplacé",
    replaced: "autre contenu",
    reworded: "modifié",
    moved_and_reworded: "déplacé et modifié",
    section_added: "nouvelle section",
    section_removed: "section supprimée",
    section_moved: "section déplacée",
    from_section: " (de la section « {} »)",
    from_before: " (il était avant « {} »)",
    pages_same: "Aucune page n’a changé d’aspect.",
    pages_count: "{} pages avant, {} maintenant.",
    pages_changed: "Ont changé d’aspect : {}.",
    pages_only_heads: "Même contenu, autre titre courant ou folio : {}.",
    pages_all: "toutes les pages",
    pages_added: "Ajoutées : {}.",
    pages_removed: "Supprimées : {}.",
    yes_removed: "supprimé :",
    yes_added: "ajouté :",
    yes_replaced: "autre contenu :",
    colon: " :",
    decimal: ",",
    values: [
        "Titre",
        "Sous-titre",
        "Collection",
        "Éditeur",
        "Auteurs",
        "Langue",
        "Description",
        "Mots clés",
        "Période",
        "DOI",
        "ISBN du PDF",
        "ISBN de l’EPUB",
        "ISBN du livre imprimé",
        "Licence",
        "Corrigée",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_listed_as_ranges() {
        let pages = |pairs: &[[usize; 2]]| ranges(pairs);
        assert_eq!(pages(&[[1, 1], [3, 3], [4, 4], [5, 5]]), "1, 3–5");
        assert_eq!(pages(&[[1, 1], [2, 2], [2, 3], [3, 4], [9, 9]]), "1–2, 3–4 (2–3), 9");
        assert_eq!(pages(&[]), "");
    }

    #[test]
    fn a_change_of_all_pages_is_one_line() {
        let all: Vec<[usize; 2]> = (1..=69).map(|page| [page, page]).collect();
        let pages = PageChanges { old: 69, new: 69, only_heads: all, ..PageChanges::default() };
        let lines: Vec<String> = ENGLISH.page_lines(&pages).collect();
        assert_eq!(lines, ["69 pages before, 69 now.", "Same content, another running head or folio: all pages."]);
    }
}
