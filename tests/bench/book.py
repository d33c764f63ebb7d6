"""Generates a French book of several sizes, in two forms with the same content: for pandoc, and as a workspace of reliure.

    python3 book.py FOLDER [--print | --plain] [SIZE…]  sizes: 20 300 1500 (pages, about)

FOLDER/SIZE/floor/      chapters and images, for pandoc and the zip floor
FOLDER/SIZE/floor.yaml, chapters, alts     metadata, list of chapters and alternative texts, for pandoc
FOLDER/SIZE/project/    the workspace of reliure; its images are the same files
FOLDER/SIZE/unlisted/   the same workspace, whose EPUB has no page list
With --print, every image has 300 dpi at its printed size, and some are grey or have a palette, for the judges of the print PDF. With
--plain, the book has no images.
The same size produces the same bytes on any machine, because a chapter depends only on its number and the size of the book.
"""

import os
import random
import shutil
import sys
from pathlib import Path

import figures
import words
from prose import Prose

SEED = 7
# Chapters, and pages per chapter.
SIZES = {"20": (4, 5), "300": (25, 12), "1500": (75, 20)}
# Words on a page of running text.
WORDS = 240
TITLE = "Les Chemins du savoir"
AUTHOR = "Adélaïde Lefèvre"

CODE = {
    "python": [
        "def moyenne(valeurs):",
        '    """Rend la moyenne d\'une suite non vide."""',
        "    total = 0",
        "    for v in valeurs:",
        "        total += v",
        "    return total / len(valeurs)",
    ],
    "rust": [
        "fn main() {",
        '    let mots = ["été", "hiver", "printemps"];',
        "    for (i, m) in mots.iter().enumerate() {",
        '        println!("{i} : {m}");',
        "    }",
        "}",
    ],
    "toml": ["[livre]", 'titre = "Les Chemins du savoir"', 'langue = "fr"', 'chapitres = ["un.md", "deux.md"]'],
}


