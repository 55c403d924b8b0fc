// SPDX-License-Identifier: GPL-2.0-only
// What is selected, and how many drops of it have which value.
import { BOOT, CELLS, COMM, data, DEV, FIRST, FLOW, LAST, names, NETNS, placeOf, SOCK, STACK, Value } from './data';

/* Properties to select by. The value of a row in each is a text, of which there is one of each. */
export type Prop = 'reason' | 'intent' | 'at' | 'dev' | 'netns' | 'flow' | 'sock' | 'comm' | 'host' | 'frame';
export const PROPS: Prop[] = ['reason', 'intent', 'at', 'dev', 'netns', 'flow', 'sock', 'comm', 'host', 'frame'];

export interface Selection {
	sets: Map<Prop, Set<string>>;
	time: [number, number] | null;	// spans, the last one included
	zoom: [number, number] | null;
}

export const selection: Selection = { sets: new Map(), time: null, zoom: null };

/* What is neither a name of the remainder nor one that somebody could give. */
export const REMAINDER = '\u0000rest';

const textOf: Record<Exclude<Prop, 'frame'>, (row: number[]) => string> = {
	reason: (r) => data.stacks[r[STACK]].rest ? REMAINDER : data.stacks[r[STACK]].reason,
	intent: (r) => data.stacks[r[STACK]].intent,
	at: (r) => data.stacks[r[STACK]].rest ? REMAINDER : placeOf(data.stacks[r[STACK]]),
	dev: (r) => keys.dev[r[DEV]],
	netns: (r) => keys.netns[r[NETNS]],
	flow: (r) => keys.flow[r[FLOW]],
	sock: (r) => keys.sock[r[SOCK]],
	comm: (r) => keys.comm[r[COMM]],
	host: (r) => keys.host[r[BOOT]],
};

/* The namespace, in which a device or a socket is; and its host, if there are several. */
const space = (v: Value) => (v.netns || v.host ? '@' + (v.netns ?? '') : '') + (v.host ? ' of ' + v.host : '');
export const devKey = (v: Value) => v.rest ? REMAINDER : v.name + space(v);
export const netnsKey = (v: Value) => v.rest ? REMAINDER :
	String(v.netns ?? '') + (v.host ? '@' + v.host : v.netns_name ? ' ' + v.netns_name : '');

const keys = {
	dev: data.devs.map(devKey),
	netns: data.netns.map(netnsKey),
	flow: data.flows.map((v) => v.rest ? REMAINDER : v.name!),
	sock: data.socks.map((v) => v.rest ? REMAINDER : v.name + (v.proc ? ' of ' + v.proc : '') + space(v)),
	comm: data.comms.map((v) => v.rest ? REMAINDER : v.name!),
	host: data.boots.map((v) => v.rest ? REMAINDER : v.node + ' ' + v.boot_id),
};

export const has = (p: Prop, key: string) => selection.sets.get(p)?.has(key) ?? false;
export const selected = (p: Prop) => selection.sets.get(p);

export function toggle(p: Prop, key: string): void {
	const set = selection.sets.get(p) ?? new Set();
	if (!set.delete(key))
		set.add(key);
	if (set.size)
		selection.sets.set(p, set);
	else
		selection.sets.delete(p);
}

export function clear(): void {
	selection.sets.clear();
	selection.time = null;
}

export interface Group {
	key: string;
	count: number;
	first: number;		// ns from the start; of the drops in the selection
	last: number;
	row: number[];		// one of its rows
	mostly: Map<string, number>;	// reasons; of a reason, places
	intents: Set<string>;
	classes: Set<string>;
}

export interface View {
	total: number;
	groups: Record<Exclude<Prop, 'frame'>, Map<string, Group>>;
	stacks: Map<number, number>;	// number of a stack: drops
	series: Map<string, Float64Array>;	// reason: drops in each span, whatever time is selected
}

/* How many of @row are in the time that is selected. */
export function countIn(row: number[], time: [number, number] | null): number {
	let span = 0, n = 0;
	for (let i = CELLS; i < row.length; i += 2) {
		span += row[i];
		if (!time || (span >= time[0] && span <= time[1]))
			n += row[i + 1];
	}
	return n;
}

function hasFrame(stack: number, wanted: Set<string>): boolean {
	return data.stacks[stack].frames.some((f) => wanted.has(names[f]));
}

/* Which of the properties a row is not selected by: none, one, or more (NaN). */
function misses(row: number[], of?: number[]): number {
	let missed = -1;
	for (const [p, set] of selection.sets) {
		const ok = p === 'frame' ? hasFrame((of ?? row)[STACK], set) : set.has(textOf[p](of ?? row));
		if (ok)
			continue;
		if (missed >= 0)
			return NaN;
		missed = PROPS.indexOf(p);
	}
	return missed;
}

export const isSelected = (of: number[]) => misses(of) === -1;

function add(map: Map<string, Group>, key: string, row: number[], n: number, mostly: string): void {
	let g = map.get(key);
	if (!g) {
		g = { key, count: 0, first: Infinity, last: -Infinity, row, mostly: new Map(),
			intents: new Set(), classes: new Set() };
		map.set(key, g);
	}
	g.count += n;
	/* The times of a row are those of all its drops; of some, the spans tell. */
	let first = row[FIRST], last = row[LAST];
	if (selection.time) {
		first = Math.max(first, selection.time[0] * data.span);
		last = Math.min(last, (selection.time[1] + 1) * data.span);
	}
	g.first = Math.min(g.first, first);
	g.last = Math.max(g.last, last);
	g.mostly.set(mostly, (g.mostly.get(mostly) ?? 0) + n);
	g.intents.add(data.stacks[row[STACK]].intent);
	g.classes.add(data.stacks[row[STACK]].class);
}

/*
 * Everything is counted within the selection; the groups of a property within that of all
 * others, so that what is not selected can be, too.
 */
export function compute(): View {
	const view: View = { total: 0, groups: {} as View['groups'], stacks: new Map(), series: new Map() };
	const props = PROPS.filter((p) => p !== 'frame') as Exclude<Prop, 'frame'>[];

	for (const p of props)
		view.groups[p] = new Map();
	for (const row of data.rows) {
		const missed = misses(row);
		if (isNaN(missed))
			continue;
		const n = countIn(row, selection.time);
		const reason = textOf.reason(row), at = textOf.at(row);
		if (missed >= 0) {
			if (n && PROPS[missed] !== 'frame') {
				const p = PROPS[missed] as Exclude<Prop, 'frame'>;
				add(view.groups[p], textOf[p](row), row, n, p === 'reason' ? at : reason);
			}
			continue;
		}
		let series = view.series.get(reason);
		if (!series)
			view.series.set(reason, series = new Float64Array(data.spans));
		for (let i = CELLS, span = 0; i < row.length; i += 2) {
			span += row[i];
			series[span] += row[i + 1];
		}
		if (!n)
			continue;
		view.total += n;
		view.stacks.set(row[STACK], (view.stacks.get(row[STACK]) ?? 0) + n);
		for (const p of props)
			add(view.groups[p], textOf[p](row), row, n, p === 'reason' ? at : reason);
	}
	return view;
}

export function sorted(map: Map<string, Group>): Group[] {
	return [...map.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

export function mostOf(map: Map<string, number>): [string, number] {
	return [...map].reduce((a, b) => b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a);
}
