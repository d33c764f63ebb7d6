"""pdf_links.py FILE: prints the navigation and metadata of a PDF as JSON: links of each page, named destinations, outline, page labels, XMP."""
import json, sys
import xml.etree.ElementTree as xml
import pikepdf

PREFIX = {"http://purl.org/dc/elements/1.1/": "dc", "http://ns.adobe.com/xap/1.0/rights/": "xmpRights", "http://ns.adobe.com/xap/1.0/": "xmp",
          "http://ns.adobe.com/pdf/1.3/": "pdf", "http://www.aiim.org/pdfa/ns/id/": "pdfaid", "http://www.aiim.org/pdfua/ns/id/": "pdfuaid"}
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

p = pikepdf.open(sys.argv[1])
index = {g.objgen: i for i, g in enumerate(p.pages)}

def tree(node, leaf, out):
    """Collects the pairs of a name tree or of a number tree."""
    a = node.get(leaf, [])
    for i in range(0, len(a), 2): out.append((a[i], a[i + 1]))
    for k in node.get("/Kids", []): tree(k, leaf, out)
    return out

names = {str(k): v for k, v in tree(p.Root.get("/Names", {}).get("/Dests", {}), "/Names", [])}
names.update({k.lstrip("/"): v for k, v in dict(p.Root.get("/Dests", {})).items()})

def place(d):
    """Returns the location of a destination: (page from 1, distance from the bottom)."""
    if isinstance(d, (pikepdf.String, pikepdf.Name, str)): d = names.get(str(d).lstrip("/"))
    if isinstance(d, pikepdf.Dictionary): d = d.get("/D")
    if d is None or d[0].objgen not in index: return None
    top = next((v for v in list(d)[2:4][::-1] if not isinstance(v, pikepdf.Object)), 0) if str(d[1]) == "/XYZ" else 0
    return index[d[0].objgen] + 1, round(float(top or 0))

outline, titles = [], {}
def walk(items, depth):
    for o in items:
        d = o.destination if o.destination is not None else (o.action.get("/D") if o.action is not None else None)
        where = place(d)
        outline.append({"title": o.title, "depth": depth, "page": where and where[0]})
        titles.setdefault(where, o.title)
        walk(o.children, depth + 1)
walk(p.open_outline().root, 1)

def link(a):
    act = a.get("/A", {})
    d = a.get("/Dest", act.get("/D") if str(act.get("/S", "")) == "/GoTo" else None)
    name = str(d).lstrip("/") if isinstance(d, (pikepdf.String, pikepdf.Name, str)) else None
    where = place(d)
    return {"contents": str(a.get("/Contents", "")), "uri": str(act["/URI"]) if "/URI" in act else None, "name": name,
            "page": where and where[0], "title": titles.get(where) if where else None, "rect": [float(x) for x in a.Rect]}

def xmp():
    out = {}
    for d in xml.fromstring(p.Root.Metadata.read_bytes().decode("utf-8").strip("\x00 \n")).iter(RDF + "Description"):
        for key, value in [*d.items(), *((c.tag, c) for c in d)]:
            space, _, name = key[1:].partition("}")
            if space not in PREFIX: continue
            texts = [value] if isinstance(value, str) else [li.text or "" for li in value.iter(RDF + "li")] or [value.text or ""]
            out.setdefault(f"{PREFIX[space]}:{name}", []).extend(texts)
    return out

json.dump({
    "pages": [{"label": g.label, "links": [link(a) for a in g.get("/Annots", []) if str(a.get("/Subtype")) == "/Link"]} for g in p.pages],
    "labelled": "/PageLabels" in p.Root, "names": sorted(names), "outline": outline, "xmp": xmp(), "lang": str(p.Root.get("/Lang", "")),
}, sys.stdout, ensure_ascii=False, indent=1)
