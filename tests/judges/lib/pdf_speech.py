"""pdf_speech.py FILE: prints the structure tree of a PDF as a screen reader speaks it, one utterance per line, in reading order.

Roles are in square brackets, text is as it is. Nothing is added between two pieces of text, so words that the tree joins are joined here.

    --- page 3 ---              the page changes
    [heading 2] Title
    [link → NAME: words]        NAME is the /Contents of the annotation, `words` the text of the link element; several pages are named
    [note 2: Note] {de: Text}   a passage in another language
    [picture: alternative text] with `, no box` if the element has no /BBox
    [list of 3] / [item] label | body
    [table 4 × 3] / [row] TH ↓ column header, TH → row header, TD (headers of the cell) text"""
import re, sys
import pikepdf
from pikepdf import Array, Dictionary, Name

def entries(cmap):
    """Returns code → text of a ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    out, text = {}, cmap.decode("latin-1")
    def words(h): return bytes.fromhex(h).decode("utf-16-be", "replace")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block): out[int(code, 16)] = words(to)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = words(to)
            for i in range(int(first, 16), int(last, 16) + 1): out[i] = start[:-1] + chr(ord(start[-1]) + i - int(first, 16))
        for first, last, many in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*\[(.*?)\]", block, re.S):
            for i, to in enumerate(re.findall(r"<([0-9A-Fa-f]*)>", many)): out[int(first, 16) + i] = words(to)
    return out

class Pages:
    """The text of each marked content, by page and MCID."""
    def __init__(self, pdf):
        self.pdf, self.maps, self.read = pdf, {}, {}
        self.numbers = {p.obj.objgen: i for i, p in enumerate(pdf.pages)}

    def decoder(self, font):
        key = font.objgen
        if key not in self.maps: self.maps[key] = entries(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else {}
        return self.maps[key]

    def marks(self, page):
        number = self.numbers[page.objgen]
        if number not in self.read:
            self.read[number] = {}
            self.stream(page, pikepdf.Page(page).resources, self.read[number], [])
        return self.read[number]

    def stream(self, content, resources, out, stack):
        font, fonts, forms = {}, resources.get("/Font", {}), resources.get("/XObject", {})
        properties, turned = resources.get("/Properties", {}), 0
        for operands, operator in pikepdf.parse_content_stream(content):
            o = str(operator)
            if o in ("BDC", "BMC"):
                p = operands[1] if o == "BDC" else Dictionary()
                if isinstance(p, Name): p = properties[str(p)]
                turned += str(operands[0]) == "/ReversedChars"
                stack.append((p.get("/MCID"), str(p["/ActualText"]) if "/ActualText" in p else None, str(p.get("/Lang", "")), str(p.get("/Alt", "")), str(operands[0])))
                if p.get("/MCID") is not None: out.setdefault(int(p.MCID), ["", str(p.get("/Lang", ""))])
                if "/ActualText" in p: self.say(out, stack[:-1], str(p.ActualText))
            elif o == "EMC": turned -= stack.pop()[-1] == "/ReversedChars"
            elif o == "Tf": font = self.decoder(fonts[str(operands[0])])
            elif o in ("Tj", "TJ", "'", '"'):
                parts = operands[-1] if o == "TJ" else [operands[-1]]
                raw = b"".join(bytes(s) for s in parts if isinstance(s, pikepdf.String))
                codes = [int.from_bytes(raw[i:i + 2], "big") for i in range(0, len(raw), 2)]
                if turned: codes.reverse() # strings in reading order are shown in reverse order (ISO 32000-1, 14.8.2.3.3)
                if not any(s[1] is not None for s in stack): self.say(out, stack, "".join(font.get(c, "�") for c in codes))
            elif o == "Do":
                form = forms[str(operands[0])]
                if str(form.get("/Subtype")) == "/Form": self.stream(form, form.get("/Resources", resources), out, stack)

    def say(self, out, stack, text):
        for mcid in (s[0] for s in reversed(stack) if s[0] is not None):
            out[int(mcid)][0] += text; return

BLOCKS = {"P", "L", "LI", "Table", "TR", "BlockQuote", "Div", "Sect", "Part", "Art", "Document", "Note", "TOC", "TOCI", "Figure", "Caption", "LBody", "Aside"}
INLINE = {"Span", "Strong", "Em", "Reference", "Quote", "BibEntry", "NonStruct"}

class Speaker:
    def __init__(self, pdf):
        self.pdf, self.pages = pdf, Pages(pdf)
        self.root = pdf.Root.StructTreeRoot
        self.roles = {str(a): str(b) for a, b in (self.root.get("/RoleMap") or {}).items()}
        self.lines, self.line, self.page, self.spoken, self.language = [], "", None, None, str(pdf.Root.get("/Lang", ""))
        self.ids = {}
        for e in self.walk(self.root):
            if "/ID" in e: self.ids[bytes(e.ID)] = e

    def kids(self, e):
        k = e.get("/K")
        return [] if k is None else list(k) if isinstance(k, Array) else [k]

    def structs(self, e):
        return [k for k in self.kids(e) if isinstance(k, Dictionary) and "/S" in k]

    def walk(self, e):
        stack = [e]
        while stack:
            e = stack.pop(); yield e
            stack.extend(reversed(self.structs(e)))

    def kind(self, e):
        s = str(e.S); seen = set()
        while s in self.roles and s not in seen: seen.add(s); s = self.roles[s]
        return s[1:]

    def attribute(self, e, key):
        for a in (lambda a: [] if a is None else list(a) if isinstance(a, Array) else [a])(e.get("/A")):
            if isinstance(a, Dictionary) and key in a: return a[key]

    def flush(self, depth):
        if self.line.strip(): self.lines.append("  " * depth + self.line.strip())
        self.line = ""

    def turn(self, page, depth):
        number = self.pages.numbers[page.objgen]
        if number != self.page:
            self.page = number
            # a role that was already announced follows the page, unless there are words between them
            if re.sub(r"\[[^\]]*\]|\s", "", self.line): self.line += f" --- page {number + 1} --- "
            else: self.lines.append(f"--- page {number + 1} ---")

    def text(self, e, lang):
        """Returns the words of an element without roles."""
        if "/ActualText" in e: return str(e.ActualText)
        if "/Alt" in e and self.kind(e) != "Link": return str(e.Alt)
        out = ""
        for k in self.kids(e):
            if isinstance(k, Dictionary) and "/S" in k: out += self.text(k, lang)
            elif (m := self.mark(e, k)): out += m[1][0]
        return out

    def mark(self, e, k):
        """Returns the page and the text of a marked content, if `k` is one."""
        if isinstance(k, Dictionary):
            if str(k.get("/Type")) != "/MCR": return None
            page, mcid = k.get("/Pg", e.get("/Pg")), int(k.MCID)
        else: page, mcid = e.Pg, int(k)
        return page, self.pages.marks(page)[mcid]

    def contents(self, e):
        out = []
        for k in self.kids(e):
            if isinstance(k, Dictionary) and str(k.get("/Type")) == "/OBJR": out.append((str(k.Obj.get("/Contents", "(no name)")), k.get("/Pg", e.get("/Pg"))))
            elif isinstance(k, Dictionary) and "/S" in k: out += self.contents(k)
        return out

    def inline(self, e, depth, lang):
        """Adds the words of an element to the line."""
        lang = str(e.get("/Lang", lang)); kind = self.kind(e)
        if "/ActualText" in e: return self.say(str(e.ActualText), lang)
        if kind == "Figure": return self.picture(e, depth, lang)
        if kind == "Link":
            names = self.contents(e)
            pages = sorted({self.pages.numbers[page.objgen] + 1 for _, page in names if page is not None})
            if len(pages) == 1: self.turn(names[0][1], depth)
            self.line += "[link → " + " / ".join(dict.fromkeys(n for n, _ in names)) + (f" (pages {', '.join(map(str, pages))})" if len(pages) > 1 else "") + ": "
            if "/Alt" in e: self.line += "(Alt) " + str(e.Alt)
            else: self.children(e, depth, lang, False)
            self.line += "]"
            return
        opened = {"Lbl": "", "Code": "‹", "Note": "[note: "}.get(kind, "")
        closed = {"Code": "›", "Note": "]"}.get(kind, "")
        if kind in BLOCKS | {"Formula"} and kind != "Note": opened, closed = f"[{kind}: ", "]"
        if "/Alt" in e: self.line += opened + "(Alt) "; self.say(str(e.Alt), lang); self.line += closed; return
        self.line += opened
        self.children(e, depth, lang, False)
        self.line += closed
        if "/E" in e: self.line += f" (= {e.E})"

    def say(self, text, lang):
        """Adds words to the line, in braces if they are in another language than the document."""
        if lang in ("", self.language) or not (text.strip() or (len(self.line), lang) == self.spoken): self.line += text; return
        if (len(self.line), lang) == self.spoken: self.line = self.line[:-1] + text + "}"
        else: self.line += f"{{{lang}: {text}}}"
        self.spoken = (len(self.line), lang)

    def children(self, e, depth, lang, blocks):
        for k in self.kids(e):
            if isinstance(k, Dictionary) and "/S" in k:
                if blocks and self.kind(k) not in INLINE | {"Link", "Lbl"} and not (self.kind(k) == "Code" and not self.structs(k)): self.flush(depth); self.block(k, depth, lang)
                else: self.inline(k, depth, lang)
            elif (m := self.mark(e, k)):
                self.turn(m[0], depth)
                self.say(m[1][0], m[1][1] or lang)

    def picture(self, e, depth, lang):
        for k in self.kids(e):
            if (m := None if isinstance(k, Dictionary) and "/S" in k else self.mark(e, k)): self.turn(m[0], depth)
        box = "" if self.attribute(e, "/BBox") is not None else ", no box"
        inner = self.contents(e)
        self.line += f"[picture{box}: "; self.say(str(e.get("/Alt", "(no alternative)")), str(e.get("/Lang", lang)))
        self.line += "".join(f" [link → {n}]" for n, _ in inner) + "]"
        for k in self.structs(e):
            if self.kind(k) == "Caption": self.flush(depth); self.block(k, depth + 1, lang)

    def block(self, e, depth, lang):
        own = str(e.get("/Lang", lang)); kind = self.kind(e)
        if m := re.fullmatch(r"H([1-6])", kind): self.line = f"[heading {m[1]}] "; self.inline_children(e, depth, own); return
        if kind == "P": return self.inline_children(e, depth, own)
        if kind == "Figure": self.picture(e, depth, own); self.flush(depth); return
        if kind == "L": return self.list(e, depth, own)
        if kind == "Table": return self.table(e, depth, own)
        if kind in ("Document", "NonStruct") or (kind == "Div" and "/Alt" not in e and "/T" not in e):
            self.children(e, depth, own, True); self.flush(depth); return
        name = {"BlockQuote": "quotation", "Note": "note", "TOC": "contents", "TOCI": "entry", "Caption": "caption", "Code": "code", "Aside": "aside"}.get(kind, kind)
        if "/T" in e and kind != "TOCI": name += f" “{e.T}”"
        self.line = f"[{name}] "
        if "/Alt" in e: self.line += str(e.Alt); self.flush(depth); return
        if all(isinstance(k, Dictionary) and "/S" in k and self.kind(k) not in INLINE for k in self.kids(e)) and kind not in ("TOCI", "Caption"):
            self.flush(depth); self.children(e, depth + 1, own, True); self.flush(depth + 1)
        else: self.children(e, depth, own, kind in ("Code", "Note", "Caption")); self.flush(depth)

    def inline_children(self, e, depth, lang):
        if "/ActualText" in e: self.say(str(e.ActualText), lang)
        else: self.children(e, depth, lang, False)
        self.flush(depth)

    def list(self, e, depth, lang):
        items = self.structs(e)
        self.line = f"[list of {sum(self.kind(k) == 'LI' for k in items)}]"; self.flush(depth)
        for item in items:
            if self.kind(item) != "LI": self.lines.append("  " * (depth + 1) + "(not an item:)"); self.block(item, depth + 1, lang); continue
            self.line = "[item] "
            for part in self.kids(item):
                if self.kind(part) == "Lbl": self.inline(part, depth + 1, lang); self.line += " | " if self.line != "[item] " else ""
                else: self.children(part, depth + 1, str(part.get("/Lang", lang)), True)
            self.flush(depth + 1)

    def rows(self, e):
        for k in self.kids(e):
            if not isinstance(k, Dictionary): continue
            if self.kind(k) == "TR": yield k
            elif self.kind(k) in ("THead", "TBody", "TFoot"): yield from self.rows(k)

    def table(self, e, depth, lang):
        rows = list(self.rows(e)); wide = max((len(self.kids(r)) for r in rows), default=0)
        summary = self.attribute(e, "/Summary")
        self.line = f"[table {wide} × {len(rows)}]" + (f" {summary}" if summary is not None else ""); self.flush(depth)
        for k in self.kids(e):
            if self.kind(k) == "Caption": self.block(k, depth + 1, lang)
        for row in rows:
            self.line = "[row] "
            for at, cell in enumerate(self.kids(row)):
                if at: self.line += " | "
                if self.kind(cell) == "TH": self.line += {"/Column": "TH ↓ ", "/Row": "TH → "}.get(str(self.attribute(cell, "/Scope")), "TH ")
                else:
                    names = [self.text(self.ids[bytes(i)], lang).strip() for i in (self.attribute(cell, "/Headers") or []) if bytes(i) in self.ids]
                    self.line += f"({'; '.join(names)}) " if names else ""
                self.children(cell, depth, str(cell.get("/Lang", lang)), False)
            self.flush(depth + 1)

    def speak(self):
        for e in self.kids(self.root): self.block(e, 0, self.language)
        return self.lines

if __name__ == "__main__":
    pdf = pikepdf.open(sys.argv[1])
    print(f"language {pdf.Root.get('/Lang', '(none)')}")
    for line in Speaker(pdf).speak(): print(line)
