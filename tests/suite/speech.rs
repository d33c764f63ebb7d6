//! The utterances of a screen reader, which `tests/judges/lib/pdf_speech.py` derives from the structure trees of the PDFs.
//!
//! The goldens in `tests/goldens/speech` are for people: read each change as if you heard it, then set `SNAPSHOTS=overwrite`.

use std::path::Path;

use snapbox::Data;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::epub::entries_of;
use crate::harness::{Project, copy_folder, repository};
use crate::pdf::run_script;

/// Returns the utterances for a PDF, one a line.
fn speech_of(pdf: &Path) -> String {
    run_script("pdf_speech.py", &[], pdf)
}

/// Returns the utterances for the PDF of a small publication with this body.
fn spoken(body: &str) -> String {
    spoken_project(&Project::small(body))
}

fn spoken_project(project: &Project) -> String {
    project.run(&["build", "--format", "pdf"]).succeeds();
    plain(&speech_of(&project.path("build/note-1.pdf")))
}

/// Returns the utterances for a PDF of the repository, with ordinary spaces and no soft hyphens.
fn heard(name: &str) -> String {
    plain(&speech_of(&artefact(&format!("{name}.pdf"))))
}

#[test]
fn publications_are_spoken_as_in_the_goldens() {
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        let golden = repository().join("tests/goldens/speech").join(format!("{}.txt", name.replace('/', "-")));
        let speech = speech_of(&artefact(&format!("{name}.pdf")));
        snapbox::assert_data_eq!(speech, Data::read_from(&golden, None).raw());
    }
}

#[test]
fn every_picture_has_an_alternative_and_a_box() {
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        let speech = speech_of(&artefact(&format!("{name}.pdf")));
        let faults = speech.lines().filter(|line| line.contains("[picture, no box") || line.contains("(no alternative)"));
        assert_eq!(faults.collect::<Vec<_>>(), [""; 0], "{name}");
    }
}

/// Returns the text without soft hyphens, with ordinary spaces.
fn plain(text: &str) -> String {
    text.replace('\u{AD}', "").replace(['\u{A0}', '\u{202F}'], " ")
}

/// Returns the links that contain only text, as `NAME: words`.
fn links(speech: &str) -> Vec<String> {
    let rest = speech.split("[link → ").skip(1);
    let link = rest.filter_map(|rest| rest.split_once(']')).map(|(link, _)| link.to_owned()).filter(|link| !link.contains('['));
    link.collect()
}

#[test]
fn names_of_links_start_with_their_visible_words() {
    let mut count = 0;
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        for link in links(&heard(name)) {
            let of_note = ["Note ", "Retour au texte", "Back to the text"].iter().any(|start| link.starts_with(start));
            if of_note || link.contains("(Alt)") {
                continue;
            }
            let starts = link.match_indices(": ").any(|(at, _)| link[..at].starts_with(&link[at + 2..]));
            assert!(starts, "{name}: {link}");
            count += 1;
        }
    }
    assert!(count > 150, "{count} links");
}

#[test]
fn names_belong_to_links_and_not_to_addresses() {
    let body = "See [the page of the port](https://example.org/p), [its tides](https://example.org/p), <https://example.org/p>,\n\
        [the terms](#colophon) and [the colophon](#colophon).";
    let speech = spoken(body);
    for link in [
        "[link → the page of the port (external site: https://example.org/p): the page of the port]",
        "[link → its tides (external site: https://example.org/p): its tides]",
        "[link → https://example.org/p (external site): https://example.org/p]",
        "[link → the terms (go to: Colophon): the terms]",
        "[link → the colophon, p. 4: the colophon]",
    ] {
        assert!(speech.contains(link), "no {link} in\n{speech}");
    }
}

