"""The page list of an EPUB, and the words after each page break."""

import posixpath
import xml.etree.ElementTree as tree
import zipfile

from words import NOTE, words

XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
# Number of words that are read after a page break, more than are compared, because the first may be omitted.
ENOUGH = 24
# Elements that must not contain a page break, and elements that must not have one as a child.
CLOSED = {"a", "math", "ruby", "abbr", "kbd", "sup", "sub"}
STRUCTURE = {"table", "thead", "tbody", "tr", "ul", "ol", "dl"}


class Entry:
    def __init__(self, label, target):
        self.label, self.target = label, target
        self.words, self.head, self.title, self.where, self.is_title_page = [], [], [], "", False


class Book:
    def __init__(self, file):
        self.zip = zipfile.ZipFile(file)
        container = tree.fromstring(self.zip.read("META-INF/container.xml"))
        self.package = next(item.get("full-path") for item in container.iter() if item.tag.endswith("rootfile"))
        package = tree.fromstring(self.zip.read(self.package))
        items = {item.get("id"): item for item in package.iter(OPF + "item")}
        self.spine = [self.path(items[ref.get("idref")].get("href")) for ref in package.iter(OPF + "itemref")]
        nav = next(item for item in items.values() if "nav" in (item.get("properties") or "").split())
        self.entries = self.listed(self.path(nav.get("href")))
        # Targets of the page breaks, in reading order.
        self.markers, self.problems = [], []
        by_target = {}
        for entry in self.entries:
            by_target.setdefault(entry.target, []).append(entry)
        for file_ in self.spine:
            self.read(file_, by_target)
        # Entries that refer to the page break of a later page: all entries of a target except the last.
        self.shared = [entry for list_ in by_target.values() for entry in list_[:-1]]

    def path(self, href):
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.package), href))

    def listed(self, nav):
        for list_ in tree.fromstring(self.zip.read(nav)).iter(XHTML + "nav"):
            if list_.get(TYPE) == "page-list":
                links = list(list_.iter(XHTML + "a"))
                return [Entry("".join(link.itertext()), self.path(link.get("href"))) for link in links]
        return []

    def own(self):
        return [entry for entry in self.entries if entry not in self.shared]

    def read(self, file, by_target):
        reader = Reader(tree.fromstring(self.zip.read(file)))
        for at, (element, ancestors) in enumerate(reader.breaks):
            target = f"{file}#{element.get('id')}"
            self.markers.append(target)
            self.problems += [f"{target}: {problem}" for problem in problems(element, ancestors)]
            entries = by_target.get(target)
            if not entries:
                self.problems.append(f"{target} is not listed")
                continue
            entry = entries[-1]
            if entry.label != element.get("aria-label"):
                self.problems.append(f"{target} has the label {element.get('aria-label')}, and is listed as {entry.label}")
            entry.words, entry.head = reader.after[at][:ENOUGH], reader.heads[at]
            entry.where = "/".join(ancestor.tag.removeprefix(XHTML) for ancestor in ancestors[2:])
            if ancestors[-1].tag == XHTML + "header":
                entry.title = words("".join(next(ancestors[-1].iter(XHTML + "h1")).itertext()))
            entry.is_title_page = any(ancestor.get(TYPE) == "titlepage" for ancestor in ancestors)

    def faults(self, pages):
        """Returns the faults of the page breaks. `pages` contains the pages of the PDF, by label."""
        faults = list(self.problems)
        targets = list(dict.fromkeys(entry.target for entry in self.entries))
        faults += [f"{target} does not exist" for target in targets if target not in self.markers]
        if targets != self.markers:
            faults.append("the page list is not in the order of the text")
        if len(set(self.markers)) != len(self.markers):
            faults.append("an id occurs twice")
        first = next((at for at, entry in enumerate(self.entries) if not entry.is_title_page and entry not in self.shared), 0)
        for entry in self.entries[first:]:
            if entry in self.shared and entry.label in pages and pages[entry.label].words:
                faults.append(f"page {entry.label} has body text, but no page break of its own")
        for label in pages:
            if all(entry.label != label for entry in self.entries):
                faults.append(f"page {label} is not listed")
        return faults


