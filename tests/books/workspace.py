"""workspace.py FOLDER WORKSPACE: makes a workspace of one publication from a folder of Markdown, as its author would by hand.

Each Markdown file becomes a section: its front matter becomes TOML, its title is the one in the front matter, otherwise its first heading,
otherwise its file name. The order is that of SUMMARY.md, _quarto.yml, _bookdown.yml, _toc.yml or mkdocs.yml, otherwise that of the paths.
Files that an order does not name are left out, as in those tools, and listed. Images are copied. In the texts, only the paths of images and
the names of Markdown files in links are changed."""
import os, re, sys, uuid
from pathlib import Path
from urllib.parse import unquote

KINDS = {".md", ".markdown", ".qmd", ".rmd", ".mdx"}
IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}
SKIPPED = {"summary", "readme", "license", "licence", "code_of_conduct", "contributing", "changelog"}

def files_of(folder):
    found = []
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "_")) and f != "node_modules")
        found += [Path(path, name) for name in sorted(names)]
    return found

def ordered(folder, texts):
    """Returns the texts in the order of the book, and the file that states it."""
    for name in ("SUMMARY.md", "_quarto.yml", "_bookdown.yml", "_toc.yml", "mkdocs.yml"):
        for place in [folder, folder / "src", folder.parent]:
            source = place / name
            if not source.is_file(): continue
            text = source.read_text("utf-8", "replace")
            if name == "mkdocs.yml": text = text.split("\nnav:")[-1] if "\nnav:" in text else ""
            names = re.findall(r"[\w./-]+\.(?:md|qmd|Rmd|rmd|markdown)\b", re.sub(r"<!--.*?-->", "", text, flags=re.S))
            if name == "_toc.yml": names = [f + e for f in re.findall(r"(?:file|root): *([\w./-]+)", text) for e in ("", *KINDS)]
            listed, bases = [], [place, place / "docs", folder]
            for written in names:
                candidates = [(base / written.strip()).resolve() for base in bases]
                path = next((c for c in candidates if c in texts), None)
                if path and path not in listed: listed.append(path)
            if listed: return listed, source
    return [t for t in texts if t.stem.lower() not in SKIPPED or t.stem.lower() == "readme" and len(texts) == 1], None

def slug(path):
    words = re.sub(r"[^a-z0-9]+", "-", str(path.with_suffix("")).lower()).strip("-")
    return words if re.match(r"[a-z]", words) else f"part-{words}"

def string(text): return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

def linked(text, path, names):
    """Writes the new names of files in links to them."""
    def link(match):
        target, _, rest = match[2].partition("#")
        name = names.get((path.parent / unquote(target)).resolve()) if re.fullmatch(r"[^:?]+\.(?:mdx?|[qQrR]md|markdown)", target) else None
        return match[1] + name + ".md" + match[2][len(target):] + match[3] if name else match[0]
    text = re.sub(r"(\]\(<?)([^\s)>]+)([\s)>])", link, text)
    return re.sub(r"(?m)(^\[[^\]\n]+\]: *<?)([^\s>]+)(>?)", link, text)

def section(path, folder, name_of, names):
    text = path.read_text("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    title = None
    front = re.match(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", text, re.S)
    if front:
        text = text[front.end():]
        found = re.search(r"^title: *(.+)$", front[1], re.M)
        if found: title = found[1].strip().strip("\"'")
    if not title:
        # The first heading is the title, without the attributes that tools add to it.
        found = re.search(r"\A(?:\s|<!--.*?-->)*# +(.+?) *#*\n|\A(?:\s|<!--.*?-->)*([^\n#]+)\n=+\n", text + "\n", re.S)
        if found:
            title = re.sub(r"\s*\{[#.][^}]*\}$", "", found[1] or found[2]).strip()
            text = text[:found.start(1 if found[1] else 2)].rstrip("# \t") + (text + "\n")[found.end():]
    def image(match):
        target = match[2]
        file = (path.parent / target.split("?")[0]).resolve() if not re.match(r"[a-z]+:|/|#", target) else (folder / target.lstrip("/")).resolve()
        return match[1] + name_of(file) + match[3] if file.is_file() and file.suffix.lower() in IMAGES else match[0]
    text = re.sub(r"(!\[[^\]]*\]\(<?)([^\s)>]+)([\s)>])", image, text)
    text = re.sub(r"""(<img\b[^>]*?\bsrc=["']?)([^\s"'>]+)(["'\s>])""", image, text)
    text = linked(text, path, names)
    return f"+++\ntitle = {string(title or path.stem)}\n+++\n{text}"

def main():
    folder, workspace = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    files = files_of(folder)
    texts = [f.resolve() for f in files if f.suffix.lower() in KINDS]
    chosen, order = ordered(folder, texts)
    out = workspace / "sources/book"
    out.mkdir(parents=True)
    copied = {}
    def name_of(file):
        if file not in copied:
            base = file.relative_to(folder) if file.is_relative_to(folder) else Path(file.name)
            copied[file] = "images/" + re.sub(r"[^A-Za-z0-9._-]+", "-", str(base)).lstrip(".")
            (out / "images").mkdir(exist_ok=True)
            (out / copied[file]).write_bytes(file.read_bytes())
        return copied[file]
    names, named = [], {}
    for path in chosen:
        name = slug(path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name))
        while name in names: name += "-2"
        names.append(name)
        named[path] = name
    for path, name in named.items():
        (out / f"{name}.md").write_text(section(path, folder, name_of, named), "utf-8")
    title = folder.name
    listed = ", ".join(string(name) for name in names)
    (out / "publication.toml").write_text(f"""title = {string(title)}
description = {string("A book that was not written for this tool.")}
keywords = ["book"]
lang = "en"
uuid = "{uuid.uuid5(uuid.NAMESPACE_URL, title)}"
sections = [{listed}]
publisher = "us"

[organisations.us]
name = "Us"

[[editions]]
id = "1"
date = "2024-05-17"
""", "utf-8")
    (workspace / "reliure.toml").write_text("", "utf-8")
    left = [str(t.relative_to(folder)) for t in texts if t not in chosen]
    print(f"{len(names)} sections, {len(copied)} images, order of {order.name if order else 'the paths'}, {len(left)} texts left out")
    for path in left: print(f"  left out: {path}")

main()
