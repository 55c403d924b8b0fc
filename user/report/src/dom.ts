// SPDX-License-Identifier: GPL-2.0-only
// Makes elements. Text only ever becomes text: names are whoever's who sent the packets.
type Child = Node | string | number | null | undefined | false;
type Attrs = Record<string, string | number | boolean | null | undefined | ((e: any) => void)>;

const SVG = 'http://www.w3.org/2000/svg';

function fill<E extends Element>(e: E, attrs: Attrs, children: Child[]): E {
	for (const [key, v] of Object.entries(attrs)) {
		if (typeof v === 'function')
			e.addEventListener(key, v);
		else if (v !== null && v !== undefined && v !== false)
			e.setAttribute(key, v === true ? '' : String(v));
	}
	for (const c of children)
		if (c !== null && c !== undefined && c !== false)
			e.append(typeof c === 'number' ? String(c) : c);
	return e;
}

export const h = <K extends keyof HTMLElementTagNameMap>(tag: K, attrs: Attrs = {}, ...children: Child[]) =>
	fill(document.createElement(tag), attrs, children);
export const svg = <K extends keyof SVGElementTagNameMap>(tag: K, attrs: Attrs = {}, ...children: Child[]) =>
	fill(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], attrs, children);

/* What would turn the direction of the text or break the line is shown as what it is. */
export const clean = (s: string) => s.replace(
	/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
	(c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

export const INTENTS = ['bad', 'suspicious', 'mixed', 'unknown', 'usual'];
const SIGNS: Record<string, string> = {
	bad: '\u25b2', suspicious: '\u25c6', mixed: '\u25d0', unknown: '?', usual: '\u25cb',
};
export const MEANS: Record<string, string> = {
	bad: 'no room, or something is broken here',
	suspicious: 'a fault elsewhere, or a wrong setting',
	mixed: 'drops of several kinds',
	unknown: 'nothing is known of it: look at the place',
	usual: 'usual on a healthy host',
};
export const badge = (intent: string) => h('span', { class: 'badge ' + intent, title: MEANS[intent] },
	h('span', { 'aria-hidden': 'true' }, SIGNS[intent] ?? ''), ' ' + intent);