class Reader:
    """Walks a document, and collects the words after each page break."""

    def __init__(self, root):
        self.breaks, self.after, self.heads = [], [], []
        self.pieces = []
        self.element(root.find(XHTML + "body"), [root])
        starts = [at for at, piece in enumerate(self.pieces) if piece is None]
        for start in starts:
            text = "".join(piece for piece in self.pieces[start:] if piece is not None)
            parts = text.split(NOTE)
            found = words(parts[0])
            for part in parts[1:]:
                found += [NOTE, *words(part)]
            self.after.append(found)

    def element(self, element, ancestors):
        name = element.tag.removeprefix(XHTML)
        if element.get("role") in ("doc-footnote", "doc-endnotes"):
            return
        if element.get("role") == "doc-noteref":
            self.pieces.append(NOTE)
            return
        if element.get("role") == "doc-pagebreak" or element.get(TYPE) == "pagebreak":
            # The number of a list item is before its text.
            self.breaks.append((element, ancestors))
            self.heads.append(head(ancestors))
            self.pieces.append(None)
            number = item_number(element, ancestors)
            if number:
                self.pieces.append(f" {number} ")
            return
        block = name not in ("em", "strong", "span", "a", "sup", "sub", "code", "abbr", "kbd", "cite", "del", "wbr", "b", "i")
        inner = [*ancestors, element]
        if name == "li" and ancestors[-1].tag == XHTML + "ol" and not starts_with_break(element):
            self.pieces.append(f" {number_of(element, ancestors[-1])} ")
        self.pieces.append(" " if block else "")
        self.pieces.append(element.text or "")
        for child in element:
            self.element(child, inner)
            self.pieces.append(child.tail or "")
        self.pieces.append(" " if block else "")


def starts_with_break(item):
    """Returns whether a list item starts with a page break."""
    element = item
    while True:
        if element.get("role") == "doc-pagebreak":
            return True
        if (element.text or "").strip() or len(element) == 0:
            return False
        element = element[0]


def number_of(item, list_):
    return int(list_.get("start", "1")) + list(list_).index(item)


def item_number(element, ancestors):
    """Returns the number of the list item whose first child is a page break."""
    inner = element
    for at in range(len(ancestors) - 1, 0, -1):
        around = ancestors[at]
        if around[0] is not inner or (around.text or "").strip():
            return None
        if around.tag == XHTML + "li":
            list_ = ancestors[at - 1]
            return number_of(around, list_) if list_.tag == XHTML + "ol" else None
        inner = around
    return None


def head(ancestors):
    """Returns the words of the header of the table that contains a page break: the PDF repeats it on each page."""
    for table in ancestors:
        if table.tag == XHTML + "table" and not any(ancestor.tag == XHTML + "thead" for ancestor in ancestors):
            return [word for row in table.iter(XHTML + "thead") for word in words(" ".join(row.itertext()))]
    return []


def problems(element, ancestors):
    """Returns the faults of a page break and its position."""
    found = []
    if element.tag != XHTML + "span" or len(element) or (element.text or ""):
        found.append("is no empty span")
    if element.get("role") != "doc-pagebreak" or element.get(TYPE) != "pagebreak" or not element.get("aria-label"):
        found.append("lacks the role, the epub:type or the label")
    names = [ancestor.tag.removeprefix(XHTML) for ancestor in ancestors]
    found += [f"is inside {name}" for name in names if name in CLOSED]
    if any(ancestor.get("role") in ("doc-footnote", "doc-endnotes") for ancestor in ancestors):
        found.append("is inside a note")
    if any(ancestor.get("class") == "line" for ancestor in ancestors):
        found.append("is inside a line of code")
    if names[-1] in STRUCTURE:
        found.append(f"is a child of {names[-1]}")
    return found
