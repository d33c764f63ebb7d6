"""The plates of pages, separated by Ghostscript: one value per ink and pixel, 255 for full ink."""

import re
import subprocess

import numpy
from PIL import Image

from objects import inner_boxes

DPI = 144  # two pixels a point
INKS = ("Cyan", "Magenta", "Yellow", "Black")
Image.MAX_IMAGE_PIXELS = None


class Broken(Exception):
    """A tool failed, so there is no verdict."""


def run(*command, time=900):
    done = subprocess.run(command, capture_output=True, text=True, timeout=time)
    if done.returncode:
        raise Broken(f"{command[0]}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    return done.stdout


class Sheet:
    """The plates of a page, and the positions of its boxes in them."""

    def __init__(self, folder, number, page):
        self.page, self.number, self.folder = page, number, folder
        self.media, self.bleed, self.trim = inner_boxes(page)
        self._plates = None

    @property
    def plates(self):
        """{ink: array of rows}: the four inks first, then spot colours."""
        if self._plates is None:
            stem = f"p{self.number:04}"
            found = {}
            for path in sorted(self.folder.glob(stem + "(*).tif")):
                ink = re.fullmatch(re.escape(stem) + r"\((.*)\)\.tif", path.name)[1]
                found[ink] = 255 - numpy.asarray(Image.open(path).convert("L"))
            if not all(ink in found for ink in INKS):
                raise Broken(f"gs made no plates of page {self.number}")
            self._plates = {ink: found.pop(ink) for ink in INKS} | found
        return self._plates

    def forget(self):
        self._plates = None

    @property
    def process(self):
        """The four inks of each pixel, with spot colours converted to their alternate."""
        if len(self.plates) > 4:
            return numpy.asarray(Image.open(self.folder / f"p{self.number:04}.tif"))
        return numpy.stack([self.plates[ink] for ink in INKS], -1)

    @property
    def ink(self):
        """Total ink of each pixel, 100 for one full ink."""
        return sum(plate.astype(numpy.float32) for plate in self.plates.values()) / 2.55

    def window(self, box, shape=None):
        """A box in points as slices of rows and columns."""
        height, width = shape or next(iter(self.plates.values())).shape
        scale = DPI / 72
        x0, x1 = (min(max(round((x - self.media[0]) * scale), 0), width) for x in (box[0], box[2]))
        y0, y1 = (min(max(round((self.media[3] - y) * scale), 0), height) for y in (box[3], box[1]))
        return slice(y0, max(y0, y1)), slice(x0, max(x0, x1))


def separate(path, pdf, folder, pages=None):
    """The pages of a file as sheets; `pages` limits what is rendered."""
    folder.mkdir(parents=True, exist_ok=True)
    few = [f"-sPageList={','.join(map(str, pages))}"] if pages is not None else []
    run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", f"-r{DPI}", *few, f"-sOutputFile={folder}/p%04d.tif", str(path))
    return {n: Sheet(folder, i if pages is not None else n, pdf.pages[n - 1]) for i, n in enumerate(pages or range(1, len(pdf.pages) + 1), 1)}


def screen(path, folder, count, sheet):
    """The pages of a screen PDF as files of RGB pixels, on the same grid as the trim of a sheet, which may begin inside a pixel."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = DPI / 72
    right, down = ((at - round(at)) / scale for at in ((sheet.trim[0] - sheet.media[0]) * scale, (sheet.media[3] - sheet.trim[3]) * scale))
    grid = ["-c", f"<</PageOffset [{right:.4f} {-down:.4f}]>> setpagedevice", "-f"]
    run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=ppmraw", f"-r{DPI}", f"-sOutputFile={folder}/s%04d.ppm", *grid, str(path))
    return [folder / f"s{n:04}.ppm" for n in range(1, count + 1)]
