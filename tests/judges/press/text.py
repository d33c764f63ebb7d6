"""Compares the positions of characters, relative to the trim, with the screen PDF. MuPDF reads both."""

import collections
import xml.etree.ElementTree as xml

from objects import inner_boxes
from raster import run

NEAR = 0.1  # points


def characters(path):
    """Each page's characters as (character, x, y), in points from the top left corner of the visible page."""
    pages = []
    for page in xml.fromstring(run("mutool", "draw", "-q", "-F", "stext", "-o", "-", str(path))).iter("page"):
        pages.append([(c.get("c"), float(c.get("x")), float(c.get("y"))) for c in page.iter("char") if (c.get("c") or "").strip()])
    return pages


def unmatched(wanted, found):
    """Characters of the first list that the second list does not contain at the same position."""
    grid = collections.defaultdict(list)
    for c, x, y in found:
        grid[int(x // 1), int(y // 1)].append([c, x, y, False])
    left = []
    for c, x, y in wanted:
        near = (e for i in (-1, 0, 1) for j in (-1, 0, 1) for e in grid.get((int(x // 1) + i, int(y // 1) + j), ()))
        hit = next((e for e in near if e[0] == c and not e[3] and abs(e[1] - x) <= NEAR and abs(e[2] - y) <= NEAR), None)
        if hit is None:
            left.append((c, x, y))
        else:
            hit[3] = True
    return left


def judge(pdf, path, screen, blank=()):
    """(passed, details). `blank` contains the numbers of pages that the screen PDF does not have."""
    printed, shown, wrong, total, moved = characters(path), characters(screen), [], 0, 0
    wrong += [f"page {number} is not blank" for number in blank if number > len(printed) or printed[number - 1]]
    same = [(number, page, ours) for number, (page, ours) in enumerate(zip(pdf.pages, printed), 1) if number not in blank]
    if len(same) != len(shown):
        wrong.append(f"{len(same)} pages, {len(shown)} on screen")
    for (number, page, ours), theirs in zip(same, shown):
        media, _, trim = inner_boxes(page)
        dx, dy = trim[0] - media[0], media[3] - trim[3]
        width, height = trim[2] - trim[0], trim[3] - trim[1]
        ours = [(c, x - dx, y - dy) for c, x, y in ours]
        # the screen PDF does not contain text that is entirely in the bleed
        kept = [(c, x, y) for c, x, y in ours if -NEAR <= x <= width + NEAR and -NEAR <= y <= height + NEAR]
        lost, new = unmatched(theirs, kept), unmatched(kept, theirs)
        total += len(theirs)
        moved += max(len(lost), len(new))
        if lost or new:
            c, x, y = (lost or new)[0]
            wrong.append(f"page {number}: {len(lost)} not in print, {len(new)} not on screen, first {c!r} at {x:.1f},{y:.1f}")
    return not wrong and total > 0, f"characters={total} moved={moved} {'; '.join(wrong[:3])}".strip()
