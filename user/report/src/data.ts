// SPDX-License-Identifier: GPL-2.0-only
// The data of a report, as user/commands/report_data.c writes it.

export interface Value {
	count: number;
	rest?: boolean;
	error?: number;
	name?: string;
	netns?: number | null;
	netns_name?: string | null;
	host?: string;		// whose namespace it is, in a recording of several
	proc?: string | null;
	expr?: string | null;
}

export interface Stack extends Value {
	reason: string;
	flags: string;
	frames: number[];
	class: string;
	intent: string;
	place: number;
}

export interface Boot extends Value {
	node: string; kernel: string; machine: string; version: string; boot_id: string;
}

export interface Look { command: string; why: string | null }

export interface Advice {
	advice: string | null; meaning: string | null; causes: string[]; look: Look[];
}

export interface Reason extends Advice { nth: number; description: string }
export interface Place extends Advice { functions: string }
export type Event = Record<string, unknown>;

export interface Loss {
	exact: boolean; lost: Record<string, number>; without_stack: number; hidden: number;
	too_short: number; no_header: number; filtered: number | null; filter_unjudged: number | null;
	filters: Record<string, string | null> | null; filters_apply: boolean;
	filter_changes: number | null; selected: string | null; twice: number; may_be_twice: boolean;
}

export interface Data {
	report: number; whydrop: string; total: number; live: boolean; again: string;
	selected: string | null;
	stacks: Stack[]; reasons: Record<string, Reason>; devs: Value[]; netns: Value[]; flows: Value[];
	socks: Value[]; comms: Value[]; boots: Boot[]; names: string[]; places: Place[];
	clock: 'real' | 'mono'; start: string; span: number; spans: number;
	rows: number[][];
	events: { of: number[]; event: Event }[];
	loss: Loss; causes: Record<string, string>; counted: Record<string, number> | null;
}

export const data: Data = JSON.parse(document.getElementById('data')!.textContent!);

// Of a row: stack, dev, netns, flow, sock, comm, boot, first, last, then cells.
export const STACK = 0, DEV = 1, NETNS = 2, FLOW = 3, SOCK = 4, COMM = 5, BOOT = 6;
export const FIRST = 7, LAST = 8, CELLS = 9;

/* A namespace by its name, if its inode was never another one's. */
const spaces = new Map<number, Set<string>>();
for (const v of data.netns)
	if (v.netns)
		spaces.set(v.netns, (spaces.get(v.netns) ?? new Set()).add(v.netns_name ?? ''));
export function spaceText(v: Value): string {
	const of = [...spaces.get(v.netns ?? 0) ?? []];
	return (of.length === 1 && of[0] ? of[0] : String(v.netns ?? '')) + (v.host ? ' of ' + v.host : '');
}

/* Without the offset: the function, and the module if it is of one. */
export const functionOf = (frame: string) => frame.replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/, '');
export const names: string[] = data.names.map(functionOf);
export const placeOf = (s: Stack) => s.frames.length ? names[s.frames[0]] : '';

/* Reasons in the order of their counts, which is that of their colors. */
const counts = new Map<string, number>();
for (const s of data.stacks)
	counts.set(s.reason, (counts.get(s.reason) ?? 0) + s.count);
export const reasons: string[] = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! ||
	(a < b ? -1 : 1));
export const COLORS = 7;
const rank = new Map(reasons.map((r, i) => [r, i]));
export const colorOf = (reason: string) => Math.min(rank.get(reason) ?? COLORS, COLORS);
export const REST = '(too rare to keep)';
export const labelOf = (reason: string) => reason || REST;

const startNs = BigInt(data.start);
export const real = data.clock === 'real';

/* As UTC, or as seconds since the boot; @ns is counted from the start of the timeline. */
export function timeText(ns: number, digits = 3, day = false): string {
	const at = startNs + BigInt(Math.round(ns));

	if (!real)
		return (Number(at / 1000000n) / 1000).toFixed(digits) + ' s';
	const date = new Date(Number(at / 1000000n));
	if (isNaN(date.getTime()))
		return Number(at / 1000000000n) + ' s';
	const text = date.toISOString();
	const clock = text.slice(-13, -1).slice(0, digits ? 9 + digits : 8);
	return day ? text.slice(0, -14) + ' ' + clock : clock;
}

export function durationText(ns: number): string {
	const s = ns / 1e9;
	if (s < 0.001) return Math.round(ns / 1000) + ' \u00b5s';
	if (s < 1) return Math.round(s * 1000) + ' ms';
	if (s < 120) return s.toFixed(s < 10 ? 1 : 0) + ' s';
	if (s < 7200) return Math.floor(s / 60) + ' min ' + Math.round(s % 60) + ' s';
	if (s < 172800) return Math.floor(s / 3600) + ' h ' + Math.round(s % 3600 / 60) + ' min';
	return (s / 86400).toFixed(1) + ' days';
}

export const number = (n: number) => n.toLocaleString('en-US');
export function share(n: number, of: number): string {
	if (!of) return '';
	const percent = 100 * n / of;
	return percent && percent < 0.1 ? '<0.1%' : percent.toFixed(percent < 10 && n < of ? 1 : 0) + '%';
}