#[test]
fn a_figure_keeps_its_box_when_the_next_one_moves_to_another_page() {
    let picture = "\n\n![A grey box](box.svg){width=\"55%\"}\n\nThe sea.";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"90\"><rect width=\"90\" height=\"90\" fill=\"#888\"/></svg>";
    let licence = "licence = \"CC0-1.0\"\ncredit = \"Us\"\ncaption = \"A box.\"\n";
    let project = Project::small(&picture.repeat(6)).file("sources/note/box.svg", svg).file("sources/note/box.svg.toml", licence);
    let speech = spoken_project(&project);
    assert_eq!(speech.matches("[picture: A grey box]").count(), 6, "{speech}");
    assert!(speech.contains("A box. Us"), "a caption and its credit are different words\n{speech}");
    assert!(speech.matches("--- page").count() > 4, "the figures are on several pages\n{speech}");
}

#[test]
fn texts_that_are_separated_only_by_position_are_different_words() {
    let speech = spoken("The studio  \n3, quay  \nThe Mole");
    assert!(speech.contains("The studio 3, quay The Mole"), "{speech}");
    let note = spoken("A word.[^n]\n\n[^n]: Another.");
    assert!(note.contains("[link → Back to the text: 1] Another."), "{note}");
    let carnet = heard("carnet-2024-03");
    assert!(carnet.contains("Laboratoire Estran [link → ORCID"), "{carnet}");
}

#[test]
fn every_backlink_of_a_note_has_a_name() {
    let body = "A word[^long], another[^short].\n\n[^long]: The first paragraph, with a note[^short].\n\n    The second.\n\n[^short]: Brief.";
    let speech = spoken(body);
    assert_eq!(speech.matches("[link → Back to the text: ").count(), 2, "{speech}");
    assert_eq!(speech.matches("[link → Note 1: 1]").count(), 1, "{speech}");
    assert_eq!(speech.matches("[link → Note 2: 2]").count(), 2, "{speech}");
}

#[test]
fn a_passage_has_its_own_language_without_the_region_of_the_publication() {
    let body =
        "The word [mer]{lang=fr} and [mar]{lang=pt-BR}, `code`.\n\n::: passage {lang=\"fr\"}\nLa mer.[^n]\n:::\n\n[^n]: A note.";
    let speech = spoken(body);
    for words in ["{fr: mer}", "{pt-BR: mar}", "{en: code}", "{fr: La mer.}", "] A note."] {
        assert!(speech.contains(words), "no {words} in\n{speech}");
    }
    assert!(!speech.contains("fr-GB"), "{speech}");
}

#[test]
fn tags_of_languages_keep_their_scripts_and_variants() {
    let body = "The [voda]{lang=sr-Latn}, [вода]{lang=sr} and [agua]{lang=es-419}.\n\n::: passage {lang=\"sr-Latn\"}\nMore je plavo.\n:::";
    let speech = spoken(body);
    for words in ["{sr-Latn: voda}", "{sr: вода}", "{es-419: agua}", "{sr-Latn: More je plavo.}"] {
        assert!(speech.contains(words), "no {words} in\n{speech}");
    }
    assert!(!speech.contains("-Q") && !speech.contains("-X"), "{speech}");
}

#[test]
fn text_from_right_to_left_is_in_reading_order() {
    let arabic = "البحر يرتفع مرتين في اليوم عام 2024 مع PDF ثم ينخفض. ثم يعود البحر إلى الشاطئ مرة أخرى في المساء بعد غروب الشمس، والناس يمشون على الرمل.";
    let body = format!("The sea is [البحر الأزرق]{{lang=ar}} here.\n\n::: passage {{lang=\"ar\"}}\n{arabic}\n:::");
    // Words in different fonts are in separate marked-content sequences; words in one font share a text object.
    for base in ["\"Source Serif 4\", \"Noto Naskh Arabic\"", "\"Noto Naskh Arabic\", \"Source Serif 4\""] {
        let fonts = format!("[brand.typography]\nbase = [{base}]\n\n[organisations.us]");
        let project = Project::small(&body).edit("sources/note/publication.toml", "[organisations.us]", &fonts);
        copy_folder(
            &repository().join("tests/fixtures/everyday/fonts/noto-naskh-arabic"),
            &project.path("fonts/noto-naskh-arabic"),
        );
        let speech = spoken_project(&project);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        assert!(words(&speech).contains(&words(arabic)), "{base}\n{speech}");
        assert!(speech.contains("البحر الأزرق"), "{base}\n{speech}");
    }
}

