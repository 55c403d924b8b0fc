// SPDX-License-Identifier: GPL-2.0-only
// Some of the events, each with its packet decoded, and what is known of the reason.
import { badge, clean, h } from './dom';
import { COLORS, colorOf, data, labelOf, number } from './data';
import { FLOW, STACK } from './data';
import { isSelected, selection, View } from './model';
import { bytesOf, decode, dump } from './packet';

const SHOWN = 20;
const HIDDEN = ['type', 'data', 'sock', 'inner', 'stack', 'lines', 'flow', 'reason', 'class', 'intent'];

const text = (v: unknown): string => v !== null && typeof v === 'object' ?
	Object.entries(v).filter(([, x]) => x !== null).map(([k, x]) => `${k} ${text(x)}`).join(', ') : clean(String(v));

function pairs(event: Record<string, unknown>): HTMLElement {
	return h('dl', {}, ...Object.entries(event).filter(([k, v]) => v !== null && v !== '' && v !== false && !HIDDEN.includes(k))
		.map(([k, v]) => h('div', {}, h('dt', {}, clean(k)), h('dd', {}, text(v)))));
}

function details(i: number): HTMLElement {
	const { of, event } = data.events[i];
	const bytes = bytesOf(typeof event.data === 'string' ? event.data : '');
	const stack = data.stacks[of[STACK]];
	const type = parseInt(String(event.ethertype ?? '0'), 16) || 0;

	return h('div', { class: 'event' },
		h('div', {},
			h('h3', {}, 'Packet'),
			bytes.length ? h('ul', { class: 'headers' }, ...decode(bytes, type, event.mac_dst !== null).map((l) => h('li', {}, l))) :
				h('p', {}, event.unwritten ? 'No bytes were kept: the kernel may not have written them.' : 'No bytes were kept.'),
			bytes.length ? h('pre', { tabindex: 0 }, dump(bytes)) : null,
			event.inner ? h('p', {}, 'In the tunnel: ' + text(event.inner)) : null,
			event.sock ? h('p', {}, 'Socket: ' + text(event.sock)) : null),
		h('div', {}, h('h3', {}, 'Stack'),
			h('ol', { class: 'frames' }, ...stack.frames.map((f) => h('li', {}, h('code', {}, clean(data.names[f]))))),
			stack.flags ? h('p', {}, 'Remarks: ' + clean(stack.flags)) : null),
		h('div', {}, h('h3', {}, 'Fields'), pairs(event)));
}

export class Events {
	readonly element: HTMLElement;
	private readonly list = h('div');
	private readonly count = h('p', { class: 'hint' });
	private shown = SHOWN;
	private before = '';

	constructor() {
		this.element = h('section', { class: 'card', id: 'events', 'aria-labelledby': 'title-events' },
			h('h2', { id: 'title-events' }, 'Events'), this.count, this.list);
	}

	draw(view: View): void {
		const inTime = (e: Record<string, unknown>) => {
			if (!selection.time)
				return true;
			const ns = nanoseconds(e);
			return ns !== null && ns >= selection.time[0] * data.span && ns < (selection.time[1] + 1) * data.span;
		};
		const all = data.events.map((e, i) => i).filter((i) => isSelected(data.events[i].of) && inTime(data.events[i].event));

		/* Another selection begins with few again. */
		if (this.before !== all.join())
			this.shown = SHOWN;
		this.before = all.join();
		this.count.textContent = data.events.length === data.total ?
			`${number(all.length)} events are selected.` :
			`A sample: this file has ${number(data.events.length)} of ${number(data.total)} events, spread over the time of each stack. ` +
			`Of the ${number(view.total)} that are selected it has ${number(all.length)}. All other numbers count every event.`;
		this.list.replaceChildren(...all.slice(0, this.shown).map((i) => this.item(i)),
			all.length > this.shown ? h('button', { type: 'button', class: 'more', id: 'more-events', click: () => {
				this.shown += 100;
				this.draw(view);
			} }, `More of ${number(all.length)}`) : '');
	}

	private item(i: number): HTMLElement {
		const { of, event } = data.events[i];
		const stack = data.stacks[of[STACK]], flow = data.flows[of[FLOW]];
		const time = String(event.time ?? event.mono ?? '').replace(/^.*T/, '').replace(/(\.\d{6})\d*Z?$/, '$1');
		const item = h('details', { class: 'item', toggle: () => {
			if (item.open && item.children.length === 1)
				item.append(details(i));
		} }, h('summary', {},
			h('span', { class: 'time' }, clean(time)),
			h('i', { class: 'swatch s' + (stack.rest ? COLORS : colorOf(stack.reason)) }),
			h('b', {}, clean(labelOf(stack.reason))),
			h('span', {}, clean(String(event.dev ?? '-'))),
			h('span', { class: 'flow' }, clean(String(event.flow ?? flow.name ?? '')))));
		return item;
	}
}

/* Counted from the start of the timeline. */
function nanoseconds(e: Record<string, unknown>): number | null {
	const mono = /^(\d+)\.(\d{9})$/.exec(String(e.mono ?? ''));
	const m = /^(.*)\.(\d{9})Z$/.exec(String(e.time ?? ''));
	let ns: bigint;

	if (data.clock === 'real') {
		const seconds = m ? Date.parse(m[1] + 'Z') : NaN;
		if (isNaN(seconds))
			return null;
		ns = BigInt(seconds) * 1000000n + BigInt(m![2]);
	} else {
		if (!mono)
			return null;
		ns = BigInt(mono[1]) * 1000000000n + BigInt(mono[2]);
	}
	return Number(ns - BigInt(data.start));
}

/* What is known of a reason, and of its places. */
export function explain(reason: string): HTMLElement {
	const r = data.reasons[reason];
	const places = [...new Set(data.stacks.filter((s) => s.reason === reason && s.place >= 0).map((s) => s.place))];
	const intents = new Set(data.stacks.filter((s) => s.reason === reason).map((s) => s.intent));
	const part = (a: { meaning: string | null; causes: string[]; look: { command: string; why: string | null }[] }) => [
		a.meaning ? h('p', {}, a.meaning) : null,
		a.causes.length ? h('ul', {}, ...a.causes.map((c) => h('li', {}, c))) : null,
		a.look.length ? h('ul', { class: 'look' }, ...a.look.map((l) => h('li', {}, h('code', {}, l.command), l.why ? h('small', {}, ' ' + l.why) : null))) : null,
	];

	return h('article', { class: 'explain' },
		h('h3', {}, clean(labelOf(reason)), ' ', ...[...intents].map(badge)),
		...r?.meaning ? part(r) : [h('p', {}, clean(r?.description ?? '') || 'Nothing is known of this reason; its places may tell.')],
		...places.slice(0, 3).flatMap((p) => [h('h4', {}, 'At ' + data.places[p].functions.split(' ')[0]), ...part(data.places[p])]));
}
