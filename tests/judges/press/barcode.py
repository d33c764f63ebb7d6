"""Reads an EAN-13 from a raster with zxing, and measures its size and its inks."""

import math

import zxingcpp
from PIL import Image

from raster import run

DPI = 300
SYMBOL = 31.35  # millimetres of 95 modules at 100 %


def judge(pdf, path, sheets, wanted, folder):
    """(passed, details). `wanted` is the expected number, or `any`."""
    wanted, found, wrong = wanted.replace("-", "").replace(" ", ""), [], []
    run("pdftoppm", "-r", str(DPI), "-gray", str(path), str(folder / "b"))
    for number, picture in enumerate(sorted(folder.glob("b-*.pgm")), 1):
        image = Image.open(picture)
        for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.EAN13):
            p = code.position
            xs, ys = zip(*((c.x, c.y) for c in (p.top_left, p.top_right, p.bottom_right, p.bottom_left)))
            size = 100 * math.hypot(p.top_right.x - p.top_left.x, p.top_right.y - p.top_left.y) * 25.4 / DPI / SYMBOL
            found.append((code.text, number, size, (min(xs), min(ys), max(xs), max(ys))))
    for text, number, size, (x0, y0, x1, y1) in found:
        if not 78 <= size <= 205:
            wrong.append(f"page {number}: {size:.0f} % of the nominal size")
        sheet, scale = sheets[number], 72 / DPI
        rows, columns = sheet.window(
            (sheet.media[0] + x0 * scale, sheet.media[3] - y1 * scale, sheet.media[0] + x1 * scale, sheet.media[3] - y0 * scale)
        )
        bars = sheet.plates["Black"][rows, columns] > 200
        inked = [ink for ink, plate in sheet.plates.items() if ink != "Black" and (plate[rows, columns][bars] > 0).any()]
        if inked:
            wrong.append(f"page {number}: bars print {', '.join(inked)}")
        if not bars.any():
            wrong.append(f"page {number}: bars are not full black")
    if not found:
        wrong.append("none is read")
    elif wanted != "any" and wanted not in {text for text, *_ in found}:
        wrong.append(f"{wanted} is not there")
    said = " ".join(f"{text}@page{number}:{size:.0f}%" for text, number, size, _ in found)
    return not wrong, f"codes={len(found)} {said} {'; '.join(wrong)}".strip()
