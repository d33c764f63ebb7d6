"""The pages of a PDF as words of the body, in reading order."""

import subprocess
import xml.etree.ElementTree as tree

import pikepdf
from words import words

MM = 72 / 25.4
XHTML = "{http://www.w3.org/1999/xhtml}"
# Length of the line above the notes, in points.
RULE = 24 * MM


class Page:
    def __init__(self, previous, lines, flow):
        # Label of the previous page, and the words of this page: from the top down, and in poppler's order of columns.
        self.previous = previous
        self.words, self.flow = words(joined(lines)), words(joined(flow))
        self.divided = bool(lines) and lines[-1].endswith(HYPHENS)


HYPHENS = ("\u00ad", "-")


def joined(lines):
    """Returns the text of lines. A line that ends in a hyphen continues with the next; a soft hyphen disappears."""
    return "".join(line.removesuffix("\u00ad") + ("" if line.endswith(HYPHENS) else " ") for line in lines)


def labels(file):
    """Returns the printed page numbers; the position where there is no label."""
    with pikepdf.open(file) as pdf:
        return [page.label for page in pdf.pages], [rule(page) for page in pdf.pages]


def rule(page):
    """Returns the distance from the top of the page to the line above the notes, or None."""
    height = float(page.mediabox[3] - page.mediabox[1])
    stack, matrix, start, found = [], pikepdf.Matrix(), None, []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            stack.append(matrix)
        elif name == "Q":
            matrix = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*[float(value) for value in operands]) @ matrix
        elif name == "m":
            start = [float(value) for value in operands]
        elif name == "l" and start is not None:
            end = [float(value) for value in operands]
            (x0, y0), (x1, y1) = matrix.transform(start), matrix.transform(end)
            if abs(y1 - y0) < 0.1 and abs(abs(x1 - x0) - RULE) < 0.5:
                found.append(height - y0)
    return max(found, default=None)


def pages(file, top, bottom):
    """Returns the pages by label. `top` and `bottom` are the heights of the head and the foot in mm."""
    names, rules = labels(file)
    output = subprocess.run(["pdftotext", "-bbox-layout", file, "-"], capture_output=True, check=True).stdout
    found, previous = {}, None
    for name, below, page in zip(names, rules, tree.fromstring(output).iter(XHTML + "page"), strict=True):
        height = float(page.get("height"))
        end = min(height - bottom * MM, below if below is not None else height)
        lines = []
        for line in page.iter(XHTML + "line"):
            inside = [word for word in line.iter(XHTML + "word") if float(word.get("yMax")) > top * MM and float(word.get("yMin")) < end]
            lines.append((inside, " ".join(word.text or "" for word in inside)))
        found[name] = Page(previous, in_order(lines), [text for inside, text in lines if inside])
        previous = name
    return found


def in_order(lines):
    """Returns the texts of lines from the top down; those at one height from left to right, as the cells of a row."""
    rows = []
    for words_, text in lines:
        if not words_:
            continue
        top = min(float(word.get("yMin")) for word in words_)
        bottom = max(float(word.get("yMax")) for word in words_)
        rows.append((top, bottom, float(words_[0].get("xMin")), text))
    return [text for *_, text in sorted(rows, key=lambda row: (round(row[1]), row[2]))]
