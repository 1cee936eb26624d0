"""Prints the scenario table that Pipe.Tests wrote, and keeps it in results/verdicts.json."""
import json
import sys

import report

PEERS = ["ServicesStable", "GitHub action", "ecspresso"]

with open(sys.argv[1], encoding="utf-8") as file:
    figures = json.load(file)

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
print("First reasons of ours:")
for row in figures["rows"]:
    if row["ours"]["reason"]:
        print(f"  {row['scenario']}: {row['ours']['reason']}")
report.write("verdicts", figures)