class Chapter:
    """A chapter as blocks of Markdown. Blocks that differ between the tools are functions of the tool."""

    def __init__(self, number, chapters, pages, plain=False):
        self.number, self.chapters, self.pages, self.plain = number, chapters, pages, plain
        self.chance = random.Random(SEED * 1000 + number)
        self.prose = Prose(self.chance)
        self.id = f"ch{number:03}"
        self.title = self.prose.title()
        self.blocks, self.notes, self.pictures, self.alts = [], [], [], []
        for page in range(pages):
            self.page(page, (number - 1) * pages + page)

    def page(self, page, in_book):
        """Adds about a page of content. Its kinds of blocks depend on the number of the page in the book."""
        chance, prose = self.chance, self.prose
        if page % 4 == 0:
            self.blocks.append(f"## {prose.title()} {{#{self.id}-s{page // 4 + 1}}}")
        elif page % 2 == 0:
            self.blocks.append(f"### {prose.title()} {{#{self.id}-t{page}}}")
        room, extras = WORDS, []
        kinds = [(5, 2, self.figure, 110), (7, 3, self.table, 70), (4, 1, self.list, 55), (6, 4, self.quote, 55), (10, 6, self.code, 45)]
        for every, at, write, takes in kinds[1:] if self.plain else kinds:
            if in_book % every == at:
                extras += write(in_book)
                room -= takes
        paragraphs, count = [], 0
        while count < room - 15 or not paragraphs:
            paragraphs.append(prose.paragraph(min(chance.randint(35, 120), max(20, room - count))))
            count += sum(len(sentence.split()) for sentence in paragraphs[-1])
        for _ in range(2):
            self.note(chance.choice(paragraphs))
        if page % 3 == 1:
            chapter, section = f"ch{chance.randint(1, self.chapters):03}", chance.randint(1, (self.pages + 3) // 4)
            thing = prose.thing()
            sentence = lambda tool: f"Voir aussi [{thing}]({tool.link(chapter, f'{chapter}-s{section}')}), page suivante."
            chance.choice(paragraphs).append(sentence)
        at = chance.randint(0, len(paragraphs))
        self.blocks += paragraphs[:at] + extras + paragraphs[at:]

    def note(self, paragraph):
        """Adds a note reference to a paragraph, and the note at the end of the chapter."""
        at = self.chance.randrange(len(paragraph))
        name = f"n{self.number}-{len(self.notes) + 1}"
        paragraph[at] += f"[^{name}]"
        self.notes.append(f"[^{name}]: " + " ".join(self.prose.paragraph(self.chance.randint(6, 24))))

    def figure(self, in_book):
        number = in_book // 5
        name = f"fig{number:03}.{'png' if number % 5 < 2 else 'jpg'}"
        self.pictures.append((number, name))
        caption, alt = f"{self.prose.title()}, {self.prose.thing()}", f"{self.prose.title()} et {self.prose.thing()}"
        self.alts.append(f"{name}\t{alt}\n")
        return [lambda tool: tool.figure(caption, alt, name)]

    def table(self, _):
        chance = self.chance
        columns, rows = chance.randint(3, 5), chance.randint(4, 8)
        lines = ["| " + " | ".join(self.prose.noun()[0].capitalize() for _ in range(columns)) + " |"]
        lines.append("|" + " --- |" * (columns - 1) + " ---: |")
        names = words.FIRST_NAMES + words.PLACES + words.MASCULINE
        for _ in range(rows):
            cells = [chance.choice(names) for _ in range(columns - 1)] + [f"{chance.randint(1, 9999)},{chance.randint(0, 99):02}"]
            lines.append("| " + " | ".join(cells) + " |")
        return ["\n".join(lines)]

    def list(self, _):
        chance, prose, lines = self.chance, self.prose, []
        numbered = chance.random() < 0.4
        for item in range(1, chance.randint(3, 6) + 1):
            text = prose.clause()
            lines.append((f"{item}. " if numbered else "- ") + text[0].upper() + text[1:] + " ;")
            if item == 2 and not numbered and chance.random() < 0.5:
                lines += [f"  - {prose.thing()} ;", f"  - {prose.thing()}."]
        return ["\n".join(lines)]

    def quote(self, _):
        who = f"{self.chance.choice(words.FIRST_NAMES)} {self.chance.choice(words.LAST_NAMES)}"
        return ["> " + " ".join(self.prose.paragraph(40)) + f"\n>\n> — {who}"]

    def code(self, _):
        language = self.chance.choice(list(CODE))
        return ["\n".join([f"```{language}", *CODE[language], "```"])]

    def markdown(self, tool):
        text = lambda part: part if isinstance(part, str) else part(tool)
        blocks = [" ".join(map(text, block)) if isinstance(block, list) else text(block) for block in self.blocks]
        return "\n\n".join([tool.head(self), *blocks, *self.notes]) + "\n"


class Pandoc:
    """The syntax of pandoc: the title of a chapter is a heading, links contain file names, the alternative text of a figure is its caption."""

    def head(chapter):
        return f"# {chapter.title} {{#{chapter.id}}}"

    def link(chapter, place):
        return f"{chapter}.md#{place}"

    def figure(caption, alt, name):
        return f"![{caption}](img/{name})"


class Reliure:
    """The syntax of reliure: front matter, links contain ids only, the title of an image is its caption."""

    def head(chapter):
        return f'+++\ntitle = "{chapter.title}"\n+++'

    def link(_, place):
        return f"#{place}"

    def figure(caption, alt, name):
        return f'![{alt}](img/{name} "{caption}")'


def floor(folder, chapters, pool, dense):
    """Writes the book for pandoc."""
    source = folder / "floor"
    (source / "img").mkdir(parents=True)
    for chapter in chapters:
        (source / f"{chapter.id}.md").write_text(chapter.markdown(Pandoc), encoding="utf-8")
        for number, name in chapter.pictures:
            if not (pool / name).exists():
                figures.write(pool / name, number, SEED, dense)
            os.link(pool / name, source / "img" / name)
    (folder / "alts").write_text("".join(line for chapter in chapters for line in chapter.alts), encoding="utf-8")
    (folder / "chapters").write_text("".join(f"{chapter.id}.md\n" for chapter in chapters))
    (folder / "floor.yaml").write_text(
        f"title: {TITLE}\nauthor: {AUTHOR}\nlang: fr\nmainfont: Source Serif 4\ncodefont: IBM Plex Mono\nfontsize: 10.4pt\n"
        "margin: {left: 24mm, right: 24mm, top: 27mm, bottom: 27mm}\ntoc: true\ntoc-depth: 2\n",
        encoding="utf-8",
    )


def project(folder, chapters):
    """Writes the book as a workspace of reliure. Every image has a licence, so that there are no errors."""
    publication = folder / "project" / "sources" / "chemins"
    (publication / "img").mkdir(parents=True)
    (folder / "project" / "reliure.toml").write_text("")
    lines = [
        f'title     = "{TITLE}"', 'lang      = "fr"', 'layout    = "simple"', 'publisher = "maison"',
        'uuid      = "5f0f5b0e-7a7c-4d55-9c1f-1e2f6a3b9c10"',
        'description = "Un livre qui ne dit rien, pour mesurer le temps qu’il faut à le composer."',
        'keywords  = ["mesure"]',
        "sections  = [" + ", ".join(f'"{chapter.id}"' for chapter in chapters) + ', "credits"]',
        "", "[[editions]]", 'id   = "2025-01"', 'date = "2025-01"',
        "", "[[credits]]", 'role  = "author"', 'names = ["lefevre"]',
        "", "[people.lefevre]", f'name = "{AUTHOR}"',
        "", "[organisations.maison]", 'name = "Maison des mesures"', "", "[options]", "contents-depth = 2",
    ]
    for chapter in chapters:
        (publication / f"{chapter.id}.md").write_text(chapter.markdown(Reliure), encoding="utf-8")
        for _, name in chapter.pictures:
            os.link(folder / "floor" / "img" / name, publication / "img" / name)
            lines += ["", "[[assets]]", f'path    = "img/{name}"', 'licence = "etalab-2.0"', 'credit  = "Maison des mesures"']
    (publication / "publication.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (publication / "credits.md").write_text('+++\ntitle = "Crédits"\n+++\n\n::: credits\n:::\n\n::: licence\n:::\n', encoding="utf-8")


def main(root, sizes, dense, plain):
    pool = root / ("pictures-print" if dense else "pictures")
    pool.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        folder = root / size
        shutil.rmtree(folder, ignore_errors=True)
        count, pages = SIZES[size]
        chapters = [Chapter(number, count, pages, plain) for number in range(1, count + 1)]
        floor(folder, chapters, pool, dense)
        project(folder, chapters)
        shutil.copytree(folder / "project", folder / "unlisted", copy_function=os.link)
        (folder / "unlisted" / "reliure.toml").unlink()
        (folder / "unlisted" / "reliure.toml").write_text("page-list = false\n")


if __name__ == "__main__":
    dense, plain = "--print" in sys.argv, "--plain" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument not in ("--print", "--plain")]
    if not arguments or any(size not in SIZES for size in arguments[1:]):
        sys.exit(__doc__)
    main(Path(arguments[0]), arguments[1:] or list(SIZES), dense, plain)
