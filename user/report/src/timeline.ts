// SPDX-License-Identifier: GPL-2.0-only
// The timeline: drops by reason, stacked; a span of time can be selected and zoomed into.
import { clean, h, svg } from './dom';
import { COLORS, colorOf, data, durationText, labelOf, number, reasons, timeText } from './data';
import { REMAINDER, selection, View } from './model';

const W = 1000, H = 200;

/* A round number above @n, to be the top of the axis. */
function ceiling(n: number): number {
	const ten = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
	return [1, 1.5, 2, 3, 5, 8, 10].map((x) => x * ten).find((x) => x >= n)!;
}

/* Spans that one bar has, so that there are no more bars than can be seen. */
const perBar = (spans: number) => Math.max(1, Math.ceil(spans / 240));

export class Timeline {
	readonly element: HTMLElement;
	private readonly plot = svg('svg', { viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
	private readonly area: HTMLElement;
	private readonly readout = h('p', { class: 'readout' });
	private readonly axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
	private readonly top = h('div', { class: 'top', 'aria-hidden': 'true' });
	private readonly legend = h('ul', { class: 'legend' });
	private readonly table = h('div');
	private readonly buttons: HTMLButtonElement[];
	private bars: { from: number; n: Float64Array; total: number }[] = [];
	private anchor: number | null = null;

	constructor(private readonly change: () => void) {
		this.area = h('div', {
			class: 'plot', tabindex: 0, role: 'group', id: 'plot',
			'aria-label': 'Timeline. Arrow keys select a time, with Shift they extend it, Enter zooms in, Escape shows all.',
			pointerdown: (e: PointerEvent) => this.down(e),
			pointermove: (e: PointerEvent) => this.move(e),
			pointerup: (e: PointerEvent) => this.up(e),
			pointerleave: () => this.tell(null),
			dblclick: () => this.reset(),
			keydown: (e: KeyboardEvent) => this.key(e),
		}, this.plot);
		this.buttons = [
			h('button', { type: 'button', id: 'zoom', click: () => this.zoom() }, 'Zoom in'),
			h('button', { type: 'button', id: 'whole', click: () => this.reset() }, 'Whole time'),
		];
		this.element = h('div', { class: 'timeline' }, this.legend,
			h('div', { class: 'frame' }, this.top, this.area, this.axis), this.readout,
			h('p', { class: 'controls' }, ...this.buttons),
			h('details', {}, h('summary', {}, 'As a table'), this.table));
	}

	private window(): [number, number] {
		return selection.zoom ?? [0, Math.max(data.spans - 1, 0)];
	}

	draw(view: View): void {
		const [from, to] = this.window(), step = perBar(to - from + 1);
		const nr = Math.ceil((to - from + 1) / step);

		this.bars = Array.from({ length: nr }, (_, i) => ({
			from: from + i * step, n: new Float64Array(COLORS + 1), total: 0 }));
		for (const [reason, series] of view.series) {
			const color = reason === REMAINDER ? COLORS : colorOf(reason);
			for (let s = from; s <= to; s++) {
				if (!series[s])
					continue;
				const bar = this.bars[Math.floor((s - from) / step)];
				bar.n[color] += series[s];
				bar.total += series[s];
			}
		}
		/* In drops per second, unless that is far from what a bar has. */
		const bar = step * data.span / 1e9, rate = bar >= 0.05;
		const top = ceiling(Math.max(...this.bars.map((b) => b.total), 1) / (rate ? bar : 1));
		const max = top * (rate ? bar : 1);
		const paths: string[] = Array(COLORS + 1).fill('');
		const width = W / nr;
		this.bars.forEach((b, i) => {
			let y = H;
			for (let c = 0; c <= COLORS; c++) {
				if (!b.n[c])
					continue;
				const height = Math.max(H * b.n[c] / max, 0.6);
				paths[c] += `M${(i * width).toFixed(2)} ${y.toFixed(2)}h${width.toFixed(2)}v${(-height).toFixed(2)}h${(-width).toFixed(2)}z`;
				y -= height;
			}
		});
		this.plot.replaceChildren(
			...[0.25, 0.5, 0.75].map((y) => svg('path', { class: 'grid', d: `M0 ${y * H}H${W}` })),
			...paths.map((d, c) => d && svg('path', { class: 's' + c, d })).filter(Boolean) as Node[]);
		if (selection.time) {
			const x0 = Math.max(selection.time[0] - from, 0) / step * width;
			const x1 = Math.min((selection.time[1] + 1 - from) / step, nr) * width;
			this.plot.append(
				svg('path', { class: 'shade', d: `M0 0H${x0}V${H}H0zM${Math.max(x1, x0)} 0H${W}V${H}H${Math.max(x1, x0)}z` }),
				svg('path', { class: 'edge', d: `M${x0} 0V${H}M${Math.max(x1, x0)} 0V${H}` }));
		}
		this.top.textContent = number(top) + (rate ? ' drops/s' : ' drops in ' + durationText(step * data.span));
		const ticks = 4;
		this.axis.replaceChildren(...Array.from({ length: ticks + 1 }, (_, i) => {
			const ns = (from + (to - from + 1) * i / ticks) * data.span;
			return h('span', {}, timeText(ns, (to - from) * data.span < 10e9 ? 3 : 0));
		}));
		this.drawLegend(view);
		this.drawTable();
		this.buttons[0].disabled = !selection.time;
		this.buttons[1].disabled = !selection.time && !selection.zoom;
		this.tell(null);
	}

	private drawLegend(view: View): void {
		const shown = reasons.filter((r) => view.series.has(r));
		const named = shown.filter((r) => colorOf(r) < COLORS);
		const others = shown.length - named.length + (view.series.has(REMAINDER) ? 1 : 0);
		this.legend.replaceChildren(
			...named.map((r) => h('li', {}, h('i', { class: 'swatch s' + colorOf(r) }), clean(labelOf(r)))),
			...(others ? [h('li', {}, h('i', { class: 'swatch s' + COLORS }), `${others} others`)] : []));
	}

	private drawTable(): void {
		const step = perBar(this.window()[1] - this.window()[0] + 1);
		const used = this.bars.filter((b) => b.total);
		this.table.replaceChildren(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Timeline as a table' },
			h('table', {},
				h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'From'),
					h('th', { scope: 'col', class: 'num' }, 'Drops in ' + durationText(step * data.span)),
					h('th', { scope: 'col' }, 'Mostly'))),
				h('tbody', {}, ...used.slice(0, 300).map((b) => h('tr', {},
					h('td', {}, timeText(b.from * data.span, 3, true)),
					h('td', { class: 'num' }, number(b.total)),
					h('td', {}, this.mostly(b.n))))))));
	}

	private mostly(n: Float64Array): string {
		const c = n.indexOf(Math.max(...n));
		return c < COLORS ? clean(labelOf(reasons[c])) : 'others';
	}

	private tell(bar: number | null): void {
		const step = perBar(this.window()[1] - this.window()[0] + 1);
		const b = bar === null ? null : this.bars[bar];

		if (b) {
			const parts = [...b.n].map((n, c) => [n, c < COLORS ? clean(labelOf(reasons[c] ?? '')) : 'others'] as const)
				.filter(([n]) => n).sort((x, y) => y[0] - x[0]).slice(0, 4).map(([n, r]) => `${r} ${number(n)}`);
			this.readout.textContent = timeText(b.from * data.span, 3) + ': ' +
				(b.total ? `${number(b.total)} drops (${number(Math.round(b.total / (step * data.span / 1e9)))}/s): ${parts.join(', ')}` : 'none');
		} else if (selection.time) {
			const [from, to] = selection.time;
			this.readout.textContent = `Selected: ${timeText(from * data.span, 3)} to ${timeText((to + 1) * data.span, 3)}, ` +
				durationText((to - from + 1) * data.span);
		} else {
			this.readout.textContent = 'Drag to select a time.';
		}
	}

	private barAt(e: PointerEvent): number {
		const box = this.area.getBoundingClientRect();
		return Math.min(Math.max(Math.floor((e.clientX - box.left) / box.width * this.bars.length), 0), this.bars.length - 1);
	}

	private select(a: number, b: number): void {
		const [from, to] = this.window(), step = perBar(to - from + 1);
		selection.time = [from + Math.min(a, b) * step, Math.min(from + (Math.max(a, b) + 1) * step - 1, to)];
		this.change();
	}

	private down(e: PointerEvent): void {
		if (e.button || !this.bars.length)
			return;
		this.anchor = this.barAt(e);
		this.area.setPointerCapture(e.pointerId);
	}

	private move(e: PointerEvent): void {
		if (!this.bars.length)
			return;
		if (this.anchor !== null && this.barAt(e) !== this.anchor)
			this.select(this.anchor, this.barAt(e));
		this.tell(this.barAt(e));
	}

	private up(e: PointerEvent): void {
		if (this.anchor !== null)
			this.select(this.anchor, this.barAt(e));
		this.anchor = null;
	}

	private zoom(): void {
		if (!selection.time)
			return;
		selection.zoom = selection.time;
		selection.time = null;
		this.change();
	}

	private reset(): void {
		selection.time = selection.zoom = null;
		this.change();
	}

	private key(e: KeyboardEvent): void {
		const [from, to] = this.window(), step = perBar(to - from + 1);
		const last = this.bars.length - 1;
		const bar = (span: number) => Math.min(Math.max(Math.floor((span - from) / step), 0), last);
		const move = { ArrowLeft: -1, ArrowRight: 1 }[e.key];

		if (e.key === 'Enter') {
			this.zoom();
		} else if (e.key === 'Escape') {
			this.reset();
		} else if (move && last >= 0) {
			if (!selection.time)
				this.select(move > 0 ? 0 : last, move > 0 ? 0 : last);
			else if (e.shiftKey)
				this.select(bar(selection.time[0]), Math.min(Math.max(bar(selection.time[1]) + move, bar(selection.time[0])), last));
			else
				this.select(Math.min(Math.max(bar(selection.time[0]) + move, 0), last),
					Math.min(Math.max(bar(selection.time[1]) + move, 0), last));
		} else {
			return;
		}
		e.preventDefault();
	}
}
