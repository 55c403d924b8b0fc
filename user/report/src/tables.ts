// SPDX-License-Identifier: GPL-2.0-only
// Tables whose rows select: reasons, places, devices, flows and so on.
import { badge, clean, h, INTENTS } from './dom';
import { COLORS, colorOf, data, functionOf, labelOf, number, REST, share, spaceText, timeText } from './data';
import { Group, has, mostOf, Prop, REMAINDER, selected, sorted, toggle, View } from './model';

type Grouped = Exclude<Prop, 'frame'>;

const intentOf = (g: Group) => g.intents.size > 1 ? 'mixed' : [...g.intents][0];
const classOf = (g: Group) => g.classes.size > 1 ? 'mixed' : [...g.classes][0];
export const titleOf = (p: Prop, key: string): string => {
	if (key === REMAINDER) return REST;
	if (p === 'sock' || p === 'dev') return clean(key.replace(/@\d*( of .*)?$/s, '')) || (p === 'dev' ? '(no device)' : '(no socket)');
	if (p === 'host') return clean(key.split(' ')[0]) || '(unknown host)';
	if (p === 'netns' && /^\d*@/.test(key)) return clean(key.replace('@', ' of '));
	if (p === 'netns' && key.includes(' ')) return clean(key.replace(/^(\d+) (.*)$/s, '$2 ($1)'));
	return clean(key) || { at: '(no place)', netns: '(unknown)', comm: '(none)' }[p as string] || '(none)';
};

/* What to do first, of a reason at the place where most of it was: as `whydrop explain' does. */
export function adviceOf(g: Group): string {
	const at = mostOf(g.mostly)[0];
	for (const s of data.stacks)
		if (s.reason === g.key && s.place >= 0 && functionOf(data.names[s.frames[0]] ?? '') === at)
			return data.places[s.place].advice ?? '';
	return data.reasons[g.key]?.advice ?? '';
}

export class Table {
	readonly element: HTMLElement;
	private readonly body = h('div');
	private all = false;
	private view: View | null = null;

	constructor(readonly prop: Grouped, private readonly title: string, private readonly few: number,
		private readonly change: () => void, hint = '') {
		this.element = h('section', { class: 'card', id: 'by-' + prop, 'aria-labelledby': 'title-' + prop },
			h('h2', { id: 'title-' + prop }, title), hint ? h('p', { class: 'hint' }, hint) : null, this.body);
	}

	draw(view: View): void {
		this.view = view;
		const map = view.groups[this.prop];
		for (const key of selected(this.prop) ?? [])
			if (!map.has(key))
				map.set(key, { key, count: 0, first: NaN, last: NaN, row: [], mostly: new Map([['', 0]]),
					intents: new Set(['unknown']), classes: new Set(['']) });
		const groups = sorted(map);
		/* Of the selection itself; the others are what there would be instead. */
		const total = groups.reduce((n, g) => n + g.count, 0);
		const reason = this.prop === 'reason';
		const shown = groups.slice(0, this.all ? 1000 : this.few);
		const some = !!selected(this.prop);

		const head = ['', 'Drops', 'Share', this.title.replace(/s$/, '')];
		if (this.prop === 'dev' || this.prop === 'sock')
			head.push('Namespace');
		head.push(...reason ? ['Kind', 'First', 'Last', 'Mostly at', 'What to do first'] : this.prop === 'intent' ? [] : ['Mostly']);
		this.body.replaceChildren(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': this.title + ', table' },
			h('table', {}, h('thead', {}, h('tr', {}, ...head.map((t, i) =>
				i ? h('th', { scope: 'col', class: i < 3 ? 'num' : null }, t) : h('td', {})))),
			h('tbody', {}, ...shown.map((g) => this.row(g, total, some))))),
		groups.length > this.few ? h('button', { type: 'button', class: 'more', click: () => this.more() },
			this.all ? 'Fewer' : `All ${number(groups.length)}`) : '');
	}

	private more(): void {
		this.all = !this.all;
		this.draw(this.view!);
	}

	private row(g: Group, total: number, some: boolean): HTMLElement {
		const reason = this.prop === 'reason', on = has(this.prop, g.key);
		const color = g.key === REMAINDER ? COLORS : colorOf(g.key);
		const name = titleOf(this.prop, g.key), of = g.row;
		const cells: (Node | string)[] = [];

		if (this.prop === 'dev' || this.prop === 'sock')
			cells.push(h('td', {}, of.length ? clean(spaceText(this.prop === 'dev' ? data.devs[of[1]] : data.socks[of[4]])) : ''));
		if (reason) {
			cells.push(h('td', { class: 'kind' }, badge(intentOf(g)), h('small', {}, classOf(g))),
				h('td', { class: 'time' }, isFinite(g.first) ? timeText(g.first) : ''),
				h('td', { class: 'time' }, isFinite(g.last) ? timeText(g.last) : ''),
				h('td', {}, clean(mostOf(g.mostly)[0])), h('td', { class: 'advice' }, clean(adviceOf(g))));
		} else if (this.prop !== 'intent') {
			const [most, n] = mostOf(g.mostly);
			cells.push(h('td', {}, clean(labelOf(most)), n < g.count ? ` (${share(n, g.count)})` : ''));
		}
		const act = () => { toggle(this.prop, g.key); this.change(); };
		const bar = h('i', { class: 'bar' + (reason ? ' s' + color : '') });
		bar.style.width = (total ? 100 * g.count / total : 0) + '%';
		return h('tr', { class: on ? 'on' : some ? 'off' : null, 'data-key': g.key, click: (e: MouseEvent) => {
			if (!(e.target as Element).closest('button') && !getSelection()?.toString()) act();
		} },
		h('td', {}, reason ? h('i', { class: 'swatch s' + color }) : ''),
		h('td', { class: 'num count' }, number(g.count)),
		h('td', { class: 'num share' }, share(g.count, total), bar),
		h('td', { class: 'name' }, h('button', { type: 'button', 'aria-pressed': on ? 'true' : 'false', click: act },
			this.prop === 'intent' ? badge(g.key) : name)), ...cells);
	}
}

/* Reasons that are a fault, most likely, before all others. */
export function standing(view: View): Group[] {
	return sorted(view.groups.reason).filter((g) => INTENTS.indexOf(intentOf(g)) < 3)
		.sort((a, b) => INTENTS.indexOf(intentOf(a)) - INTENTS.indexOf(intentOf(b)) || b.count - a.count);
}

export { intentOf };
