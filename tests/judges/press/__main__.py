"""judge-print FILE.pdf [options]: prints one line per judge of a print PDF. Exits with 0 if all pass, 1 if one fails, 3 on wrong usage.

  --trim WxH          the trim size in millimetres that every page must have (else only reported)
  --bleed MM          the width of the bleed that every page must have (3; "none" only reports)
  --ink-limit N       total ink in per cent (300)
  --report FILE       the product's report: {"pages": [{"page": 1, "ink": 262.0, "black-only": false}, …]}
  --black-pages LIST  pages, such as 1,3-5, that must print black alone
  --ramps LIST        plates that must carry a gradient, such as 5:PANTONE 364 C;6:Orange (page and ink)
  --screen FILE       the screen PDF of the same layout: adds the judges delta and text
  --blank-pages LIST  pages that were added for the binding: the screen PDF has none of them, and no text may be on them
  --ean NUMBER|any    a barcode that must be read back: adds the judge barcode
  --details           also lists each blend and picture with its difference

judge-print FILE.html runs axe on it. JUDGE_ONLY / JUDGE_SKIP = judge names; JUDGE_OUT=folder keeps the rasters.
Judges: census x4 fonts ink plates bleed, delta text, barcode, axe. `BROKEN`: the judge did not run, which counts as a failure.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

here = Path(__file__).parent
sys.dont_write_bytecode = True
NAMES = "census x4 fonts ink plates bleed delta text barcode axe".split()


def pages(text):
    """`1,3-5` as numbers."""
    found = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def ramps(text):
    """`5:PANTONE 364 C;6:Orange` as pairs of a page and an ink."""
    pairs = (part.partition(":") for part in filter(None, text.split(";")))
    return [(int(page), ink.strip()) for page, _, ink in pairs]


def asked(args):
    a = argparse.ArgumentParser(prog="judge-print", usage=__doc__, add_help=False)
    a.add_argument("file", type=Path)
    a.add_argument("--trim", type=lambda t: tuple(float(x) for x in t.lower().split("x")))
    a.add_argument("--bleed", type=lambda t: None if t == "none" else float(t), default=3.0)
    a.add_argument("--ink-limit", type=float, default=300)
    a.add_argument("--report", type=Path)
    a.add_argument("--black-pages", type=pages, default=[])
    a.add_argument("--ramps", type=ramps, default=[])
    a.add_argument("--screen", type=Path)
    a.add_argument("--blank-pages", type=pages, default=[])
    a.add_argument("--ean")
    a.add_argument("--details", action="store_true")
    try:
        return a.parse_args(args)
    except SystemExit:
        sys.exit(3)


class Bench:
    """The requested judges, and the data that they share."""

    def __init__(self, asked, folder):
        self.asked, self.folder, self.failed = asked, folder, 0
        self._sheets = self._without = None

    def wants(self, name):
        only, skip = os.environ.get("JUDGE_ONLY", "").split(), os.environ.get("JUDGE_SKIP", "").split()
        return name not in skip and (not only or name in only)

    def say(self, name, status, details):
        print(f"{name:<12} {status:<6} {details}", flush=True)
        self.failed += status in ("FAIL", "BROKEN")

    def run(self, name, judge):
        """Runs a judge: (passed, details, …)."""
        from raster import Broken

        if not self.wants(name):
            return
        try:
            passed, details, *more = judge()
            self.say(name, "PASS" if passed else "FAIL", details)
            if more and self.asked.details:
                for line in more[0]:
                    print(f"  {line}")
        except Broken as error:
            self.say(name, "BROKEN", str(error))
        except Exception as error:
            self.say(
                name,
                "BROKEN",
                f"{type(error).__name__}: {error} at {traceback.extract_tb(error.__traceback__)[-1].filename.split('/')[-1]}:{traceback.extract_tb(error.__traceback__)[-1].lineno}",
            )

    @property
    def sheets(self):
        from raster import separate

        if self._sheets is None:
            self._sheets = separate(self.asked.file, self.pdf, self.folder / "plates")
        return self._sheets

    @property
    def without(self):
        """Sheets of the pages with black body text, rendered without this text."""
        import pikepdf
        from painted import hide_body
        from raster import separate

        if self._without is None:
            bare = pikepdf.open(self.asked.file)
            hidden = hide_body(bare)
            path = self.folder / "without-body-text.pdf"
            bare.save(path)
            self._without = separate(path, pikepdf.open(path), self.folder / "without", hidden) if hidden else {}
        return self._without

    def judge(self):
        import barcode, bleed, census, delta, exchange, fonts, ink, pikepdf, plates, text
        from raster import Broken, screen

        a = self.asked
        try:
            self.pdf = pikepdf.open(a.file)
        except pikepdf.PdfError as error:
            return self.say("file", "BROKEN", str(error).splitlines()[0])
        self.run("census", lambda: census.judge(self.pdf))
        self.run("x4", lambda: exchange.judge(self.pdf, a.file, a.trim, a.bleed))
        self.run("fonts", lambda: fonts.judge(self.pdf))
        self.run("ink", lambda: ink.judge(self.pdf, self.sheets, a.ink_limit, a.report))
        self.run("plates", lambda: plates.judge(self.pdf, self.sheets, self.without, a.black_pages, a.ramps, a.report))
        self.run("bleed", lambda: bleed.judge(self.sheets))
        if a.ean:
            self.run("barcode", lambda: barcode.judge(self.pdf, a.file, self.sheets, a.ean, self.folder))
        if a.screen:
            self.run("text", lambda: text.judge(self.pdf, a.file, a.screen, a.blank_pages))

            def compared():
                same = [number for number in self.sheets if number not in a.blank_pages]
                shown = screen(a.screen, self.folder / "screen", len(same), self.sheets[same[0]])
                if not all(path.exists() for path in shown):
                    raise Broken("the screen PDF has fewer pages")
                return delta.judge(self.pdf, self.sheets, self.without, dict(zip(same, shown)), dict(zip(same, delta.links(a.screen))))

            self.run("delta", compared)

    def axe(self):
        from raster import Broken

        done = subprocess.run(["node", str(here / "axe.mjs"), str(self.asked.file)], capture_output=True, text=True, timeout=600)
        try:
            said = json.loads(done.stdout.strip().splitlines()[-1])
        except (ValueError, IndexError):
            raise Broken(" ".join(done.stderr.split())[:300])
        return said["ok"], said["detail"]


def main(args):
    options = asked(args)
    if not options.file.is_file():
        print(f"judge-print: no file {options.file}\n\n{__doc__}", file=sys.stderr)
        return 3
    kept = os.environ.get("JUDGE_OUT")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(kept) if kept else Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(options, folder)
        if options.file.suffix in (".html", ".htm", ".xhtml"):
            bench.run("axe", bench.axe)
        else:
            bench.judge()
    print(f"verdict      {'FAIL   judges_failed=' + str(bench.failed) if bench.failed else 'PASS'}")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
