"""Small print PDFs, written without reliure, for tests of the judges, and the same drawing as a screen PDF in sRGB."""

import io
import re

import numpy
import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms
from pikepdf import Array, Dictionary, Name, String

from colour import Press

MM = 72 / 25.4
TRIM, BLEED = (60 * MM, 80 * MM), 3 * MM
BARS = "10101110110001001001101100011010010001000110101010101000011001101101100100010010011101001000101"  # 9782070612758
WORDS = "Plates and inks"
DATE = "2024-03-01T10:00:00+00:00"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A sample</rdf:li></rdf:Alt></dc:title><xmp:CreatorTool>selftest</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate><xmp:MetadataDate>{date}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:1b0d1f3e-51f2-4c3a-9e55-6f1f0c8a1111</xmpMM:DocumentID><xmpMM:VersionID>1</xmpMM:VersionID><xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Trapped>False</pdf:Trapped><pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>"""


class Sample:
    """A file of two pages: one with every kind of content, one in black alone."""

    def __init__(self, profile, font, screen=False):
        self.press, self.screen = profile, screen
        self.pdf = pikepdf.new()
        self.eye = Press(profile)
        self.see = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), "CMYK", "RGB", renderingIntent=1
        )
        self.face(font)
        self.forms()
        self.page(self.first(), self.resources)
        self.page(self.second(), self.resources)
        if not screen:
            self.claim()

    # ---- colours, in the colour space of the file

    def rgb(self, inks):
        """The sRGB of inks; for black alone, the grey with black-point compensation."""
        if not any(inks[:3]):
            greys = numpy.repeat(numpy.arange(256, dtype=numpy.uint8)[:, None], 3, 1)
            aimed = self.eye.in_black(self.eye.screen(greys))[:, 0]
            return greys[numpy.abs(aimed - self.eye.print(numpy.array([[0, 0, 0, round(inks[3] * 255)]], numpy.uint8))[0, 0]).argmin()] / 255
        return (
            numpy.array(ImageCms.applyTransform(Image.frombytes("CMYK", (1, 1), bytes(round(x * 255) for x in inks)), self.see).getpixel((0, 0)))
            / 255
        )

    def ink(self, *inks, op="k"):
        if self.screen:
            return " ".join(f"{x:.4f}" for x in self.rgb(inks)) + (" rg" if op == "k" else " RG")
        return " ".join(f"{x:g}" for x in inks) + " " + op

    @property
    def space(self):
        return Name.DeviceRGB if self.screen else Name.DeviceCMYK

    def shade(self, *inks):
        return Array([float(round(x, 4)) for x in (self.rgb(inks) if self.screen else inks)])

    # ---- parts

    def face(self, path):
        font = TTFont(path)
        subsetter = Subsetter(Options(notdef_outline=True, drop_tables=["meta", "GSUB", "GPOS", "GDEF"]))
        subsetter.populate(text=WORDS)
        subsetter.subset(font)
        out = io.BytesIO()
        font.save(out)
        self.map, order = font.getBestCmap(), font.getReverseGlyphMap()
        em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        program = self.pdf.make_stream(out.getvalue())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/ABCDEF+Sample"),
            Flags=4,
            FontBBox=Array([-200, -300, 1000, 1000]),
            ItalicAngle=0,
            Ascent=1000,
            Descent=-300,
            CapHeight=700,
            StemV=80,
            FontFile2=program,
        )
        cid = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/ABCDEF+Sample"),
            CIDToGIDMap=Name.Identity,
            DW=600,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            FontDescriptor=self.pdf.make_indirect(descriptor),
            W=Array([0, Array([round(widths[n][0] * 1000 / em, 1) for n in font.getGlyphOrder()])]),
        )
        pairs = "\n".join(f"<{order[n]:04x}> <{c:04x}>" for c, n in self.map.items())
        to = self.pdf.make_stream(
            f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange {len(self.map)} beginbfchar\n{pairs}\nendbfchar endcmap end end".encode()
        )
        self.font = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/ABCDEF+Sample"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([self.pdf.make_indirect(cid)]),
                ToUnicode=to,
            )
        )
        self.codes = "".join(f"{order[self.map[ord(c)]]:04x}" for c in WORDS)

    def forms(self):
        pdf, space = self.pdf, self.space
        make = pdf.make_indirect
        ends = lambda a, b: make(Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=self.shade(*a), C1=self.shade(*b)))
        axial = make(
            Dictionary(
                ShadingType=2,
                ColorSpace=space,
                Coords=Array([40, 0, 120, 0]),
                Extend=Array([True, True]),
                Function=ends((0.3, 0.1, 0, 0), (0.45, 0.15, 0, 0)),
            )
        )
        tiling = pdf.make_stream(f"{self.ink(0, 0.2, 0.5, 0)} 0 0 8 8 re f".encode())
        for k, v in dict(
            Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 8, 8]), XStep=8, YStep=8, Resources=Dictionary()
        ).items():
            tiling["/" + k] = v
        group = pdf.make_stream(f"{self.ink(0.5, 0, 0.4, 0)} 0 0 40 20 re f".encode())
        for k, v in dict(
            Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 40, 20]), Group=Dictionary(S=Name.Transparency, CS=space), Resources=Dictionary()
        ).items():
            group["/" + k] = v
        light = make(
            Dictionary(
                ShadingType=2,
                ColorSpace=Name.DeviceGray,
                Coords=Array([0, 0, 40, 0]),
                Function=make(Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1]), C1=Array([0]))),
            )
        )
        mask = pdf.make_stream(b"1 g 0 0 300 300 re f /Sh sh")
        for k, v in dict(
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 300, 300]),
            Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray),
            Resources=Dictionary(Shading=Dictionary(Sh=light)),
        ).items():
            mask["/" + k] = v
        type3 = make(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=Array([0, 0, 1, 1]),
                FontMatrix=Array([1, 0, 0, 1, 0, 0]),
                FirstChar=65,
                LastChar=65,
                Widths=Array([1]),
                Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, Name("/a")])),
                Resources=Dictionary(),
                CharProcs=Dictionary(a=pdf.make_stream(f"1 0 d0 {self.ink(0.2, 0.5, 0, 0)} 0 0 1 1 re f".encode())),
            )
        )
        spot = make(Array([Name.Separation, Name("/Leaf"), space, ends((0, 0, 0, 0), (0.6, 0, 0.7, 0))]))
        self.resources = make(
            Dictionary(
                Font=Dictionary(F=self.font, T=type3),
                Pattern=Dictionary(P=tiling, S=make(Dictionary(Type=Name.Pattern, PatternType=2, Shading=axial))),
                XObject=Dictionary(G=group, J=self.jpeg(), N=self.grey()),
                ColorSpace=Dictionary(Spot=spot),
                ExtGState=Dictionary(
                    O=make(Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)),
                    A=make(Dictionary(Type=Name.ExtGState, ca=0.5)),
                    M=make(Dictionary(Type=Name.ExtGState, SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=mask))),
                    X=make(Dictionary(Type=Name.ExtGState, SMask=Name("/None"))),
                ),
            )
        )
        for name in "GJN":
            self.resources.XObject["/" + name] = self.pdf.make_indirect(self.resources.XObject["/" + name])

    def jpeg(self):
        y, x = numpy.mgrid[0:30, 0:40]
        inks = numpy.stack([x * 3, y * 4, 60 + x, 0 * x], -1).astype(numpy.uint8)
        image = Image.frombytes("CMYK", (40, 30), inks.tobytes())
        out = io.BytesIO()
        (ImageCms.applyTransform(image, self.see) if self.screen else image).save(out, "JPEG", quality=95)
        stream = pikepdf.Stream(
            self.pdf,
            out.getvalue(),
            Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=40, Height=30, ColorSpace=self.space, BitsPerComponent=8, Filter=Name.DCTDecode),
        )
        if not self.screen:
            stream.Decode = Array([1, 0] * 4)
        return self.pdf.make_indirect(stream)

    def grey(self):
        ramp = numpy.tile(numpy.linspace(120, 255, 32).astype(numpy.uint8), (16, 1))
        return self.pdf.make_indirect(
            pikepdf.Stream(
                self.pdf,
                ramp.tobytes(),
                Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=32, Height=16, ColorSpace=Name.DeviceGray, BitsPerComponent=8),
            )
        )

    # ---- pages: coordinates from the trim

    def words(self, x, y, size=10):
        return f"q {'' if self.screen else '/O gs '}{self.ink(0, 0, 0, 1)} BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{self.codes}> Tj ET Q\n"

    def first(self):
        w, b = TRIM[0], BLEED
        out = f"q {self.ink(0.2, 0.05, 0.4, 0)} {-b:.3f} {TRIM[1] - 60:.3f} {w + 2 * b:.3f} {60 + b:.3f} re f Q\n"
        out += self.words(8, TRIM[1] - 30, 12) + self.words(8, TRIM[1] - 45, 12)
        out += f"q 1 0 0 1 10 20 cm {self.ink(0, 0.4, 0.3, 0.1)} 0 0 20 20 re f Q\n"
        out += "q /Pattern cs /S scn 40 20 80 20 re f Q\nq /Pattern cs /P scn 10 45 32 16 re f Q\n"
        out += "q 1 0 0 1 50 45 cm /G Do Q\nq 40 0 0 30 10 70 cm /J Do Q\n"
        out += f"q /A gs {self.ink(0.5, 0.3, 0, 0)} 60 70 20 20 re f Q\nq 1 0 0 1 100 70 cm /M gs {self.ink(0, 0.5, 0.5, 0)} 0 0 40 20 re f Q\n"
        out += f"q {self.ink(0, 0.2, 0.2, 0)} BT /T 12 Tf 1 0 0 1 100 45 Tm (A) Tj ET Q\nq /Spot cs 1 scn 120 45 20 16 re f Q\n"
        m = 0.33 * MM
        run = [(match.start(), len(match[0])) for match in re.finditer("1+", BARS)]
        return out + f"q {self.ink(0, 0, 0, 1)} " + " ".join(f"{30 + i * m:.3f} 108 {n * m:.3f} 40 re" for i, n in run) + " f Q\n"

    def second(self):
        return (
            f"q {self.ink(0, 0, 0, 0.3)} 8 150 100 20 re f Q\n"
            + "".join(self.words(8, y) for y in range(40, 140, 14))
            + "q 60 0 0 20 8 180 cm /N Do Q\n" * (not self.screen)
        )

    def page(self, content, resources):
        w, h, b = *TRIM, 0 if self.screen else BLEED
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(w + 2 * b, 4), round(h + 2 * b, 4)]),
            Resources=resources,
            Contents=self.pdf.make_stream(f"q 1 0 0 1 {b:.4f} {b:.4f} cm\n{content}Q".encode()),
        )
        if not self.screen:
            page.TrimBox = Array([round(v, 4) for v in (b, b, w + b, h + b)])
            page.BleedBox = page.MediaBox
            page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))

    def claim(self):
        pdf, date = self.pdf, "D:20240301100000Z"
        profile = pdf.make_stream(self.press)
        profile.N = 4
        pdf.Root.OutputIntents = Array(
            [
                pdf.make_indirect(
                    Dictionary(
                        Type=Name.OutputIntent,
                        S=Name.GTS_PDFX,
                        OutputConditionIdentifier=String("Sample"),
                        OutputCondition=String("Sample"),
                        RegistryName=String("https://example.org"),
                        Info=String("Sample"),
                        DestOutputProfile=profile,
                    )
                )
            ]
        )
        meta = pdf.make_stream(XMP.format(date=DATE).encode())
        meta.Type, meta.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = meta
        pdf.trailer.Info = pdf.make_indirect(
            Dictionary(
                Title=String("A sample"),
                Creator=String("selftest"),
                CreationDate=String(date),
                ModDate=String(date),
                Trapped=Name("/False"),
                GTS_PDFXVersion=String("PDF/X-4"),
            )
        )

    def save(self, path, **how):
        # pikepdf compresses streams on its own, but not the metadata
        self.pdf.save(path, **{"force_version": "1.6", "deterministic_id": True, "fix_metadata_version": False, **how})
