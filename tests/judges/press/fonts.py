"""Checks that the fonts of a print PDF are embedded and can be read, and that no text shows the glyph for missing characters."""

import io

from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Stream

from objects import objects
from painted import Drawn

PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def opens(descriptor):
    """Whether the font program can be read."""
    try:
        if "/FontFile" in descriptor:
            return descriptor.FontFile.read_bytes()[:1] in (b"%", b"\x80")
        if "/FontFile2" in descriptor:
            return "glyf" in TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
        data = descriptor.FontFile3.read_bytes()
        if descriptor.FontFile3.get("/Subtype") == "/OpenType":
            return "CFF " in TTFont(io.BytesIO(data)) or "glyf" in TTFont(io.BytesIO(data))
        cff = CFFFontSet()
        cff.decompile(io.BytesIO(data), None)
        return len(cff[0].CharStrings) > 0
    except Exception:
        return False


def judge(pdf):
    """(passed, details)."""
    wrong, fonts, shapes, texts = {}, 0, 0, 0
    fail = lambda what, where: wrong.setdefault(what, set()).add(where)
    for number, value in objects(pdf):
        if not isinstance(value, Dictionary) or value.get("/Type") != "/Font":
            continue
        subtype, name = str(value.get("/Subtype")), str(value.get("/BaseFont", f"object {number}")).lstrip("/")
        if subtype == "/Type0":
            continue
        if subtype == "/Type3":
            shapes += 1
            continue
        fonts += 1
        descriptor = value.get("/FontDescriptor")
        held = [p for p in PROGRAMS if descriptor is not None and isinstance(descriptor.get(p), Stream)]
        if not held:
            fail("not embedded", name)
        elif not opens(descriptor):
            fail("damaged font", name)
    for number, page in enumerate(pdf.pages, 1):
        for text in Drawn(page).texts:
            texts += 1
            if text.font is None:
                fail("text without a font", f"page {number}")
            elif text.missing:
                fail("glyph of a missing character", f"page {number}")
    said = "; ".join(f"{what} x{len(where)} ({sorted(where)[0]})" for what, where in wrong.items())
    return not wrong and (fonts + shapes > 0 or not texts), f"fonts={fonts} type3={shapes} texts={texts} {said}".strip()
