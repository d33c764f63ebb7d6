"""Requirements of PDF/X-4 other than colours: boxes, output intent, metadata, header, and no actions, optional content or external references.

It follows ISO 15930-7 as far as public sources quote it; it is no licensed validator.
"""

import re
import struct
import xml.etree.ElementTree as xml
from datetime import datetime, timedelta, timezone

from pikepdf import Array, Dictionary, Name, Stream

from objects import box, filters, intents, objects

NEAR = 0.01  # points
SPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://www.npes.org/pdfx/ns/id/": "pdfxid",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
    "http://www.aiim.org/pdfua/ns/id/": "pdfuaid",
}
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
# keys for actions, optional content, external references, or colours that bypass the output intent, in any object
NEVER = {
    "/AA": "actions",
    "/JS": "JavaScript",
    "/OC": "optional content",
    "/OCProperties": "optional content",
    "/EF": "embedded file",
    "/EmbeddedFiles": "embedded files",
    "/AF": "associated file",
    "/XFA": "XFA form",
    "/AcroForm": "form",
    "/OPI": "OPI",
    "/Alternates": "alternate image",
    "/TR": "transfer function",
    "/HTP": "halftone phase",
    "/Collection": "collection",
    "/OpenAction": "open action",
}
ACTIONS = {
    "/" + a
    for a in "GoTo GoToR GoToE Launch Thread URI Sound Movie Hide Named SubmitForm ResetForm ImportData JavaScript SetOCGState Rendition Trans GoTo3DView".split()
}

# reference names in the ICC's registry of characterization data
REGISTERED = re.compile(r"FOGRA\d\d|CGATS TR 00\d|CGATS21-2-CRPC[1-7]|IFRA\d\d|JC20\d{4}|JCN2002|JCW2003|EUROSB\d{3}|PSR_\w+")


def said(element):
    """The text of a property; of alternatives, the default one."""
    items = list(element.iter(RDF + "li"))
    default = [i for i in items if i.get("{http://www.w3.org/XML/1998/namespace}lang") == "x-default"] or items
    return " ".join("".join((default[0] if element.find(RDF + "Alt") is not None and items else element).itertext()).split())


def xmp(data):
    """The properties of an XMP packet: {prefix:name: text}."""
    found = {}
    for about in xml.fromstring(data.decode("utf-8").strip().lstrip("\ufeff")).iter(RDF + "Description"):
        properties = [(k, v) for k, v in about.attrib.items()] + [(e.tag, said(e)) for e in about]
        for name, text in properties:
            m = re.fullmatch(r"\{(.*)\}(.*)", name)
            if m and m[1] in SPACES:
                found[f"{SPACES[m[1]]}:{m[2]}"] = text
    return found


def pdf_date(text):
    """`D:20230501000000+02'00'` as an instant; None when it is not a date."""
    m = re.fullmatch(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z(?:00'?00'?)?|([+-])(\d\d)'?(\d\d)?'?)", str(text))
    if not m:
        return None
    shift = timedelta(hours=int(m[8]), minutes=int(m[9] or 0)) * (-1 if m[7] == "-" else 1) if m[7] else timedelta()
    return datetime(*map(int, m.groups()[:6]), tzinfo=timezone(shift))


def xmp_date(text):
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return when if when.tzinfo else None


