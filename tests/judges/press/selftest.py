"""Runs every judge on files with one fault each. A case is (judge, name, fault): the fault changes the sample, or its file's options."""

import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageCms

import sample
from sample import Sample

here = Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("judge_print", here / "__main__.py")
judge_print = importlib.util.module_from_spec(spec)
spec.loader.exec_module(judge_print)

FONT = here.parents[2] / "fonts/ibm-plex-mono/IBMPlexMono-Regular.ttf"
PROFILES = ["/usr/share/color/icc/ghostscript/default_cmyk.icc", "/usr/share/ghostscript/iccprofiles/default_cmyk.icc"]
CASES = []


def fault(judge, name, **options):
    """Declares a fault: a function that changes the sample, and may return options for saving it."""

    def declare(change):
        CASES.append((judge, name, change, options))
        return change

    return declare


def rewrite(s, old, new, page=0):
    contents = s.pdf.pages[page].obj.Contents
    data = contents.read_bytes()
    assert old.encode() in data, old
    contents.write(data.replace(old.encode(), new.encode()))


def add(s, code, page=0, first=False):
    contents = s.pdf.pages[page].obj.Contents
    contents.write(code.encode() + b"\n" + contents.read_bytes() if first else contents.read_bytes() + b"\n" + code.encode())


def srgb(s, n=3):
    stream = s.pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    stream.N = n
    return s.pdf.make_indirect(Array([Name.ICCBased, stream]))


def image(s, cs, data, **more):
    return s.pdf.make_indirect(
        pikepdf.Stream(s.pdf, data, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, ColorSpace=cs, BitsPerComponent=8, **more))
    )


def xmp(s, old, new):
    data = s.pdf.Root.Metadata.read_bytes()
    assert old.encode() in data, old
    s.pdf.Root.Metadata.write(data.replace(old.encode(), new.encode()))


def intent(s):
    return s.pdf.Root.OutputIntents[0]


# ---- census: a colour in each place that can hold one


def operator(name, code):
    fault("census", name)(lambda s: add(s, code))


operator("RGB operator", "1 0 0 rg 0 0 1 1 re f")
operator("RGB stroke", "1 0 0 RG 0 0 m 9 9 l S")
operator("grey operator", "0.5 g 0 0 1 1 re f")
operator("device space by name", "/DeviceRGB cs 1 0 0 scn 0 0 1 1 re f")
operator("inline image", "q BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI Q")
fault("census", "default black")(lambda s: add(s, "0 0 5 5 re f", first=True))
fault("census", "default black text")(lambda s: add(s, "BT /F 9 Tf <0001> Tj ET", first=True))


def in_resources(name, kind, make):
    def change(s):
        if kind not in s.resources:
            s.resources[kind] = Dictionary()
        s.resources[kind]["/Bad"] = make(s)

    fault("census", name)(change)


