"""Checks in the plates, edge by edge, that content that touches the trim extends over the bleed."""

import numpy

from raster import DPI

PAINTED = 6  # of 255, in any ink
LEAST = 2.5  # millimetres along the edge that may be missing: a round shape may just touch the trim
REACH = 3.0  # millimetres by which a slanted shape may shift along the edge over the bleed


def strips(process, sheet, mm):
    """For each edge: pixels 0.2 to 0.8 mm inside the trim, and three depths of the bleed, as arrays (depth, along, ink)."""
    scale = DPI / 72
    unit = DPI / 25.4
    left, right = ((x - sheet.media[0]) * scale for x in (sheet.trim[0], sheet.trim[2]))
    top, bottom = ((sheet.media[3] - y) * scale for y in (sheet.trim[3], sheet.trim[1]))
    inside = [0.25, 0.45, 0.65]
    outside = [min(0.5, mm / 2), mm / 2, mm - 0.35]
    height, width = process.shape[:2]
    rows = slice(max(0, round(top)), min(height, round(bottom)))
    columns = slice(max(0, round(left)), min(width, round(right)))
    at = lambda edge, sign, depth: min(max(int(edge + sign * depth * unit), 0), 10**6)
    pick = {
        "left": lambda d: process[rows, at(left, -1, d)],
        "right": lambda d: process[rows, min(at(right, 1, d), width - 1)],
        "top": lambda d: process[at(top, -1, d), columns],
        "bottom": lambda d: process[min(at(bottom, 1, d), height - 1), columns],
    }
    for edge, cut in pick.items():
        yield edge, numpy.stack([cut(-d) for d in inside]).astype(numpy.int16), numpy.stack([cut(d) for d in outside]).astype(numpy.int16)


def ground(process, sheet):
    """The most frequent colour of the page: its background."""
    inside = process[sheet.window(sheet.trim, process.shape[:2])][::7, ::7].reshape(-1, 4)
    colours, counts = numpy.unique(numpy.ascontiguousarray(inside).view(numpy.uint32).ravel(), return_counts=True)
    return colours[counts.argmax() : counts.argmax() + 1].view(numpy.uint8).astype(numpy.int16)


def spread(flags, reach):
    """Extends true values to their neighbours."""
    out = flags.copy()
    for shift in range(1, reach + 1):
        out[shift:] |= flags[:-shift]
        out[:-shift] |= flags[shift:]
    return out


def longest(flags):
    """The longest run of true."""
    ends = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], flags.astype(numpy.int8), [0]))))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def judge(sheets):
    """(passed, details)."""
    wrong, edges, least = [], 0, None
    unit = DPI / 25.4
    for number, sheet in sheets.items():
        room = [sheet.trim[0] - sheet.bleed[0], sheet.trim[1] - sheet.bleed[1], sheet.bleed[2] - sheet.trim[2], sheet.bleed[3] - sheet.trim[3]]
        mm = min(room) * 25.4 / 72
        least = mm if least is None else min(least, mm)
        if mm < 1:
            wrong.append(f"page {number} has {mm:.1f} mm of bleed")
            continue
        process = sheet.process
        sheet.forget()
        paper = ground(process, sheet)
        for edge, inside, outside in strips(process, sheet, mm):
            inked = (inside.max(2) > PAINTED).all(0)
            stands_out = (numpy.abs(inside - paper).max(2) > PAINTED * 2).all(0)
            edges += bool(inked.any())
            # both the background and the content on it must reach the end of the bleed
            bare = inked & ~(outside.max(2) > PAINTED).all(0)
            like = (numpy.abs(outside - paper).max(2) <= PAINTED).any(0)
            ends = stands_out & like & ~spread(~like, round(REACH * unit))
            bare &= ~spread((outside.max(2) > PAINTED).all(0), round(REACH * unit))
            missed = longest(bare | ends) / unit
            if missed > LEAST:
                wrong.append(f"page {number} {edge}: {missed:.0f} mm painted at the trim, not in the bleed")
    return not wrong, f"bleed={least:.1f}mm edges={edges} {'; '.join(wrong[:4])}".strip()
