//! The codes of the stages, each with what `reliure explain` says of it. Those of editorial checks stand beside each check.
//!
//! R1xx project and TOML, R2xx Markdown, R3xx ids and links, R4xx images, credits and licences, R5xx layouts and the PDF
//! standards, R6xx editorial checks, R900 the tool itself.

use super::{Code, Group, Meaning, Severity};

macro_rules! codes {
    ($($(#[doc = $title:literal])+ $name:ident = $id:literal, $group:ident, $severity:ident: $explanation:literal;)+) => {
        $($(#[doc = $title])+ pub const $name: Code = Code::new($id, Group::$group, Severity::$severity);)+

        /// Every code of the stages, in order.
        pub const MEANINGS: &[Meaning] = &[
            $(Meaning { code: $name, title: concat!($($title),+), explanation: $explanation },)+
        ];
    };
}

/// What only `check --links` tells, and a project may let pass.
pub const ASKED: [Code; 2] = [MOVED_ADDRESS, UNTOLD_ADDRESS];

codes! {
    /// A file or folder is missing or cannot be read.
    FILE = "R101", Project, Error: "\
A name in TOML leads to no file, or the disk refused it. `sections = [\"method\"]` asks for `method.md` beside `publication.toml`.";
    /// A text is not UTF-8.
    ENCODING = "R102", Project, Error: "\
Every source is UTF-8; a byte-order mark at the start is allowed. Save the file again with this encoding.";
    /// A TOML file does not parse.
    TOML_SYNTAX = "R103", Project, Error: "\
The text is not TOML. The usual causes: a quotation mark that is not closed, a key given twice, a value without quotation marks.

    title = \"A title\"
    keywords = [\"one\", \"two\"]";
    /// A key that the format does not know.
    UNKNOWN_KEY = "R104", Project, Error: "\
A misspelt key would be ignored without a word, so every unknown key is an error. The hint names the nearest key that exists.
`reliure schema` prints the schemas with which an editor completes keys as you type.";
    /// A value of the wrong type or shape, or a required key that is missing.
    TOML_VALUE = "R105", Project, Error: "\
The key is known and its value is not what the key takes: a number for a text, a date that the calendar does not have, a
required key left out, editions out of order, an ISBN whose digits do not agree, the address of a DOI for the DOI.

    date = \"2023-05\"       # or \"2023-05-17\"";
    /// No publication, edition, layout, language or check has this name.
    UNKNOWN_NAME = "R106", Project, Error: "\
Something is named that nothing is called. The hint gives the nearest name, or the names that exist.";
    /// The same name is given twice.
    DUPLICATE = "R107", Project, Error: "\
Two editions, sections, resources or parties have one name, so a reference to it could mean either. Rename one of them.";
    /// A brand colour or font that cannot be used.
    BRAND = "R108", Project, Error: "\
Colours are written `\"#RRGGBB\"`, or named in `[brand.color.palette]`. Fonts are those that come with the tool and those of the
project's `fonts` folder; fonts of the machine are never used, so that every machine makes the same pages.";
    /// A Markdown file that no edition lists.
    UNLISTED_FILE = "R109", Project, Warning: "\
The file is in the folder of a publication, and no edition has it among its `sections`: its text is published nowhere. List it, or
move it out of the folder. A `readme.md` is no section, and needs no list.";
    /// A value that nothing uses.
    UNUSED_VALUE = "R110", Project, Warning: "\
The key is known and its value is right, but what it says is published nowhere: the `changes` of an edition are shown as changes since
the edition that it is based on, so they need `based-on`. Add what is missing, or remove the value.";
    /// Front matter is missing or wrong.
    FRONT_MATTER = "R201", Markdown, Error: "\
A section starts with TOML between two lines of `+++`, with at least a title:

    +++
    title = \"The method\"
    lead  = \"One paragraph that opens the section.\"
    +++";
    /// A container that is not known or not closed, or whose attributes are wrong.
    CONTAINER = "R202", Markdown, Error: "\
A container opens with `:::`, its name and its attributes, and closes with a line of as many colons:

    ::: callout {kind=\"tip\" title=\"By the way\"}
    Text.
    :::";
    /// A heading's level does not fit.
    HEADING = "R203", Markdown, Error: "\
The section's title is level 1, so headings start at `##`, and none may be more than one level below the heading before it.
People who listen to a text walk it by headings; PDF/UA-1 (ISO 14289-1, 7.4.2) forbids gaps.";
    /// Raw HTML that both outputs cannot carry, or tags that do not match.
    RAW_HTML = "R204", Markdown, Error: "\
A few elements may be written as HTML, since both outputs have what they mean: emphasis, keys, abbreviations, tables, details and
others, which the documentation of the formats lists. Whatever else HTML can do says how a web page looks, runs a program or
fetches something, and a page on paper has no use for it. Write the same in Markdown, or in a container; put a backslash before
the `<` to print it.";
    /// Blocks or inlines are nested too deep.
    NESTING = "R205", Markdown, Error: "\
More than twelve levels of lists and quotations, or three levels of notes in notes, are beyond what a page can show.";
    /// Wrong attributes on a span, link, image or heading.
    ATTRIBUTES = "R206", Markdown, Error: "\
Braces after an image, a link or bracketed words take a few attributes only.

    ![A heron](images/heron.png){width=\"60%\"}
    [commons]{lang=en}
    [two years]{since=\"2025-06\"}";
    /// A character that cannot be printed, or that shows a text in another order.
    CHARACTER = "R207", Markdown, Error: "\
An invisible character came in with a paste, as itself, as an escape or as a character reference. XML and PDF cannot carry control
characters. Directional overrides, embeddings and isolates (U+202A to U+202E, U+2066 to U+2069) show a text in another order than the
one in which it is stored, read out and searched: what an editor sees is not what is published. Delete it; the column says where it
is. Words that run from right to left need none.";
    /// A note that is called and not written.
    NOTE = "R208", Markdown, Error: "\
`[^name]` calls a note that a line `[^name]: …` of the same file writes.";
    /// An allowance that gives no reason, or a level or an allowance for what stops every build.
    ALLOW = "R209", Markdown, Error: "\
An allowance lets one finding pass where it stands, and says why:

    <!-- allow R604: the site itself says \"click here\" -->
    # allow R605: the palette is that of the ministry

In Markdown it covers the block that follows (or that it stands in); in TOML the line that follows, or the whole table when that
line is its header. Editorial checks and warnings can be let pass; the errors of the other codes stop every build.";
    /// Input beyond a size limit.
    LIMIT = "R210", Markdown, Error: "\
A publication has at most 10,000 sections, a table 64 columns, a paragraph 10,000 pieces (links, emphasis, notes, escaped characters),
and the notes of a section are called again for 4 MiB at most. The table \"Limits\" of `docs/formats.md` has them all. What is beyond
is refused at once, rather than after an hour: make several of it.";
    /// A title of a link, which is printed nowhere.
    LINK_TITLE = "R211", Markdown, Warning: "\
A web page shows the title of a link, as in `[map](https://example.org \"of the canal\")`, under the mouse. A book has nowhere to print
it. Say it in the text or in a note, and leave it out of the link.";
    /// A note that nothing calls.
    UNCALLED_NOTE = "R212", Markdown, Warning: "\
The line `[^name]: …` writes a note, and no `[^name]` in the same file calls it, so it is printed nowhere. Call it, or delete it.";
    /// An allowance that lets nothing pass.
    UNUSED_ALLOWANCE = "R213", Markdown, Warning: "\
The finding that the allowance was written for is no longer there. Remove it, or it would let pass a later finding that nobody has looked
at.";
    /// A link to a place or publication that does not exist.
    DEAD_LINK = "R301", Links, Error: "\
A link names an id that no section or heading has. The hint gives the nearest one. Give headings that are linked to an id of
their own, `## The method {#method}`: it survives a change of title.";
    /// An id that is taken, reserved or not well formed.
    DUPLICATE_ID = "R302", Links, Error: "\
An id is unique in a publication, starts with a letter, and holds letters without accents, digits, `-`, `_` and `.`. `cover`,
`title` and `nav` are reserved.";
    /// A resource that is not declared, or whose target is wrong.
    RESOURCE = "R303", Links, Error: "\
`::: resources {ids=\"a b\"}` shows documents declared under `[[resources]]`. Resources that share a badge have one format and one
number of minutes.";
    /// An address that no link can use, or a link to one without words.
    ADDRESS = "R304", Links, Error: "\
A link leads to `#id`, to `publication:slug`, or to a whole address that starts with `https://`, `http://` or `mailto:`. It never
names a source file: files exist in neither output. Where the address is one that slipped, the hint gives the one that was meant.

A link without words says the title of the place that it leads to. An address outside has no title: give such a link words, or
write `<https://example.org>` to print the address.";
    /// A heading whose id was numbered because another one has it, and a link that may mean either.
    NUMBERED_ID = "R305", Links, Warning: "\
Two headings have the same words, so the second has a number at the end of its id, and a link names one of the two ids. It leads
to one heading and may mean the other; when their order changes, it leads to the other. Give the heading an id of its own:

    ## Method {#survey-method}";
    /// An address that is probably not the one that was meant.
    DOUBTFUL_ADDRESS = "R306", Links, Warning: "\
A stop or bracket at the end of an address is mostly the sentence's, and then the link leads nowhere. An address that starts with
`http://` can be read and changed on its way; nearly every site has `https://`. A space is written `%20`, once.";
    /// An address that leads nowhere, as the network says.
    LOST_ADDRESS = "R307", Links, Error: "\
Told by `check --links` alone: the site says that it has no such page (404, 410), no site has this name, it refuses the connection,
or it cannot prove who it is. Open the address in a browser; correct it, or remove the link.";
    /// An address that has moved for good.
    MOVED_ADDRESS = "R308", Links, Warning: "\
Told by `check --links` alone: the site answers with a permanent redirect (301, 308), which it may one day no longer keep. Write the
new address.";
    /// An address whose existence could not be verified.
    UNTOLD_ADDRESS = "R309", Links, Warning: "\
Told by `check --links` alone: the site lets in only those it knows, is asked too often, has a fault of its own, or does not answer
in time. Open the address in a browser.";
    /// An image that is missing, outside the project, damaged, or of a format that cannot be shown.
    IMAGE = "R401", Rights, Error: "\
The path starts at the folder of the file that names the image, with forward slashes, and stays inside the project. The content
must be PNG, JPEG, GIF, WebP or SVG. A drawing may hold no script and name no other file.";
    /// An image without alternative text.
    ALT = "R402", Rights, Error: "\
Whoever does not see the image hears its alternative text (WCAG 2.2, 1.1.1). Say what the image tells, not that it is one:

    ![The heron stands on one leg below the third lock.](images/heron.png)

An image that tells nothing is declared `decorative = true` under `[[assets]]`.";
    /// Something without a licence, or a licence that is not known.
    LICENCE = "R403", Rights, Error: "\
Nothing is published whose terms nobody stated. Declare each image in `publication.toml`, or in a file beside it:

    [[assets]]
    path    = \"images/heron.png\"
    credit  = \"Ruth Hale\"
    licence = \"CC-BY-4.0\"

A licence is an SPDX id, or words such as \"tous droits réservés\".";
    /// A person, organisation or role that is not known or not well identified.
    CREDIT = "R404", Rights, Error: "\
Credits name people and organisations by the id under which `[people.…]` or `[organisations.…]` declares them, and roles by
the name or code of a MARC relator, or by the name of a CRediT role. An ORCID iD and a ROR identifier carry check digits, which must
agree.";
    /// Something whose terms forbid what the publication's licence allows.
    RIGHTS = "R405", Rights, Warning: "\
An image, a quotation or a source may be used on terms that forbid what the publication's licence allows: commercial use, changes,
passing on under other terms. Whoever re-uses the publication must know it: the item is listed by itself among the exceptions of the
notice. Keep the notice, or take an item whose licence allows as much. Logos are seldom free, and there is no warning for them.";
    /// Something is not under the publication's licence, and no page says so.
    NOTICE = "R406", Rights, Error: "\
Images, logos, quotations, sources and declared exceptions that are not under the publication's licence must be told to the reader.
Put `::: licence` in a section, where the credits are for instance. A notice with `form=\"brief\"` shows the statement alone, and
does not do.";
    /// An image whose name says another format than its content.
    MISNAMED_IMAGE = "R407", Rights, Warning: "\
The content is an image that both outputs can show, and they take it for what it is. Other programs go by the end of the name:
rename the file.";
    /// An option that the layout does not have, or of the wrong type.
    OPTION = "R501", Layout, Error: "\
Options under `[options]` are those that the layout's `layout.toml` declares, with their types.";
    /// The typesetter refused a text or a layout.
    TYPST = "R502", Layout, Error: "\
Typst could not set the pages. When a line of a layout is shown, the layout is at fault: the text that was being set is shown with
it. When a line of your text is shown, something in it cannot be set.";
    /// A PDF standard is not met.
    STANDARD = "R503", Layout, Error: "\
The PDF would break PDF/UA-1 or PDF/A-2a. The usual cause is a character that no font of the brand has: replace it, or add a font.";
    /// The typesetter set the pages, and warns of something in them.
    TYPST_WARNING = "R504", Layout, Warning: "\
Typst could set the pages, and something in the layout or in a text is probably not what was meant. The line that is shown says where.";
    /// The tool itself failed.
    INTERNAL = "R900", Tool, Error: "\
Your sources are not to blame. Please report it, with the sources that show it.";
}