in_resources("ICC colour space", "/ColorSpace", srgb)
in_resources("CalGray", "/ColorSpace", lambda s: Array([Name.CalGray, Dictionary(WhitePoint=Array([0.95, 1, 1.08]))]))
in_resources("CalRGB", "/ColorSpace", lambda s: Array([Name.CalRGB, Dictionary(WhitePoint=Array([0.95, 1, 1.08]))]))
in_resources("Lab", "/ColorSpace", lambda s: Array([Name.Lab, Dictionary(WhitePoint=Array([0.95, 1, 1.08]))]))
in_resources(
    "spot over RGB",
    "/ColorSpace",
    lambda s: Array(
        [
            Name.Separation,
            Name("/Bad"),
            Name.DeviceRGB,
            Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1, 1, 1]), C1=Array([1, 0, 0])),
        ]
    ),
)
in_resources(
    "spot whose tint gives three inks",
    "/ColorSpace",
    lambda s: Array(
        [
            Name.Separation,
            Name("/Bad"),
            Name.DeviceCMYK,
            Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0, 0, 0]), C1=Array([1, 0, 0])),
        ]
    ),
)
in_resources(
    "DeviceN with an RGB process",
    "/ColorSpace",
    lambda s: Array(
        [
            Name.DeviceN,
            Array([Name("/A")]),
            Name.DeviceCMYK,
            Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0] * 4), C1=Array([1, 0, 0, 0])),
            Dictionary(Process=Dictionary(ColorSpace=Name.DeviceRGB)),
        ]
    ),
)
fault("census", "default colour space")(lambda s: s.resources.ColorSpace.__setitem__("/DefaultRGB", Name.DeviceCMYK))
in_resources("uncoloured pattern over RGB", "/ColorSpace", lambda s: Array([Name.Pattern, Name.DeviceRGB]))
in_resources("RGB image", "/XObject", lambda s: image(s, Name.DeviceRGB, b"abc"))
in_resources("ICC image", "/XObject", lambda s: image(s, srgb(s), b"abc"))
in_resources("palette of RGB", "/XObject", lambda s: image(s, Array([Name.Indexed, Name.DeviceRGB, 0, String("abc")]), b"\0"))
in_resources("image with the press profile", "/XObject", lambda s: image(s, Array([Name.ICCBased, intent(s).DestOutputProfile]), b"abcd"))
in_resources("RGB soft mask of an image", "/XObject", lambda s: image(s, Name.DeviceCMYK, b"abcd", SMask=image(s, Name.DeviceRGB, b"abc")))
in_resources(
    "RGB shading",
    "/Shading",
    lambda s: Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceRGB,
        Coords=Array([0, 0, 1, 1]),
        Function=Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1, 1, 1]), C1=Array([1, 0, 0])),
    ),
)
in_resources(
    "shading of three components as CMYK",
    "/Shading",
    lambda s: Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceCMYK,
        Coords=Array([0, 0, 1, 1]),
        Function=Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1, 1, 1]), C1=Array([1, 0, 0])),
    ),
)


def jpeg(s, mode, cs, **how):
    out = io.BytesIO()
    Image.new(mode, (1, 1)).save(out, "JPEG", **how)
    return image(s, cs, out.getvalue(), Filter=Name.DCTDecode)


in_resources("JPEG of three components as CMYK", "/XObject", lambda s: jpeg(s, "RGB", Name.DeviceCMYK))
in_resources("profile inside a JPEG", "/XObject", lambda s: jpeg(s, "CMYK", Name.DeviceCMYK, icc_profile=s.press[:4000]))


@fault("census", "RGB in a tiling")
def _(s):
    s.resources.Pattern.P.write(b"1 0 0 rg 0 0 8 8 re f")


@fault("census", "RGB in a form")
def _(s):
    s.resources.XObject.G.write(b"1 0 0 rg 0 0 8 8 re f")


@fault("census", "RGB in a Type 3 glyph")
def _(s):
    s.resources.Font.T.CharProcs.a.write(b"1 0 d0 1 0 0 rg 0 0 1 1 re f")


@fault("census", "RGB group of a form")
def _(s):
    s.resources.XObject.G.Group.CS = Name.DeviceRGB


@fault("census", "RGB group of a page")
def _(s):
    s.pdf.pages[0].obj.Group.CS = Name.DeviceRGB


@fault("census", "luminosity mask in CMYK")
def _(s):
    s.resources.ExtGState.M.SMask.G.Group.CS = Name.DeviceCMYK


@fault("census", "RGB in a luminosity mask")
def _(s):
    s.resources.ExtGState.M.SMask.G.write(b"1 1 1 rg 0 0 300 300 re f")


@fault("census", "CMYK in a luminosity mask")
def _(s):
    s.resources.ExtGState.M.SMask.G.write(b"0 0 0 0 k 0 0 300 300 re f")


@fault("census", "a mask's grey on the page")
def _(s):
    s.resources.XObject.Bad = s.resources.ExtGState.M.SMask.G


@fault("census", "RGB in an object that nothing uses")
def _(s):
    stream = pikepdf.Stream(s.pdf, b"1 0 0 rg 0 0 1 1 re f", Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])))
    s.pdf.Root.Spare = s.pdf.make_indirect(stream)


