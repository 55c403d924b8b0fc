// SPDX-License-Identifier: GPL-2.0-only
// The selection as the fragment of the page's address, and as a command line.
import { data } from './data';
import { devKey, has, netnsKey, Prop, PROPS, REMAINDER, Selection, selection } from './model';

function spans(text: string | null): [number, number] | null {
	const m = /^(\d+)-(\d+)$/.exec(text ?? '');
	if (!m)
		return null;
	const from = Number(m[1]), to = Number(m[2]);
	return from <= to && to < data.spans ? [from, to] : null;
}

export function toFragment(s: Selection): string {
	const q = new URLSearchParams();
	for (const p of PROPS)
		for (const key of s.sets.get(p) ?? [])
			q.append(p, key);
	if (s.time)
		q.set('time', s.time.join('-'));
	if (s.zoom)
		q.set('zoom', s.zoom.join('-'));
	return q.toString();
}

/* What somebody typed selects nothing worse than no drop. */
export function fromFragment(text: string): void {
	const q = new URLSearchParams(text.replace(/^#/, ''));
	selection.sets.clear();
	for (const p of PROPS) {
		const all = q.getAll(p);
		if (all.length)
			selection.sets.set(p, new Set(all));
	}
	selection.time = spans(q.get('time'));
	selection.zoom = spans(q.get('zoom'));
}

const quote = (word: string) => /^[\w./:@%+,-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";

/* In a list of patterns, what would be one, a comma or an exclusion, stands as "?". */
const literal = (s: string) => s.replace(/[*?[\],!\\]/g, '?').replace(/[^\x20-\x7e]/g, '?') || '-';

export interface Command { words: string; missing: string[] }

/* The options that select the same, and what no option does. */
export function toCommand(what: string): Command {
	const missing: string[] = [], words = ['whydrop ' + what + data.again];
	const list = (option: string, p: Prop, text: (key: string) => string | null) => {
		const set = selection.sets.get(p);
		if (!set)
			return;
		const all = [...set].map((k) => k === REMAINDER ? null : text(k));
		if (all.includes(null))
			missing.push(p);
		else
			words.push(option + ' ' + quote(all.join(',')));
	};
	const dev = (key: string) => data.devs.find((v) => devKey(v) === key);
	let netns: string | null = null;

	if (data.selected)
		missing.push('the selection of this report: ' + data.selected);
	list('-r', 'reason', literal);
	list('-k', 'intent', (k) => k === 'mixed' ? null : k);
	list('--at', 'at', (k) => k ? literal(k.replace(/ \[.*/, '')) : null);
	list('-i', 'dev', (k) => dev(k) ? literal(dev(k)!.name!) : null);
	const devs = selection.sets.get('dev');
	if (devs?.size === 1 && dev([...devs][0])?.netns && !selection.sets.has('netns'))
		netns = String(dev([...devs][0])!.netns);
	if (netns)
		words.push('-N ' + netns);
	list('-N', 'netns', (k) => /^\d*/.exec(k)![0] || null);
	list('--comm', 'comm', literal);
	for (const p of ['sock', 'frame'] as Prop[])
		if (selection.sets.has(p))
			missing.push({ sock: 'the socket', frame: 'the frame' }[p as string]!);
	if (selection.sets.has('host') || data.devs.some((v) => v.host && has('dev', devKey(v))) ||
		data.netns.some((v) => v.host && has('netns', netnsKey(v))))
		missing.push('the host');
	if (selection.time)
		missing.push('the time');
	const flows = [...selection.sets.get('flow') ?? []].map((k) => data.flows.find((f) => f.name === k)?.expr);
	if (flows.includes(null) || flows.includes(undefined))
		missing.push('the flow');
	else if (flows.length)
		words.push(quote(flows.length > 1 ? '(' + flows.join(') or (') + ')' : flows[0]!));
	return { words: words.join(' '), missing };
}

