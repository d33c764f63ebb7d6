"""Generates images for books: photographs (JPEG) and charts (PNG), with a resolution for print."""

import numpy
from PIL import Image, ImageDraw

QUALITY = 82


# Least width of an image in pixels; 1400 are more than 300 dpi at the width of the text.
LEAST, LEAST_IN_PRINT = 800, 1400


def write(path, number, seed, dense=False):
    """Writes an image. Its content depends on its number and the seed, its kind on the file extension. Dense images have enough pixels
    for print, and a few of them are grey or have a palette."""
    chance = numpy.random.default_rng(seed * 100003 + number)
    width = int(chance.integers(LEAST_IN_PRINT if dense else LEAST, 2401))
    height = int(width * chance.uniform(0.5, 0.8))
    if path.suffix == ".jpg":
        image = photograph(chance, width, height)
        (image.convert("L") if dense and number % 6 == 4 else image).save(path, quality=QUALITY)
    else:
        image = chart(chance, width, height, shaded=number % 4 == 1)
        (image.quantize(64, dither=Image.Dither.NONE) if dense and number % 6 == 0 else image).save(path)


def photograph(chance, width, height):
    """Returns smooth waves of colour with noise."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    pixels = numpy.zeros((height, width, 3), numpy.float32)
    for channel in range(3):
        for _ in range(4):
            across, down, phase = chance.uniform(0.001, 0.02), chance.uniform(0.001, 0.02), chance.uniform(0, 6.28)
            pixels[..., channel] += numpy.sin(x * across + y * down + phase) * chance.uniform(15, 45)
    pixels += 128 + chance.standard_normal((height, width, 1), dtype=numpy.float32) * 6
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))


def chart(chance, width, height, shaded):
    """Returns curves and dots over a grid; with a gradient if `shaded`, which compresses less well."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for line in range(1, 13):
        y = height * line // 13
        draw.line((width // 12, y, width - width // 20, y), fill=(220, 220, 220), width=2)
    for _ in range(4):
        colour = tuple(int(value) for value in chance.integers(20, 220, 3))
        level, points = height / 2, []
        for step in range(200):
            level += float(chance.normal(0, height / 60))
            points.append((width / 12 + step * width / 230, level))
        draw.line(points, fill=colour, width=max(2, width // 400))
    for _ in range(60):
        x, y, radius = (float(chance.uniform(0, most)) for most in (width, height, width / 60))
        colour = tuple(int(value) for value in chance.integers(0, 256, 3))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    if shaded:
        shade = numpy.linspace(0, 40, width, dtype=numpy.int16)[None, :, None]
        image = Image.fromarray(numpy.clip(numpy.asarray(image).astype(numpy.int16) - shade, 0, 255).astype(numpy.uint8))
    return image