@fault("census", "profile that nothing uses")
def _(s):
    s.pdf.Root.Spare = s.pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


# ---- x4

fault("x4", "no TrimBox")(lambda s: s.pdf.pages[1].obj.__delitem__("/TrimBox"))
fault("x4", "no BleedBox")(lambda s: s.pdf.pages[1].obj.__delitem__("/BleedBox"))
fault("x4", "bleed inside the trim")(lambda s: s.pdf.pages[0].obj.__setitem__("/BleedBox", Array([10, 10, 100, 100])))
fault("x4", "bleed of 2 mm", args=["--bleed", "3"])(lambda s: s.pdf.pages[0].obj.__setitem__("/BleedBox", Array([3, 3, 180, 240])))
fault("x4", "another trim size", args=["--trim", "61x80"])(lambda s: None)
fault("x4", "CropBox")(lambda s: s.pdf.pages[0].obj.__setitem__("/CropBox", s.pdf.pages[0].obj.MediaBox))
fault("x4", "inherited CropBox")(lambda s: s.pdf.Root.Pages.__setitem__("/CropBox", s.pdf.pages[0].obj.MediaBox))
fault("x4", "no intent")(lambda s: s.pdf.Root.__delitem__("/OutputIntents"))
fault("x4", "intent for PDF/A")(lambda s: intent(s).__setitem__("/S", Name.GTS_PDFA1))
fault("x4", "two intents")(lambda s: s.pdf.Root.OutputIntents.append(intent(s)))
fault("x4", "no profile")(lambda s: intent(s).__delitem__("/DestOutputProfile"))
fault("x4", "intent without identifier")(lambda s: intent(s).__delitem__("/OutputConditionIdentifier"))
fault("x4", "intent without registry")(lambda s: intent(s).__delitem__("/RegistryName"))
fault("x4", "registry without registered condition")(lambda s: intent(s).__setitem__("/OutputConditionIdentifier", String("Custom")))
fault("x4", "condition that the registry does not have")(lambda s: intent(s).update(Dictionary(RegistryName=String("http://www.color.org"), OutputConditionIdentifier=String("Ours"))))
fault("x4", "profile of a screen")(lambda s: intent(s).DestOutputProfile.write(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()))
fault("x4", "cut profile")(lambda s: intent(s).DestOutputProfile.write(s.press[:-100]))
fault("x4", "profile of three components")(lambda s: intent(s).DestOutputProfile.__setitem__("/N", 3))
fault("x4", "no GTS_PDFXVersion")(lambda s: s.pdf.trailer.Info.__delitem__("/GTS_PDFXVersion"))
fault("x4", "GTS_PDFXVersion of X-3")(lambda s: xmp(s, "PDF/X-4<", "PDF/X-3<"))
fault("x4", "no Trapped")(lambda s: s.pdf.trailer.Info.__delitem__("/Trapped"))
fault("x4", "Trapped unknown")(lambda s: s.pdf.trailer.Info.__setitem__("/Trapped", Name.Unknown))
fault("x4", "Trapped differs")(lambda s: xmp(s, "<pdf:Trapped>False", "<pdf:Trapped>True"))
fault("x4", "title differs")(lambda s: xmp(s, "A sample", "Another"))
fault("x4", "date differs")(lambda s: s.pdf.trailer.Info.__setitem__("/ModDate", String("D:20240301100001Z")))
fault("x4", "no MetadataDate")(lambda s: xmp(s, "xmp:MetadataDate", "xmp:Other"))
for _name in ("DocumentID", "VersionID", "RenditionClass"):
    fault("x4", "no " + _name)(lambda s, n=_name: xmp(s, "xmpMM:" + n, "xmpMM:Other"))
fault("x4", "broken XMP")(lambda s: xmp(s, "</rdf:RDF>", ""))


