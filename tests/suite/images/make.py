#!/usr/bin/env python3
"""Writes the images of this folder, and `expected.txt` with their colours as LCMS converts them. Needs Pillow.

    python3 make.py CMYK.icc

CMYK.icc is the profile of the CMYK images: CGATS001Compat-v2-micro.icc of the Compact ICC Profiles (CC0).
"""
import io
import struct
import sys
import zlib
from pathlib import Path

from PIL import Image, ImageCms

HERE = Path(__file__).parent
CMYK = Path(sys.argv[1]).read_bytes()
PRESS = (HERE / "../../../layouts/common/print/ISOcoated_v2_300_bas.icc").read_bytes()
SRGB = ImageCms.createProfile("sRGB")
PATCH, COLUMNS = 16, 4
RGB = [(230, 40, 40), (40, 200, 60), (40, 60, 220), (250, 240, 60), (20, 20, 20), (128, 128, 128), (240, 200, 170), (90, 30, 120)]
INK = [(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255), (80, 60, 60, 0), (200, 150, 20, 40), (20, 90, 120, 0), (190, 170, 170, 220)]
GREY = [0, 20, 60, 100, 140, 180, 220, 255]
expected = []


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def icc(space, version, gamma, primaries=None, kind=b"mntr"):
    """Returns a profile with one gamma, and primaries as XYZ relative to D50."""
    text = b"test\0"
    tags = [(b"desc", b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)), (b"cprt", b"text\0\0\0\0CC0\0")]
    tags.append((b"wtpt", b"XYZ \0\0\0\0" + fixed(0.9642) + fixed(1) + fixed(0.8249)))
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    if space == b"GRAY":
        tags.append((b"kTRC", curve))
    for channel, xyz in zip(b"rgb", primaries or ()):
        tags.append((bytes([channel]) + b"XYZ", b"XYZ \0\0\0\0" + b"".join(map(fixed, xyz))))
        tags.append((bytes([channel]) + b"TRC", curve))
    head, body, at = b"", b"", 132 + 12 * len(tags)
    for name, data in tags:
        data += bytes(-len(data) % 4)
        head += name + struct.pack(">II", at + len(body), len(data))
        body += data
    profile = struct.pack(">I", at + len(body)) + b"\0\0\0\0" + version + kind + space + b"XYZ " + bytes(12) + b"acsp" + bytes(28)
    profile += fixed(0.9642) + fixed(1) + fixed(0.8249) + bytes(48) + struct.pack(">I", len(tags)) + head + body
    return profile


WIDE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))  # Adobe RGB
V21, V24, V44 = b"\x02\x10\0\0", b"\x02\x40\0\0", b"\x04\x40\0\0"


