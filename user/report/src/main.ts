// SPDX-License-Identifier: GPL-2.0-only
// The page of a report: one selection, which everything shows.
import { badge, clean, h } from './dom';
import { colorOf, data, durationText, labelOf, number, real, share, timeText } from './data';
import { Events, explain } from './events';
import { Flame } from './flame';
import { fromFragment, toCommand, toFragment } from './link';
import { clear, compute, countIn, mostOf, Prop, PROPS, selected, selection, toggle, View } from './model';
import { adviceOf, intentOf, standing, Table, titleOf } from './tables';
import { Timeline } from './timeline';

const TITLES: Record<Prop, string> = {
	reason: 'Reason', intent: 'Kind', at: 'Place', dev: 'Device', netns: 'Namespace', flow: 'Flow',
	sock: 'Socket', comm: 'Task', host: 'Host', frame: 'Frame',
};

const end = Math.max(...data.rows.map((r) => r[8]), 0);
const begin = Math.min(...data.rows.map((r) => r[7]), end);

/* ---- on top ---- */

function head(): void {
	const boots = data.boots.filter((b) => !b.rest), b = boots[0];
	const host = boots.length > 1 ? `${boots.length} hosts or boots` : clean(b?.node || 'an unknown host');
	const fact = (k: string, v: string) => v ? h('div', {}, h('dt', {}, k), h('dd', {}, v)) : null;
	const one = (key: 'kernel' | 'machine' | 'version') => [...new Set(boots.map((x) => x[key]).filter(Boolean))].map(clean).join(', ');

	document.title = `${number(data.total)} packet drops on ${host}`;
	document.getElementById('head')!.append(
		h('h1', {}, 'Packet drops on ', h('span', {}, host)),
		h('dl', { class: 'facts' },
			fact('Drops', number(data.total)),
			fact(real ? 'From (UTC)' : 'From', data.total ? timeText(begin, 3, true) : ''),
			fact('For', data.total ? durationText(end - begin) : ''),
			fact('Kernel', one('kernel') + (one('machine') ? ', ' + one('machine') : '')),
			fact('Module', one('version'))),
		losses());
}

/* Nothing is told as complete that is not. */
function losses(): HTMLElement {
	const l = data.loss, bad: string[] = [], notes: string[] = [];
	const n = (k: number, what: string) => `${number(k)} ${what}${k === 1 ? '' : 's'}`;
	let lost = 0;

	for (const [cause, count] of Object.entries(l.lost)) {
		if (!count || l.exact)
			continue;
		if (cause === 'history') {
			notes.push(`${n(count, 'event')} not here: ${data.causes[cause]}`);
			continue;
		}
		lost += count;
		bad.push(`${n(count, 'event')} lost: ${data.causes[cause] ?? cause}`);
	}
	if (data.counted) {
		const all = Object.values(data.counted).reduce((a, b) => a + b, 0);
		notes.push(`The module has counted ${n(all, 'drop')} since it was loaded or reset; this report has those that the rings still had.`);
	}
	if (l.filters) {
		const set = Object.entries(l.filters).filter(([k, v]) => v !== null && v !== '' && k !== 'enabled');
		for (const [k, v] of set)
			bad.push(`Drops were filtered by the module's ${k}=${v}`);
		if (l.filters.enabled === '0' || l.filters.enabled === 'N')
			bad.push('The module was disabled at the end.');
	} else if (!data.live) {
		notes.push('The recording does not say which drops the module left out.');
	}
	if (l.filter_changes)
		bad.push(`${n(l.filter_changes, 'change')} of the module's filters meanwhile.`);
	for (const text of [l.selected, data.selected])
		if (text)
			bad.push('Only a selection: ' + text);
	if (l.hidden)
		notes.push(`${n(l.hidden, 'usually harmless drop')} left out.`);
	if (l.too_short + l.no_header)
		bad.push(`${n(l.too_short + l.no_header, 'packet')} left out: the expression could not be judged.`);
	if (l.twice)
		notes.push(`${n(l.twice, 'event')} in more than one recording, counted once.`);
	if (l.may_be_twice)
		bad.push('Some events may be counted twice.');
	for (const [what, list] of [['flows', data.flows], ['sockets', data.socks], ['tasks', data.comms], ['stacks', data.stacks], ['devices', data.devs], ['namespaces', data.netns]] as const)
		for (const v of list)
			if (v.rest)
				notes.push(`${n(v.count, 'drop')} of ${what} too rare to keep apart.`);
	const list = (all: string[]) => all.map((t) => h('li', {}, clean(t)));
	return h('section', { class: 'losses ' + (bad.length ? 'bad' : 'good'), id: 'losses', 'aria-label': 'What is missing', 'data-lost': lost },
		h('strong', {}, bad.length ? lost ? `Incomplete: ${n(lost, 'event')} lost` : 'Not all drops are here' : 'No event was lost'),
		h('ul', {}, ...list(bad), ...list(notes)));
}

