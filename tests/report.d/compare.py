#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
compare.py WHYDROP PAGE RECORDING [OPTIONS]: what a page counts is what count -j, stacks -j and
list -j of the same recording have.
compare.py --total PAGE: how many events its cells have; --names PAGE: all names in it.
"""
import collections
import datetime
import json
import re
import subprocess
import sys

DIMS = ['stacks', 'devs', 'netns', 'flows', 'socks', 'comms', 'boots']


def load(path):
    text = open(path, encoding='utf-8').read()
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S).group(1))
    assert sum(sum(r[10::2]) for r in data['rows']) == data['total'], 'the cells are not all events'
    for i, dim in enumerate(DIMS):
        counts = collections.Counter()
        for r in data['rows']:
            counts[r[i]] += sum(r[10::2])
        assert all(counts[nr] == v['count'] for nr, v in enumerate(data[dim])), f'cells and counts of {dim} differ'
    return data


def view(*args):
    text = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    return [json.loads(line) for line in text.splitlines()]


def differ(what, got, want):
    if got == want:
        return 0
    for key in sorted(set(got) | set(want), key=str)[:2000]:
        if got.get(key) != want.get(key):
            print(f'{what} {key!r}: {got.get(key)}, not {want.get(key)}')
    return 1


def counted(counts, key):
    return {key(c): c['count'] for c in counts if c['type'] == 'count'}


def nanoseconds(text):
    m = re.fullmatch(r'(.*)\.(\d{9})Z', text)
    at = datetime.datetime.strptime(m[1] + '+0000', '%Y-%m-%dT%H:%M:%S%z')
    return int(at.timestamp()) * 10**9 + int(m[2])


def label(event):
    return event['reason'] if event['subsys'] in ('core', None) else event['subsys'] + '/' + event['reason']


def total_of(counts, key):
    """Recordings of several boots: count has a section for each, a page one row."""
    sums = collections.Counter()
    for c in counts:
        if c['type'] == 'count':
            sums[key(c)] += c['count']
    return dict(sums)


def compare(whydrop, page, recording, *options):
    data = load(page)
    same = ('-f', recording) + options
    by = {what: view(whydrop, 'count', '-j', '--by', what, *same) for what in
          ('reason', 'dev', 'netns', 'comm', 'flow', 'at', 'class', 'intent')}
    events = [e for e in view(whydrop, 'list', '-jx', *same) if e['type'] == 'drop']
    bad = 0

    reasons, places, classes, intents = (collections.Counter() for _ in range(4))
    for s in data['stacks']:
        reasons[s['reason']] += s['count']
        places[data['names'][s['frames'][0]] if s['frames'] else None] += s['count']
        classes[s['class']] += s['count']
        intents[s['intent']] += s['count']
    bad += differ('reason', dict(reasons), total_of(by['reason'], label))
    bad += differ('class', dict(classes), total_of(by['class'], lambda c: c['class']))
    bad += differ('intent', dict(intents), total_of(by['intent'], lambda c: c['intent']))
    bad += differ('place', dict(places), total_of(by['at'], lambda c: c['at']))
    bad += differ('dev', {(v['name'] or None, v['netns'], v.get('host')): v['count'] for v in data['devs']},
                  total_of(by['dev'], lambda c: (c['dev'], c['netns'], c.get('host'))))
    bad += differ('netns', {(v['netns'], v['netns_name'], v.get('host')): v['count'] for v in data['netns']},
                  total_of(by['netns'], lambda c: (c['netns'], c['netns_name'], c.get('host'))))
    procs = collections.Counter()
    for v in data['socks']:
        procs[v['proc']] += v['count']
    bad += differ('proc', dict(procs), total_of(view(whydrop, 'count', '-j', '--by', 'proc', *same), lambda c: c['proc']))
    bad += differ('comm', {v['name'] or None: v['count'] for v in data['comms']}, total_of(by['comm'], lambda c: c['comm']))
    flows = total_of(by['flow'], lambda c: c['flow'])
    for v in data['flows']:
        have = flows.get(v['name'], 0)
        if not v.get('rest') and not v['count'] <= have <= v['count'] + v.get('error', 0):
            print(f"flow {v['name']}: {v['count']} and at most {v.get('error', 0)} more, not {have}")
            bad += 1
    if sum(flows.values()) != data['total']:
        print(f"{data['total']} events, not {sum(flows.values())}")
        bad += 1

    # Sockets, by their inodes.
    inodes = collections.Counter()
    for v in data['socks']:
        m = re.search(r' inode (\d+)', v['name'])
        inodes[int(m[1]) if m else None] += v['count']
    bad += differ('inode', dict(inodes), dict(collections.Counter((e['sock'] or {}).get('ino') for e in events)))

    # Stacks, with their reasons.
    want = collections.Counter((label(e), tuple(e['stack'] or ([e['at']] if e['at'] else []))) for e in events)
    got = collections.Counter()
    for s in data['stacks']:
        got[(s['reason'], tuple(data['names'][f] for f in s['frames']))] += s['count']
    bad += differ('stack', dict(got), dict(want))

    # Times: of each span, and the first and last of each reason.
    if data['clock'] == 'real' and all(e['time'] for e in events):
        start, span = int(data['start']), data['span']
        want, got = collections.Counter(), collections.Counter()
        first, last = {}, {}
        for e in events:
            ns = nanoseconds(e['time']) - start
            want[(label(e), ns // span)] += 1
            first[label(e)] = min(ns, first.get(label(e), ns))
            last[label(e)] = max(ns, last.get(label(e), ns))
        have_first, have_last = {}, {}
        for r in data['rows']:
            reason, at = data['stacks'][r[0]]['reason'], 0
            have_first[reason] = min(r[7], have_first.get(reason, r[7]))
            have_last[reason] = max(r[8], have_last.get(reason, r[8]))
            for later, n in zip(r[9::2], r[10::2]):
                at += later
                got[(reason, at)] += n
        bad += differ('span', dict(got), dict(want)) + differ('first', have_first, first) + differ('last', have_last, last)
        if data['spans'] > 720 or any(at >= data['spans'] for _, at in got):
            print(f"{data['spans']} spans")
            bad += 1

    # Events that are shown are events, whole, and each of another number.
    known = {(e['cpu'], e['seq'], e['mono'], e['time']): e for e in events}
    shown = set()
    for e in data['events']:
        key = tuple(e['event'][k] for k in ('cpu', 'seq', 'mono', 'time'))
        have = known.get(key, {})
        wrong = [k for k, v in e['event'].items() if k in have and have[k] != v]
        if not have or wrong or set(have) - set(e['event']) - {'stack', 'lines'}:
            print(f'event {key}: {wrong or "there is none"}')
            bad += 1
        shown.add(key)
    if len(shown) != len(set(known) if data['total'] <= 500 else data['events']) and not options:
        print(f'{len(shown)} events are shown')
        bad += 1
    # What selects a flow selects it.
    for v in data['flows'][:5]:
        if v.get('expr') and not v.get('rest'):
            n = sum(c['count'] for c in view(whydrop, 'count', '-j', *same, v['expr']) if c['type'] == 'count')
            if n < v['count']:
                print(f"{v['expr']}: {n}, not {v['count']}")
                bad += 1
    return bad


def names(node):
    if isinstance(node, str):
        print(node)
    elif isinstance(node, dict):
        for v in node.values():
            names(v)
    elif isinstance(node, list):
        for v in node:
            names(v)


if sys.argv[1] == '--total':
    print(load(sys.argv[2])['total'])
elif sys.argv[1] == '--names':
    names(load(sys.argv[2]))
else:
    sys.exit(min(compare(*sys.argv[1:]), 1))
