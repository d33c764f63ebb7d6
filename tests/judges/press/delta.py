"""Compares the print PDF with the screen PDF: Ghostscript renders both, the print PDF through its press profile.

It compares pixels inside the trim, except edges, because the renderings place them differently. The background of the page, pictures, blends and
black body text are measured separately; body text is compared by lightness only. The text of a link, found by the annotations of the
screen PDF, may be darker in print, where links have no colour of their own, but not lighter.
"""

import numpy
import pikepdf
from PIL import Image

from colour import Press, apart
from objects import profile
from painted import Drawn
from raster import DPI, Broken

LIMIT = 6.0  # maximum ΔE00 of 99 of 100 pixels
TEXT = 6.0  # maximum difference of L* of 99 of 100 pixels of black body text
PICTURE = 15.0  # maximum median ΔE00 of a picture: above it, the picture is another one, or inverted
BLEND = 15.0  # maximum median ΔE00 of a blend: inks blend differently from light, but not by more
CALM = 40  # of 255: a pixel whose neighbours differ by more is an edge
ENOUGH = 300  # minimum number of pixels of a page for a verdict
PATCH, PATCH_LIMIT = 24, 12.0  # side in pixels (4 mm) and maximum median of a square, which detects a small area of a wrong colour


def extreme(a, pick):
    """The largest or the smallest value among each pixel and its eight neighbours."""
    for axis in (0, 1):
        b = a.copy()
        cut = lambda s: (s, slice(None)) if axis == 0 else (slice(None), s)
        b[cut(slice(1, None))] = pick(b[cut(slice(1, None))], a[cut(slice(None, -1))])
        b[cut(slice(None, -1))] = pick(b[cut(slice(None, -1))], a[cut(slice(1, None))])
        a = b
    return a


def most(a):
    """The largest channel of each pixel."""
    return numpy.maximum.reduce([a[..., i] for i in range(a.shape[-1])])


def calm(a):
    return most(extreme(a, numpy.maximum) - extreme(a, numpy.minimum)) <= CALM


class Pair:
    """A page on screen and in print, the same pixels of both."""

    def __init__(self, sheet, bare, shown, press):
        rows, columns = sheet.window(sheet.trim)
        inks, rgb = sheet.process[rows, columns], numpy.asarray(Image.open(shown).convert("RGB"))
        if any(abs(a - b) > 2 for a, b in zip(inks.shape, rgb.shape)):
            raise Broken(f"the screen page has {rgb.shape[1]}x{rgb.shape[0]} pixels, the trim {inks.shape[1]}x{inks.shape[0]}")
        self.height, self.width = min(inks.shape[0], rgb.shape[0]), min(inks.shape[1], rgb.shape[1])
        self.inks, self.rgb = inks[: self.height, : self.width], rgb[: self.height, : self.width]
        self.sheet, self.press = sheet, press
        self.text = numpy.zeros((self.height, self.width), bool)
        if bare is not None:
            under = bare.process[rows, columns][: self.height, : self.width]
            self.text = (self.inks[..., 3] > under[..., 3].astype(numpy.int16) + 30) | (
                most(numpy.maximum(self.inks, under) - numpy.minimum(self.inks, under)) > 60
            )
        self.measure()

    def measure(self):
        """ΔE00 of every pixel, computed once per pair of colours."""
        packed = self.inks.reshape(-1, 4).astype(numpy.uint64) @ numpy.array([1 << 24, 1 << 16, 1 << 8, 1], numpy.uint64)
        packed = (packed << numpy.uint64(24)) | (self.rgb.reshape(-1, 3).astype(numpy.uint64) @ numpy.array([1 << 16, 1 << 8, 1], numpy.uint64))
        pairs, back = numpy.unique(packed, return_inverse=True)
        split = lambda shifts: numpy.stack([(pairs >> numpy.uint64(s)) & numpy.uint64(255) for s in shifts], -1).astype(numpy.uint8)
        inks, rgb = split((48, 40, 32, 24)), split((16, 8, 0))
        printed, shown = self.press.print(inks), self.press.screen(rgb)
        black = (inks[:, :3] == 0).all(1) & (inks[:, 3] > 0)
        aim = numpy.where(black[:, None], self.press.in_black(shown), shown)
        shape = (self.height, self.width)
        delta = apart(printed, aim)
        self.delta = delta[back].reshape(shape)
        # the background is measured separately, so that it does not outweigh the content
        ground = numpy.bincount(back.ravel()).argmax()
        self.ground = (back == ground).reshape(shape) & (delta[ground] <= LIMIT)
        self.light, self.shown = printed[back, 0].reshape(shape), shown[back, 0].reshape(shape)
        self.aimed = self.press.in_black(shown)[back, 0].reshape(shape)

    def inside(self, box, grow=0):
        """A box in points as a mask of the trim."""
        mask = numpy.zeros((self.height, self.width), bool)
        if box is None:
            return mask
        scale, trim = DPI / 72, self.sheet.trim
        clip = lambda v, high: int(min(max(v, 0), high))
        x0, x1 = clip((box[0] - trim[0]) * scale - grow, self.width), clip((box[2] - trim[0]) * scale + grow + 1, self.width)
        y0, y1 = clip((trim[3] - box[3]) * scale - grow, self.height), clip((trim[3] - box[1]) * scale + grow + 1, self.height)
        mask[y0:y1, x0:x1] = True
        return mask

    def patches(self, use):
        """The largest median of a square."""
        worst = 0.0
        for y in range(0, self.height - PATCH + 1, PATCH):
            row = use[y : y + PATCH]
            if not row.any():
                continue
            for x in range(0, self.width - PATCH + 1, PATCH):
                here = row[:, x : x + PATCH]
                if here.sum() >= PATCH * PATCH // 3:
                    worst = max(worst, float(numpy.median(self.delta[y : y + PATCH, x : x + PATCH][here])))
        return worst

    def body(self, links):
        """Difference of lightness between black body text in print and on screen, by the darkest nearby pixel, because edges differ.

        `links` contains the areas of links on screen, in points from the lower left corner of the page."""
        if not self.text.any():
            return numpy.array([])
        printed, shown, aimed = (extreme(a.astype(numpy.float32), numpy.minimum) for a in (self.light, self.shown, self.aimed))
        # screen black is darker than any ink, so its lightness may also be mapped to the black of the ink
        difference = numpy.minimum(numpy.abs(printed - shown), numpy.abs(printed - aimed))
        left, bottom = self.sheet.trim[:2]
        for x0, y0, x1, y1 in links:
            linked = self.inside((left + x0, bottom + y0, left + x1, bottom + y1), 1)
            difference[linked & (printed < shown)] = 0
        return difference[self.text]


