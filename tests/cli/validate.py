#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Validates JSON Lines of standard input: validate.py SCHEMA [DEFINITION]

DEFINITION: of the schema, what drops are held against besides. Each line is an object in which no key comes twice. Prints how many lines of
which type there were.
"""
import collections
import json
import sys

import jsonschema


def pairs(items):
    keys = [key for key, _ in items]
    assert len(set(keys)) == len(keys), f"a key twice: {keys}"
    return dict(items)


with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft202012Validator.check_schema(schema)
validators = [jsonschema.Draft202012Validator(schema)]
if len(sys.argv) > 2:
    part = {"$ref": f"#/$defs/{sys.argv[2]}", "$defs": schema["$defs"]}
    validators.append(jsonschema.Draft202012Validator(part))
types = collections.Counter()
for line in sys.stdin:
    obj = json.loads(line, object_pairs_hook=pairs)
    for validator in validators if obj["type"] == "drop" else validators[:1]:
        for error in validator.iter_errors(obj):
            sys.exit(f"{error.json_path}: {error.message[:300]}: {line[:200]}")
    types[obj["type"]] += 1
print(*(f"{name} {n}" for name, n in sorted(types.items())))
