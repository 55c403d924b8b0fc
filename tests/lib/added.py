#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares JSON Lines of two readers: added.py OLD NEW

NEW has each line of OLD, with all that OLD has in it, unchanged; drops and losses are in the
same order. It may have more: lines of a type that OLD has none of, and keys. Prints
what was added, or what differs; the exit status is 1 then.
"""
import collections
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def differences(path, old, new):
    """What is wrong with new; keys that were added are counted in added."""
    wrong, added = [], collections.Counter()
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() | new.keys():
            if key not in old:
                added[f"{path}.{key}"] += 1
            elif key not in new:
                wrong.append(f"{path}.{key} is missing")
            else:
                w, a = differences(f"{path}.{key}", old[key], new[key])
                wrong += w
                added += a
    elif old != new or type(old) is not type(new):
        wrong.append(f"{path} is {new!r}, was {old!r}")
    return wrong, added


before, after = load(sys.argv[1]), load(sys.argv[2])
types = {line["type"] for line in before}
added = collections.Counter(f'{line["type"]} lines' for line in after if line["type"] not in types)
rest = [line for line in after if line["type"] in types]
wrong = []
for line in before:
    # Counts that are the same come in any order.
    tries = rest[:1] if line["type"] in ("drop", "lost") else rest
    found = [differences(line["type"], line, other) for other in tries]
    best = min(range(len(found)), key=lambda i: len(found[i][0]), default=None)
    if best is None:
        wrong.append(f"no line for {json.dumps(line)[:200]}")
        continue
    wrong += found[best][0]
    added += found[best][1]
    del rest[best]
for line in rest:
    # Readers of 1.2 and older left these out.
    if line["type"] == "stack" and line["stack"] is None:
        added["stack lines of drops without a stack"] += 1
    else:
        wrong.append(f"a line more: {json.dumps(line)[:200]}")
if not before:
    wrong.append("nothing to compare")
print(f"{len(before)} lines;", ", ".join(wrong[:8] if wrong else
      (f"{n} {what}" for what, n in sorted(added.items()))) or "nothing added")
sys.exit(bool(wrong))
