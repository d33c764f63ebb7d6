"""Writes the plan that `measure.py` runs: the comparisons, the goals, and facts about the machine and the tools.

    python3 plan.py CONFIG.json books BOOKS RELIURE SHARE FONTS PANDOC REPOSITORY OUT SIZE…
    python3 plan.py CONFIG.json catalogue CATALOGUES RELIURE DIGEST BASELINE OUT [COUNT…]
    python3 plan.py CONFIG.json brochure FOLDER RELIURE OUT

BASELINE is the executable of another revision, or empty: then the goal that compares with it is omitted. COUNT is the size of one more catalogue,
which no ratio uses.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from shlex import quote

from catalogue import ALONE, slug

here = Path(__file__).parent
python = quote(sys.executable)


def command(reliure, root, more, out=None):
    """Returns the command that builds a workspace; `more` is added unquoted."""
    to = f" --output {quote(str(out))}" if out else ""
    return f"{quote(str(reliure))} --root {quote(str(root))} --color never build{to} {more}".rstrip()


# ---- books ----


def book_cases(books, reliure, share, fonts, pandoc, repository, out, sizes):
    """Returns the comparisons of books; the first side of each is reliure."""
    found = []
    for size in sizes:
        book = books / size
        build = command(reliure, book / "project", "--force")
        floor = f"{python} {quote(str(here / 'floor.py'))} compile {quote(str(book / 'floor/book.typ'))} {quote(str(out / 'floor.pdf'))} {quote(fonts)}"
        zipped = f"{python} {quote(str(here / 'zipfloor.py'))} {quote(str(book / 'floor'))} {quote(str(out / 'floor.zip'))}"
        chapters = (book / "chapters").read_text().split()
        epub = (
            f"env -C {quote(str(book / 'floor'))} {quote(pandoc)} -f commonmark_x+implicit_figures --file-scope"
            f" --metadata-file ../floor.yaml -s -t epub3 -o {quote(str(out / 'pandoc.epub'))} {' '.join(chapters)}"
        )
        times = {"20": 5, "300": 3, "1500": 1}[size]
        add = lambda id, what, sides, **more: found.append({"id": f"{id}-{size}", "what": f"{what}, {size} pages", "sides": sides, **{"times": times, **more}})
        add("pdf", "PDF / `typst compile`", {"ours": f"{build} --format pdf", "floor": floor})
        # Only a word changes between builds, so images that the previous build fitted are reused.
        kept = f"{quote(share)} {quote(str(book / 'project'))} kept"
        add("own", "EPUB's own share beside a PDF, images kept / zip", {"own": kept, "floor": zipped}, tells=["own"], before={"own": change(book / "project")})
        # Short runs vary more, so more of them are measured.
        short = {"20": 9, "300": 21, "1500": 3}[size]
        # A page list needs the pages, which an EPUB alone does not have.
        alone = {"ours": command(reliure, book / "unlisted", "--format epub")}
        changed = {"ours": change(book / "unlisted")}
        add("epub", "EPUB alone, images kept / pandoc's EPUB", {**alone, "pandoc": epub}, times=short, before=changed)
        add("zip", "EPUB alone, images kept / zip", {**alone, "floor": zipped}, before=changed)
        add("listed", "EPUB alone, with the layout for its page list / pandoc's EPUB", {"ours": f"{build} --format epub", "pandoc": epub})
        if size == "300":
            every = "--format pdf --format epub --format print"
            add("press", "PDF, EPUB and print PDF / `typst compile`", {"ours": f"{build} {every}", "floor": floor})
            plain = books / "plain" / size
            bare = f"{python} {quote(str(here / 'floor.py'))} compile {quote(str(plain / 'floor/book.typ'))} {quote(str(out / 'plain.pdf'))} {quote(fonts)}"
            built = command(reliure, plain / "project", "--force")
            add("plain", "the same without images", {"ours": f"{built} {every}", "floor": bare})
            printed = f"{quote(share)} {quote(str(book / 'project'))} print"
            text = f"{quote(share)} {quote(str(plain / 'project'))} print"
            add("pixels", "colours for print, with images / without", {"with": printed, "without": text}, tells=["with", "without"])
            fitted = f"{quote(share)} {quote(str(book / 'project'))}"
            add("fitted", "EPUB's own share with images to be fitted / with images kept", {"with": fitted, "without": kept}, tells=["with", "without"], before={"without": change(book / "project")})
            again = command(reliure, book / "project", every)
            add("warm", "PDF, EPUB and print PDF after a change of one word / `typst compile`", {"ours": again, "floor": floor}, before={"ours": change(book / "project")})
            add("sheets", "PDF, EPUB and print PDF / PDF", {"ours": f"{build} {every}", "screen": f"{build} --format pdf"})
    idle = command(reliure, repository, "", out / "repository")
    subprocess.run(["sh", "-c", idle], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found.append({"id": "idle", "what": "this repository, nothing to do", "sides": {"ours": idle}, "times": 11, "goal_of": "wall"})
    return found


def change(project):
    """Returns the command that changes one word of a book."""
    chapter = quote(str(min((project / "sources").rglob("ch001.md"))))
    return f"sed -i '/^Mesure /d' {chapter} && printf 'Mesure %s.\\n' $(date +%N) >> {chapter}"


def pixels(book):
    """Returns the number of pixels of the images of a book."""
    from PIL import Image

    sizes = [Image.open(file).size for file in sorted((book / "floor/img").iterdir())]
    return sum(width * height for width, height in sizes)


def book_goals(books, sizes):
    """Returns the goals for books: to stay close to the floors, and to grow linearly with the pages."""
    asked = [{"of": "idle", "what": "no-op build of the repository, wall", "asked": "≤ 100 ms", "aimed": "50 ms", "most": 100, "aim": 50, "ms": True}]
    if "300" in sizes:
        asked = [
            {"of": "pdf-300", "what": "PDF at 300 pages / floor, CPU", "asked": "≤ 1.10", "aimed": "1.02", "most": 1.10, "aim": 1.02},
            {"memory": "pdf-300", "floor_memory": True, "what": "peak memory at 300 pages", "asked": "", "aimed": "500 MiB", "most": 0, "aim": 500},
            {"of": "own-300", "what": "EPUB beside a PDF, images kept / zip floor, CPU", "asked": "≤ 1.3", "aimed": "", "most": 1.3, "aim": 0},
            {"of": "plain-300", "what": "PDF, EPUB and print PDF without images / floor, CPU", "asked": "≤ 1.35", "aimed": "1.25", "most": 1.35, "aim": 1.25},
            {"of": "pixels-300", "pixels": pixels(books / "300"), "what": "images in the print PDF, CPU a pixel", "asked": "≤ 45 ns", "aimed": "", "most": 45, "aim": 0},
            {"of": "warm-300", "what": "the same with images, kept from the build before, CPU", "asked": "≤ 1.35", "aimed": "1.25", "most": 1.35, "aim": 1.25},
            {"of": "fitted-300", "pixels": pixels(books / "300"), "what": "images fitted for the EPUB, CPU a pixel", "asked": "", "aimed": "", "most": 1e9, "aim": 0},
            {"of": "epub-300", "what": "EPUB alone, images kept / pandoc, CPU", "asked": "≤ 1/14", "aimed": "1/25", "most": 1 / 14, "aim": 1 / 25, "inverse": True},
            *asked,
        ]
    if {"300", "1500"} <= set(sizes):
        growth = {"growth": ["pdf-300", "pdf-1500"], "pages": 5, "what": "CPU per page, 1,500 pages / 300", "asked": "linear: ≤ 1.05"}
        asked.append({**growth, "aimed": "1.00", "most": 1.05, "aim": 1.0})
    return asked


# ---- catalogues ----

# The inputs that a build without changes reads besides the artefacts: the sources, and the project's own layouts and fonts.
INPUTS = ["reliure.toml", "sources", "layouts", "fonts"]
# Number of repetitions of short builds in each turn, so that each side takes about as long.
REPEAT = {20: 5, 50: 2, 100: 2}
# The sizes of catalogues that the goals compare, and the size that the baseline builds.
SMALL, MIDDLE, LARGE, BASE = 50, 100, 1000, 20


def fresh(folder):
    return f"rm -rf {quote(str(folder))}"


class Catalogues:
    """The comparisons of catalogues. The table reports a side that fails, because one goal is that all publications are built."""

    def __init__(self, root, reliure, digest, out):
        self.root, self.reliure, self.digest, self.out = root, reliure, digest, out

    def made(self, count):
        return self.out / f"catalogue-{count}"

    def building(self, id, counts, times, baseline=""):
        """Builds the PDFs of whole catalogues into new folders."""
        case = {"id": id, "times": times, "warm": False, "may_fail": True, "each": True, "sides": {}, "before": {}, "repeat": {}, "pdfs": {}, "rows": {}}
        sides = [(f"{count:,}", count, self.reliure, self.made(count), f"catalogue of {count:,}, PDF") for count in counts]
        if baseline:
            sides.append(("baseline", BASE, baseline, self.out / "baseline", f"catalogue of {BASE}, PDF, baseline"))
        for side, count, tool, folder, what in sides:
            case["sides"][side] = command(tool, self.root / str(count), "--format pdf", folder)
            case["before"][side] = fresh(folder)
            case["repeat"][side] = REPEAT.get(count, 1)
            case["pdfs"][side] = [str(folder), count]
            case["rows"][side] = [what, count, True]
        return case

    def idling(self, id, counts, times):
        """Builds unchanged catalogues again; for the largest, also reads and hashes its files with `digest`."""
        case = {"id": id, "times": times, "may_fail": True, "each": True, "sides": {}, "pdfs": {}, "rows": {}}
        for count in counts:
            side = f"{count:,}"
            case["sides"][side] = command(self.reliure, self.root / str(count), "--format pdf", self.made(count))
            case["pdfs"][side] = [str(self.made(count)), count]
            case["rows"][side] = [f"catalogue of {count:,}, nothing to do", count, True]
        most = max(counts)
        read = [*(self.root / str(most) / part for part in INPUTS), self.made(most)]
        case["sides"]["floor"] = " ".join(quote(str(part)) for part in [self.digest, *read])
        case["pdfs"]["floor"] = [str(self.made(most)), most]
        case["rows"]["floor"] = ["its files, each read and hashed once", most, False]
        return case

    def single(self, times):
        """Builds one publication of many, and the same publication in a project of its own."""
        sides = {"among": (str(LARGE), f"one publication of {LARGE:,}, PDF"), "alone": ("alone", "the same publication alone, PDF")}
        return {
            "id": "single",
            "times": times,
            "may_fail": True,
            "each": True,
            "sides": {side: command(self.reliure, self.root / folder, f"--format pdf {slug(ALONE)}", self.out / side) for side, (folder, _) in sides.items()},
            "before": {side: fresh(self.out / side) for side in sides},
            "pdfs": {side: [str(self.out / side), 1] for side in sides},
            "rows": {side: [what, 1, True] for side, (_, what) in sides.items()},
        }


def catalogue_cases(catalogues, baseline, counts):
    found = [
        catalogues.building("catalogue", [LARGE, MIDDLE, SMALL], 3, baseline),
        catalogues.idling("idle", [LARGE, MIDDLE], 9),
        catalogues.single(7),
    ]
    for count in counts:
        if count > LARGE:
            found += [catalogues.building(f"catalogue-{count}", [count], 1), catalogues.idling(f"idle-{count}", [count], 1)]
    return found


def catalogue_goals(baseline, counts):
    """Returns the goals for catalogues: the cost of a publication does not depend on their number."""
    of = lambda count: f"{count:,}"
    asked = [{"in": "catalogue", "of": of(LARGE), "made": "done", "what": f"{LARGE:,} publications are built", "asked": "exit 0"}]
    asked += [
        {"in": f"catalogue-{count}", "of": of(count), "made": "done", "what": f"{count:,} publications are built", "asked": "exit 0"}
        for count in counts if count > LARGE
    ]
    large = {"in": "catalogue", "of": of(LARGE)}
    asked.append({**large, "by": of(SMALL), "made": "ratio", "figure": "mib", "most": 1.3, "what": f"peak memory, {LARGE:,} / {SMALL}", "asked": "≤ 1.3"})
    each = {"made": "ratio", "figure": "cpu"}
    what = f"CPU per publication, {LARGE:,} / "
    asked.append({**large, **each, "by": of(MIDDLE), "each": [LARGE, MIDDLE], "most": 1.1, "what": f"{what}{MIDDLE}", "asked": "≤ 1.1"})
    if baseline:
        asked.append({**large, **each, "by": "baseline", "each": [LARGE, BASE], "most": 1.15, "what": f"{what}{BASE} of the baseline", "asked": "≤ 1.15"})
    for figure, label in ("cpu", "CPU"), ("wall", "wall"):
        idle = {"in": "idle", "of": of(LARGE), "made": "ratio", "figure": figure}
        asked.append({**idle, "by": of(MIDDLE), "most": 11, "what": f"nothing to do, {LARGE:,} / {MIDDLE}, {label}", "asked": "≤ 11"})
        asked.append({**idle, "by": "floor", "most": 2, "what": f"nothing to do, {LARGE:,} / each file read and hashed once, {label}", "asked": "≤ 2"})
    alone = {"in": "single", "of": "among", "by": "alone", "made": "difference", "figure": "wall", "most": 0.5}
    asked.append({**alone, "what": f"one of {LARGE:,}, minus the same publication alone, wall", "asked": "≤ 0.5 s"})
    return asked


# ---- the brochure ----

# Selects the first of its two editions.
FIRST = "--edition 2023-05"
# 130 MB, in MiB.
MOST_MEMORY = 130e6 / 2**20


def brochure_cases(folder, reliure, out):
    """Compares the brochure of this repository with its text in the layout `simple`, and its second edition with its first."""
    build = lambda layout, more: command(reliure, folder / layout, f"--force --format pdf {more}", out / layout)
    first, both = ({layout: build(layout, more) for layout in ("brochure", "simple")} for more in (FIRST, ""))
    rows_of = lambda what: {"brochure": [f"the brochure, {what}", 1, True], "simple": [f"its text in `simple`, {what}", 1, True]}
    thread = {side: f"env RAYON_NUM_THREADS=1 {sides['brochure']}" for side, sides in {"both": both, "first": first}.items()}
    rows = {"both": ["the brochure, two editions, one thread", 1, True], "first": ["the brochure, first edition, one thread", 1, True]}
    return [
        {"id": "brochure", "times": 7, "sides": first, "repeat": {"simple": 5}, "rows": rows_of("first edition")},
        {"id": "editions", "times": 5, "sides": both, "repeat": {"simple": 3}, "rows": rows_of("two editions")},
        {"id": "second", "times": 7, "sides": thread, "rows": rows},
    ]


def brochure_goals():
    """Returns the goals for the layout `brochure`."""
    return [
        {"in": "brochure", "of": "brochure", "by": "simple", "made": "ratio", "figure": "cpu", "most": 6, "what": "the brochure / its text in `simple`, CPU", "asked": "≤ 6"},
        {"in": "brochure", "of": "brochure", "made": "peak", "most": MOST_MEMORY, "what": "the brochure, peak memory", "asked": f"≤ {MOST_MEMORY:.0f} MiB (130 MB)"},
        {"in": "second", "of": "both", "by": "first", "made": "growth", "figure": "cpu", "most": 0.5, "what": "the brochure's second edition / its first, CPU, one thread", "asked": "≤ 0.5"},
    ]


# ---- facts ----


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0].strip()


def machine():
    cpu = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"- Machine: {cpu[0] if cpu else platform.processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB; {platform.system()} {platform.release()}; load {os.getloadavg()[0]:.1f} at the start."


def versions(reliure, pandoc):
    typst = first_line(sys.executable, str(here / "floor.py"), "version")
    return f"- {first_line(reliure, '--version')}; {first_line(pandoc, '--version')}; `typst` {typst} of PyPI (Typst 0.15.1, as in reliure); Python {platform.python_version()}."


def against(baseline):
    if not baseline:
        return "No earlier revision is compared, because `BASELINE` was not set."
    return f"The baseline is `{Path(baseline).name}`."


match sys.argv[1:]:
    case [config, "books" as part, books, reliure, share, fonts, pandoc, repository, out, *sizes]:
        plan = {
            "table": "against",
            "facts": [machine(), versions(reliure, pandoc)],
            "goals": book_goals(Path(books), sizes),
            "cases": book_cases(Path(books), reliure, share, fonts, pandoc, repository, Path(out), sizes),
        }
    case [config, "catalogue" as part, catalogues, reliure, digest, baseline, out, *counts]:
        counts = [int(count) for count in counts]
        plan = {
            "table": "sides",
            "facts": [machine(), f"- {first_line(reliure, '--version')}. {against(baseline)}"],
            "goals": catalogue_goals(baseline, counts),
            "cases": catalogue_cases(Catalogues(Path(catalogues), reliure, digest, Path(out)), baseline, counts),
        }
    case [config, "brochure" as part, folder, reliure, out]:
        plan = {
            "table": "sides",
            "facts": [machine(), f"- {first_line(reliure, '--version')}."],
            "goals": brochure_goals(),
            "cases": brochure_cases(Path(folder), reliure, Path(out)),
        }
    case _:
        sys.exit(__doc__)
Path(config).write_text(json.dumps({"part": part, **plan}, indent=1))