@fault("x4", "filtered XMP")
def _(s):
    import zlib

    data = s.pdf.Root.Metadata.read_bytes()
    s.pdf.Root.Metadata.write(zlib.compress(data), filter=Name.FlateDecode)
    s.pdf.Root.Metadata.Type = Name.MetaData  # pikepdf would remove the filter
    return {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none, "patch": (b"/Type /MetaData", b"/Type /Metadata")}


fault("x4", "header 1.7")(lambda s: {"force_version": "1.7"})
fault("x4", "encrypted")(lambda s: {"encryption": pikepdf.Encryption(owner="x", user="", R=4), "deterministic_id": False})
fault("x4", "link")(
    lambda s: s.pdf.pages[0].obj.__setitem__(
        "/Annots", Array([s.pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9])))])
    )
)
fault("x4", "open action")(lambda s: s.pdf.Root.__setitem__("/OpenAction", Array([s.pdf.pages[0].obj, Name.Fit])))
fault("x4", "JavaScript")(
    lambda s: s.pdf.Root.__setitem__(
        "/Names", Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary(S=Name.JavaScript, JS=String("1"))])))
    )
)
fault("x4", "embedded file")(lambda s: s.pdf.attachments.__setitem__("a.txt", b"a"))
fault("x4", "optional content")(
    lambda s: s.pdf.Root.__setitem__("/OCProperties", Dictionary(OCGs=Array([s.pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("a")))])))
)
fault("x4", "transfer function")(lambda s: s.resources.ExtGState.O.__setitem__("/TR", Name.Identity))
fault("x4", "claim of PDF/A")(
    lambda s: xmp(s, "<dc:format>", '<pdfaid:part xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">2</pdfaid:part><dc:format>')
)

# ---- fonts

fault("fonts", "font that is not embedded")(lambda s: s.font.DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2"))
fault("fonts", "damaged font")(lambda s: s.font.DescendantFonts[0].FontDescriptor.FontFile2.write(b"\0\1\0\0 no font"))
fault("fonts", "standard font")(
    lambda s: s.resources.Font.__setitem__("/H", s.pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)))
)
fault("fonts", "glyph of a missing character")(lambda s: add(s, f"{s.ink(0, 0, 0, 1)} BT /F 9 Tf <00000001> Tj ET"))

# ---- ink, plates, bleed

REPORT = {"pages": [{"page": 1, "ink": 100.0, "black-only": False}, {"page": 2, "ink": 100.0, "black-only": True}]}


def page_report(page, **values):
    report = json.loads(json.dumps(REPORT))
    report["pages"][page - 1].update(values)
    return report


fault("ink", "too much ink")(lambda s: add(s, "0.9 0.8 0.8 0.7 k 20 20 9 9 re f"))
fault("ink", "too much ink in the bleed")(lambda s: add(s, "0.9 0.8 0.8 0.7 k 0 20 5 9 re f"))
fault("ink", "report below", report=page_report(1, ink=80.0))(lambda s: None)
fault("ink", "report above", report=page_report(2, ink=140.0))(lambda s: s.resources.ExtGState.O.update({"/op": False, "/OP": False}))
fault("ink", "page that the report leaves out", report={"pages": REPORT["pages"][:1]})(lambda s: None)
fault("plates", "colour on a page said to be black", report=page_report(1, **{"black-only": True}))(lambda s: None)
fault("plates", "colour on a page asked to be black", args=["--black-pages", "1-2"])(lambda s: None)
fault("plates", "report denies a black page", report=page_report(2, **{"black-only": False}))(lambda s: None)
fault("plates", "no gradient on a plate", args=["--ramps", "1:Cyan"])(lambda s: None)
fault("plates", "no plate of a gradient", args=["--ramps", "1:Orange"])(lambda s: None)
fault("plates", "text knocked out")(lambda s: rewrite(s, "/O gs ", ""))
fault("plates", "text knocked out of one ink")(lambda s: s.resources.ExtGState.O.__setitem__("/OPM", 0))