/* ---- what stands out ---- */

function peak(reason: string): string {
	const spans = new Float64Array(data.spans);
	for (const row of data.rows) {
		if (data.stacks[row[0]].reason !== reason)
			continue;
		for (let i = 9, span = 0; i < row.length; i += 2) {
			span += row[i];
			spans[span] += row[i + 1];
		}
	}
	/* The rate of a second, or of a span if that is longer. */
	const wide = Math.max(1, Math.round(1e9 / data.span));
	let sum = 0, best = 0, at = 0;
	for (let s = 0; s < spans.length; s++) {
		sum += spans[s] - (s >= wide ? spans[s - wide] : 0);
		if (sum > best) {
			best = sum;
			at = s;
		}
	}
	if (data.spans * data.span < 2e9)
		return '';
	const rate = best / (wide * data.span / 1e9);
	return `, at most ${number(Math.round(rate))}/s at ${timeText(Math.max(at - wide + 1, 0) * data.span, 0)}`;
}

function outstanding(view: View): HTMLElement {
	const found = standing(view);
	const faults = found.filter((g) => intentOf(g) === 'bad').reduce((n, g) => n + g.count, 0);

	return h('section', { class: 'card', id: 'verdict', 'aria-labelledby': 'title-verdict' },
		h('h2', { id: 'title-verdict' }, 'What stands out'),
		h('p', {}, faults ? `${number(faults)} of ${number(data.total)} drops (${share(faults, data.total)}) are of a bad kind: this host lacks room, or something is broken.` :
			found.length ? 'No drop is of a bad kind. Suspicious are these: a fault elsewhere, or a wrong setting.' :
			data.total ? 'All drops are of kinds that are usual on a healthy host, or unknown.' : 'There are no drops.'),
		h('ol', { class: 'verdict' }, ...found.slice(0, 4).map((g) => h('li', {},
			h('button', { type: 'button', click: () => { clear(); toggle('reason', g.key); change(); } },
				badge(intentOf(g)), ' ', h('i', { class: 'swatch s' + colorOf(g.key) }), h('b', {}, clean(labelOf(g.key)))),
			h('span', {}, ` ${number(g.count)} drops, ${share(g.count, data.total)}, at ${clean(mostOf(g.mostly)[0] || 'an unknown place')}${peak(g.key)}`),
			adviceOf(g) ? h('p', {}, '\u2192 ', clean(adviceOf(g))) : null))));
}

/* ---- the selection ---- */

const status = h('div', { class: 'selection', id: 'selection', role: 'region', 'aria-label': 'Selection' });
const live = h('p', { class: 'hidden', 'aria-live': 'polite' });

function chips(view: View): void {
	const all: Node[] = [];
	const chip = (text: string, what: string, drop: () => void) => all.push(h('button', {
		type: 'button', class: 'chip', 'aria-label': `Remove ${what} ${text}`, click: () => { drop(); change(); },
	}, h('span', {}, what + ' '), text, h('span', { 'aria-hidden': 'true' }, ' \u00d7')));

	for (const p of PROPS)
		for (const key of selected(p) ?? [])
			chip(titleOf(p, key), TITLES[p], () => toggle(p, key));
	if (selection.time) {
		const [from, to] = selection.time;
		chip(`${timeText(from * data.span)} to ${timeText((to + 1) * data.span)}`, 'Time', () => { selection.time = null; });
	}
	const some = all.length > 0;
	const command = toCommand(selection.sets.has('frame') || some ? 'list' : 'count');
	const words = h('code', { id: 'command', tabindex: 0 }, clean(command.words));
	status.replaceChildren(
		h('p', {}, h('strong', { id: 'count' }, number(view.total)), ` of ${number(data.total)} drops`,
			some ? ` (${share(view.total, data.total)}) selected` : ''),
		h('p', { class: 'chips' }, ...all, some ? h('button', { type: 'button', class: 'clear', id: 'clear', click: () => { clear(); change(); } }, 'Show all') :
			h('span', { class: 'hint' }, 'Click a row, a frame or a reason, or drag over the timeline, to select.')),
		h('p', { class: 'command' }, 'The same in a shell: ', words, command.missing.length ?
			h('small', {}, ` without ${command.missing.map((m) => clean(m)).join(', ')}: no option selects that`) : null));
	live.textContent = `${number(view.total)} drops selected`;
}

