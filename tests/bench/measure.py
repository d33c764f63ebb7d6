"""Times whole processes against each other, in turn, and writes the table of docs/speed.md.

    python3 measure.py CONFIG.json TABLE.md [DOC.md]

DOC.md, where it is given, gets the table in the place of what stands between its two marks.
CONFIG.json is what `run` writes: facts about the machine and the tools, and a list of comparisons. Wall is a monotonic clock
round the process; CPU (user and system, children that were waited for included) and peak memory come from wait4; a command that
`tells` writes the CPU seconds of a part of its work instead. Ratios are taken pair by pair, so that a busy machine moves both sides; the median pair is told, and between which the others lie.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path


def once(command, before, tells):
    """Runs a command; gives its wall and CPU seconds, or those that it tells, and its peak memory in MiB."""
    if before:
        subprocess.run(["sh", "-c", before], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    start = time.monotonic()
    process = subprocess.Popen(["sh", "-c", f"exec {command}"], stdout=subprocess.PIPE if tells else subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stdout.read() if tells else b""
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}\nexit {process.returncode}\n{told.decode(errors='replace')[-2000:]}")
    return {"wall": wall, "cpu": float(said) if tells else used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}


def compare(case):
    """Runs the sides of a comparison in turn, once unmeasured, then as often as it asks."""
    runs = {name: [] for name in case["sides"]}
    for turn in range(-1, case["times"]):
        for name, command in case["sides"].items():
            result = once(command, case.get("before", {}).get(name), name == case.get("tells"))
            if turn >= 0:
                runs[name].append(result)
    return runs


def middle(values):
    return statistics.median(values)


def ratios(ours, theirs, what):
    pairs = sorted(mine[what] / max(other[what], 1e-9) for mine, other in zip(ours, theirs))
    return middle(pairs), pairs[0], pairs[-1]


def told_seconds(runs, what):
    value = middle(run[what] for run in runs)
    return f"{value:.2f} s" if value < 100 else f"{value:.0f} s"


def row(case, runs):
    """One line of the table, and the ratio that a goal speaks of."""
    names = list(case["sides"])
    ours, theirs = runs[names[0]], runs.get(names[1]) if len(names) > 1 else None
    memory = f"{middle(run['mib'] for run in ours):.0f} MiB"
    cells = [case["what"], told_seconds(ours, "cpu"), told_seconds(ours, "wall"), memory]
    if theirs:
        value, low, high = ratios(ours, theirs, "cpu")
        wall, memory = (f"{ratios(ours, theirs, what)[0]:.2f}" for what in ("wall", "mib"))
        if "tells" in case:
            cells[2:], wall, memory = ["", ""], "", ""
        cells += [told_seconds(theirs, "cpu"), f"**{value:.2f}** ({low:.2f}–{high:.2f})", wall, memory]
    else:
        value = middle(run[case["goal_of"]] for run in ours)
        cells += ["", "", "", ""]
    return "| " + " | ".join(cells) + " |", value


def goals(config, values, results):
    """The goals, and whether the run reaches them."""
    lines = ["| goal | asked | aim | measured | reached |", "|---|---|---|---|---|"]
    for goal in config["goals"]:
        if "memory" in goal:
            value = middle(run["mib"] for run in next(iter(results[goal["memory"]].values())))
        elif "growth" in goal:
            small, large = (middle(run["cpu"] for run in next(iter(results[name].values()))) for name in goal["growth"])
            value = large / small / goal["pages"]
        else:
            value = values[goal["of"]]
        shown = f"1/{1 / value:.1f}" if goal.get("inverse") else f"{value:.0f} ms" if goal.get("ms") else f"{value:.2f}"
        if goal.get("ms"):
            value *= 1000
            shown = f"{value:.0f} ms"
        if "memory" in goal:
            shown = f"{value:.0f} MiB"
        reached = "aim" if value <= goal["aim"] else "yes" if value <= goal["most"] else "**no**"
        lines.append(f"| {goal['what']} | {goal['asked']} | {goal['aimed']} | {shown} | {reached} |")
    return lines


START, END = "<!-- measured: from here to the next mark, tests/bench/run writes -->\n", "<!-- measured: end -->\n"


def record(doc, table):
    text = Path(doc).read_text()
    before, rest = text.split(START)
    _, after = rest.split(END)
    Path(doc).write_text(f"{before}{START}\n{table}\n{END}{after}")


def main(config_path, table_path, doc=None):
    config = json.loads(Path(config_path).read_text())
    results, values, rows = {}, {}, []
    for case in config["cases"]:
        load = os.getloadavg()[0]
        results[case["id"]] = compare(case)
        line, values[case["id"]] = row(case, results[case["id"]])
        rows.append(line)
        print(f"{line}  (load {load:.1f})", flush=True)
    # What the floor takes is a goal too: ours may take as much.
    for goal in config["goals"]:
        if goal.get("floor_memory"):
            goal["most"] = middle(run["mib"] for run in list(results[goal["memory"]].values())[1])
            goal["asked"] = f"{goal['most']:.0f} MiB, the floor's"
    table = [*config["facts"], "", *goals(config, values, results), ""]
    table += ["| what | CPU | wall | peak memory | theirs, CPU | ratio of CPU | of wall | of memory |", "|---|---|---|---|---|---|---|---|", *rows]
    Path(table_path).write_text("\n".join(table) + "\n")
    if doc:
        record(doc, "\n".join(table) + "\n")
    Path(table_path).with_suffix(".json").write_text(json.dumps(results, indent=1))
    print("\n".join(["", *table]))


main(*sys.argv[1:])
