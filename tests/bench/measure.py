"""Measures processes in turn, compares them, and writes one of the tables of docs/speed.md.

    python3 measure.py CONFIG.json TABLE.md [DOC.md]

If DOC.md is given, the table replaces the text between the two marks of its part.
CONFIG.json is written by `plan.py`: facts about the machine and the tools, a list of comparisons, and goals. Wall time is measured with a monotonic
clock; CPU time (user and system, including awaited children) and peak memory come from wait4. A side listed in `tells` prints
the CPU seconds of a part of its work instead. Ratios are computed for each pair of runs, so that the load of the machine affects both sides;
the table shows the median, the lowest and the highest pair.

A side that fails ends the run, unless its comparison has `may_fail`: then it is not run again, and the table shows the failure.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path


class Failed(Exception):
    """A command that failed: how it ended, and its output."""

    def __init__(self, how, command, output):
        super().__init__(f"{command}\n{how}\n{output[-2000:]}")
        self.how = how


# ---- one process ----


def once(command, before, tells):
    """Runs a command. Returns its wall seconds, its CPU seconds (printed by itself if `tells`), and its peak memory in MiB."""
    if before:
        subprocess.run(["sh", "-c", before], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    start = time.monotonic()
    process = subprocess.Popen(["sh", "-c", f"exec {command}"], stdout=subprocess.PIPE if tells else subprocess.DEVNULL, stderr=subprocess.PIPE)
    output = process.stdout.read() if tells else b""
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        code = process.returncode
        raise Failed(f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}", command, errors.decode(errors="replace"))
    return {"wall": wall, "cpu": float(output) if tells else used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}


def several(case, name):
    """Runs a side once, or as often as `repeat` says. Returns the means of the times and the highest peak memory."""
    runs = []
    for _ in range(case.get("repeat", {}).get(name, 1)):
        runs.append(once(case["sides"][name], case.get("before", {}).get(name), name in case.get("tells", [])))
        written(case, name)
    mean = {what: statistics.fmean(run[what] for run in runs) for what in ("wall", "cpu")}
    return {**mean, "mib": max(run["mib"] for run in runs)}


def written(case, name):
    """Fails if the folder of a side does not contain the expected number of PDFs."""
    if name in case.get("pdfs", {}):
        folder, asked = case["pdfs"][name]
        found = sum(1 for _ in Path(folder).rglob("*.pdf"))
        if found != asked:
            raise Failed(f"{found:,} of {asked:,} PDFs", case["sides"][name], "")


def compare(case):
    """Runs the sides of a comparison in turn: once without measuring if `warm`, then `times` times. Returns the runs of each side,
    and the failures."""
    runs, failed = {name: [] for name in case["sides"]}, {}
    for turn in range(-1 if case.get("warm", True) else 0, case["times"]):
        for name in case["sides"]:
            if name in failed:
                continue
            try:
                result = several(case, name)
            except Failed as failure:
                if not case.get("may_fail"):
                    sys.exit(str(failure))
                print(failure, file=sys.stderr, flush=True)
                runs[name], failed[name] = [], failure.how
                continue
            if turn >= 0:
                runs[name].append(result)
    return runs, failed


# ---- figures ----


def middle(values):
    return statistics.median(values)


def pairs(ours, theirs, of):
    """Applies `of` to each pair of runs. Returns the median, the lowest and the highest result."""
    found = sorted(of(mine, other) for mine, other in zip(ours, theirs))
    return middle(found), found[0], found[-1]


def ratios(ours, theirs, what):
    return pairs(ours, theirs, lambda mine, other: mine[what] / max(other[what], 1e-9))


def format_seconds(runs, what):
    value = middle(run[what] for run in runs)
    return f"{value:.2f} s" if value < 100 else f"{value:.0f} s"


def format_time(seconds):
    """Formats a time with about three digits."""
    if seconds >= 1:
        return f"{seconds:.2f} s" if seconds < 100 else f"{seconds:,.0f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.3g} ms"


# ---- rows ----


def row(case, runs):
    """Returns one row of the table, and the value that goals use."""
    names = list(case["sides"])
    ours, theirs = runs[names[0]], runs.get(names[1]) if len(names) > 1 else None
    memory = f"{middle(run['mib'] for run in ours):.0f} MiB"
    cells = [case["what"], format_seconds(ours, "cpu"), format_seconds(ours, "wall"), memory]
    if theirs:
        value, low, high = ratios(ours, theirs, "cpu")
        wall, memory = (f"{ratios(ours, theirs, what)[0]:.2f}" for what in ("wall", "mib"))
        if "tells" in case:
            cells[2:], wall, memory = ["", ""], "", ""
        cells += [format_seconds(theirs, "cpu"), f"**{value:.2f}** ({low:.2f}–{high:.2f})", wall, memory]
    else:
        value = middle(run[case["goal_of"]] for run in ours)
        cells += ["", "", "", ""]
    return "| " + " | ".join(cells) + " |", value


def side_rows(case, runs, failed):
    """Returns a row for each side of a comparison. `rows` contains its label, the number of publications, and whether its memory is
    shown: the peak of a process that uses little memory cannot be measured, because it includes that of the process that starts it."""
    lines = []
    for name, (what, count, memory) in case["rows"].items():
        if name in failed:
            cells = [what, f"not reached: {failed[name]}", "", ""]
        else:
            cpu, wall = (middle(run[of] for run in runs[name]) for of in ("cpu", "wall"))
            peak = f"{middle(run['mib'] for run in runs[name]):.0f} MiB" if memory else ""
            cells = [what, format_time(cpu), format_time(wall), peak]
        if case.get("each"):
            cells.append(format_time(cpu / count) if count > 1 and name not in failed else "")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


AGAINST = ["what", "CPU", "wall", "peak memory", "theirs, CPU", "ratio of CPU", "of wall", "of memory"]
SIDES = ["what", "CPU", "wall", "peak memory"]


def header(config):
    """Returns the names of the columns. Tables of catalogues also contain the time per publication."""
    names = AGAINST if config["table"] == "against" else SIDES + ["CPU per publication"] * any(case.get("each") for case in config["cases"])
    return [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]


# ---- goals ----


def aimed(config, values, results):
    """Returns the rows of goals that have an aim beyond the requirement, and whether the run reaches them."""
    lines = ["| goal | asked | aim | measured | reached |", "|---|---|---|---|---|"]
    for goal in config["goals"]:
        if "memory" in goal:
            value = middle(run["mib"] for run in next(iter(results[goal["memory"]].values())))
        elif "growth" in goal:
            small, large = (middle(run["cpu"] for run in next(iter(results[name].values()))) for name in goal["growth"])
            value = large / small / goal["pages"]
        elif "pixels" in goal:
            mine, other = (middle(run["cpu"] for run in runs) for runs in results[goal["of"]].values())
            value = (mine - other) / goal["pixels"] * 1e9
        else:
            value = values[goal["of"]]
        shown = f"1/{1 / value:.1f}" if goal.get("inverse") else f"{value:.0f} ms" if goal.get("ms") else f"{value:.0f} ns" if "pixels" in goal else f"{value:.2f}"
        if goal.get("ms"):
            value *= 1000
            shown = f"{value:.0f} ms"
        if "memory" in goal:
            shown = f"{value:.0f} MiB"
        reached = "aim" if value <= goal["aim"] else "yes" if value <= goal["most"] else "**no**"
        lines.append(f"| {goal['what']} | {goal['asked']} | {goal['aimed']} | {shown} | {reached} |")
    return lines


# The values that goals compute from a pair of runs, and their formats.
MADE = {
    "ratio": (lambda mine, other: mine / other, "{:.2f}"),
    "growth": (lambda mine, other: mine / other - 1, "{:.2f}"),
    "difference": (lambda mine, other: mine - other, "{:.2f} s"),
}


def asked(config, results, failures):
    """Returns the rows of goals about pairs of runs, or about one side: its peak memory, or its success."""
    lines = ["| goal | asked | measured | reached |", "|---|---|---|---|"]
    for goal in config["goals"]:
        runs, failed, made = results[goal["in"]], failures[goal["in"]], goal["made"]
        ours, theirs, what = goal["of"], goal.get("by", goal["of"]), goal.get("figure")
        lost = [f"{name}: {failed[name]}" for name in dict.fromkeys((ours, theirs)) if name in failed]
        if lost:
            shown, reached = "; ".join(lost), False
        elif made == "done":
            shown, reached = "exit 0, all written", True
        elif made == "peak":
            value = max(run["mib"] for run in runs[ours])
            shown, reached = f"{value:.0f} MiB", value <= goal["most"]
        else:
            make, form = MADE[made]
            mine, other = goal.get("each", [1, 1])
            value, low, high = pairs(runs[ours], runs[theirs], lambda a, b: make(a[what] / mine, max(b[what], 1e-9) / other))
            shown = form.format(value) + (f" ({low:.2f}–{high:.2f})" if len(runs[ours]) > 1 else "")
            reached = value <= goal["most"]
        lines.append(f"| {goal['what']} | {goal['asked']} | {shown} | {'yes' if reached else '**no**'} |")
    return lines


# ---- the table ----


def record(doc, part, table):
    start, end = f"<!-- measured, {part}: from here to the next mark, tests/bench/run writes -->\n", f"<!-- measured, {part}: end -->\n"
    text = Path(doc).read_text(encoding="utf-8")
    if text.count(start) != 1 or text.count(end) != 1:
        sys.exit(f"{doc} must have the two marks of {part} once")
    before, rest = text.split(start)
    _, after = rest.split(end)
    Path(doc).write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")


def main(config_path, table_path, doc=None):
    config = json.loads(Path(config_path).read_text())
    results, failures, values, rows = {}, {}, {}, []
    for case in config["cases"]:
        load = os.getloadavg()[0]
        results[case["id"]], failures[case["id"]] = compare(case)
        if "rows" in case:
            lines = side_rows(case, results[case["id"]], failures[case["id"]])
        else:
            line, values[case["id"]] = row(case, results[case["id"]])
            lines = [line]
        rows += lines
        for line in lines:
            print(f"{line}  (load {load:.1f})", flush=True)
    # The memory of the floor is a limit for reliure.
    for goal in config["goals"]:
        if goal.get("floor_memory"):
            goal["most"] = middle(run["mib"] for run in list(results[goal["memory"]].values())[1])
            goal["asked"] = f"{goal['most']:.0f} MiB, the floor's"
    goals = aimed(config, values, results) if config["table"] == "against" else asked(config, results, failures)
    table = [*config["facts"], "", *goals, "", *header(config), *rows]
    Path(table_path).write_text("\n".join(table) + "\n", encoding="utf-8")
    if doc:
        record(doc, config["part"], "\n".join(table) + "\n")
    kept = {"part": config["part"], "runs": results, "failed": failures}
    Path(table_path).with_suffix(".json").write_text(json.dumps(kept, indent=1))
    print("\n".join(["", *table]))


main(*sys.argv[1:])
