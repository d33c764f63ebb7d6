"""judge-pages FILE.epub FILE.pdf: checks that each entry of the page list leads to the first text of the page in the PDF.

`markers`   every page break is listed, in reading order, with a label, a role and an epub:type; none is in a place that must not have one;
            only pages without body text have no page break of their own
`words`     the first five whole words after each page break are those of the page, after running heads, folios and notes are cut by
            position. A page that differs is printed with both texts. --least sets the percentage of pages that must agree (default 99).
            With --anywhere, the words may be anywhere on the page, because positions do not determine the order of columns and panels.
"""

import argparse
import sys

import epub
import pdf
from words import first_words, same


def compare(entry, page, before):
    """Returns the words of both sides, without the rest of a word that begins on the previous page."""
    ours, theirs = list(entry.words), list(page.words)
    if before is not None and before.divided and theirs and ours and ours[0].endswith(theirs[0]):
        ours, theirs = ours[1:], theirs[1:]
    if entry.head and theirs[: len(entry.head)] == entry.head:
        theirs = theirs[len(entry.head) :]
    return ours, theirs


def is_on(page, entry, count):
    """Returns whether the words of an entry are anywhere on a page; of a section, those of its title."""
    wanted = [entry.title] if entry.title else [entry.words, entry.words[1:]]
    return any(same(words, page.flow[at:], min(count, len(words))) for words in wanted for at in range(len(page.flow)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("epub")
    parser.add_argument("pdf")
    parser.add_argument("--top", type=float, default=27, help="height of the running head in mm")
    parser.add_argument("--bottom", type=float, default=27, help="height of the foot in mm")
    parser.add_argument("--least", type=float, default=99, help="percentage of pages whose words must agree")
    parser.add_argument("--anywhere", action="store_true", help="compare with the whole page")
    parser.add_argument("--count", type=int, default=5, help="number of words that are compared")
    options = parser.parse_args()
    book = epub.Book(options.epub)
    pages = pdf.pages(options.pdf, options.top, options.bottom)
    faults = book.faults(pages)
    for fault in faults:
        print(f"  {fault}")
    verdict = "FAIL" if faults or not book.entries else "PASS"
    print(f"markers      {verdict}   listed={len(book.entries)} markers={len(book.markers)} shared={len(book.shared)} pages={len(pages)}")
    agree, differ = 0, 0
    for entry in book.own():
        page = pages.get(entry.label)
        if page is None or entry.is_title_page:
            continue
        before = pages.get(page.previous)
        ours, theirs = compare(entry, page, before)
        if same(ours, theirs, options.count) or options.anywhere and is_on(page, entry, options.count):
            agree += 1
        else:
            differ += 1
            print(f"  page {entry.label}: EPUB {first_words(ours, options.count)!r}, PDF {first_words(theirs, options.count)!r} ({entry.where})")
    compared = agree + differ
    share = 100 * agree / compared if compared else 0
    passes = compared > 0 and share >= options.least
    print(f"words        {'PASS' if passes else 'FAIL'}   compared={compared} agree={agree} share={share:.2f}")
    return 0 if passes and verdict == "PASS" else 1


if __name__ == "__main__":
    sys.exit(main())
