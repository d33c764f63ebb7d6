"""The content of plates: pages in black alone leave the other plates empty, and black body text overprints the colours under it."""

import numpy

from ink import reported
from painted import Drawn

LEVELS = 100  # minimum number of different values in the plate of a gradient
SHARE = 0.001  # maximum part of the pixels of text on a colour in which that colour is knocked out


def black_only(sheets, claimed, entries):
    """Pages that must leave three plates empty: those named by an option, and those that paint in black alone."""
    pages = set(claimed) | {n for n, entry in entries.items() if entry.get("black-only")}
    own = {n for n, sheet in sheets.items() if not Drawn(sheet.page).coloured}
    return pages, own


def judge(pdf, sheets, without, claimed, ramps, report):
    """(passed, details). `without` contains the sheets of the pages with black body text, rendered without this text."""
    wrong, entries = [], reported(report)
    said, own = black_only(sheets, claimed, entries)
    for number in sorted(said | own):
        if number not in sheets:
            wrong.append(f"no page {number}")
            continue
        sheet = sheets[number]
        inked = [ink for ink, plate in sheet.plates.items() if ink != "Black" and plate[sheet.window(sheet.bleed)].any()]
        sheet.forget()
        if inked:
            wrong.append(f"page {number} prints {', '.join(inked)} too")
    for number, ink in ramps:
        plate = sheets[number].plates.get(ink) if number in sheets else None
        levels = 0 if plate is None else len(numpy.unique(plate[sheets[number].window(sheets[number].trim)]))
        if levels < LEVELS:
            wrong.append(f"page {number} has {levels} levels of {ink}, not {LEVELS}")
    over = lost = text = 0
    for number, bare in without.items():
        sheet = sheets[number]
        black = (sheet.plates["Black"] == 255) & (bare.plates["Black"] < 250)
        text += int(black.sum())
        for ink, under in bare.plates.items():
            if ink == "Black" or ink not in sheet.plates:
                continue
            ground = black & (under > 8)
            gone = ground & (sheet.plates[ink].astype(numpy.int16) < under.astype(numpy.int16) - 4)
            over += int(ground.sum())
            lost += int(gone.sum())
            if gone.sum() > SHARE * max(1, ground.sum()) and ground.sum() > 50:
                wrong.append(f"page {number}: {ink} under {100 * gone.sum() / ground.sum():.1f} % of the text on it is knocked out")
        sheet.forget()
        bare.forget()
    share = 100 * lost / over if over else 0
    for number in {n for n, entry in entries.items() if entry.get("black-only") is False} & own:
        wrong.append(f"page {number} prints black alone, the report says not")
    return (
        not wrong,
        f"black_only={len(said | own)}/{len(sheets)} text_pixels={text} on_colour={over} knocked_out={share:.2f}% {'; '.join(wrong[:4])}".strip(),
    )
