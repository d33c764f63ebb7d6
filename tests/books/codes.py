"""codes.py DIAGNOSTICS: prints the diagnostics by code, with their number and the first message of each."""
import json, sys
from collections import Counter

found, first = Counter(), {}
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    if record.get("reason") != "diagnostic": continue
    key = (record["severity"], record["code"])
    found[key] += 1
    first.setdefault(key, f"{record['file'] or ''}:{record['line'] or ''}: {record['message']}")
for (severity, code), times in sorted(found.items()):
    print(f"{severity:7} {code} {times:5} ×  {first[severity, code][:150]}")
if not found: print("no diagnostics")
