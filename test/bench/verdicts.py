"""Prints the scenario table and the fan-out's figures that Pipe.Tests wrote, and keeps them in results/verdicts.json."""
import json
import sys
from pathlib import Path

import report

PEERS = ["ServicesStable", "GitHub action", "ecspresso"]
FAN_OUTS = {"fanOut": "all succeed", "fanOutCrashing": "all crash and are rolled back"}


def section(name):
    return json.loads((Path(sys.argv[1]) / f"{name}.json").read_text(encoding="utf-8"))


figures = section("table")
fans = {name: section(name) for name in FAN_OUTS}

table = [["scenario", "true outcome", "ours", "exit", *PEERS]]
for row in figures["rows"]:
    table.append([
        row["scenario"],
        row["truth"],
        row["ours"]["verdict"],
        row["ours"]["exitCode"],
        *(("" if row[peer]["right"] else "WRONG ") + f"{row[peer]['says']} ({row[peer]['at']} s)" for peer in PEERS),
    ])
report.table(table)
print()
summary = figures["summary"]
report.table([["", "right", "delay after ECS decides, median", "worst"], *(
    [name, f"{item['right']} of {item['of']}", f"{item['delayMedian']} s", f"{item['delayWorst']} s"] for name, item in summary.items()
)])
print()
print("Flaws (ecs.md section 4) and the rows that show them:")
for flaw in figures["flaws"]:
    shown = "; ".join(flaw["rows"]) or f"no row: {flaw['note']}"
    print(f"  {flaw['flaw']} {flaw['peer']}, {flaw['what']}: {shown}")
print()
print("First reasons of ours:")
for row in figures["rows"]:
    if row["ours"]["reason"]:
        print(f"  {row['scenario']}: {row['ours']['reason']}")
print()
print("Two hundred services of forty task definitions in one run, on the virtual clock, 40 ms to each answer:")
report.table([["", "registers", "describes of services", "services in each, mean", "throttled", "verdict after ECS decides, median", "worst", "wall"], *(
    [FAN_OUTS[name], fan["registers"], fan["describes"], fan["describedTogetherMean"], fan["throttled"], f"{fan['delayMedian']} s", f"{fan['delayWorst']} s", f"{fan['wall']} s"]
    for name, fan in fans.items()
)])
report.write("verdicts", {"summary": figures["summary"], **fans, "flaws": figures["flaws"], "rows": figures["rows"]})
