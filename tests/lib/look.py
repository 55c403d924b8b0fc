#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""For guest/look: what commands explain names, and whether they show the drops.

look.py commands
    For each line of standard input, FROM|TO|FUNCTION|ENTER|DEV|SRC|DST|OWN, to the file
    TO what the JSON of explain in FROM names: a line for each command, ENTRY:NUMBER,
    what enters its namespace, and the command, with tabs between; then a line on standard
    output. FUNCTION: the place that the case is about, or empty. OWN: those of the reason
    as well, if it says nothing.
look.py judge DIR KERNEL [some]
    KTAP of all that is in DIR. some: only of the cases, not whether all are there.
"""
import collections
import fnmatch
import hashlib
import json
import os
import re
import sys

# What claims to count must have moved by as many as were dropped.
COUNTERS = re.compile(r"l?nstat |grep .*xfrm_stat|cat /proc/net/(softnet_stat|sctp)")
CLAIMS = re.compile(r"\b(drop(s|ped)?|lost|loss(es)?|errors?|how often|overlimits|nohandler)\b")
HEX = re.compile(r"softnet_stat|ip_vs_stats")
FAILED = re.compile(r"(^|: )(Error:|error:|Usage:|No such file|Permission denied|[Cc]annot |.* not found$|unable to)", re.M)


def objects(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def symbol(place):
    return re.split(r"[+. ]", place or "")[0]


def key(meaning):
    return hashlib.md5((meaning or "").encode()).hexdigest()[:8]


def look_of(obj):
    """Its commands and why; nstat is the first, and what names the hook is none of an entry."""
    look = [(x["command"], x["why"] or "") for x in obj["look"] if x["why"] != "the chains at that hook"]
    return [(f"nstat -asz {obj['counters']}" if obj.get("counters") else None, "")] + look


def commands():
    for line in sys.stdin:
        source, to, *words = line.rstrip("\n").split("|")
        with open(source, encoding="utf-8") as f, open(to, "w", encoding="utf-8") as out:
            commands_of(json.loads(f.readline()), out, *words)
        print("done", flush=True)


def commands_of(obj, out, function, enter, dev, src, dst, own):
    says_nothing = obj["reason"] in ("NOT_SPECIFIED", "NOT_AVAILABLE")
    places = [p for p in obj["places"] if p["meaning"]
              and (not function or function in (symbol(p["at"]), symbol(p["for"])))]
    entries = places[:1]
    if not says_nothing or not places or own:
        entries = [obj] + entries
    enter = obj["enter"] or enter
    for entry in entries:
        for i, (command, why) in enumerate(look_of(entry)):
            if not command:
                continue
            # what is left to the reader
            command = command.replace("from 198.51.100.1", f"from {src}")
            command = command.replace("192.0.2.1", src if "source" in why else dst)
            command = re.sub(r"\bDEV\b", dev, command)
            outside = command.startswith("whydrop") or why.startswith("(host)")
            where = "nsenter -t 1 -n" if outside else enter
            print(f"{key(entry['meaning'])}:{i}\t{where}\t{command}", file=out)


def numbers(text, base):
    return [int(x, base) for x in re.findall(r"\b[0-9a-fA-F]+\b" if base == 16 else r"\d+", text)]


def shape_of(text, pattern=r"\d+"):
    """Without its numbers, and what they are padded with."""
    return re.sub(r"[ \t]+", " ", re.sub(pattern, "#", text))


def moved_by(before, after, n, base, adds_up):
    """Does a number of AFTER say one of N more than in BEFORE, or that where there was none?"""
    pattern = r"\b[0-9a-fA-F]+\b" if base == 16 else r"\d+"
    total = 0
    old = collections.defaultdict(list)
    for line in before.splitlines():
        old[shape_of(line, pattern)].append(numbers(line, base))
    for line in after.splitlines():
        shape, new = shape_of(line, pattern), numbers(line, base)
        was = old[shape].pop(0) if old[shape] else [0] * len(new)
        moved = [x - y for x, y in zip(new, was)]
        if any(x in n for x in moved):
            return True
        total += sum(moved[:1])
    return adds_up and total in n


def lines_added(before, after):
    more = collections.Counter(after.splitlines()) - collections.Counter(before.splitlines())
    return sum(k for line, k in more.items() if not line.startswith("#"))


def outcome(command, a, b, c, n, plain):
    """N: how many were sent, and how many dropped. PLAIN: others are dropped, too."""
    if a == c or FAILED.search(c):
        return "failed" if FAILED.search(c) else "same" if c.strip() else "empty"
    limit = re.search(r"^whydrop list .*-c (\d+)", command)
    if command.startswith("whydrop list"):
        rows = len(re.findall(r"^[^#\s]", c, re.M)) if " -x" in command else lines_added(a, c)
        want = [min(x, int(limit.group(1))) for x in n] if limit else n
        return "counts" if rows in want or (plain and rows > min(want)) else f"lists {rows}"
    # Of counters of nstat each may have a part.
    if moved_by(a, c, n, 16 if HEX.search(command) else 10, command.startswith("nstat")):
        return "counts"
    if plain and re.match(r"whydrop (count|stacks)", command) and max(numbers(c, 10), default=0) >= min(n):
        return "counts"
    if b == a or (shape_of(b) == shape_of(a) and shape_of(c) != shape_of(a)):
        return "shows"
    return "moved"


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except FileNotFoundError:
        return None


class Entry:
    def __init__(self, obj):
        self.names, self.look = [], []
        self.meaning = obj["meaning"]
        self.here = obj["type"] == "place"
        for command, why in look_of(obj):
            self.look.append((command and re.sub(r"(whydrop .*-r) \S+", r"\1 REASON", command), why))

    def name(self):
        return self.names[0]


def entries_of(directory):
    entries = collections.OrderedDict()
    for obj in objects(f"{directory}/reasons.json") + objects(f"{directory}/places.json"):
        if not obj.get("meaning"):
            continue
        entry = entries.setdefault(key(obj["meaning"]), Entry(obj))
        if obj["type"] == "place":
            entry.names += obj["functions"]
        else:
            entry.names.append(obj["reason"])
            entry.here |= obj["reason_id"] is not None
    return entries


class Judge:
    def __init__(self, directory, kernel):
        self.dir, self.kernel = directory, kernel
        self.entries = entries_of(directory)
        self.best = collections.defaultdict(dict)	# entry, number: case -> outcome
        self.exempt, self.used = [], set()
        for line in filter(lambda x: x[0] != "#", read(f"{directory}/exempt").splitlines()):
            kernels, name, command, why = line.split("|")
            if fnmatch.fnmatch(kernel, kernels):
                self.exempt.append((name, command, why))

    def case(self, name):
        """Lines to tell of it, and whether something shows the drops."""
        where = f"{self.dir}/cases/{name}"
        what = read(f"{where}/what").split()
        said, good = [], 0
        lines = [line.split("\t") for line in read(f"{where}/commands").splitlines()]
        for i, (entry, _, command) in enumerate(lines, 1):
            a, b, c = (read(f"{where}/{x}/{i}") or "" for x in "abc")
            got = outcome(command, a, b, c, [int(x) for x in what[1].split(",")], what[0].startswith("NOT_"))
            which, number = entry.split(":")
            self.best[which, int(number)][name] = got
            said.append(f"{got}: {command}")
            good += got in ("counts", "shows")
        return what, said, good

    @staticmethod
    def named(entry, name):
        return any(fnmatch.fnmatchcase(x, name) or x == name for x in entry.names)

    def exempted(self, entry, command):
        """The number of the exemption, or None."""
        for i, (name, pattern, _) in enumerate(self.exempt):
            if self.named(entry, name) and fnmatch.fnmatchcase(command, pattern):
                return i
        return None

    def all(self):
        """
        Commands that show nothing and are not exempt; exemptions that are not needed; how
        many show; and the cases to be looked at again, for a timer or another packet may
        have counted, too: by as many as hide the drops, or by just as many as they are.
        """
        missing, shown, doubtful = [], 0, set()
        needed, by_chance = set(), collections.defaultdict(set)
        for which, entry in self.entries.items():
            if not entry.here:
                continue
            for number, (command, why) in enumerate(entry.look):
                if not command:
                    continue
                got = self.best[which, number]
                want = ("counts",) if COUNTERS.match(command) or CLAIMS.search(why) else ("counts", "shows")
                good = [k for k, v in got.items() if v in want]
                exempt = self.exempted(entry, command)
                if exempt is not None:
                    # Each time that its case was run.
                    steady = {base(k) for k in good} - {base(k) for k in got if k not in good}
                    shown += bool(steady)
                    by_chance[exempt] |= steady
                    if not steady:
                        needed.add(exempt)
                elif good:
                    shown += 1
                else:
                    doubtful |= {base(k) for k in got}
                    missing.append(f"{entry.name()}: {command}: " +
                                   (", ".join(f"{k} {v}" for k, v in got.items()) or "no case"))
        # One of reasons that this kernel does not have is not needed here.
        stale = []
        for i, x in enumerate(self.exempt):
            if i not in needed and not x[2].startswith("maybe:") and \
               any(e.here and self.named(e, x[0]) for e in self.entries.values()):
                stale.append("|".join(x))
                doubtful |= by_chance[i]
        return missing, stale, shown, doubtful


def base(case):
    """NAME.2 is the case NAME, a second time."""
    return case.split(".")[0]


def result(number, name, good, lines):
    print(f"{'ok' if good else 'not ok'} {number} {name}")
    if not good:
        for line in lines:
            print(f"# {line}")


def again(directory, kernel):
    """The names of the cases to be run once more."""
    j = Judge(directory, kernel)
    names = {x for x in sorted(os.listdir(f"{directory}/cases")) if not j.case(x)[2]}
    print(*sorted(names | j.all()[3]))


def judge(directory, kernel, some=""):
    runs = sorted(os.listdir(f"{directory}/cases"))
    cases = sorted({base(x) for x in runs})
    j = Judge(directory, kernel)
    print(f"KTAP version 1\n1..{len(cases) + (0 if some else 3)}")
    failed = 0
    for number, name in enumerate(cases, 1):
        lines, good = [], 0
        for run in (x for x in runs if base(x) == name):
            what, said, shows = j.case(run)
            good += shows
            for file in ("cause", "setup"):
                said += (read(f"{directory}/cases/{run}/{file}") or "").splitlines()[:5]
            lines += said
        result(number, f"{name}: something of what explain names shows {what[1]} {what[0]}"
               + (f" at {what[2]}" if what[2] != "-" else ""), good, lines)
        failed += not good
    if not some:
        missing, stale, shown, _ = j.all()
        number = len(cases)
        result(number + 1, "each command that explain names shows what it is named for", not missing, missing)
        result(number + 2, "and it does not where the list says so", not stale, stale)
        result(number + 3, f"{shown} commands do", shown >= 100, [])
        failed += bool(missing) + bool(stale) + (shown < 100)
    sys.exit(failed > 0)


{"commands": commands, "again": again, "judge": judge}[sys.argv[1]](*sys.argv[2:])
