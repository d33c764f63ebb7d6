"""Total ink: compares the measured peak of each page with a limit and with the report of the product.

A report is JSON: {"pages": [{"page": 1, "ink": 262.0, "black-only": false}, …]}. `ink` is the page's peak in per cent, `black-only` (optional)
whether only the black plate prints.
"""

import io
import json

import numpy
from PIL import Image

from objects import family, filters
from painted import Drawn
from raster import Broken

ROUNDED = 1.0  # rounding error of four plates of 256 steps
ABOVE = 2.0


def reported(path):
    """{page: its entry} of a report."""
    if path is None:
        return {}
    try:
        return {int(entry["page"]): entry for entry in json.loads(open(path, encoding="utf-8").read())["pages"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Broken(f"report: {error!r}")


def pictured(x):
    """The maximum ink of any pixel of a picture, which a raster may miss."""
    if x is None or x.get("/ImageMask"):
        return 0.0
    kind, coded = family(x.ColorSpace), filters(x)
    if kind == "DeviceGray":
        return 100.0
    if kind != "DeviceCMYK" or int(x.BitsPerComponent) != 8:
        return 0.0
    if coded == ["/DCTDecode"]:
        # Pillow always treats the samples of four components as inverted
        pixels = 255 - numpy.asarray(Image.open(io.BytesIO(x.read_raw_bytes()))).astype(numpy.int32)
    else:
        pixels = numpy.frombuffer(x.read_bytes(), numpy.uint8).astype(numpy.int32)
    if "/Decode" in x and float(x.Decode[0]) == 1:
        pixels = 255 - pixels
    return float(pixels.reshape(-1, 4).sum(1).max()) / 2.55


def judge(pdf, sheets, limit, report):
    """(passed, details). Only peaks inside the bleed count, because marks in the slug are printed in every ink."""
    entries, wrong, peaks, known = reported(report), [], [], {}
    for number, sheet in sheets.items():
        peak = float(sheet.ink[sheet.window(sheet.bleed)].max(initial=0))
        sheet.forget()
        peaks.append(peak)
        if peak > limit + ROUNDED:
            wrong.append(f"page {number} has {peak:.0f} %, limit {limit:g}")
        if report is None:
            continue
        if number not in entries:
            wrong.append(f"page {number} is not in the report")
            continue
        said, drawn = float(entries[number]["ink"]), Drawn(sheet.page)
        if said < peak - ROUNDED:
            wrong.append(f"page {number} has {peak:.1f} %, the report says {said:.1f}")
        if not drawn.blends and not drawn.overprints:
            for _, x in drawn.images:
                k = None if x is None else x.objgen
                if k not in known:
                    known[k] = pictured(x)
            most = max([peak, *(known[None if x is None else x.objgen] for _, x in drawn.images)])
            if said > most + ABOVE:
                wrong.append(f"page {number} has {most:.1f} % at most, the report says {said:.1f}")
    shown = " ".join(f"{p:.0f}" for p in peaks[:12]) + (" …" if len(peaks) > 12 else "")
    return not wrong, f"peak={max(peaks):.0f}% pages={shown} reported={len(entries)} {'; '.join(wrong[:4])}".strip()
