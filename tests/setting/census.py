"""Counts typesetting faults in a PDF, per 100 pages.

    python3 tests/setting/census.py [--list] FILE.pdf…

A PDF is read with `mutool draw -F stext`, so no code of reliure is used. The faults:

    widows      pages that start with the last line of a paragraph
    orphans     pages that end with the first line of a paragraph
    hyphens     lines that end with a hyphen, the third in a row and each further one
    short       last pages of chapters with fewer than 4 lines of text
    loose       justified lines whose spaces are on average wider than half the font size
    unaligned   lines of paragraphs, from the second on, that are not on the grid of their document

Running text has the font and the size of most characters. Its lines end at the right edge of their column, except for the last line of
a paragraph. The grid is derived from the file alone: its pitch is the most frequent distance of two lines, and its origin the most
frequent position. --list also prints the place of each fault.
"""

import subprocess
import sys
import xml.etree.ElementTree as xml
from collections import Counter

KINDS = ["widows", "orphans", "hyphens", "short", "loose", "unaligned"]
# The last page of a chapter is short if it has fewer lines than this.
LEAST_LINES = 4
# Maximum distance, in points, of a line that is on the grid.
TOLERANCE = 0.6


class Line:
    """A line of text: the characters on one baseline that follow each other."""

    def __init__(self, characters):
        self.characters = characters
        self.y = characters[0][2]
        self.left = min(it[1] for it in characters)
        self.right = max(it[3] for it in characters)
        self.text = "".join(it[0] for it in characters)

    def share(self, style):
        """The share of characters that have a font and size."""
        return sum(it[4] == style for it in self.characters) / len(self.characters)

    def has_mark(self):
        """Whether the line begins with the mark of a list item."""
        first = self.text.split(" ")[0]
        return len(first) < 5 and not first[-1:].isalnum() and first not in ("«", "—", "“")

    def mean_space(self):
        """The mean width of the spaces between words; 0 if there are fewer than three."""
        widths = []
        # the gap after the mark of a list item is not a space between words
        skipped = len(self.text.split(" ")[0]) + 1 if self.has_mark() else 0
        for before, space, after in zip(*(self.characters[skipped + at:] for at in range(3))):
            if space[0] == " " and before[0] != " " and after[0] != " ":
                widths.append(after[1] - before[3])
        return sum(widths) / len(widths) if len(widths) >= 3 else 0


def pages_of(path):
    """Reads the pages: the height of each, and its lines from top to bottom."""
    out = subprocess.run(["mutool", "draw", "-q", "-F", "stext", path], capture_output=True, check=True).stdout
    # control characters are not XML
    text = "".join(c for c in out.decode("utf-8", "replace") if c >= " " or c in "\n\t")
    for page in xml.fromstring(text).iter("page"):
        characters = []
        for font in page.iter("font"):
            style = (font.get("name").split("+")[-1], round(float(font.get("size")), 1))
            for it in font.iter("char"):
                quad = [float(v) for v in it.get("quad").split()]
                characters.append((it.get("c"), quad[0], round(float(it.get("y")), 2), quad[2], style))
        yield float(page.get("height")), lines_of(characters)


def lines_of(characters):
    """Joins characters to lines. A wide gap separates columns."""
    rows = {}
    for it in characters:
        rows.setdefault(it[2], []).append(it)
    lines = []
    for row in rows.values():
        row.sort(key=lambda it: it[1])
        start = 0
        for at in range(1, len(row)):
            if row[at][1] - row[at - 1][3] > 1.6 * row[at][4][1]:
                lines.append(row[start:at])
                start = at
        lines.append(row[start:])
    lines = [Line(it) for it in lines if any(c[0].strip() for c in it)]
    return sorted(lines, key=lambda line: (line.y, line.left))


def columns_of(lines):
    """Groups the lines of running text by column."""
    columns = []
    for line in lines:
        for column in columns:
            if line.left < column[0].right and line.right > column[0].left:
                column.append(line)
                break
        else:
            columns.append([line])
    return columns


