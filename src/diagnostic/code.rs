//! The codes of the stages, with the explanations that `reliure explain` prints. Each editorial check declares its own code.
//!
//! R1xx project and TOML, R2xx Markdown, R3xx ids and links, R4xx images, credits and licences, R5xx layouts and the PDF
//! standards, R6xx editorial checks, R7xx print checks, R8xx releases, R900 the tool itself.

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

/// Codes that only `check --links` reports and that an allowance can suppress.
pub const LINK_CHECK: [Code; 2] = [MOVED_ADDRESS, UNVERIFIED_ADDRESS];

codes! {
    /// A file or folder is missing or cannot be read.
    FILE = "R101", Project, Error: "\
A name in TOML refers to a file that does not exist, or the file could not be read. `sections = [\"method\"]` needs the file
`method.md` beside `publication.toml`.";
    /// A text is not UTF-8.
    ENCODING = "R102", Project, Error: "\
Every source must be UTF-8; a byte-order mark at the start is allowed. Save the file in this encoding.";
    /// A TOML file does not parse.
    TOML_SYNTAX = "R103", Project, Error: "\
The text is not valid TOML. Usual causes are an unclosed quotation mark, a key given twice, or a string without quotation marks.

    title = \"A title\"
    keywords = [\"one\", \"two\"]";
    /// A key that the format does not know.
    UNKNOWN_KEY = "R104", Project, Error: "\
Unknown keys are errors, because ignoring a misspelt key would hide the mistake. The hint names the nearest known key.
`reliure schema NAME` prints the schema of a file format, with which an editor can complete keys.";
    /// A value of the wrong type or shape, or a required key that is missing.
    TOML_VALUE = "R105", Project, Error: "\
The key is known, but its value is not valid: a number instead of a string, a date that does not exist, a missing required key,
editions out of order, an ISBN with a wrong check digit, or the URL of a DOI instead of the DOI.

    date = \"2023-05\"       # or \"2023-05-17\"";
    /// A name that no publication, edition, layout, language or check has.
    UNKNOWN_NAME = "R106", Project, Error: "\
A value refers to a name that does not exist. The hint gives the nearest name, or the names that exist.";
    /// A name that is used twice.
    DUPLICATE = "R107", Project, Error: "\
Two editions, sections, resources or parties have the same name, so a reference to it is ambiguous. Rename one of them.

Reading systems treat two publications with the same `uuid` as one. This happens when the
folder of a publication is copied: give the copy the new UUID that the hint contains.";
    /// A brand colour or font that cannot be used.
    BRAND = "R108", Project, Error: "\
Colours are written `\"#RRGGBB\"`, or named in `[brand.color.palette]`. Fonts come from the tool itself or from the `fonts` folder
of the project. Fonts installed on the machine are never used, so that every machine makes the same pages.";
    /// A Markdown file that no edition lists.
    UNLISTED_FILE = "R109", Project, Warning: "\
The file is in the folder of a publication, but no edition lists it in its `sections`, so its text is not published. List it, or
move it out of the folder. A `readme.md` is not a section and need not be listed.";
    /// A value that has no effect.
    UNUSED_VALUE = "R110", Project, Warning: "\
The key is known and its value is valid, but nothing uses it. For example, the `changes` of an edition are the changes since the
edition named in `based-on`, so they have no effect without it. Add what is missing, or remove the value.";
    /// A press profile that cannot be used.
    PRESS_PROFILE = "R111", Project, Error: "\
`icc` in `[print]` names the ICC profile of the press and paper, which must be a CMYK output profile (device class `prtr`). Profiles of
screens, cameras and scanners describe other devices. Printers publish the profile that they want; without `icc`, FOGRA39 for
coated paper is used.";
    /// A declared certification that the EPUB does not claim.
    CERTIFICATION = "R112", Project, Warning: "\
`[editions.certification]` says who assessed the accessibility of an edition. Its EPUB claims conformance only if the assessment
can be of this edition (it is not older than the edition before it, and at most a year older than this one), if the text is
finished, has not been corrected after the assessment, and has no findings about accessibility: alternative texts, headings,
headers of tables, texts of links, languages or contrast. A finding that `[checks]` switches off or a comment allows counts too,
because it remains a barrier for readers. Fix the findings, or remove the certification. Without a claim, the summary in the EPUB
lists the checks.";
    /// A folder or a file of the sources that is not built.
    UNBUILT = "R113", Project, Warning: "\
A publication is a folder with a `publication.toml`, in the folder of sources or in that of a series. A folder with texts but without
this file, a publication that is nested too deeply, and a file whose name is similar to `publication.toml` or `series.toml` are ignored:
they have no output. Move or rename them, or move notes and drafts out of the folder of sources.";
    /// A file in the folder of fonts that is not used.
    FONT_FILE = "R118", Project, Warning: "\
OpenType and TrueType fonts are read: single fonts in `.otf` and `.ttf`, and collections in `.otc` and `.ttc`, whose faces can all
be used. WOFF, WOFF2 and Type 1 are not supported, because Typst does not read them. A damaged font is not read either, because it
could exhaust the memory. Get the font in another format, download it again, or remove the file.";
    /// A file of the site that was edited.
    SITE_EDITED = "R119", Project, Warning: "\
`--format site` writes a file again if its contents change, and manual edits are then lost. Write the text in the sources, or in a
file with another name, which no build changes. With `--strict`, the edited file is kept, and the site is not written.";
    /// A large font that an EPUB contains in full.
    HEAVY_FONT = "R120", Project, Warning: "\
Fonts for Chinese, Japanese and Korean have up to 25 MB. Shops limit the size of EPUBs or charge for it, and readers download them
over mobile networks. If the font has the Open Font License, the EPUB contains a subset with the characters of the text, under
another name. A font is not reduced to a subset if it has another licence, if the style sheet of a layout names it, or if the text
needs its shaping rules.";
    /// An ISBN or a DOI that two editions or two publications share.
    IDENTIFIER_TWICE = "R114", Project, Warning: "\
An ISBN identifies one format of one edition, and a DOI one edition. If two works share an identifier, shops, libraries and
reference managers show only one of them. An edition inherits the identifiers of its publication, and of the edition that it is
based on: give each edition its own, or `isbn = {}` and `doi = \"\"` while it has none. Identifiers of several publications are
compared when all publications are built or checked. If all editions share a DOI on purpose, disable the check: `R114 = \"off\"`
in `[checks]`.";
    /// Front matter that is missing or not valid.
    FRONT_MATTER = "R201", Markdown, Error: "\
A section starts with TOML between two lines of `+++`. Only `title` is required:

    +++
    title = \"The method\"
    lead  = \"One paragraph that opens the section.\"
    +++";
    /// A container that is unknown or not closed, or that has wrong attributes.
    CONTAINER = "R202", Markdown, Error: "\
A container starts with `:::`, its name and its attributes, and ends with a line of as many colons:

    ::: callout {kind=\"tip\" title=\"By the way\"}
    Text.
    :::";
    /// A heading whose level is not allowed here.
    HEADING = "R203", Markdown, Error: "\
The title of the section is level 1, so headings start at `##`. A heading may be at most one level below the heading before it.
People who use a screen reader navigate by headings, and PDF/UA-1 (ISO 14289-1, 7.4.2) forbids gaps.";
    /// Raw HTML that the PDF or the EPUB cannot represent, or tags that do not match.
    RAW_HTML = "R204", Markdown, Error: "\
A few HTML elements are allowed because both outputs can represent them: emphasis, keys, abbreviations, tables, details and
others. The documentation of the formats lists them all. Other elements run scripts, load files or belong to forms, and have no
equivalent in print. Write the same in Markdown or in a container. To print the `<` itself, put a backslash before it.";
    /// Blocks or inline elements that are nested too deeply.
    NESTING = "R205", Markdown, Error: "\
At most twelve levels of lists and quotations and three levels of notes within notes are allowed. A page cannot show more.";
    /// Wrong attributes on a span, link, image or heading.
    ATTRIBUTES = "R206", Markdown, Error: "\
Braces after an image, a link or bracketed words accept only a few attributes:

    ![A heron](images/heron.png){width=\"60%\"}
    [commons]{lang=en}
    [two years]{since=\"2025-06\"}";
    /// A character that cannot be printed, or that changes the order in which text is shown.
    CHARACTER = "R207", Markdown, Error: "\
The text contains an invisible character, often pasted by accident. It may also be written as an escape or a character reference.
XML and PDF do not allow control characters. Directional overrides, embeddings and isolates (U+202A to U+202E, U+2066 to U+2069)
show text in another order than the one in which it is stored, read aloud and searched, so the editor and the reader see different
texts. Delete the character; the column gives its position. Right-to-left text does not need it.";
    /// A note that is referenced but not defined.
    NOTE = "R208", Markdown, Error: "\
`[^name]` refers to a note, and a line `[^name]: …` in the same file must define it.";
    /// An allowance without a reason, or a level or an allowance for a code that always stops the build.
    ALLOW = "R209", Markdown, Error: "\
An allowance suppresses a finding at one place, and gives the reason:

    <!-- allow R604: the site itself says \"click here\" -->
    # allow R605: the palette is that of the ministry

In Markdown it covers the following block, or the block that contains it. In TOML it covers the following line, or the whole table
if that line is its header. Editorial checks and warnings can be allowed; the errors of the other codes always stop the build.";
    /// Input that exceeds a size limit.
    LIMIT = "R210", Markdown, Error: "\
The input exceeds a limit: for example, a publication has at most 10,000 sections, a table at most 64 columns, a paragraph at most
10,000 inline elements (links, emphasis, notes, escaped characters), and the notes that a section refers to repeatedly at most 4
MiB. The table \"Limits\" of `docs/formats.md` lists all limits. Larger input is rejected at once, because it could take hours to
process. Split it.";
    /// A note that is never referenced.
    UNCALLED_NOTE = "R212", Markdown, Warning: "\
The line `[^name]: …` defines a note, but no `[^name]` in the same file refers to it, so it is not printed. Add a reference, or
delete it.";
    /// An allowance that suppresses no finding.
    UNUSED_ALLOWANCE = "R213", Markdown, Warning: "\
The finding for which the allowance was written no longer occurs. Remove the allowance, because it would hide a later finding that
has not been reviewed.";
    /// A table row with more cells than its header.
    SURPLUS_CELLS = "R214", Markdown, Error: "\
A row of a table may not have more cells than the first row; other programs silently drop the additional cells. The usual cause is a
bar inside a cell, which starts the next cell even in code. Put a backslash before it:

    | command           | prints            |
    |-------------------|-------------------|
    | `cat a \\| wc -l` | a number of lines |";
    /// Two notes with the same name.
    DUPLICATE_NOTE = "R215", Markdown, Error: "\
Two lines `[^name]: …` define a note with the same name, so only one of them could be printed. Rename one, and its references. Upper and
lower case are not distinguished.";
    /// A code fence that is never closed.
    UNCLOSED_CODE = "R216", Markdown, Warning: "\
A line of three backquotes or tildes starts code, and a line of as many ends it. Without the closing line, everything up to the end of the
list item, quotation or file is printed as code. Indent the closing line like the opening one, and write no other words in it.";
    /// Markdown with a small mistake, which is printed as typed.
    MISTYPED = "R217", Markdown, Warning: "\
The characters are nearly markup, but Markdown reads them as text, so they are printed: `##Timetable` without a space, `[words] (address)`
with one, an address that contains a space, `**words` without an end. The hint says what was probably meant. To print the characters,
put a backslash before the first.";
    /// Markup of another tool, which is printed as typed or left out.
    FOREIGN_MARKUP = "R218", Markdown, Warning: "\
The text contains markup of Pandoc, Quarto, R Markdown, mdBook, MkDocs, Docusaurus, VuePress, MyST, Jekyll, LaTeX or Obsidian that
this tool does not read, so it is printed as typed, or left out if it is an attribute. Each kind is reported once per file, at its
first occurrence, with the number of occurrences. The hint says what to write here. To print the characters, put them into code,
or put a backslash before the first.

This includes formulae between dollar signs: `$a_1 + b_1$` is printed as typed. Amounts of money such as `$5 and $6` are not
reported: as in Pandoc, no space follows the first dollar sign or precedes the last, and no digit follows the last.";
    /// An attribute or a tag of HTML that is left out.
    HTML_LEFT_OUT = "R220", Markdown, Warning: "\
Attributes such as `class`, `style` and `target`, and tags such as `<font>`, set the appearance or the behaviour of a web page. A book has
neither: the layout determines the appearance. They are left out, and their content is kept. Each kind is reported once per file, at its
first occurrence, with the number of occurrences. Delete them. An `id` is kept, and links can lead to it.";
    /// A link to a section, heading or publication that does not exist.
    DEAD_LINK = "R301", Links, Error: "\
A link names an id that no section or heading has, or a Markdown file that is not a section. The hint gives the nearest id. Give
headings that are linked to an explicit id, such as `## The method {#method}`: it stays the same when the title changes.";
    /// An id that is already used, reserved or malformed.
    DUPLICATE_ID = "R302", Links, Error: "\
An id is unique in a publication, starts with a letter, and consists of letters without accents, digits, `-`, `_` and `.`.
`cover`, `title` and `nav` are reserved.";
    /// A resource that is not declared, or that has a wrong target.
    RESOURCE = "R303", Links, Error: "\
`::: resources {ids=\"a b\"}` shows documents that are declared in `[[resources]]`. Resources that share a badge must have the
same format and the same number of minutes.";
    /// An address that a link cannot have, or a link without words to an external address.
    ADDRESS = "R304", Links, Error: "\
A link leads to `#id`, to `publication:slug`, or to an absolute address that starts with `https://`, `http://`, `mailto:` or `tel:`.
It cannot lead to a file of the project other than a section, because such files are not part of the outputs. If the address contains a
common mistake, the hint gives the corrected address.

A link without words shows the title of its target. External addresses have no title: give such a link words, or write
`<https://example.org>` to print the address.";
    /// Two headings with the same generated id, and a link to one of them.
    NUMBERED_ID = "R305", Links, Warning: "\
Two headings have the same words, so the id of the second ends with a number, and a link names one of the two ids. The author may have
meant the other heading, and the target changes when the order of the headings changes. Give the heading an explicit id:

    ## Method {#survey-method}";
    /// An address that is probably wrong.
    DOUBTFUL_ADDRESS = "R306", Links, Warning: "\
A full stop or bracket at the end of an address usually belongs to the sentence, and the link then fails. An address that starts
with `http://` is not encrypted, so it can be read and changed in transit; nearly every site supports `https://`. A space is
written `%20`, not `%2520`.";
    /// An address that does not exist.
    BROKEN_ADDRESS = "R307", Links, Error: "\
Only `check --links` reports this. The site answered that the page does not exist (404, 410), the host name does not exist, the
connection was refused, or the certificate is not valid. Open the address in a browser; correct it, or remove the link.";
    /// An address that has moved permanently.
    MOVED_ADDRESS = "R308", Links, Warning: "\
Only `check --links` reports this. The site answers with a permanent redirect (301, 308), which may be removed one day. Write the
new address.";
    /// An address that could not be verified.
    UNVERIFIED_ADDRESS = "R309", Links, Warning: "\
Only `check --links` reports this. The site denies access, limits the number of requests, has an internal error, or does not
answer in time. Open the address in a browser.";
    /// An image that is missing, outside the project, damaged, or of an unsupported format.
    IMAGE = "R401", Rights, Error: "\
The path is relative to the folder of the file that names the image, uses forward slashes, and stays inside the project. The
content must be PNG, JPEG, GIF, WebP or SVG. An SVG may contain no script and refer to no other file.";
    /// An image without alternative text.
    ALT = "R402", Rights, Error: "\
A screen reader reads the alternative text aloud instead of the image (WCAG 2.2, 1.1.1). Write the information that the image
conveys, not that it is an image:

    ![The heron stands on one leg below the third lock.](images/heron.png)

An image that conveys no information is declared `decorative = true` in `[[assets]]`.";
    /// An item without a licence, or with an unknown licence.
    LICENCE = "R403", Rights, Error: "\
Every published item needs terms of use. Declare each image in `publication.toml`, or in a file beside it:

    [[assets]]
    path    = \"images/heron.png\"
    credit  = \"Ruth Hale\"
    licence = \"CC-BY-4.0\"

A licence is an SPDX id, or words such as \"tous droits réservés\". `path = \"images/*\"` declares all images of a folder, and
`[assets-default]` all others.";
    /// A person, organisation or role that is unknown or has a wrong identifier.
    CREDIT = "R404", Rights, Error: "\
Credits refer to people and organisations by the id of their `[people.…]` or `[organisations.…]` table, and to roles by the name
or code of a MARC relator, or by the name of a CRediT role. ORCID iDs and ROR identifiers contain check digits, which must be
correct.";
    /// An item whose terms forbid what the publication's licence allows.
    RIGHTS = "R405", Rights, Warning: "\
The terms of an image, a quotation or a source forbid a use that the publication's licence allows: commercial use, changes, or
distribution under other terms. The notice lists the item among the exceptions, so that people who reuse the publication know.
Keep the notice, or use an item whose licence allows as much. There is no warning for logos, because they are seldom freely
licensed.";
    /// An item under other terms than the publication, which no page states.
    NOTICE = "R406", Rights, Error: "\
Readers must be informed of images, logos, quotations, sources and declared exceptions that are not under the publication's
licence. Put `::: licence` in a section, for example beside the credits. A notice with `form=\"brief\"` prints only the statement
of the licence and is not sufficient.";
    /// An image whose file extension does not match its format.
    MISNAMED_IMAGE = "R407", Rights, Warning: "\
Both outputs use the actual format of the image, so it is shown correctly. Other programs rely on the file extension: rename the
file.";
    /// An image whose colours are not known for certain.
    IMAGE_COLOUR = "R408", Rights, Warning: "\
The colour profile of the image is damaged, or does not belong to its pixels, so that programs show its colours differently. Both
outputs contain the image without that profile, and its colours are read as sRGB, or as values of the default press profile for a CMYK
image. A CMYK JPEG without the Adobe marker does not state whether 0 is full ink or no ink: it is read as no ink. Look at the image in the
PDF, and export it again if its colours are wrong.";
    /// An option that the layout does not have, or a value of the wrong type.
    OPTION = "R501", Layout, Error: "\
The keys of `[options]` are the options that the layout's `layout.toml` declares, and their values have the declared types.";
    /// A text or a layout that Typst cannot compile.
    TYPST = "R502", Layout, Error: "\
Typst could not compile the document. If the location is a line of a layout, the error is in the layout, and the text that it was
typesetting is shown too. If the location is a line of your text, the error is in that text.";
    /// A PDF standard that the document violates.
    STANDARD = "R503", Layout, Error: "\
The PDF would violate PDF/UA-1 or PDF/A-2a. The usual cause is a character that no font of the brand has: replace it, or add a
font.";
    /// A warning of Typst.
    TYPST_WARNING = "R504", Layout, Warning: "\
Typst compiled the document, but something in the layout or in a text is probably a mistake. The location shows the line.";
    /// A cover sheet that cannot be made.
    COVER_SHEET = "R505", Layout, Error: "\
The cover sheet of a perfect-bound book is one page with the back, the spine and the front. It needs the binding, and the paper of the
pages or the width of the spine that the printer states:

    [print]
    binding = \"perfect\"

    [print.stock]
    weight = 90
    bulk = 1.25

The back, the spine and the front each take one page of the layout, and so does the half title inside: a text that does not fit is an
error and is never cut. The front is the first page of the layout, so a layout whose first page has text of a section cannot be bound.";
    /// A cover sheet without a bar code.
    NO_BAR_CODE = "R506", Layout, Warning: "\
Bookshops and libraries scan the bar code on the back cover. It is drawn from the ISBN of the printed book, which differs from those of
the PDF and the EPUB:

    [isbn]
    print = \"978-2-9999990-0-8\"

A book that is not sold needs no bar code: allow the warning, with the reason.";
    /// A drawing with an object that cannot be converted for print.
    UNPRINTABLE = "R508", Layout, Error: "\
Every colour in a print PDF is converted to the inks of the press. A few forms of PDF drawings in a layout cannot be
converted: PostScript code, damaged images and mesh gradients, images with colours that are neither grey, RGB nor CMYK, and images in JPEG
2000 that are preblended with their background. The build stops, so that none of them is missing or printed in other colours.

Export the drawing again from the program that made it, with images as PNG or JPEG. SVG has none of these forms.";
    /// A declared spine that differs much from the computed one.
    SPINE = "R509", Layout, Warning: "\
`spine` in `[print.cover]` is the width of the spine that the printer states. It does not fit the thickness of the pages: it is
more than twice or less than half of the value computed from their number, `weight` and `bulk`, or, without these, outside the
range of common papers. A computed width of more than 80 mm is reported too: few binders can bind thicker books, so the data of
the paper may be wrong. A cover with a wrong spine cannot be used. Ask the printer again, after the number of pages is final.";
    /// A gutter that the layout does not add.
    NO_GUTTER = "R507", Layout, Warning: "\
A perfect-bound book does not open flat: a few millimetres of the inner margins disappear in the fold. A layout that adds
`edition.gutter` to its inner margins declares `gutter = true` in its `layout.toml`. With any other layout, write `gutter =
\"0mm\"` under `[print]` if its margins are wide enough.";
    /// A style sheet of a layout that is not valid in an EPUB.
    STYLE_SHEET = "R510", Layout, Error: "\
Reading systems ignore the rest of a style sheet after a bracket or a string that is not closed, and an EPUB may not load files from the
network. A style sheet of a layout may use pictures and fonts from the folder of the layout: they are embedded in the style sheet.";
    /// A release that already exists.
    RELEASE_EXISTS = "R801", Release, Error: "\
A release is never overwritten, because readers and libraries may have its files. A correction is an edition of its own, or a reissue of
the edition with `modified` and `errata`. `reliure release --replace` makes the release again and keeps the old one beside it, as
`EDITION.replaced-1`.";
    /// A folder that is not a release, or a release that cannot be read.
    RELEASE_FOLDER = "R802", Release, Error: "\
`verify` and `changes` read the folder of one edition, such as `build/releases/PUBLICATION/EDITION`, with its `manifest.json` and its
`SHA256SUMS`. A release is compared with the one before it, so `release` reads the releases beside the new one too. Restore a damaged
folder from another copy.";
    /// An allowance of the command line that suppresses no finding.
    IDLE_ALLOW = "R803", Release, Warning: "\
`reliure release --allow CODE --reason TEXT` accepts findings with this code and publishes the reason with the release. No finding of
the released editions has this code, so the allowance has no effect and is not recorded. Leave it out.";
    /// A key of minisign that cannot be used.
    SIGNING_KEY = "R804", Release, Error: "\
`release --sign` takes the secret key and `verify --key` the public key of a pair that `minisign -G` writes. The password of a secret key
is read from the environment variable `RELIURE_SIGN_PASSWORD`; a key without password is written with `minisign -G -W`.";
    /// A release whose sources changed.
    STALE_RELEASE = "R805", Release, Warning: "\
The release exists, so `reliure release` did not change it, but its sources have changed since. Readers of the release do
not get the changes. Give them an edition of their own, or make the release again with `--replace`, which keeps the old one beside it.";
    /// A release that replaces another one with different texts and the same date of correction.
    UNDATED_CORRECTION = "R806", Release, Error: "\
Reading systems and libraries recognize a version of an EPUB by its identifier and its date of modification. Two versions with the same
identifier and date cannot be distinguished, and an assessment of accessibility that is older than the correction would seem to cover it.
Before `reliure release --replace`, write the date of the correction as `modified` of the edition, and list the corrections in `errata`.";
    /// A file of a release that changed.
    FILE_CHANGED = "R811", Release, Error: "\
The SHA-256 checksum of the file is not the one in `SHA256SUMS`: the file changed after the release. `sha256sum -c SHA256SUMS` reports
the same. Restore the file from another copy of the release.";
    /// A file of a release that is missing.
    FILE_MISSING = "R812", Release, Error: "\
`SHA256SUMS` lists a file that the folder does not have, or that cannot be read. Restore it from another copy of the release.";
    /// A file that does not belong to the release.
    FILE_UNEXPECTED = "R813", Release, Warning: "\
The folder contains a file that `SHA256SUMS` does not list, so nothing proves where it comes from. Move it out of the folder.";
    /// A source file that differs from the release.
    INPUT_CHANGED = "R814", Release, Error: "\
`manifest.json` records the checksum of every source file, layout and font of the project that the build may read. A file that changed,
is missing or is new may change the output. Check out the sources of the release, for example by its tag, and run `verify` again.";
    /// A release of another build of the tool.
    OTHER_TOOL = "R815", Release, Error: "\
The output is reproducible only with the same build of reliure; another version may break lines differently. With another build, `verify`
compares checksums and sources, but does not build. Install the version that the message names to compare the bytes.";
    /// A file that differs from the rebuilt one.
    REBUILD_DIFFERS = "R816", Release, Error: "\
The edition was built again from the sources, and a file of the release has other bytes. The message names the first page, chapter or line
that differs. If the checksums of the release are right, the sources or the tool are not those of the release; otherwise the file was
changed after the release.";
    /// A signature that is missing or not valid.
    SIGNATURE = "R817", Release, Error: "\
`SHA256SUMS.minisig` is not the signature of `SHA256SUMS` by the key that `--key` names. Either the checksums were changed, or another key
signed them. Get the public key from the publisher through another channel than the release.";
    /// An internal error of the tool.
    INTERNAL = "R900", Tool, Error: "\
The error is in the tool, not in your sources. Please report it, with the sources that cause it.";
}
