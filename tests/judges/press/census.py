"""Every colour in every object of a print PDF.

Only DeviceCMYK, Separation and DeviceN over it, Pattern, and DeviceGray images are allowed; inside a luminosity mask only DeviceGray. The
only ICC profile is that of the output intent. Objects that pages use are checked according to this use; unused objects are checked as if
a page used them.
"""

import collections

from pikepdf import Array, Dictionary, Name, Stream

from objects import SHORT, components, family, filters, instructions, intents, jpeg, key, objects, resources, space

PAINTS = {"f": "f", "F": "f", "f*": "f", "B": "fS", "B*": "fS", "b": "fS", "b*": "fS", "S": "S", "s": "S", "Tj": "T", "TJ": "T", "'": "T", '"': "T"}
DIRECT = {
    "g": ("f", "DeviceGray"),
    "G": ("S", "DeviceGray"),
    "rg": ("f", "DeviceRGB"),
    "RG": ("S", "DeviceRGB"),
    "k": ("f", "DeviceCMYK"),
    "K": ("S", "DeviceCMYK"),
}
NEVER = ("DeviceRGB", "CalRGB", "CalGray", "Lab", "ICCBased")


class Census:
    def __init__(self, pdf):
        self.pdf, self.wrong, self.seen, self.count = pdf, {}, set(), collections.Counter()
        self.intents = {key(i.DestOutputProfile) for i in intents(pdf) if "/DestOutputProfile" in i}
        for number, page in enumerate(pdf.pages, 1):
            self.stream(page.obj, f"page {number}", mask=False, starts=True)
            self.group(page.obj, f"page {number}", mask=False)
        self.rest()

    def fail(self, what, where):
        self.wrong.setdefault(what, []).append(where)

    def once(self, thing, mask):
        """Whether this object is visited for the first time in this kind of use."""
        k = key(thing)
        if k is None:
            return True
        new = (k, mask) not in self.seen
        self.seen.add((k, mask))
        return new

    # ---- colour spaces

    def colours(self, cs, where, mask, image=False):
        """Checks a colour space and its base or alternate."""
        kind = family(cs)
        self.count[kind] += 1
        if kind in NEVER:
            self.fail(kind + (f" of {int(cs[1].N)}" if kind == "ICCBased" else ""), where)
        elif kind == "DeviceGray" and not mask and not image:
            self.fail("DeviceGray outside a luminosity mask", where)
        elif kind == "DeviceCMYK" and mask:
            self.fail("DeviceCMYK inside a luminosity mask", where)
        elif kind == "Indexed":
            self.colours(cs[1], where + " (base)", mask, image)
        elif kind == "Pattern" and isinstance(cs, Array) and len(cs) > 1:
            self.colours(cs[1], where + " (base)", mask)
        elif kind in ("Separation", "DeviceN"):
            if family(cs[2]) != "DeviceCMYK":
                self.fail(f"{kind} over {family(cs[2])}", where)
            self.function(cs[3], components(cs[2]), where + " (tint)")
            held = cs[4] if kind == "DeviceN" and len(cs) > 4 else {}
            if "/Process" in held:
                self.colours(held["/Process"]["/ColorSpace"], where + " (process)", mask)
            for one in (held.get("/Colorants") or {}).values():
                self.colours(one, where + " (colorant)", mask)
        elif kind not in ("DeviceGray", "DeviceCMYK", "Pattern"):
            self.fail(f"unknown colour space {kind}", where)

    def function(self, f, outputs, where):
        """Checks that a function has as many outputs as its colour space has components."""
        if isinstance(f, Array):
            if len(f) != outputs:
                self.fail(f"{len(f)} functions for {outputs} components", where)
            return [self.function(one, 1, where) for one in f]
        kind = int(f.FunctionType)
        if kind == 3:
            return [self.function(one, outputs, where) for one in f.Functions]
        gives = len(f.get("/C0", [0])) if kind == 2 else len(f.Range) // 2
        if gives != outputs or kind == 2 and len(f.get("/C1", [1])) != gives:
            self.fail(f"function of {gives} for {outputs} components", where)
        if kind == 0:
            samples = outputs
            for size in f.Size:
                samples *= int(size)
            if len(f.read_bytes()) < (samples * int(f.BitsPerSample) + 7) // 8:
                self.fail("function with too few samples", where)

    def group(self, thing, where, mask):
        g = thing.get("/Group")
        if g is None or "/CS" not in g:
            return
        self.count["group"] += 1
        wanted = "DeviceGray" if mask else "DeviceCMYK"
        if family(space(g.CS, resources(thing))) != wanted:
            self.fail(f"group in {family(g.CS)}", where)

    # ---- images

    def image(self, x, where, mask):
        if not self.once(x, mask):
            return
        self.count["image"] += 1
        coded = filters(x)
        for soft in ("/SMask", "/Mask"):
            if isinstance(x.get(soft), Stream):
                self.image(x[soft], where + soft, True)
        if x.get("/ImageMask"):
            return
        if coded and coded[-1] == "/JPXDecode":
            return self.fail("JPEG 2000 image", where)
        cs = x.get("/ColorSpace")
        if cs is None:
            return self.fail("image without a colour space", where)
        self.colours(cs, where, mask, image=True)
        if coded and coded[-1] == "/DCTDecode":
            self.coded(x, components(cs), where)

    def coded(self, x, wanted, where):
        """Checks the JPEG stream itself, because a reader may use it instead of the dictionary."""
        data = x.read_raw_bytes()
        if len(filters(x)) > 1:
            return self.fail("JPEG under another filter", where)
        has, profile = jpeg(data)
        if has != wanted:
            self.fail(f"JPEG of {has} components as {wanted}", where)
        if profile is not None:
            self.fail("profile inside a JPEG", where)

    # ---- content

    def stream(self, thing, where, mask, starts=False, held=None):
        """Checks the operators of a page, form, tiling or Type 3 glyph, then all its resources."""
        if not self.once(thing, mask):
            return
        res = held if held is not None else resources(thing)
        fresh = "default" if starts else None
        now, kept, shows = {"f": fresh, "S": fresh}, [], 0
        for op, a in instructions(thing):
            if op == "q":
                kept.append((dict(now), shows))
            elif op == "Q" and kept:
                now, shows = kept.pop()
            elif op == "Tr":
                shows = int(a[0])
            elif op in DIRECT:
                side, kind = DIRECT[op]
                now[side] = kind
                self.colours(Name("/" + kind), f"{where} {op}", mask)
            elif op in ("cs", "CS"):
                cs = space(a[0], res)
                now["f" if op == "cs" else "S"] = family(cs)
                self.colours(cs, f"{where} {op}", mask)
            elif op == "INLINE IMAGE":
                self.inline(a[0], res, where, mask)
            elif op in PAINTS:
                sides = PAINTS[op] if PAINTS[op] != "T" else {0: "f", 1: "S", 2: "fS", 4: "f", 5: "S", 6: "fS"}.get(shows, "")
                if not mask and any(now[side] == "default" for side in sides):
                    self.fail("the default black, DeviceGray", f"{where} {op}")
        self.held(res, where, mask)

    def inline(self, image, res, where, mask):
        self.count["inline image"] += 1
        about = image.obj
        if about.get("/IM") or about.get("/ImageMask"):
            return
        cs = about.get("/CS", about.get("/ColorSpace"))
        if isinstance(cs, Array):
            cs = Array([Name(SHORT.get(str(one), str(one))) if isinstance(one, Name) else one for one in cs])
        else:
            cs = space(Name(SHORT.get(str(cs), str(cs))), res)
        self.colours(cs, where + " inline image", mask, image=True)

    def held(self, res, where, mask):
        """Checks the resources, even unused ones."""
        if not self.once(res, mask):
            return
        for name, x in (res.get("/XObject") or {}).items():
            self.external(x, f"{where} {name}", mask)
        for name, p in (res.get("/Pattern") or {}).items():
            if not self.once(p, (mask, "pattern")):
                continue
            if int(p.PatternType) == 1:
                self.stream(p, f"{where} tiling {name}", mask, starts=int(p.PaintType) == 1)
            else:
                self.shading(p.Shading, f"{where} shading {name}", mask)
                self.state(p.get("/ExtGState"), f"{where} pattern {name}")
        for name, sh in (res.get("/Shading") or {}).items():
            self.shading(sh, f"{where} sh {name}", mask)
        for name, g in (res.get("/ExtGState") or {}).items():
            self.state(g, f"{where} {name}")
        for name, cs in (res.get("/ColorSpace") or {}).items():
            if name in ("/DefaultRGB", "/DefaultGray", "/DefaultCMYK"):
                self.fail("default colour space " + name[1:], where)
            self.colours(cs, f"{where} {name}", mask, image=family(cs) == "DeviceGray")
        for name, font in (res.get("/Font") or {}).items():
            if font.get("/Subtype") == "/Type3" and self.once(font, (mask, "font")):
                inner = font.get("/Resources", res)
                for glyph, proc in font.CharProcs.items():
                    self.stream(proc, f"{where} Type 3 {glyph}", mask, held=inner)

    def external(self, x, where, mask):
        if x.get("/Subtype") == "/Image":
            self.image(x, where, mask)
        elif x.get("/Subtype") == "/Form":
            self.count["form"] += 1
            self.group(x, where, mask)
            self.stream(x, where, mask)
        else:
            self.fail(f"XObject {x.get('/Subtype')}", where)

    def shading(self, sh, where, mask):
        if not self.once(sh, (mask, "shading")):
            return
        self.count["shading"] += 1
        cs = sh.ColorSpace
        self.colours(cs, where, mask)
        if "/Function" in sh:
            self.function(sh.Function, components(cs), where)
        if "/Background" in sh and len(sh.Background) != components(cs):
            self.fail(f"background of {len(sh.Background)} for {components(cs)} components", where)

    def state(self, g, where):
        soft = g.get("/SMask") if g is not None else None
        if not isinstance(soft, Dictionary):
            return
        lit = soft.S == "/Luminosity"
        self.count[f"mask {str(soft.S)[1:]}"] += 1
        self.group(soft.G, where + " mask", lit)
        self.stream(soft.G, where + " mask", lit)
        cs = (soft.G.get("/Group") or Dictionary()).get("/CS")
        if lit and cs is None:
            self.fail("luminosity mask without a colour space", where)
        if "/BC" in soft and cs is not None and len(soft.BC) != components(cs):
            self.fail(f"backdrop of {len(soft.BC)} for {components(cs)} components", where)

    # ---- objects that no page refers to

    def rest(self):
        """Checks every object separately, including unused ones, which a reader may still use."""
        reached = {k for k, *_ in self.seen}
        for number, value in objects(self.pdf):
            self.count["objects"] += 1
            if isinstance(value, Array) and len(value) and isinstance(value[0], Name) and str(value[0])[1:] in NEVER:
                self.fail(str(value[0])[1:], f"object {number}")
            if not isinstance(value, (Dictionary, Stream)):
                continue
            for name in ("/CS", "/ColorSpace", "/Base", "/AlternateSpace"):
                if isinstance(value.get(name), Name) and str(value[name]) in ("/DeviceRGB", "/CalRGB", "/CalGray", "/Lab"):
                    self.fail(str(value[name])[1:], f"object {number} {name}")
            if not isinstance(value, Stream):
                continue
            if key(value) not in reached:
                if value.get("/Subtype") in ("/Image", "/Form"):
                    self.external(value, f"object {number}", False)
                elif "/PatternType" in value:
                    self.stream(value, f"object {number}", False)
            if key(value) not in self.intents and self.is_profile(value):
                self.fail("ICC profile that is not the intent's", f"object {number}")

    def is_profile(self, value):
        if "/DCTDecode" in filters(value) or "/JPXDecode" in filters(value):
            return False
        if "/N" in value and value.get("/Type") != "/ObjStm":
            return True
        return value.get("/Subtype") is None and value.read_bytes()[36:40] == b"acsp"


def judge(pdf):
    """(passed, details)."""
    census = Census(pdf)
    counted = " ".join(
        f"{k.replace(' ', '_')}={census.count[k]}"
        for k in ("objects", "form", "image", "inline image", "shading", "group", "mask Luminosity", "mask Alpha")
    )
    wrong = "; ".join(f"{what} x{len(where)} ({where[0]})" for what, where in census.wrong.items())
    return not wrong, f"{counted} {wrong}".strip()