class Exchange:
    def __init__(self, pdf, path, trim, bleed):
        self.pdf, self.path, self.wrong = pdf, path, {}
        self.pages(trim, bleed)
        self.intent()
        self.metadata()
        self.file()
        self.keys()

    def fail(self, what, where=""):
        self.wrong.setdefault(what, []).append(where)

    # ---- pages

    def pages(self, trim, bleed):
        self.sizes = set()
        for number, page in enumerate(self.pdf.pages, 1):
            where, node = f"page {number}", page.obj
            media, bled, cut = (box(node, name) for name in ("/MediaBox", "/BleedBox", "/TrimBox"))
            if box(node, "/CropBox") is not None:
                self.fail("CropBox", where)
            if "/ArtBox" in node:
                self.fail("ArtBox beside a TrimBox", where)
            if "/TrimBox" not in node or "/BleedBox" not in node or media is None:
                self.fail("no TrimBox or no BleedBox", where)
                continue
            if not (self.inside(cut, bled) and self.inside(bled, media)):
                self.fail("boxes do not nest", where)
            self.sizes.add(tuple(round((cut[i + 2] - cut[i]) * 25.4 / 72, 1) for i in (0, 1)))
            if trim and any(abs((cut[i + 2] - cut[i]) * 25.4 / 72 - trim[i]) > 0.1 for i in (0, 1)):
                self.fail("trim size", where)
            if bleed is not None and any(abs(abs(bled[i] - cut[i]) * 25.4 / 72 - bleed) > 0.1 for i in range(4)):
                self.fail("width of the bleed", where)
            if node.get("/Annots"):
                self.fail("annotations", where)
            for name in ("/UserUnit", "/OutputIntents", "/PresSteps"):
                if name in node:
                    self.fail("page with " + name[1:], where)

    def inside(self, a, b):
        return a[0] >= b[0] - NEAR and a[1] >= b[1] - NEAR and a[2] <= b[2] + NEAR and a[3] <= b[3] + NEAR and a[0] < a[2] and a[1] < a[3]

    # ---- output intent

    def intent(self):
        found = [i for i in intents(self.pdf) if i.get("/S") == "/GTS_PDFX"]
        if len(found) != 1 or len(intents(self.pdf)) != 1:
            return self.fail(f"{len(found)} intents for PDF/X of {len(intents(self.pdf))}")
        intent = found[0]
        for name in ("/OutputConditionIdentifier", "/Info"):
            if not str(intent.get(name, "")).strip():
                self.fail("intent without " + name[1:])
        self.condition(str(intent.get("/OutputConditionIdentifier", "")), str(intent.get("/RegistryName", "")).strip())
        profile = intent.get("/DestOutputProfile")
        if not isinstance(profile, Stream):
            return self.fail("intent without a profile")
        data = profile.read_bytes()
        if len(data) < 132 or data[36:40] != b"acsp" or struct.unpack(">I", data[:4])[0] != len(data):
            return self.fail("damaged profile")
        if data[12:16] != b"prtr" or data[16:20] != b"CMYK":
            self.fail(f"profile of class {data[12:16].decode('latin1')}, {data[16:20].decode('latin1').strip()}")
        if data[8] > 4:
            self.fail(f"profile of version {data[8]}")
        if int(profile.get("/N", 0)) != 4:
            self.fail("profile with /N other than 4")
        tags = {data[at : at + 4] for at in range(132, 132 + 12 * struct.unpack(">I", data[128:132])[0], 12)}
        if not {b"A2B1", b"B2A1"} <= tags and not {b"A2B0", b"B2A0"} <= tags:
            self.fail("profile that converts one way only")

    def condition(self, name, registry):
        """Checks that a registry is named if it lists the condition, and otherwise not (ISO 32000-1, table 365)."""
        if name == "Custom" and registry:
            self.fail("registry of a condition that is not registered")
        if name != "Custom" and not registry:
            self.fail("intent without RegistryName")
        if registry.startswith("http://www.color.org") and not REGISTERED.fullmatch(name):
            self.fail("condition that the registry of the ICC does not have")

    # ---- metadata

    def metadata(self):
        info, stream = self.pdf.trailer.get("/Info"), self.pdf.Root.get("/Metadata")
        if info is None or not isinstance(stream, Stream):
            return self.fail("no Info or no XMP")
        if filters(stream):
            self.fail("filtered XMP")
        if stream.get("/Type") != "/Metadata" or stream.get("/Subtype") != "/XML":
            self.fail("XMP stream without its type")
        try:
            xmp_says = xmp(stream.read_bytes())
        except (xml.ParseError, UnicodeDecodeError) as error:
            return self.fail(f"XMP: {error}")
        entries = {k[1:]: v for k, v in info.items()}
        if str(entries.get("GTS_PDFXVersion", "")) != "PDF/X-4" or xmp_says.get("pdfxid:GTS_PDFXVersion") != "PDF/X-4":
            self.fail("GTS_PDFXVersion")
        trapped = entries.get("Trapped")
        if not isinstance(trapped, Name) or str(trapped) not in ("/True", "/False") or xmp_says.get("pdf:Trapped") != str(trapped)[1:]:
            self.fail("Trapped")
        for name, other in (("Title", "dc:title"), ("Creator", "xmp:CreatorTool"), ("Producer", "pdf:Producer"), ("Keywords", "pdf:Keywords")):
            a, b = " ".join(str(entries.get(name, "")).split()), xmp_says.get(other, "")
            if (a and b or name == "Title") and a != b or name == "Title" and not a:
                self.fail(f"{name} and {other} differ")
        self.dates(entries, xmp_says)
        for name in ("xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass"):
            if not xmp_says.get(name):
                self.fail("no " + name)
        if xmp_says.get("dc:format", "application/pdf") != "application/pdf":
            self.fail("dc:format")
        if any(name.startswith(("pdfaid:", "pdfuaid:")) for name in xmp_says):
            self.fail("claim of PDF/A or PDF/UA")

    def dates(self, entries, xmp_says):
        made, changed = pdf_date(entries.get("CreationDate", "")), pdf_date(entries.get("ModDate", ""))
        instants = [xmp_date(xmp_says.get(name, "")) for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate")]
        if None in (made, changed, *instants):
            return self.fail("a date is missing or no date")
        if made != instants[0] or changed != instants[1]:
            self.fail("dates of Info and XMP differ")
        if changed < made or instants[2] < made:
            self.fail("changed before it was made")

    # ---- file

    def file(self):
        with open(self.path, "rb") as f:
            head = f.read(16)
        if not head.startswith(b"%PDF-1.6"):
            self.fail("header " + head[:8].decode("latin1"))
        if "/Version" in self.pdf.Root and str(self.pdf.Root.Version) > "/1.6":
            self.fail("version of the catalogue")
        ids = self.pdf.trailer.get("/ID")
        if not isinstance(ids, Array) or len(ids) != 2 or not all(len(bytes(i)) for i in ids):
            self.fail("no /ID")
        if self.pdf.is_encrypted or "/Encrypt" in self.pdf.trailer:
            self.fail("encrypted")

    def keys(self):
        """Looks for forbidden keys in all objects."""
        for number, value in objects(self.pdf):
            if not isinstance(value, (Dictionary, Stream)):
                continue
            where = f"object {number}"
            for name, what in NEVER.items():
                if name in value and not (name == "/TR" and "/G" in value):  # a soft mask may have one
                    self.fail(what, where)
            kind, subtype, s = (str(value.get(name, "")) for name in ("/Type", "/Subtype", "/S"))
            if kind == "/Action" or s in ACTIONS and ("/D" in value or "/URI" in value or "/F" in value or "/N" in value):
                self.fail("action " + s[1:], where)
            if kind == "/Annot":
                self.fail("annotations", where)
            if kind in ("/OCG", "/OCMD"):
                self.fail("optional content", where)
            if kind in ("/Filespec", "/EmbeddedFile"):
                self.fail("embedded file", where)
            if subtype == "/PS":
                self.fail("PostScript XObject", where)
            if subtype == "/Form" and "/Ref" in value:
                self.fail("reference to another file", where)
            if "/TR2" in value and value["/TR2"] != "/Default":
                self.fail("transfer function", where)
            if isinstance(value, Stream) and "/LZWDecode" in filters(value):
                self.fail("LZW", where)
            if isinstance(value, Stream) and "/F" in value:
                self.fail("stream in another file", where)


def judge(pdf, path, trim=None, bleed=None):
    """(passed, details). `trim` and `bleed` in millimetres, when they are known."""
    judged = Exchange(pdf, path, trim, bleed)
    sizes = ",".join(f"{w:g}x{h:g}" for w, h in sorted(judged.sizes))
    wrong = "; ".join(f"{what} x{len(where)} ({where[0]})" if where[0] else what for what, where in judged.wrong.items())
    return not wrong, f"pages={len(pdf.pages)} trim={sizes} {wrong}".strip()