/* ---- and all of it ---- */

const timeline = new Timeline(() => change());
const flame = new Flame(() => change());
const events = new Events();
const tables = [
	new Table('reason', 'Reasons', 12, () => change()),
	new Table('at', 'Places', 8, () => change(), 'Functions of the kernel that dropped.'),
	new Table('flow', 'Flows', 8, () => change()),
	new Table('dev', 'Devices', 8, () => change()),
	new Table('netns', 'Namespaces', 8, () => change()),
	new Table('sock', 'Sockets', 8, () => change()),
	new Table('comm', 'Tasks', 8, () => change(), 'What ran on that CPU: mostly only interrupted.'),
	new Table('intent', 'Kinds', 8, () => change()),
];
if (data.boots.length > 1)
	tables.push(new Table('host', 'Hosts', 8, () => change()));
const explained = h('div');
const section = (id: string, title: string, ...children: Node[]) =>
	h('section', { class: 'card', id, 'aria-labelledby': 'title-' + id }, h('h2', { id: 'title-' + id }, title), ...children);

let view: View;

function draw(): void {
	view = compute();
	chips(view);
	timeline.draw(view);
	flame.draw(view);
	for (const t of tables)
		t.draw(view);
	explained.replaceChildren(...[...selected('reason') ?? []].slice(0, 3).filter((r) => data.reasons[r]).map(explain));
	events.draw(view);
}

/* What had the focus is another element now. */
function focusPath(): (() => void) {
	const at = document.activeElement, row = at?.closest('tr[data-key]'), card = at?.closest('section[id]');
	if (!at || at === document.body)
		return () => {};
	const key = row?.getAttribute('data-key'), label = at.getAttribute('aria-label'), id = at.id;
	return () => {
		if (document.contains(at))
			return;
		const scope = card?.id ? document.getElementById(card.id) ?? document : document;
		const again = [...scope.querySelectorAll('button,[tabindex]')].find((e) => id && e.id === id ||
			key !== null && key !== undefined && e.closest('tr')?.getAttribute('data-key') === key ||
			label && e.getAttribute('aria-label') === label);
		(again as HTMLElement ?? document.getElementById('clear') ?? document.getElementById('plot'))?.focus({ preventScroll: true });
	};
}

function change(): void {
	const refocus = focusPath(), text = toFragment(selection);

	if (text !== location.hash.slice(1))
		history.replaceState(null, '', '#' + text);
	draw();
	refocus();
}

function start(): void {
	fromFragment(location.hash);
	head();
	const whole = compute0();
	document.getElementById('main')!.append(
		outstanding(whole), status, live,
		section('time', 'Timeline', timeline.element),
		tables[0].element, explained,
		section('stacks', 'Flame graph', flame.element),
		h('div', { class: 'grid' }, ...tables.slice(1).map((t) => t.element)),
		events.element);
	document.getElementById('foot')!.append(h('p', {},
		`Made by whydrop ${data.whydrop}. This file loads nothing and sends nothing. The address holds the selection. `,
		'It may have addresses and bytes of packets: mail it to whom you would mail a capture.'));
	draw();
	addEventListener('hashchange', () => {
		fromFragment(location.hash);
		draw();
	});
}

/* As if nothing was selected. */
function compute0(): View {
	const { sets, time } = selection;
	selection.sets = new Map();
	selection.time = null;
	const all = compute();
	Object.assign(selection, { sets, time });
	return all;
}

start();
/* For tests and for who looks into it with the browser's console. */
Object.assign(window, { whydrop: { data, countIn, total: () => view.total } });