def picture(mode, colours):
    image = Image.new(mode, (PATCH * COLUMNS, PATCH * len(colours) // COLUMNS))
    for at, colour in enumerate(colours):
        x, y = at % COLUMNS * PATCH, at // COLUMNS * PATCH
        image.paste(colour, (x, y, x + PATCH, y + PATCH))
    return image


def expect(name, colours):
    expected.append(name + "".join(" %02x%02x%02x" % tuple(colour) for colour in colours))


def to_srgb(image, profile, flags=0):
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    converted = ImageCms.profileToProfile(image, source, SRGB, renderingIntent=intent, outputMode="RGB", flags=flags)
    middles = [(at % COLUMNS * PATCH + PATCH // 2, at // COLUMNS * PATCH + PATCH // 2) for at in range(8)]
    return [converted.getpixel(place) for place in middles]


BPC = ImageCms.Flags.BLACKPOINTCOMPENSATION


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, subsampling=0, **options)
    return out.getvalue()


def segments(data):
    """Returns the segments before the scan, and the rest."""
    parts, at = [], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        parts.append(data[at:end])
        at = end
    return parts, data[at:]


def joined(parts, rest):
    return b"\xff\xd8" + b"".join(parts) + rest


def without(data, *markers):
    parts, rest = segments(data)
    return joined([part for part in parts if part[1] not in markers], rest)


def with_segment(data, marker, body):
    return b"\xff\xd8\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def adobe(transform):
    return b"Adobe\0\x64\0\0\0\0" + bytes([transform])


def with_parts(data, profile, count, kept):
    size = -(-len(profile) // count)
    for number in reversed(kept):
        data = with_segment(data, 0xE2, b"ICC_PROFILE\0" + bytes([number, count]) + profile[size * (number - 1):size * number])
    return data


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(image, *chunks, sixteen=False):
    kind = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}[image.mode]
    raw = image.tobytes()
    if sixteen:
        raw = b"".join(bytes([value, value]) for value in raw)
    row = len(raw) // image.height
    rows = b"".join(b"\0" + raw[at * row:(at + 1) * row] for at in range(image.height))
    head = struct.pack(">IIBBBBB", image.width, image.height, 16 if sixteen else 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def iccp(profile, name=b"profile"):
    return chunk(b"iCCP", name + b"\0\0" + zlib.compress(profile, 9))


def write(name, data):
    (HERE / name).write_bytes(data)


rgb, ink, grey = picture("RGB", RGB), picture("CMYK", INK), picture("L", GREY)
wide, wide24 = icc(b"RGB ", V21, 2.2, WIDE), icc(b"RGB ", V24, 2.2, WIDE)
lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
printed = to_srgb(ink, PRESS, BPC)

# CMYK.
plain = jpeg(ink)
inverted = picture("CMYK", [tuple(255 - one for one in colour) for colour in INK])
for name, data in [("cmyk.jpg", plain), ("cmyk-progressive.jpg", jpeg(ink, progressive=True))]:
    write(name, data)
    expect(name, printed)
write("cmyk-unmarked.jpg", without(jpeg(inverted), 0xEE))
expect("cmyk-unmarked.jpg", printed)
write("cmyk-profile.jpg", jpeg(ink, icc_profile=CMYK))
expect("cmyk-profile.jpg", to_srgb(ink, CMYK, BPC))
write("cmyk-parts.jpg", with_parts(plain, CMYK, 3, [2, 3, 1]))
expect("cmyk-parts.jpg", to_srgb(ink, CMYK, BPC))
write("cmyk-rgb-profile.jpg", jpeg(ink, icc_profile=wide))
expect("cmyk-rgb-profile.jpg", printed)
turned = Image.Exif()
turned[0x0112] = 3
write("cmyk-turned.jpg", jpeg(ink, exif=turned.tobytes()))
expect("cmyk-turned.jpg", printed[::-1])
# Adobe stores the inverse of the inks. In YCCK, Y, Cb and Cr encode the inverse of these values: the inks themselves.
coded = Image.merge("CMYK", [one.point(lambda v: 255 - v) for one in Image.frombytes("RGB", ink.size, bytes(v for p in ink.get_flattened_data() for v in p[:3])).convert("YCbCr").split()] + [ink.getchannel("K")])
data = bytearray(jpeg(coded))
data[data.index(b"Adobe") + 11] = 2
write("cmyk-ycck.jpg", bytes(data))
expect("cmyk-ycck.jpg", printed)

# JPEG that stores RGB.
stored = without(jpeg(Image.frombytes("YCbCr", rgb.size, rgb.tobytes())), 0xE0)
write("rgb-adobe.jpg", with_segment(stored, 0xEE, adobe(0)))
expect("rgb-adobe.jpg", RGB)
parts, rest = segments(stored)
parts = [part[:10] + b"R" + part[11:13] + b"G" + part[14:16] + b"B" + part[17:] if part[1] == 0xC0 else part for part in parts]
rest = rest[:5] + b"R" + rest[6:7] + b"G" + rest[8:9] + b"B" + rest[10:]
write("rgb-ids.jpg", joined(parts, rest))
expect("rgb-ids.jpg", RGB)

# Profiles.
for name, profile in [("rgb-wide.jpg", wide), ("rgb-v2.4.jpg", wide24), ("rgb-v4.4.jpg", icc(b"RGB ", V44, 2.2, WIDE))]:
    write(name, jpeg(rgb, icc_profile=profile))
    expect(name, to_srgb(rgb, wide))
write("rgb-parts.jpg", with_parts(jpeg(rgb), wide, 4, [1, 2, 3, 4]))
write("rgb-part-missing.jpg", with_parts(jpeg(rgb), wide, 4, [1, 2, 4]))
expect("rgb-part-missing.jpg", RGB)
write("rgb-cmyk-profile.jpg", jpeg(rgb, icc_profile=CMYK))
expect("rgb-cmyk-profile.jpg", RGB)
write("rgb-lab.png", png(rgb, iccp(lab)))
write("rgb-link.png", png(rgb, iccp(icc(b"RGB ", V21, 2.2, WIDE, b"link"))))
write("rgb-grey-profile.png", png(rgb, iccp(icc(b"GRAY", V21, 2.2))))
write("rgb-short.png", png(rgb, iccp(wide[:-40])))
write("rgb-broken.png", png(rgb, chunk(b"iCCP", b"profile\0\0" + zlib.compress(wide, 9)[:-60])))
write("rgb-unnamed.png", png(rgb, iccp(wide, b"")))
for name in ["rgb-lab.png", "rgb-link.png", "rgb-grey-profile.png", "rgb-short.png", "rgb-broken.png", "rgb-unnamed.png"]:
    expect(name, RGB)
write("rgb-wide.png", png(rgb, iccp(wide)))
write("rgb16-wide.png", png(rgb, iccp(wide), sixteen=True))
expect("rgb16-wide.png", to_srgb(rgb, wide))
write("rgb16.png", png(rgb, sixteen=True))
linear = icc(b"RGB ", V21, 1.0, ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)))
write("rgb-linear.png", png(rgb, chunk(b"gAMA", struct.pack(">I", 100000))))
expect("rgb-linear.png", to_srgb(rgb, linear))
write("rgb-gamma.png", png(rgb, chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))))
write("rgb-primaries.png", png(rgb, chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000))))
expect("rgb-primaries.png", to_srgb(rgb, wide))
write("rgb-bright.png", png(rgb, chunk(b"cICP", bytes([9, 16, 0, 1]))))
expect("rgb-bright.png", RGB)
write("grey-srgb.png", png(grey, iccp(ImageCms.ImageCmsProfile(SRGB).tobytes())))
dark = icc(b"RGB ", V21, 1.4, WIDE)
write("grey-rgb-profile.png", png(grey, iccp(dark)))
expect("grey-rgb-profile.png", to_srgb(grey.convert("RGB"), dark))
write("grey-alpha.png", png(Image.merge("LA", [grey, grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])))
write("alpha-lab.png", png(Image.merge("RGBA", [*rgb.split(), grey]), iccp(lab)))
write("alpha-linear.png", png(Image.merge("RGBA", [*rgb.split(), grey]), chunk(b"gAMA", struct.pack(">I", 100000))))

# WebP and GIF.
for name, profile in [("wide.webp", wide), ("lab.webp", lab), ("v2.4.webp", wide24)]:
    rgb.save(HERE / name, "WEBP", lossless=True, icc_profile=profile)
expect("lab.webp", RGB)
expect("v2.4.webp", to_srgb(rgb, wide))
rgb.save(HERE / "moving.png", "PNG", save_all=True, append_images=[rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
rgb.save(HERE / "moving.gif", "GIF", save_all=True, append_images=[rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])

(HERE / "expected.txt").write_text("\n".join(expected) + "\n")
