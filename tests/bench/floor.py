"""The floor of a PDF: Typst alone, on what pandoc makes of the book.

    python3 floor.py prepare BOOK.typ ALTS      the same page as reliure's, and the alternative texts that pandoc drops
    python3 floor.py compile BOOK.typ OUT.pdf FONTS
    python3 floor.py version

It is compiled with the fonts of one folder and no other, and claims what reliure claims: PDF/A-2a and PDF/UA-1.
"""

import importlib.metadata
import re
import sys
from pathlib import Path


def prepare(book, alts):
    """pandoc names sizes of paper, and its Typst has the caption of a figure but not its alternative text."""
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