class Census:
    """The faults of one document."""

    def __init__(self, path):
        self.pages = list(pages_of(path))
        self.found = []
        styles = Counter(it[4] for _, lines in self.pages for line in lines for it in line.characters)
        self.style = styles.most_common(1)[0][0]
        self.size = self.style[1]
        self.running = [[line for line in lines if line.share(self.style) > 0.5] for _, lines in self.pages]
        self.pitch = self.distance()
        self.right = [Counter(round(line.right) for line in lines) for lines in self.running]
        self.count()

    def distance(self):
        steps = Counter()
        for lines in self.running:
            for column in columns_of(lines):
                steps.update(b.y - a.y for a, b in zip(column, column[1:]) if 0 < b.y - a.y < 2 * self.size)
        if not steps:
            return 0
        # positions are rounded, so the pitch is the mean of equal steps
        most = Counter(round(step, 1) for step in steps.elements()).most_common(1)[0][0]
        equal = [step for step in steps.elements() if abs(step - most) < 0.06]
        return sum(equal) / len(equal)

    def fault(self, kind, page, line):
        self.found.append((kind, page + 1, line.text.strip()[:60]))

    def count(self):
        self.alignment()
        for page, lines in enumerate(self.running):
            for column in columns_of(lines):
                self.column(page, column)
            is_last = page + 1 < len(self.pages) and self.opens(page + 1)
            if is_last and 0 < len(lines) < LEAST_LINES and not self.opens(page) and self.filled(page) < 0.25:
                self.fault("short", page, lines[0])

    def opens(self, page):
        """Whether a page has a large title."""
        return any(it[4][1] > 1.6 * self.size for line in self.pages[page][1] for it in line.characters)

    def filled(self, page):
        """The share of the page above the last line of text that is not in its foot."""
        height, lines = self.pages[page]
        text = [line.y for line in lines if line.y < 0.88 * height]
        return (max(text) - min(text)) / height if text else 0

    def column(self, page, lines):
        edge = max(line.right for line in lines)
        # lines that reach the edge are not the last of a paragraph
        full = [edge - line.right < 0.7 * self.size for line in lines]
        start = Counter(round(line.left) for line in lines).most_common(1)[0][0]
        row = 0
        for at, line in enumerate(lines):
            row = row + 1 if line.text.rstrip().endswith(("-", "‐", "\u00ad")) else 0
            if row > 2:
                self.fault("hyphens", page, line)
            if full[at] and line.mean_space() > 0.5 * self.size:
                self.fault("loose", page, line)
        if len(lines) < 4:
            return
        steps = [b.y - a.y for a, b in zip(lines, lines[1:])]
        height = self.pages[page][0]
        indented = [line.left - start > 0.7 * self.size for line in lines]
        if not full[0] and not indented[0] and not lines[0].has_mark() and steps[0] < 1.1 * self.pitch and lines[0].y < 0.2 * height and indented[1]:
            self.fault("widows", page, lines[0])
        if indented[-1] and full[-1] and not indented[-2] and steps[-1] < 1.1 * self.pitch and lines[-1].y > 0.7 * height:
            self.fault("orphans", page, lines[-1])

    def alignment(self):
        if not self.pitch:
            return
        places = Counter(round(line.y % self.pitch, 1) for lines in self.running for line in lines)
        origin = places.most_common(1)[0][0]
        for page, lines in enumerate(self.running):
            for column in columns_of(lines):
                for before, line in zip(column, column[1:]):
                    # a line of a paragraph follows another at the distance of the pitch
                    off = (line.y - origin) % self.pitch
                    if abs(line.y - before.y - self.pitch) < TOLERANCE and min(off, self.pitch - off) > TOLERANCE:
                        self.fault("unaligned", page, line)


def main():
    arguments = [it for it in sys.argv[1:] if it != "--list"]
    if not arguments:
        sys.exit(__doc__)
    for path in arguments:
        census = Census(path)
        count = len(census.pages)
        counts = Counter(kind for kind, _, _ in census.found)
        each = "  ".join(f"{kind} {100 * counts[kind] / count:.1f}" for kind in KINDS)
        print(f"{path}: {count} pages; per 100 pages: {each}")
        if "--list" in sys.argv:
            for kind, page, text in census.found:
                print(f"  {kind} p. {page}: {text}")


if __name__ == "__main__":
    main()