def links(path):
    """The areas of the links of each page, in points from the lower left corner of the page."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            left, bottom = (float(v) for v in page.mediabox[:2])
            rects = [[float(v) for v in note.Rect] for note in page.obj.get("/Annots", []) if note.get("/Subtype") == "/Link"]
            yield [(min(x0, x1) - left, min(y0, y1) - bottom, max(x0, x1) - left, max(y0, y1) - bottom) for x0, y0, x1, y1 in rects]


def judge(pdf, sheets, without, shown, linked):
    """(passed, details, lines about blends and pictures). `shown` contains the pictures of the screen pages, and `linked` the areas of their
    links, by the numbers of the print pages."""
    data = profile(pdf)
    if data is None:
        raise Broken("no press profile to see with")
    press, wrong, lines = Press(data), [], []
    everything, texts, compared, pixels = [], [], 0, 0
    for number, sheet in ((number, sheet) for number, sheet in sheets.items() if number in shown):
        pair = Pair(sheet, without.get(number), shown[number], press)
        drawn = Drawn(sheet.page)
        use = calm(pair.inks) & calm(pair.rgb)
        measured = use.copy()
        for box, _ in drawn.images:
            use &= ~pair.inside(box, 2)
        for box, what in drawn.images:
            inner = measured & pair.inside(box)
            if inner.sum() > ENOUGH:
                median = float(numpy.median(pair.delta[inner]))
                if median > PICTURE:
                    wrong.append(f"page {number}: a picture is off by {median:.0f}")
                lines.append((median, f"page {number} picture {median:.1f}"))
        faded = 0
        for box, what in drawn.blends[:400]:
            inner = pair.inside(box, 1)
            here = measured & inner
            faded += 1
            if here.any() and what != "picture":
                median = float(numpy.median(pair.delta[here]))
                if median > BLEND and here.sum() > ENOUGH:
                    wrong.append(f"page {number}: a blend is off by {median:.0f}")
                lines.append((median, f"page {number} {what} {median:.1f}"))
            use &= ~inner
        use &= ~pair.text
        inked = (most(pair.inks) > 0) | (most(255 - pair.rgb) > 0)
        use &= inked
        stands = use & ~pair.ground
        compared, pixels = compared + int(use.sum()), pixels + int(inked.sum())
        here = pair.delta[stands]
        everything.append(here)
        if (patch := pair.patches(stands)) > PATCH_LIMIT:
            wrong.append(f"page {number}: a part is off by {patch:.0f}")
        if here.size >= ENOUGH and numpy.percentile(here, 99) > LIMIT:
            wrong.append(
                f"page {number}: {numpy.percentile(here, 99):.1f} at the 99th percentile, {100 * (here > LIMIT).mean():.1f} % of pixels over {LIMIT:g}"
            )
        body = pair.body(linked.get(number, []))
        texts.append(body)
        if body.size >= 50 and numpy.percentile(body, 99) > TEXT:
            wrong.append(f"page {number}: black text is {numpy.percentile(body, 99):.1f} L* from the screen's")
        sheet.forget()
        if number in without:
            without[number].forget()
    everything, texts = numpy.concatenate(everything), numpy.concatenate(texts)
    high = lambda a: f"{numpy.percentile(a, 99):.1f}" if a.size else "-"
    lines.sort(reverse=True)
    blends = [line for _, line in lines if " picture " not in line]
    pictures = [line for _, line in lines if " picture " in line]
    said = f"dE00_p99={high(everything)} compared={100 * compared / max(1, pixels):.0f}% text_dL_p99={high(texts)} blends={len(blends)} pictures={len(pictures)}"
    if blends:
        said += f" worst_blend=({blends[0]})"
    if not everything.size and not texts.size and not pictures:
        wrong.append("nothing to compare")
    return not wrong, f"{said} {'; '.join(wrong[:4])}".strip(), blends + pictures
