// SPDX-License-Identifier: GPL-2.0-only
// The flame graph: stacks from the outermost frame down to the place, and the reason.
import { clean, h } from './dom';
import { colorOf, data, labelOf, names, number, share } from './data';
import { has, toggle, View } from './model';

interface Node { name: string; count: number; children: Map<string, Node>; reason?: string }

const node = (name: string): Node => ({ name, count: 0, children: new Map() });

function tree(view: View): Node {
	const root = node('all');

	for (const [nr, count] of view.stacks) {
		const stack = data.stacks[nr];
		let at = root;

		root.count += count;
		const frames = stack.frames.map((f) => names[f]).reverse();
		if (!frames.length)
			frames.push('(no stack)');
		for (const name of [...frames, '\n' + stack.reason]) {
			let next = at.children.get(name);
			if (!next)
				at.children.set(name, next = node(name));
			next.count += count;
			at = next;
		}
		at.reason = stack.reason;
	}
	return root;
}

/* Frames that only one thing follows are of no use before the first one that differs. */
const MIN = 0.002, ROW = 20;

export class Flame {
	readonly element: HTMLElement;
	private readonly graph = h('div', { class: 'flame', id: 'flame', role: 'group', 'aria-label': 'Flame graph; each frame selects what it called' });
	private readonly table = h('div');

	constructor(private readonly change: () => void) {
		this.element = h('div', {}, h('p', { class: 'hint' }, 'From the outermost caller down to the function that dropped, ',
			'then the reason. Width: drops. A click selects a frame.'),
		this.graph, h('details', {}, h('summary', {}, 'As a table of stacks'), this.table));
	}

	draw(view: View): void {
		const root = tree(view);
		const boxes: HTMLElement[] = [];
		let depth = 0;
		const put = (n: Node, left: number, level: number) => {
			const width = n.count / root.count;
			if (width < MIN)
				return;
			depth = Math.max(depth, level);
			if (level >= 0)
				boxes.push(this.box(n, left, width, level, root.count));
			const kids = [...n.children.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
			for (const kid of kids) {
				put(kid, left, level + 1);
				left += kid.count / root.count;
			}
		};
		if (root.count)
			put(root, 0, -1);
		this.graph.replaceChildren(...boxes);
		this.graph.style.height = (depth + 1) * ROW + 'px';
		this.drawTable(view, root.count);
	}

	private box(n: Node, left: number, width: number, level: number, total: number): HTMLElement {
		const reason = n.reason;
		const text = reason === undefined ? n.name : labelOf(reason);
		const on = reason === undefined ? has('frame', n.name) : has('reason', reason);
		const box = h('button', {
			type: 'button', 'aria-pressed': on ? 'true' : 'false',
			class: reason === undefined ? 'box' + (/ \[/.test(n.name) ? ' module' : '') : 'box leaf s' + colorOf(reason),
			title: `${clean(text)}: ${number(n.count)} drops, ${share(n.count, total)}`,
			'aria-label': `${clean(text)}, ${number(n.count)} drops`,
			click: () => {
				if (reason !== undefined)
					toggle('reason', reason);
				else if (n.name !== '(no stack)')
					toggle('frame', n.name);
				this.change();
			},
		}, width > 0.03 ? clean(text) : '');
		box.style.left = left * 100 + '%';
		box.style.width = `max(calc(${width * 100}% - 1px), 1px)`;
		box.style.top = level * ROW + 'px';
		return box;
	}

	private drawTable(view: View, total: number): void {
		const rows = [...view.stacks].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 50);
		this.table.replaceChildren(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Stacks as a table' }, h('table', {},
			h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'num' }, 'Drops'), h('th', { scope: 'col', class: 'num' }, 'Share'),
				h('th', { scope: 'col' }, 'Reason'), h('th', { scope: 'col' }, 'Stack, from the place outwards'))),
			h('tbody', {}, ...rows.map(([nr, n]) => h('tr', {},
				h('td', { class: 'num' }, number(n)), h('td', { class: 'num' }, share(n, total)),
				h('td', {}, clean(labelOf(data.stacks[nr].reason))),
				h('td', {}, h('code', {}, clean(data.stacks[nr].frames.map((f) => data.names[f]).join(' \u2190 ') || '(none)') +
					(data.stacks[nr].flags ? ' ; ' + clean(data.stacks[nr].flags) : '')))))))),
		view.stacks.size > 50 && h('p', { class: 'hint' }, `The 50 most frequent of ${number(view.stacks.size)} stacks.`) || '');
	}
}
