"""The floor of a PDF: compiles the Typst source that pandoc writes for the book, with Typst alone.

    python3 floor.py prepare BOOK.typ ALTS      sets the page size of reliure, and adds the alternative texts that pandoc drops
    python3 floor.py compile BOOK.typ OUT.pdf FONTS
    python3 floor.py version

It uses only the fonts of one folder, and conforms to the standards of reliure's PDF: PDF/A-2a and PDF/UA-1.
"""

import importlib.metadata
import re
import sys
from pathlib import Path


def prepare(book, alts):
    """Replaces the named paper size by that of reliure, and adds alternative texts, which pandoc does not write."""
    path = Path(book)
    text, pages = re.subn(r"(?m)^    paper: paper,$", "    width: 160mm,\n    height: 240mm,", path.read_text())
    known = dict(line.split("\t") for line in Path(alts).read_text().splitlines())
    text, pictures = re.subn(r'image\("img/([^"]*)"\)', lambda m: f'image("img/{m[1]}", alt: "{known[m[1]]}")', text)
    if pages != 1 or pictures != len(known):
        sys.exit(f"{book} is not as pandoc 3.9 writes it: {pages} page set-ups, {pictures} pictures of {len(known)}")
    path.write_text(text)


def compile_pdf(book, out, fonts):
    import typst

    compiler = typst.Compiler(root=str(Path(book).parent), font_paths=[fonts], ignore_system_fonts=True)
    compiler.compile(book, output=out, format="pdf", pdf_standards=["a-2a", "ua-1"])


match sys.argv[1:]:
    case ["prepare", book, alts]:
        prepare(book, alts)
    case ["compile", book, out, fonts]:
        compile_pdf(book, out, fonts)
    case ["version"]:
        print(importlib.metadata.version("typst"))
    case _:
        sys.exit(__doc__)