@fault("plates", "text in a form knocked out")
def _(s):
    form = pikepdf.Stream(
        s.pdf,
        f"{s.ink(0, 0, 0, 1)} BT /F 9 Tf 1 0 0 1 8 {sample.TRIM[1] - 15} Tm <{s.codes}> Tj ET".encode(),
        Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 300]), Resources=Dictionary(Font=Dictionary(F=s.font))),
    )
    s.resources.XObject["/W"] = s.pdf.make_indirect(form)
    add(s, f"1 0 0 1 {sample.BLEED} {sample.BLEED} cm /W Do")


fault("bleed", "ground that ends at the trim")(
    lambda s: rewrite(
        s,
        f"{-sample.BLEED:.3f} {sample.TRIM[1] - 60:.3f} {sample.TRIM[0] + 2 * sample.BLEED:.3f} {60 + sample.BLEED:.3f} re",
        f"0 {sample.TRIM[1] - 60:.3f} {sample.TRIM[0]:.3f} 60 re",
    )
)
fault("bleed", "tab that ends 1 mm out")(lambda s: add(s, f"0 1 0 0 k {sample.BLEED + sample.TRIM[0] - 10:.2f} 60 {10 + 2.8:.2f} 40 re f", page=1))
fault("bleed", "tab over a ground that goes on")(
    lambda s: (
        add(s, "0.1 0 0 0 k 0 0 300 300 re f", page=1, first=True),
        add(s, f"0 1 0 0 k {sample.BLEED + sample.TRIM[0] - 10:.2f} 60 10 40 re f", page=1),
    )
)
fault("bleed", "no bleed")(lambda s: [p.obj.update({"/BleedBox": p.obj.TrimBox, "/MediaBox": p.obj.TrimBox}) for p in s.pdf.pages])

# ---- against the screen PDF

fault("delta", "another colour")(lambda s: rewrite(s, s.ink(0.2, 0.05, 0.4, 0), s.ink(0.35, 0.05, 0.4, 0)))
fault("delta", "text of half black")(lambda s: rewrite(s, s.ink(0, 0, 0, 1), s.ink(0, 0, 0, 0.6), page=1))
fault("delta", "small thing of another colour")(lambda s: rewrite(s, "/Spot cs 1 scn 120 45 20 16 re", s.ink(0, 0.7, 0.2, 0) + " 120 45 14 14 re"))
fault("delta", "missing shape")(lambda s: rewrite(s, "10 45 32 16 re f", ""))
fault("delta", "shading that starts elsewhere")(lambda s: s.resources.Pattern.S.Shading.Function.__setitem__("/C0", Array([0.8, 0.6, 0, 0])))
fault("delta", "blend without its mask")(lambda s: rewrite(s, "/M gs ", ""))
fault("delta", "blend of another colour")(lambda s: rewrite(s, s.ink(0.5, 0.3, 0, 0), s.ink(0, 0.6, 0.9, 0)))
fault("delta", "inverted picture")(lambda s: s.resources.XObject.J.__delitem__("/Decode"))
fault("text", "moved text")(lambda s: rewrite(s, "1 0 0 1 8 40 Tm", "1 0 0 1 8.3 40 Tm", page=1))
fault("text", "lost text")(lambda s: rewrite(s, "1 0 0 1 8 40 Tm <" + s.codes, "1 0 0 1 8 40 Tm <" + s.codes[:-4], page=1))
fault("text", "more text")(lambda s: add(s, s.words(30, 30), page=1))
fault("text", "lost page")(lambda s: s.pdf.pages.__delitem__(1))
fault("barcode", "no barcode", args=["--ean", "any"])(lambda s: rewrite(s, " 108 ", " 1080 "))
fault("barcode", "another number", args=["--ean", "978-2-07-061276-5"])(lambda s: None)
fault("barcode", "bars in four inks", args=["--ean", "any"])(lambda s: rewrite(s, f"q {s.ink(0, 0, 0, 1)} 30", "q 0.6 0.4 0.4 1 k 30"))
fault("barcode", "bars in grey", args=["--ean", "any"])(lambda s: rewrite(s, f"q {s.ink(0, 0, 0, 1)} 30", "q 0 0 0 0.6 k 30"))

