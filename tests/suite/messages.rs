//! The exact text of diagnostics. Each case has its golden in `tests/goldens/diagnostics`.
//!
//! To accept a change: read the differences, then `SNAPSHOTS=overwrite cargo test --release --test suite messages`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use snapbox::Data;

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";
const TEXT: &str = "sources/note/text.md";

/// A case: its name, and a project with the fault.
type Case = (&'static str, fn() -> Project);

fn text(body: &str) -> Project {
    Project::small(body)
}

/// Returns the small publication with an additional declaration before its editions.
fn declared(toml: &str) -> Project {
    Project::small("The lock at noon.").edit(MANIFEST, "[[editions]]", &format!("{toml}\n\n[[editions]]"))
}

fn edited(from: &str, to: &str) -> Project {
    Project::small("The lock at noon.").edit(MANIFEST, from, to)
}

/// Returns the small publication with an image and its declaration.
fn image(markdown: &str, declaration: &str) -> Project {
    let project = text(markdown);
    let picture = repository().join("tests/fixtures/checks/R602/good/heron.png");
    fs::copy(picture, project.path("sources/note/heron.png")).expect("the picture is copied");
    if declaration.is_empty() { project } else { project.file("sources/note/heron.png.toml", declaration) }
}

/// Returns the small publication with its own layout.
fn layout(main: &str) -> Project {
    edited("lang = \"en\"", "lang = \"en\"\nlayout = \"mine\"")
        .file("layouts/mine/layout.toml", "description = \"Mine\"\npage = { width = \"10cm\", height = \"10cm\" }\n")
        .file("layouts/mine/blocks.typ", "#import \"/layouts/common/blocks.typ\": *\n#let licence(ctx) = []\n")
        .file("layouts/mine/main.typ", main)
}

const CASES: &[Case] = &[
    // project and TOML
    ("file-missing", || edited("\"text\", ", "\"texte\", ")),
    ("file-unlisted", || text("x").file("sources/note/draft.md", "+++\ntitle = \"Draft\"\n+++\n")),
    ("toml-syntax", || edited("title = \"A note\"", "title = \"A note")),
    ("toml-unknown-keys", || edited("title = \"A note\"", "titel = \"A note\"\nsubtitel = \"x\"")),
    ("toml-missing-key", || edited("uuid = \"4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10\"\n", "")),
    ("toml-wrong-type", || edited("title = \"A note\"", "title = 12")),
    ("toml-wrong-variant", || declared("[organisations.a]\nname = \"A\"\nkind = \"compagny\"")),
    ("date-impossible", || edited("2024-05-17", "2023-02-29")),
    ("brand-scale", || declared("[brand.typography]\nscale = 2")),
    ("brand-accent-shade", || {
        declared("[brand.color]\naccents = [{ base = \"#1B5E8C\", light = \"#E3EDF4\", dark = \"bleu\" }]")
    }),
    ("brand-accent-contrast", || {
        declared("[brand.color]\naccents = [{ base = \"#1B5E8C\", light = \"#E3EDF4\", dark = \"#7FA6C2\" }]")
    }),
    ("edition-twice", || edited("[[editions]]", "[[editions]]\nid = \"1\"\ndate = \"2024-04\"\n\n[[editions]]")),
    ("edition-base-younger", || {
        edited("[[editions]]", "[[editions]]\nid = \"0\"\ndate = \"2024-04\"\nbased-on = \"1\"\n\n[[editions]]")
    }),
    ("edition-base-unknown", || edited("id = \"1\"", "id = \"1\"\nbased-on = \"O\"")),
    ("edition-out-of-order", || edited("[[editions]]", "[[editions]]\nid = \"0\"\ndate = \"2025-01\"\n\n[[editions]]")),
    ("edition-circle", || {
        edited("[[editions]]", "[[editions]]\nid = \"0\"\ndate = \"2024-01\"\nbased-on = \"1\"\n\n[[editions]]").edit(
            MANIFEST,
            "id = \"1\"",
            "id = \"1\"\nbased-on = \"0\"",
        )
    }),
    ("edition-corrected-early", || edited("id = \"1\"", "id = \"1\"\nmodified = \"2024-05\"")),
    ("edition-errata-undated", || edited("id = \"1\"", "id = \"1\"\nerrata = [\"Nine locks, not six.\"]")),
    ("edition-changes-since-none", || edited("id = \"1\"", "id = \"1\"\nchanges = [\"A map.\"]")),
    ("edition-of-a-credit-unknown", || {
        declared("[[credits]]\nrole = \"author\"\nnames = [\"us\"]\neditions = [\"spring\"]").edit(
            MANIFEST,
            "id = \"1\"",
            "id = \"spring-2\"",
        )
    }),
    ("language-unknown", || edited("lang = \"en\"", "lang = \"eng\"")),
    ("layout-unknown", || edited("lang = \"en\"", "lang = \"en\"\nlayout = \"simpel\"")),
    ("uuid-wrong", || edited("4d1b4f0e-", "")),
    ("brand-colour-unknown", || declared("[brand.color.palette]\nslate = \"#334455\"\n\n[brand.color]\nprimary = \"slat\"")),
    ("brand-colour-malformed", || declared("[brand.color]\nprimary = \"#12\"")),
    ("brand-font-unknown", || declared("[brand.typography]\nbase = [\"Source Serif\"]")),
    ("contrast", || {
        declared(
            "[brand.color.palette]\nmist = \"#9AA3AD\"\nchalk = \"#F6F6F2\"\n\n[brand.color]\nbackground = \"chalk\"\nmuted = \"mist\"",
        )
    }),
    ("check-unknown", || declared("[checks]\nR699 = \"off\"")),
    ("check-not-adjustable", || declared("[checks]\nR301 = \"off\"")),
    // Markdown
    ("front-matter-missing", || text("x").file(TEXT, "The lock at noon.\n")),
    ("front-matter-open", || text("x").file(TEXT, "+++\ntitle = \"Text\"\n\nThe lock at noon.\n")),
    ("container-unknown", || text("::: calout {kind=\"tip\"}\nx\n:::")),
    ("container-open", || text("::: aside {title=\"Locks\"}\nText.")),
    ("container-attribute", || text("::: callout {titel=\"Locks\"}\nText.\n:::")),
    ("container-choice", || text("::: callout {kind=\"nota\"}\nText.\n:::")),
    ("container-needs", || text("::: video {title=\"Locks\"}\n:::")),
    ("heading-first-level", || text("# Locks")),
    ("heading-skipped", || text("## Locks\n\nText.\n\n#### Gates\n\nText.")),
    ("raw-html", || text("A <span class=\"x\">word</span>.")),
    ("raw-html-script", || text("A lock.\n\n<div>\n<script src=\"x.js\"></script>\n</div>")),
    ("raw-html-event", || text("A <b onclick=\"x()\">word</b>.")),
    ("raw-html-unended", || text("A *<b>word* at noon</b>.")),
    ("raw-html-misplaced", || text("A lock <table><tr><th>Gate</th></tr></table>")),
    ("raw-html-table", || text("<table>\n<tr><td colspan=\"2\">Gate</td></tr>\n</table>")),
    ("raw-html-nesting", || text(&format!("{}Gate{}", "<blockquote>".repeat(14), "</blockquote>".repeat(14)))),
    ("nesting", || text(&format!("{}deep", "> ".repeat(16)))),
    ("span-attribute", || text("[words]{.red}")),
    ("condition-edition-unknown", || text("Nine locks[ and a ferry]{since=\"2\"}.")),
    ("condition-missing", || text("::: only\nText.\n:::")),
    ("image-width", || image("![A heron](heron.png){width=\"600px\"}", "licence = \"CC0-1.0\"\n")),
    ("character", || text("A lock\u{8} at noon.")),
    ("character-turned", || text("A lock\u{202E} at noon.")),
    ("character-escaped-in-toml", || edited("A note", "A note\\u202E")),
    ("encoding", || {
        let project = text("x");
        fs::write(project.path(TEXT), b"+++\ntitle = \"Text\"\n+++\n\nUne \xE9cluse.\n").expect("it is written");
        project
    }),
    ("limit-columns", || text(&format!("|{}\n|{}\n|{}\n", "a|".repeat(65), "-|".repeat(65), "b|".repeat(65)))),
    ("limit-pieces", || text(&"*a* ".repeat(5001))),
    ("limit-sections", || {
        let names: String = (0..10_000).map(|n| format!("\"s{n}\",\n")).collect();
        edited("\"text\", ", &format!("{names}\"text\", "))
    }),
    ("nesting-spans", || text("[[[[[a]{lang=fr}]{lang=fr}]{lang=fr}]{lang=fr}]{lang=fr}")),
    ("workspace-folder-outside", || text("x").file("reliure.toml", "sources = \"sources\"\noutput = \"../elsewhere\"\n")),
    ("note-missing", || text("A lock[^gate] at noon.")),
    ("note-uncalled", || text("A lock at noon.\n\n[^gate]: A note.")),
    ("note-twice", || text("A lock[^gate] at noon.\n\n[^gate]: A note.\n\n[^Gate]: Another note.\n  It goes on.")),
    ("table-surplus-cells", || text("| command | prints |\n|---|---|\n| `cat a | wc -l` | a number |")),
    ("code-unclosed", || text("Text.\n\n```toml\na = 1\n\n## The lock\n\nText.")),
    ("heading-without-space", || text("##Timetable\n\nText.")),
    ("image-with-space-in-path", || text("![The lock.](images/the lock.jpg)")),
    ("link-with-space", || text("See [the plan] (https://example.org/plan).")),
    ("emphasis-open", || text("**Attention: the quay floods.")),
    ("container-two-colons", || text(":: callout\nText.\n::")),
    ("container-still-open", || text("::: callout\nText.\n\n::: aside\nMore.\n:::\n\nEnd.")),
    ("container-nested-with-equal-colons", || text("::: callout\n::: aside\nMore.\n:::\n:::\n\nEnd.")),
    ("container-stray-end", || text("Text.\n\n:::\n\nEnd.")),
    ("container-of-quarto", || text("::: {.callout-warning title=\"x\"}\nText.\n:::")),
    ("markup-of-other-tools", || {
        text("As [@doe2020] says, $a_1$ is $b_1$; see @fig-lock.\n\n- [@roe]\n- ==marked==\n\n\\newpage")
    }),
    ("allowance-without-reason", || text("<!-- allow R604 -->\n\n[Here](https://example.org/a).")),
    ("allowance-idle", || text("<!-- allow R604: it was so -->\n\nA lock at noon.")),
    // ids and links
    ("link-dead", || text("See [the lock](#lokc).\n\n## The lock {#lock}\n\nText.")),
    ("link-to-another-edition", || {
        text("See [the ferry](#ferry).\n\n::: only {except=\"1\"}\n## The ferry {#ferry}\n\nText.\n:::").edit(
            MANIFEST,
            "date = \"2024-05-17\"\n",
            "date = \"2024-05-17\"\n\n[[editions]]\nid = \"2\"\ndate = \"2024-06\"\n",
        )
    }),
    ("link-to-publication", || text("See [the other](publication:other#lock).")),
    ("link-to-file", || text("See [the end](colophons.md).")),
    ("link-no-address", || text("See [the site](example.org).")),
    ("link-slip", || text("See [the site](htps://example.org/locks).")),
    ("link-without-words", || text("See [](https://example.org/locks).")),
    ("link-sentence-end", || text("See [the site](https://example.org/locks.) and [the map](http://example.org/map).")),
    ("mail-malformed", || text("Write to [the keeper](mailto:keeper).")),
    ("video-no-page", || text("::: video {url=\"mailto:a@example.org\" title=\"Locks\"}\n:::")),
    ("id-numbered", || text("## Locks\n\nText.\n\n## Locks\n\nSee [the other locks](#locks).")),
    ("id-twice", || text("## Locks {#gate}\n\nText.\n\n## Gates {#gate}\n\nText.")),
    ("id-malformed", || text("## Écluses {#écluse}\n\nText.")),
    ("id-reserved", || text("## Locks {#cover}\n\nText.")),
    ("resource-unknown", || {
        declared("[[resources]]\nid = \"map\"\ntitle = \"Map\"\ntarget = { none = \"On paper\" }")
            .file(TEXT, "+++\ntitle = \"Text\"\n+++\n\n::: resources {ids=\"mop\"}\n:::\n")
    }),
    // images, credits, licences
    ("image-missing", || image("![A heron](haron.png)", "licence = \"CC0-1.0\"\n")),
    ("image-outside", || text("![A heron](../../../heron.png)")),
    ("image-no-image", || text("![A heron](heron.png)").file("sources/note/heron.png", "no picture")),
    ("image-without-alternative", || image("![](heron.png)", "licence = \"CC0-1.0\"\n")),
    ("image-misnamed", || {
        let project = image("![A heron below the lock](heron.jpg)", "");
        fs::rename(project.path("sources/note/heron.png"), project.path("sources/note/heron.jpg"))
            .expect("the picture is renamed");
        project.file("sources/note/heron.jpg.toml", "credit = \"Ruth Hale\"\nlicence = \"CC0-1.0\"\n")
    }),
    ("image-alternative-file-name", || image("![heron.png](heron.png)", "licence = \"CC0-1.0\"\n")),
    ("image-without-licence", || image("![A heron below the lock](heron.png)", "")),
    ("licence-misspelt", || image("![A heron](heron.png)", "licence = \"CC BY 4.0\"\n")),
    ("licence-that-forbids", || image("![A heron](heron.png)", "licence = \"CC-BY-NC-4.0\"\n")),
    ("notice-missing", || {
        image("![A heron](heron.png)", "licence = \"CC-BY-4.0\"\n")
            .file("sources/note/colophon.md", "+++\ntitle = \"Colophon\"\n+++\n\nNo notice here.\n")
    }),
    ("publication-licence-unknown", || declared("[licence]\nid = \"CC-BY-5.0\"")),
    ("role-unknown", || declared("[[credits]]\nrole = \"autor\"\nnames = [\"us\"]")),
    ("party-unknown", || declared("[[credits]]\nrole = \"author\"\nnames = [\"uss\"]")),
    ("orcid-check-digit", || declared("[people.hale]\nname = \"Ruth Hale\"\norcid = \"0000-0002-1825-0098\"")),
    ("orcid-form", || declared("[people.hale]\nname = \"Ruth Hale\"\norcid = \"1825-0097\"")),
    ("ror-form", || declared("[organisations.hale]\nname = \"Hale Trust\"\nror = \"https://example.org/03yrm5c26\"")),
    ("ror-check-digits", || declared("[organisations.hale]\nname = \"Hale Trust\"\nror = \"https://ror.org/03yrm5c27\"")),
    ("party-empty", || declared("[[credits]]\nrole = \"author\"\nnames = [\"\"]")),
    ("page-list-true", || edited("lang = \"en\"", "lang = \"en\"\npage-list = true")),
    ("page-list-capitals", || edited("lang = \"en\"", "lang = \"en\"\npage-list = \"PDF\"")),
    ("records-without-brackets", || edited("lang = \"en\"", "lang = \"en\"\nrecords = \"onix\"")),
    ("resource-of-itself", || {
        let card = "[[resources]]\nid = \"own\"\ntitle = \"This note\"\nkind = \"Note\"\ntarget = { publication = \"note\" }";
        declared(card).file(TEXT, "+++\ntitle = \"Text\"\n+++\n\n::: resources {ids=\"own\"}\n:::\n")
    }),
    ("link-to-own-publication", || text("See [the lock](publication:note#lock).\n\n## The lock {#lock}\n\nText.")),
    ("image-tiff", || text("![A heron](heron.tiff)").file("sources/note/heron.tiff", "II*\0")),
    ("isbn-of-two-editions", || declared("[isbn]\npdf = \"978-2-9999990-0-8\"\n\n[[editions]]\nid = \"0\"\ndate = \"2023-01\"")),
    ("doi-of-two-editions", || {
        declared("[[editions]]\nid = \"0\"\ndate = \"2023-01\"\ndoi = \"10.5072/Locks\"").edit(
            "sources/note/publication.toml",
            "date = \"2024-05-17\"",
            "date = \"2024-05-17\"\ndoi = \"10.5072/locks\"",
        )
    }),
    ("isbn-form", || declared("[isbn]\nepub = \"2-9999990-0-8\"")),
    ("isbn-check-digit", || declared("[isbn]\npdf = \"978-2-9999990-0-9\"")),
    ("isbn-twice", || declared("[isbn]\npdf = \"978-2-9999990-0-8\"\nepub = \"9782999999008\"")),
    ("doi-form", || edited("lang = \"en\"", "lang = \"en\"\ndoi = \"5072/locks\"")),
    ("doi-address", || edited("lang = \"en\"", "lang = \"en\"\ndoi = \"https://doi.org/10.5072/locks\"")),
    ("party-address", || declared("[people.hale]\nname = \"Ruth Hale\"\nurl = \"example.org/hale\"")),
    ("source-address", || declared("[[sources]]\ntitle = \"Locks\"\nurl = \"www.example.org\"")),
    ("affiliation-person", || {
        declared("[people.hale]\nname = \"Ruth Hale\"\naffiliation = \"moss\"\n\n[people.moss]\nname = \"Ada Moss\"")
    }),
    ("image-licence-misspelt", || {
        image("![A heron below the lock](heron.png)", "credit = \"Ruth Hale\"\nlicence = \"CC BY 4.0\"\n")
    }),
    ("image-credit-missing", || image("![A heron below the lock](heron.png)", "licence = \"CC-BY-4.0\"\n")),
    // layouts and standards
    ("option-unknown", || declared("[options]\ncontent-depth = 2")),
    ("option-type", || declared("[options]\ncontents-depth = \"two\"")),
    ("layout-page-unit", || {
        layout("").file("layouts/mine/layout.toml", "description = \"Mine\"\npage = { width = \"100\", height = \"10cm\" }\n")
    }),
    ("layout-page-size", || {
        layout("").file("layouts/mine/layout.toml", "description = \"Mine\"\npage = { width = \"10cm\", height = \"0mm\" }\n")
    }),
    ("layout-class", || {
        let declared =
            "description = \"Mine\"\npage = { width = \"10cm\", height = \"10cm\" }\ntitle-page-links = \"the wheel\"\n";
        layout("").file("layouts/mine/layout.toml", declared)
    }),
    ("layout-fault", || {
        layout("#let publication(edition, bodies) = {\n  set document(title: edition.title)\n  nonsense(edition)\n}\n")
    }),
    ("layout-fault-on-a-text", || {
        layout("#let publication(edition, bodies) = {\n  set document(title: edition.title)\n  show emph: it => panic(\"no emphasis\")\n  heading(edition.title)\n  for body in bodies { body((edition: edition)) }\n}\n")
            .file(TEXT, "+++\ntitle = \"Text\"\n+++\n\nThe lock at *noon*.\n")
    }),
    ("layout-warning", || {
        layout(
            "#let publication(edition, bodies) = {\n  set document(title: edition.title)\n  set text(lang: \"en\", font: (\"Source Serif 4\", \"Nowhere\"))\n  set page(numbering: \"1\")\n  [= #edition.title <cover>]\n  for (section, body) in edition.sections.zip(bodies) {\n    [#heading(level: 2, section.title) #label(section.id)]\n    body((edition: edition))\n  }\n}\n",
        )
    }),
    ("character-without-glyph", || text("The word \u{6f22} at noon.")),
    ("character-without-glyph-in-toml", || edited("A note", "A \u{6f22} note")),
    // editorial checks
    ("language-no-language", || text("A [mot]{lang=gb} here.")),
    ("link-vague", || text("Read it [here](https://example.org/report).")),
];

/// Replaces the new UUID of a hint, which differs in each run. A UUID in a line of a source, which follows `│`, is kept.
fn without_new_uuid(text: &str) -> String {
    let line = |line: &str| match line.find("uuid = \"") {
        Some(at) if !line.contains('│') => format!("{}uuid = \"…\"\n", &line[..at]),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

#[test]
fn messages_match_the_goldens() {
    let folder = repository().join("tests/goldens/diagnostics");
    let mut names = BTreeSet::new();
    for (name, project) in CASES {
        assert!(names.insert(format!("{name}.txt")), "the name {name} is unique");
        let session = project().run(&["check"]);
        snapbox::assert_data_eq!(
            without_new_uuid(&session.stderr),
            Data::read_from(&folder.join(format!("{name}.txt")), None).raw()
        );
    }
    let kept: BTreeSet<String> =
        fs::read_dir(&folder).expect("goldens").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(kept, names, "a golden for each case, and no other");
    assert!(names.len() >= 40);
}

#[test]
fn each_code_has_the_severity_that_explain_shows() {
    let listed = Project::new().run(&["explain"]).succeeds().stdout;
    let explained: BTreeMap<&str, &str> = listed.lines().map(|line| (&line[..4], line[4..].trim_start())).collect();
    let mut shown = BTreeSet::new();
    for entry in fs::read_dir(repository().join("tests/goldens/diagnostics")).expect("goldens").flatten() {
        let golden = fs::read_to_string(entry.path()).expect("a golden is read");
        for severity in ["error", "warning"] {
            for (start, opening) in golden.match_indices(&format!("{severity}[R")) {
                let code = &golden[start + opening.len() - 1..][..4];
                let says = explained.get(code).unwrap_or_else(|| panic!("{code} is explained"));
                assert!(
                    says.starts_with(severity),
                    "{code} is \"{severity}\" in {:?}, and \"{says}\" in explain",
                    entry.file_name()
                );
                shown.insert(code.to_owned());
            }
        }
    }
    for pair in [["R101", "R109"], ["R105", "R110"], ["R208", "R212"], ["R209", "R213"], ["R401", "R407"], ["R502", "R504"]] {
        assert!(pair.iter().all(|code| shown.contains(*code)), "both of {pair:?} are shown");
        assert!(explained[pair[0]].starts_with("error") && explained[pair[1]].starts_with("warning"), "{pair:?}");
    }
}
