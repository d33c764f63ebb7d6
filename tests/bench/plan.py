"""Writes what `measure.py` runs: the comparisons, the goals, and facts about this machine and these tools.

    python3 plan.py CONFIG.json BOOKS RELIURE SHARE FONTS PANDOC REPOSITORY OUT SIZE…
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from shlex import quote

here = Path(__file__).parent
python = quote(sys.executable)


def cases(books, reliure, share, fonts, pandoc, repository, out, sizes):
    """The comparisons; the first side of each is ours."""
    found = []
    for size in sizes:
        book = books / size
        build = f"{quote(reliure)} --root {quote(str(book / 'project'))} --color never build --force"
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
        own = f"{quote(share)} {quote(str(book / 'project'))}"
        add("own", "EPUB's own share beside a PDF / zip", {"own": own, "floor": zipped}, tells="own")
        # Short runs are told apart from each other by more of them.
        short = {"20": 9, "300": 21, "1500": 3}[size]
        add("epub", "EPUB alone / pandoc's EPUB", {"ours": f"{build} --format epub", "pandoc": epub}, times=short)
        add("zip", "EPUB alone / zip", {"ours": f"{build} --format epub", "floor": zipped})
    idle = f"{quote(reliure)} --root {quote(repository)} --color never build --output {quote(str(out / 'repository'))}"
    subprocess.run(["sh", "-c", idle], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found.append({"id": "idle", "what": "this repository, nothing to do", "sides": {"ours": idle}, "times": 11, "goal_of": "wall"})
    return found


def goals(sizes):
    """What is asked of books: to stay near what nothing built on Typst or on zip can be faster than, and to grow with the pages."""
    asked = [{"of": "idle", "what": "no-op build of the repository, wall", "asked": "≤ 100 ms", "aimed": "50 ms", "most": 100, "aim": 50, "ms": True}]
    if "300" in sizes:
        asked = [
            {"of": "pdf-300", "what": "PDF at 300 pages / floor, CPU", "asked": "≤ 1.10", "aimed": "1.02", "most": 1.10, "aim": 1.02},
            {"memory": "pdf-300", "floor_memory": True, "what": "peak memory at 300 pages", "asked": "", "aimed": "500 MiB", "most": 0, "aim": 500},
            {"of": "own-300", "what": "EPUB beside a PDF / zip floor, CPU", "asked": "≤ 3", "aimed": "1.6", "most": 3, "aim": 1.6},
            {"of": "epub-300", "what": "EPUB alone / pandoc, CPU", "asked": "≤ 1/15", "aimed": "1/25", "most": 1 / 15, "aim": 1 / 25, "inverse": True},
            *asked,
        ]
    if {"300", "1500"} <= set(sizes):
        growth = {"growth": ["pdf-300", "pdf-1500"], "pages": 5, "what": "CPU a page, 1,500 pages / 300", "asked": "linear: ≤ 1.05"}
        asked.append({**growth, "aimed": "1.00", "most": 1.05, "aim": 1.0})
    return asked


def facts(reliure, pandoc):
    """The machine and the versions, one line each."""
    said = lambda *command: subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0].strip()
    cpu = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    typst = said(sys.executable, str(here / "floor.py"), "version")
    return [
        f"- Machine: {cpu[0] if cpu else platform.processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB; {platform.system()} {platform.release()}; load {os.getloadavg()[0]:.1f} when it began.",
        f"- {said(reliure, '--version')}; {said(pandoc, '--version')}; `typst` {typst} of PyPI (Typst 0.15.1, as here); Python {platform.python_version()}.",
    ]


config, books, reliure, share, fonts, pandoc, repository, out, *sizes = sys.argv[1:]
plan = {
    "facts": facts(reliure, pandoc),
    "goals": goals(sizes),
    "cases": cases(Path(books), reliure, share, fonts, pandoc, repository, Path(out), sizes),
}
Path(config).write_text(json.dumps(plan, indent=1))