# ---- axe: the faults of a page

PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title><style>@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #eee }} {dark} }}</style></head><body><main><h1>A page</h1>{body}</main></body></html>'
PAGES = {
    None: PAGE.format(dark="", body="<p>Words.</p>"),
    "no language": PAGE.format(dark="", body="<p>Words.</p>").replace(' lang="en"', ""),
    "picture without alternative": PAGE.format(
        dark="", body='<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">'
    ),
    "pale in the dark": PAGE.format(dark="p { color: #333 }", body="<p>Words.</p>"),
    "fetches a script": PAGE.format(dark="", body='<script src="https://example.org/a.js"></script><p>Words.</p>'),
    "lost picture": PAGE.format(dark="", body='<img src="lost.png" alt="A picture">'),
}


class Runner:
    def __init__(self, folder, word):
        self.folder, self.word, self.failed, self.ran = folder, word, 0, 0
        found = next((p for p in PROFILES if Path(p).is_file()), None)
        if found is None:
            sys.exit("selftest: Ghostscript's default_cmyk.icc is not installed")
        self.press = Path(found).read_bytes()
        self.screen = folder / "screen.pdf"
        shown = Sample(self.press, FONT, screen=True)
        # a link over the second page: its text may be darker in print, not lighter
        shown.pdf.pages[1].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=shown.pdf.pages[1].obj.MediaBox)])
        shown.save(self.screen)

    def judged(self, path, only, args):
        """The results of the judges: {judge: (status, details)}."""
        os.environ["JUDGE_ONLY"] = only
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            judge_print.main([str(path), *args])
        return {line.split()[0]: line.split(maxsplit=2)[1:] for line in heard.getvalue().splitlines()}

    def expect(self, name, said, judge, status):
        self.ran += 1
        got = said.get(judge, ["nothing"])
        if got[0] != status:
            self.failed += 1
            print(f"{judge}: {name}: wanted {status}, got {' '.join(got)}")

    def wants(self, name):
        return self.word is None or self.word in name

    def case(self, judge, name, change, options):
        sample = Sample(self.press, FONT)
        how = change(sample)
        path = self.folder / "case.pdf"
        how = how if isinstance(how, dict) else {}
        patch = how.pop("patch", None)
        sample.save(path, **how)
        if patch:
            path.write_bytes(path.read_bytes().replace(*patch))
        args = list(options.get("args", []))
        if "report" in options:
            (self.folder / "report.json").write_text(json.dumps(options["report"]))
            args += ["--report", str(self.folder / "report.json")]
        if judge in ("delta", "text"):
            args += ["--screen", str(self.screen)]
        self.expect(name, self.judged(path, judge, args), judge, "FAIL")

    def clean(self):
        path = self.folder / "clean.pdf"
        Sample(self.press, FONT).save(path)
        (self.folder / "report.json").write_text(json.dumps(page_report(1, ink=166.0)))
        said = self.judged(
            path,
            "",
            [
                "--screen",
                str(self.screen),
                "--trim",
                "60x80",
                "--ean",
                "9782070612758",
                "--report",
                str(self.folder / "report.json"),
                "--black-pages",
                "2",
            ],
        )
        for judge in judge_print.NAMES:
            if judge != "axe":
                self.expect("clean", said, judge, "PASS")

    def html(self):
        for name, page in PAGES.items():
            if self.wants(f"axe {name or 'clean'}"):
                path = self.folder / "page.html"
                path.write_text(page, encoding="utf-8")
                self.expect(name or "clean", self.judged(path, "", []), "axe", "FAIL" if name else "PASS")


def main(word=None):
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(Path(folder), word)
        if runner.wants("clean"):
            runner.clean()
        for judge, name, change, options in CASES:
            if runner.wants(f"{judge} {name}"):
                runner.case(judge, name, change, options)
        runner.html()
    print(f"selftest: {runner.ran} expectations, {runner.failed} not met, {time.monotonic() - begun:.0f} s")
    return 1 if runner.failed or not runner.ran else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
