"""Access to the objects of a PDF: colour spaces, JPEG streams, traversal, and uses of objects."""

import struct

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

COMPONENTS = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4, "CalGray": 1, "CalRGB": 3, "Lab": 3}
SHORT = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}  # inline images


def key(thing):
    """The identity of an indirect object; None for a direct one."""
    return thing.objgen if isinstance(thing, Object) and thing.objgen != (0, 0) else None


def space(name, resources=None):
    """A colour space by its definition: the name of a device space, or the array that a name in the resources refers to."""
    if isinstance(name, Name) and resources is not None:
        named = (resources.get("/ColorSpace") or Dictionary()).get(str(name))
        return name if named is None or str(name).startswith("/Device") else named
    return name


def family(cs):
    """The family of a colour space: `DeviceCMYK`, `ICCBased`, `Separation`, …"""
    return str(cs if isinstance(cs, (Name, str)) else cs[0]).lstrip("/")


def components(cs):
    """The number of components of a colour space; None for a pattern."""
    kind = family(cs)
    if kind in COMPONENTS:
        return COMPONENTS[kind]
    if kind == "ICCBased":
        return int(cs[1].N)
    return {"Indexed": 1, "Separation": 1}.get(kind) or (len(cs[1]) if kind == "DeviceN" else None)


def objects(pdf):
    """Every indirect object, even unreferenced ones, with its direct content: (number, value)."""
    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            value = waiting.pop()
            yield thing.objgen[0] if isinstance(thing, Object) else 0, value
            if isinstance(value, (Dictionary, Stream)):
                waiting += [held for held in (value[k] for k in value.keys()) if not key(held)]
            elif isinstance(value, Array):
                waiting += [held for held in value if not key(held)]


def jpeg(data):
    """A JPEG stream as (components, profile or None); (None, None) when it is not one."""
    if data[:2] != b"\xff\xd8":
        return None, None
    at, count, profile = 2, None, b""
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            break
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker == 0xDA:
            break
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            count = data[at + 9]
        if marker == 0xE2 and data[at + 4 : at + 15] == b"ICC_PROFILE":
            profile += data[at + 18 : at + 2 + length]
        at += 2 + length
    return count, profile or None


def filters(stream):
    named = stream.get("/Filter")
    return [str(f) for f in (named if isinstance(named, Array) else [named] if named is not None else [])]


def intents(pdf):
    found = pdf.Root.get("/OutputIntents")
    return list(found) if isinstance(found, Array) else []


def profile(pdf):
    """The bytes of the press profile; None when there is none."""
    for intent in intents(pdf):
        if "/DestOutputProfile" in intent:
            return intent.DestOutputProfile.read_bytes()
    return None


def box(page, name):
    """A box of a page, which may be inherited, as four numbers; None if the page has no such box."""
    node = page if isinstance(page, Dictionary) else page.obj
    while node is not None:
        if name in node:
            a = [float(x) for x in node[name]]
            return [min(a[0], a[2]), min(a[1], a[3]), max(a[0], a[2]), max(a[1], a[3])]
        node = node.get("/Parent")
    return None


def inner_boxes(page):
    """MediaBox, BleedBox and TrimBox; a missing box equals the next larger one."""
    media = box(page, "/MediaBox")
    trim = box(page, "/TrimBox")
    bleed = box(page, "/BleedBox")
    return media, bleed or media, trim or bleed or media


def resources(thing):
    """The resources of a page (inherited too), a form, a tiling or a Type 3 font."""
    node = thing
    while node is not None:
        found = node.get("/Resources")
        if found is not None:
            return found
        node = node.get("/Parent") if node.get("/Type") in ("/Page", "/Pages") else None
    return Dictionary()


def instructions(thing):
    """The operators of a page or stream as (name, operands)."""
    for one in pikepdf.parse_content_stream(thing if isinstance(thing, Stream) else pikepdf.Page(thing)):
        yield str(one.operator), one.operands if str(one.operator) != "INLINE IMAGE" else [one.iimage]