#[test]
fn boxes_and_quotations_are_groups() {
    let body = "::: callout {kind=\"tip\"}\nTake a pencil.\n:::\n\n::: aside {title=\"Tides\"}\nTwice a day.\n:::\n\n::: epigraph {source=\"A keeper\"}\nWho notes sleeps.\n:::\n\n\
        <details>\n<summary>More</summary>\n\nIt goes on.\n\n</details>";
    let speech = spoken(body);
    for group in [
        "[note]\n  Tip\n  Take a pencil.\n",
        "[note]\n  Tides\n  Twice a day.\n",
        "[quotation]\n  Who notes sleeps.\n  A keeper\n",
        "[Sect]\n  More\n  It goes on.\n",
    ] {
        assert!(speech.contains(group), "no {group} in\n{speech}");
    }
}

#[test]
fn nested_lists_are_in_their_items_and_tasks_are_labels() {
    let speech = spoken(
        "- one\n    - inner\n        1. deep\n- two\n\n1. first\n    - inner\n2. second\n\n- [x] read\n    - [ ] write\n- [ ] sign",
    );
    assert!(!speech.contains("not an item"), "{speech}");
    assert!(
        speech.contains(
            "  [item] • |\n  one\n  [list of 1]\n    [item] – |\n    inner\n    [list of 1]\n      [item] 1. |\n      deep\n"
        ),
        "{speech}"
    );
    assert!(
        speech.contains("[item] [picture: done] |\n  read\n  [list of 1]\n    [item] [picture: to do] |\n    write\n"),
        "{speech}"
    );
    assert!(speech.contains("[item] [picture: to do] |\n  sign\n"), "{speech}");
}

#[test]
fn words_of_code_with_break_opportunities_are_one_text() {
    let speech = spoken("Call `harbours::the_mole::readings(2024)`, then `close()`.");
    assert!(speech.contains("Call ‹{en: harbours::the_mole::readings(2024)}›, then ‹{en: close()}›."), "{speech}");
}

#[test]
fn captions_are_in_their_figures_and_tables() {
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        let speech = heard(name);
        let mut before = "";
        for line in speech.lines() {
            if line.trim_start().starts_with("[caption]") {
                assert!(line.starts_with("  "), "{name}: a caption without figure or table: {line}");
                assert!(before.contains("[picture: ") || before.contains("[table "), "{name}: {before}\n{line}");
            }
            if !line.starts_with("---") {
                before = line;
            }
        }
    }
}

#[test]
fn credits_of_images_have_row_headers() {
    let speech = heard("carnet-2024-03");
    let credits = speech.split("Crédits des images").last().expect("the credits");
    let rows: Vec<&str> = credits.lines().filter(|line| line.contains("[row]")).collect();
    assert_eq!(rows.len(), 18, "{rows:#?}");
    assert!(rows.iter().all(|row| row.contains("[row] TH ↓") || row.contains("[row] TH → ")), "{rows:#?}");
}

#[test]
fn headings_have_the_numbers_of_the_contents() {
    let carnet = heard("carnet-2024-03");
    assert!(carnet.contains("[heading 2] 3 Le relevé\n") && carnet.contains("[link → 3 Le relevé 8: "), "{carnet}");
    let brochure = heard("reve/brochure-2023-05");
    assert!(
        brochure.contains("[heading 2] 2 Concepts\n") && brochure.contains("[item] 2 | [link → Concepts Page 3"),
        "{brochure}"
    );
}

