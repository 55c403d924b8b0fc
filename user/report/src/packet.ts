// SPDX-License-Identifier: GPL-2.0-only
// Decodes the first bytes of a packet: a line for each header, and a dump.

export function bytesOf(hex: string): Uint8Array {
	return Uint8Array.from(hex.match(/../g) ?? [], (x) => parseInt(x, 16));
}

const hex = (b: Uint8Array, from: number, n: number, sep = '') =>
	[...b.subarray(from, from + n)].map((x) => x.toString(16).padStart(2, '0')).join(sep);
const u16 = (b: Uint8Array, at: number) => b[at] << 8 | b[at + 1];
const u32 = (b: Uint8Array, at: number) => (u16(b, at) * 65536) + u16(b, at + 2);
const ip4 = (b: Uint8Array, at: number) => [...b.subarray(at, at + 4)].join('.');

function ip6(b: Uint8Array, at: number): string {
	const words = Array.from({ length: 8 }, (_, i) => u16(b, at + 2 * i).toString(16));
	const text = ':' + words.join(':') + ':';
	const zeros = (text.match(/(:0)+(?=:)/g) ?? []).sort((x, y) => y.length - x.length)[0];
	if (!zeros || zeros.length < 4)
		return words.join(':');
	return text.replace(zeros + ':', '::').replace(/^:(?!:)|(?<!:):$/g, '');
}

const PROTO: Record<number, string> = { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 58: 'ICMPv6', 132: 'SCTP' };

function l4(b: Uint8Array, at: number, proto: number, out: string[]): void {
	const left = b.length - at;

	if (proto === 6 && left >= 20) {
		const flags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'].filter((_, i) => b[at + 13] >> i & 1);
		out.push(`TCP: ports ${u16(b, at)} > ${u16(b, at + 2)}, ${flags.join(' ') || 'no flags'}, seq ${u32(b, at + 4)}, ` +
			`ack ${u32(b, at + 8)}, window ${u16(b, at + 14)}, checksum 0x${hex(b, at + 16, 2)}`);
	} else if (proto === 17 && left >= 8) {
		out.push(`UDP: ports ${u16(b, at)} > ${u16(b, at + 2)}, length ${u16(b, at + 4)}, checksum 0x${hex(b, at + 6, 2)}`);
	} else if ((proto === 1 || proto === 58) && left >= 4) {
		out.push(`${PROTO[proto]}: type ${b[at]}, code ${b[at + 1]}, checksum 0x${hex(b, at + 2, 2)}`);
	} else if (left > 0) {
		out.push(`${PROTO[proto] ?? 'protocol ' + proto}: ${left} bytes here`);
	}
}

function l3(b: Uint8Array, at: number, type: number, out: string[]): void {
	const left = b.length - at;

	if (type === 0x0800 && left >= 20 && b[at] >> 4 === 4) {
		const frag = u16(b, at + 6), offset = (frag & 0x1fff) * 8;
		out.push(`IPv4: ${ip4(b, at + 12)} > ${ip4(b, at + 16)}, ${PROTO[b[at + 9]] ?? 'protocol ' + b[at + 9]}, ` +
			`length ${u16(b, at + 2)}, TTL ${b[at + 8]}, id ${u16(b, at + 4)}, TOS 0x${hex(b, at + 1, 1)}` +
			`${frag & 0x4000 ? ', DF' : ''}${frag & 0x2000 ? ', MF' : ''}${offset ? ', offset ' + offset : ''}`);
		if (!offset)
			l4(b, at + (b[at] & 15) * 4, b[at + 9], out);
	} else if (type === 0x86dd && left >= 40 && b[at] >> 4 === 6) {
		out.push(`IPv6: ${ip6(b, at + 8)} > ${ip6(b, at + 24)}, ${PROTO[b[at + 6]] ?? 'next header ' + b[at + 6]}, ` +
			`payload ${u16(b, at + 4)}, hop limit ${b[at + 7]}`);
		l4(b, at + 40, b[at + 6], out);
	} else if (type === 0x0806 && left >= 28) {
		const op = u16(b, at + 6);
		out.push(op === 1 ? `ARP: who has ${ip4(b, at + 24)}? tell ${ip4(b, at + 14)} (${hex(b, at + 8, 6, ':')})` :
			op === 2 ? `ARP: ${ip4(b, at + 14)} is at ${hex(b, at + 8, 6, ':')}` : `ARP: operation ${op}`);
	} else if (left > 0) {
		out.push(`${type ? 'EtherType 0x' + type.toString(16).padStart(4, '0') : 'No known header'}: ${left} bytes here`);
	}
}

/* @type: the EtherType that the event has; @mac: its bytes begin with an Ethernet header. */
export function decode(b: Uint8Array, type: number, mac: boolean): string[] {
	const out: string[] = [];
	let at = 0;

	if (mac && b.length >= 14) {
		out.push(`Ethernet: ${hex(b, 6, 6, ':')} > ${hex(b, 0, 6, ':')}, type 0x${hex(b, 12, 2)}`);
		at = 14;
		for (let t = u16(b, 12); (t === 0x8100 || t === 0x88a8) && b.length >= at + 4; at += 4) {
			out.push(`VLAN ${u16(b, at) & 0xfff}, priority ${b[at] >> 5}, type 0x${hex(b, at + 2, 2)}`);
			t = u16(b, at + 2);
		}
	}
	l3(b, at, type, out);
	return out;
}

export function dump(b: Uint8Array): string {
	const lines: string[] = [];

	for (let at = 0; at < b.length; at += 16) {
		const part = b.subarray(at, at + 16);
		const text = [...part].map((c) => c >= 32 && c < 127 ? String.fromCharCode(c) : '.').join('');
		lines.push(at.toString(16).padStart(4, '0') + '  ' + hex(part, 0, 16, ' ').padEnd(48) + ' ' + text);
	}
	return lines.join('\n');
}
