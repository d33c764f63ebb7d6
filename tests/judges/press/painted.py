"""The content of a page, read from its operators: texts with colour and size, positions of pictures, blended objects."""

import copy
import math

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, Stream

from objects import family, instructions, resources, space

PATH = {"m": 2, "l": 2, "c": 6, "v": 4, "y": 4}
FILLS, STROKES = ("f", "F", "f*", "B", "B*", "b", "b*"), ("S", "s", "B", "B*", "b", "b*")
SHOWS = ("Tj", "TJ", "'", '"')
BODY = 12.05  # points: the largest black text that counts as body text


def times(m, n):
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def placed(m, x, y):
    return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def around(points):
    xs, ys = zip(*points)
    return min(xs), min(ys), max(xs), max(ys)


def corners(m, x0, y0, x1, y1):
    return [placed(m, x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


def within(a, b):
    """The intersection of two boxes; None is no limit."""
    if a is None or b is None:
        return a or b
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


class State:
    def __init__(self):
        self.ctm, self.tm = (1, 0, 0, 1, 0, 0), (1, 0, 0, 1, 0, 0)
        self.fill, self.stroke = ("DeviceGray", (0.0,)), ("DeviceGray", (0.0,))
        self.font, self.points, self.render = None, 0.0, 0
        self.fades = self.overprints = False
        self.mode = 0
        self.clip = None

    def follow(self, op, a, res):
        """Applies an operator to the state; the caller handles q and Q."""
        if op == "cm":
            self.ctm = times([float(x) for x in a], self.ctm)
        elif op == "BT":
            self.tm = (1, 0, 0, 1, 0, 0)
        elif op == "Tm":
            self.tm = tuple(float(x) for x in a)
        elif op == "Tf":
            self.font, self.points = (res.get("/Font") or {}).get(str(a[0])), float(a[1])
        elif op == "Tr":
            self.render = int(a[0])
        elif op in ("g", "rg", "k"):
            self.fill = ({1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[len(a)], tuple(float(x) for x in a))
        elif op in ("G", "RG", "K"):
            self.stroke = ({1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[len(a)], tuple(float(x) for x in a))
        elif op == "cs":
            self.fill = (family(space(a[0], res)), ())
        elif op == "CS":
            self.stroke = (family(space(a[0], res)), ())
        elif op in ("sc", "scn"):
            self.fill = (self.fill[0], tuple(x if isinstance(x, Name) else float(x) for x in a))
        elif op in ("SC", "SCN"):
            self.stroke = (self.stroke[0], tuple(x if isinstance(x, Name) else float(x) for x in a))
        elif op == "gs":
            self.state((res.get("/ExtGState") or {}).get(str(a[0]), {}))

    def state(self, g):
        self.alphas = getattr(self, "alphas", {})
        self.alphas = {**self.alphas, **{k: g[k] for k in ("/ca", "/CA", "/BM", "/SMask") if k in g}}
        now = self.alphas
        mode = now.get("/BM", Name.Normal)
        self.fades = (
            float(now.get("/ca", 1)) < 1
            or float(now.get("/CA", 1)) < 1
            or isinstance(now.get("/SMask"), Dictionary)
            or (mode[0] if isinstance(mode, Array) else mode) not in (Name.Normal, Name.Compatible)
        )
        self.overprints = bool(g.get("/op", g.get("/OP", self.overprints)))
        self.mode = int(g.get("/OPM", self.mode))

    def size(self):
        m = times(self.tm, self.ctm)
        return self.points * math.sqrt(abs(m[0] * m[3] - m[1] * m[2]))

    def black(self):
        """The black ink of a fill in black alone; 0 for any other."""
        kind, v = self.fill
        return v[3] if kind == "DeviceCMYK" and len(v) == 4 and v[:3] == (0, 0, 0) else 0


class Text:
    def __init__(self, state, a):
        self.size, self.black, self.overprints, self.mode = state.size(), state.black(), state.overprints, state.mode
        self.fill, self.font, self.render = state.fill, state.font, state.render
        self.at = placed(times(state.tm, state.ctm), 0, 0)
        self.missing = self.lacks(a)

    def lacks(self, a):
        """Whether a code is glyph 0, which fonts draw for characters they lack."""
        if self.font is None or self.font.get("/Encoding") != "/Identity-H" or self.render == 3:
            return False
        shown = a[-1] if len(a) else b""
        for piece in shown if isinstance(shown, Array) else [shown]:
            if isinstance(piece, pikepdf.String):
                codes = bytes(piece)
                if any(codes[i : i + 2] == b"\0\0" for i in range(0, len(codes), 2)):
                    return True
        return False


class Drawn:
    """Reads a page with its forms. Boxes are in points of the page, as (x0, y0, x1, y1)."""

    def __init__(self, page):
        self.texts, self.images, self.blends = [], [], []
        self.coloured = self.overprints = False
        self.depth = 0
        self.tilings = set()
        self.read(page.obj if isinstance(page, pikepdf.Page) else page, State())

    def read(self, thing, state, held=None):
        if self.depth > 30:
            return
        self.depth += 1
        res, kept, path = held if held is not None else resources(thing), [], []
        clips = False
        for op, a in instructions(thing):
            if op == "q":
                kept.append(copy.copy(state))
            elif op == "Q":
                state = kept.pop() if kept else state
            elif op in PATH:
                v = [float(x) for x in a]
                path += [placed(state.ctm, v[i], v[i + 1]) for i in range(0, len(v), 2)]
            elif op == "re":
                x, y, w, h = (float(v) for v in a)
                path += corners(state.ctm, x, y, x + w, y + h)
            elif op in ("W", "W*"):
                clips = True
            elif op in FILLS or op in STROKES or op == "n":
                if path and op != "n":
                    self.paint(state, around(path), "path", res, op in FILLS, op in STROKES)
                if path and clips:
                    state.clip = within(state.clip, around(path))
                path, clips = [], False
            elif op in SHOWS:
                self.texts.append(Text(state, a))
                # the glyphs of a Type 3 font may have colours of their own
                self.coloured = self.coloured or state.font is not None and state.font.get("/Subtype") == "/Type3"
                if state.render != 3:
                    where = self.texts[-1].at
                    size = self.texts[-1].size
                    self.paint(
                        state,
                        (where[0] - size, where[1] - size, where[0] + size, where[1] + size),
                        "text",
                        res,
                        state.render in (0, 2),
                        state.render in (1, 2),
                    )
            elif op == "sh":
                self.paint(state, state.clip or (-1e6, -1e6, 1e6, 1e6), "shading", res, False, False)
                self.coloured = self.coloured or self.tints((res.get("/Shading") or {}).get(str(a[0])))
            elif op == "INLINE IMAGE":
                self.images.append((within(around(corners(state.ctm, 0, 0, 1, 1)), state.clip), None))
                self.coloured = True
            elif op == "Do":
                x = (res.get("/XObject") or {}).get(str(a[0]))
                if x is not None:
                    self.external(x, state, res)
            else:
                state.follow(op, a, res)
        self.depth -= 1

    def external(self, x, state, res):
        if x.get("/Subtype") == "/Image":
            box = within(around(corners(state.ctm, 0, 0, 1, 1)), state.clip)
            if x.get("/ImageMask"):
                return self.paint(state, box, "stencil", res, True, False)
            self.images.append((box, x))
            if "/SMask" in x or state.fades:
                self.blends.append((box, "picture"))
            self.coloured = self.coloured or family(x.get("/ColorSpace", Name.DeviceCMYK)) != "DeviceGray"
        elif x.get("/Subtype") == "/Form":
            inner = copy.copy(state)
            inner.ctm = times([float(v) for v in x.get("/Matrix", [1, 0, 0, 1, 0, 0])], state.ctm)
            box = within(around(corners(inner.ctm, *[float(v) for v in x.BBox])), state.clip)
            inner.clip = box
            if state.fades:
                self.blends.append((box, "group"))
                inner.alphas, inner.fades = {}, False
                before = len(self.blends)
                self.read(x, inner)
                del self.blends[before:]
            else:
                self.read(x, inner)

    def paint(self, state, box, what, res, fills, strokes):
        box = within(box, state.clip)
        if state.fades:
            self.blends.append((box, what))
        if state.overprints:
            self.overprints = True
        for kind, v in [state.fill] * fills + [state.stroke] * strokes:
            if kind == "DeviceCMYK" and len(v) == 4:
                self.coloured = self.coloured or any(v[:3])
            elif kind == "Pattern" and v and isinstance(v[-1], Name):
                self.pattern((res.get("/Pattern") or {}).get(str(v[-1])))
            elif kind not in ("DeviceGray",):
                self.coloured = True

    def pattern(self, p):
        if p is None or p.objgen in self.tilings:
            return
        self.tilings.add(p.objgen)
        if int(p.PatternType) == 2:
            self.coloured = self.coloured or self.tints(p.Shading)
        else:
            inside = Drawn.__new__(Drawn)
            inside.texts, inside.images, inside.blends, inside.depth, inside.tilings = [], [], [], 0, self.tilings
            inside.coloured = inside.overprints = False
            inside.read(p, State())
            self.coloured = self.coloured or inside.coloured or bool(inside.images)

    def tints(self, sh):
        """Whether a shading may use inks other than black; only a shading between colours in black alone does not."""

        def ends(f):
            if isinstance(f, Array) or int(f.FunctionType) not in (2, 3):
                return [(1, 1, 1, 1)]
            if int(f.FunctionType) == 3:
                return [end for one in f.Functions for end in ends(one)]
            return [tuple(map(float, f.C0)), tuple(map(float, f.C1))]

        return sh is None or family(sh.ColorSpace) != "DeviceCMYK" or any(any(end[:3]) for end in ends(sh.Function))


def hide_body(pdf):
    """Hides, in place, all text up to 12 pt in black ink alone. Returns the numbers of the pages with such text."""
    done, pages = {}, []

    def hide(thing, state):
        """The instructions of a page or form without that text; None if it has no such text."""
        res, kept, out, hid = resources(thing), [], [], False
        for one in pikepdf.parse_content_stream(thing if isinstance(thing, Stream) else pikepdf.Page(thing)):
            op, a = str(one.operator), one.operands if str(one.operator) != "INLINE IMAGE" else []
            if op == "q":
                kept.append(copy.copy(state))
            elif op == "Q":
                state = kept.pop() if kept else state
            elif op == "Do":
                x = (res.get("/XObject") or {}).get(str(a[0]))
                if x is not None and x.get("/Subtype") == "/Form" and x.objgen not in done:
                    inner = copy.copy(state)
                    inner.ctm = times([float(v) for v in x.get("/Matrix", [1, 0, 0, 1, 0, 0])], state.ctm)
                    done[x.objgen] = False
                    new = hide(x, inner)
                    done[x.objgen] = new is not None
                    if new is not None:
                        x.write(pikepdf.unparse_content_stream(new))
                hid = hid or x is not None and done.get(x.objgen, False)
            elif (
                op in SHOWS
                and state.black()
                and state.size() <= BODY
                and state.render != 3
                and (state.font is None or state.font.get("/Subtype") != "/Type3")
            ):
                hid = True
                out += [ContentStreamInstruction([3], Operator("Tr")), one, ContentStreamInstruction([state.render], Operator("Tr"))]
                continue
            else:
                state.follow(op, a, res)
            out.append(one)
        return out if hid else None

    for number, page in enumerate(pdf.pages, 1):
        new = hide(page.obj, State())
        if new is not None:
            page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(new))
            pages.append(number)
    return pages
