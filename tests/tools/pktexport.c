// SPDX-License-Identifier: GPL-2.0
/*
 * pktexport - the packets of a recording as a pcap file of raw IP
 *
 * usage: pktexport RECORDING >FILE.pcap
 *
 * Each event that has an IP header becomes a packet that starts there; its time stamp
 * is SEQ.CPU (seconds, microseconds), so that it can be found again. Says on stderr
 * how many have none, by EtherType and version. Shares no code with user/.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../module/uapi/whydrop.h"

static union {
	char bytes[1 << 20];
	struct whydrop_rec rec;
	struct whydrop_event ev;
} r;

static void put(const void *p, size_t n)
{
	fwrite(p, n, 1, stdout);
}

static bool has_ip_header(const struct whydrop_event *ev)
{
	unsigned int version = ev->l3_off < ev->caplen ? ev->data[ev->l3_off] >> 4 : 0;

	switch (ntohs(ev->protocol)) {
	case 0x0800: return version == 4;
	case 0x86dd: return version == 6;
	case 0: return version == 4 || version == 6;
	default: return false;
	}
}

int main(int argc, char **argv)
{
	/* In the machine's byte order, as the magic tells. LINKTYPE_RAW */
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy, snaplen, link_type;
	} head = { 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101 };
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	struct whydrop_file_header h;
	unsigned long none = 0;

	if (!f || fread(&h, sizeof(h), 1, f) != 1 ||
	    memcmp(h.magic, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN) ||
	    fseek(f, h.header_size, SEEK_SET)) {
		fprintf(stderr, "usage: pktexport RECORDING >FILE.pcap\n");
		return 2;
	}
	put(&head, sizeof(head));
	while (fread(&r.rec, sizeof(r.rec), 1, f) == 1) {
		size_t rest = r.rec.size - sizeof(r.rec);

		if (r.rec.size > sizeof(r) ||
		    fread(r.bytes + sizeof(r.rec), 1, rest, f) != rest) {
			fprintf(stderr, "pktexport: cut off\n");
			return 1;
		}
		if (r.rec.type != WHYDROP_REC_EVENT)
			continue;
		if (r.ev.l3_off == WHYDROP_NO_OFFSET || r.ev.l3_off > r.ev.caplen ||
		    !has_ip_header(&r.ev)) {
			none++;
			continue;
		}
		put((uint32_t [4]){ r.ev.seq, r.rec.cpu, r.ev.caplen - r.ev.l3_off,
				    r.ev.pkt_len - r.ev.l3_off }, 16);
		put(r.ev.data + r.ev.l3_off, r.ev.caplen - r.ev.l3_off);
	}
	fprintf(stderr, "without=%lu\n", none);
	return fflush(stdout) ? 1 : 0;
}
