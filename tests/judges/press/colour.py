"""Converts sRGB and press inks to CIE Lab relative to the paper, and computes colour differences (CIEDE2000)."""

import io

import numpy
from PIL import Image, ImageCms

Y = lambda L: numpy.where(L > 8, ((L + 16) / 116) ** 3, L / 903.3)
L = lambda Y: numpy.where(Y > 0.008856, 116 * numpy.cbrt(Y) - 16, 903.3 * Y)


def decoded(image):
    a = numpy.asarray(image)
    return numpy.stack([a[..., 0] * (100 / 255), a[..., 1].view(numpy.int8), a[..., 2].view(numpy.int8)], -1).astype(numpy.float32)


class Press:
    """A press profile, read by LittleCMS."""

    def __init__(self, profile):
        lab = ImageCms.createProfile("LAB")
        make = lambda source, mode: ImageCms.buildTransform(source, lab, mode, "LAB", renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
        self._print = make(ImageCms.ImageCmsProfile(io.BytesIO(profile)), "CMYK")
        self._screen = make(ImageCms.createProfile("sRGB"), "RGB")
        self.black = float(self.print(numpy.array([[0, 0, 0, 255]], numpy.uint8))[0, 0])

    def print(self, inks):
        """Lab of rows of four inks, 0 to 255."""
        return decoded(ImageCms.applyTransform(Image.frombytes("CMYK", (len(inks), 1), numpy.ascontiguousarray(inks).tobytes()), self._print))[0]

    def screen(self, rgb):
        return decoded(ImageCms.applyTransform(Image.frombytes("RGB", (len(rgb), 1), numpy.ascontiguousarray(rgb).tobytes()), self._screen))[0]

    def in_black(self, lab):
        """The same colours with screen black mapped to solid black ink, the target of printing in black alone."""
        low = Y(self.black)
        out = lab.copy()
        out[:, 0] = L(low + (1 - low) * Y(lab[:, 0]))
        return out


def apart(a, b):
    """CIEDE2000 of rows of Lab."""
    L1, a1, b1 = a.T.astype(float)
    L2, a2, b2 = b.T.astype(float)
    mean = (numpy.hypot(a1, b1) + numpy.hypot(a2, b2)) / 2
    g = 0.5 * (1 - numpy.sqrt(mean**7 / (mean**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = numpy.hypot(a1, b1), numpy.hypot(a2, b2)
    h1, h2 = numpy.degrees(numpy.arctan2(b1, a1)) % 360, numpy.degrees(numpy.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = numpy.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    dH = 2 * numpy.sqrt(c1 * c2) * numpy.sin(numpy.radians(turn / 2))
    far = numpy.abs(h1 - h2) > 180
    h = numpy.where(grey, h1 + h2, numpy.where(far, numpy.where(h1 + h2 < 360, h1 + h2 + 360, h1 + h2 - 360), h1 + h2) / 2)
    l, c = (L1 + L2) / 2, (c1 + c2) / 2
    cos = lambda x: numpy.cos(numpy.radians(x))
    t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
    sl = 1 + 0.015 * (l - 50) ** 2 / numpy.sqrt(20 + (l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rt = -numpy.sin(numpy.radians(60 * numpy.exp(-(((h - 275) / 25) ** 2)))) * 2 * numpy.sqrt(c**7 / (c**7 + 25.0**7))
    dL, dC = (L2 - L1) / sl, (c2 - c1) / sc
    return numpy.sqrt(numpy.maximum(0, dL**2 + dC**2 + (dH / sh) ** 2 + rt * dC * dH / sh))