#[test]
fn tiles_have_no_empty_labels_and_wordmarks_are_read() {
    let brochure = heard("reve/brochure-2023-05");
    assert!(brochure.contains("  [item]\n  Bulletin de veille\n"), "{brochure}");
    let (_, marks) = brochure.split_once("Avec le soutien de").expect("the last group of the credits");
    assert!(marks.contains("\nCREN\nCREAD\n"), "{marks}");
}

#[test]
fn the_links_of_all_tabs_are_read_once() {
    let brochure = heard("reve/brochure-2023-05");
    let of_tabs: Vec<&str> = brochure.lines().filter(|line| line.contains("(Alt) Aller à")).collect();
    assert_eq!(of_tabs.len(), 5, "four arcs and the cover: {of_tabs:#?}");
    assert!(of_tabs.iter().all(|tab| tab.contains("(pages 2, 3, 4, 5)")), "each with the pages where it is: {of_tabs:#?}");
    let (_, after) = brochure.split_once("--- page 3 ---").expect("page 3");
    let (third, _) = after.split_once("--- page 4 ---").expect("page 4");
    assert!(!third.contains("Aller à"), "nothing interrupts page 3:\n{third}");
}

#[test]
fn the_menu_of_the_cover_is_read_once() {
    let brochure = heard("reve/brochure-2023-05");
    let (cover, _) = brochure.split_once("--- page 2 ---").expect("page 2");
    assert_eq!(cover.matches("[link → ").count(), 5, "one link a section: {cover}");
    assert!(cover.contains("[link → Concepts Page 3 / Aller à : Concepts: "), "the arc of the wheel belongs to it: {cover}");
}

/// Returns the `aria-label` and the text of the links of a chapter that have both.
fn labelled_links(xhtml: &str) -> Vec<(String, String)> {
    let links = xhtml.split("<a ").skip(1).filter_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        let (_, label) = tag.split_once("aria-label=\"")?;
        let text =
            rest.split("</a>").next()?.split('<').map(|part| part.rsplit('>').next().unwrap_or_default()).collect::<String>();
        Some((plain(label.split('"').next()?), plain(&text)))
    });
    links.collect()
}

#[test]
fn names_of_links_in_the_epub_contain_their_visible_words() {
    let mut count = 0;
    for name in PUBLICATIONS.iter().flat_map(|(_, names)| *names) {
        let entries = entries_of(&artefact(&format!("{name}.epub")));
        for (path, xhtml) in entries.iter().filter(|(path, _)| path.ends_with(".xhtml")) {
            for (label, words) in labelled_links(xhtml) {
                // The name of a note reference is "Note 1".
                let starts = label.starts_with(&words) || label.ends_with(&format!(" {words}"));
                assert!(starts, "{name}, {path}: {label:?} names {words:?}");
                count += 1;
            }
        }
    }
    assert!(count > 60, "{count} links");
}

#[test]
fn the_backlink_of_a_note_of_several_paragraphs_has_a_name_in_the_epub() {
    let project = Project::small("A word[^long].\n\n[^long]: The first paragraph.\n\n    The second.");
    project.run(&["build", "--format", "epub"]).succeeds();
    let chapter = entries_of(&project.path("build/note-1.epub")).remove("OEBPS/text.xhtml").expect("the chapter");
    assert!(labelled_links(&chapter).contains(&("1. Back to the text".into(), "1.".into())), "{chapter}");
}

#[test]
fn a_misplaced_mark_of_a_layout_is_reported() {
    let main = std::fs::read_to_string(repository().join("layouts/simple/main.typ")).expect("the layout");
    let number = "      spoken-space\n    }))\n";
    assert!(main.contains(number), "{main}");
    let misplaced = main.replace(number, &format!("{number}    par[Interlude]\n"));
    let project = Project::small("The sea.").file("layouts/simple/main.typ", &misplaced);
    let session = project.run(&["build", "--format", "pdf"]).fails_with(1);
    session.says("the mark \"number\" of layouts/common/tags.typ is misplaced").says("a heading follows its number directly");
}
