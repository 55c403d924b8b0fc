/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The binary stream of whydrop: what reading <debugfs>/whydrop/raw returns,
 * and so what `cat raw > FILE` records. This header is all that the module
 * and its readers share.
 *
 * A stream is one struct whydrop_file_header and then records, back to back,
 * until the end:
 *
 *	+--------+------+-------+--------+-----+-------+-------+-------+--
 *	| header | META | CLOCK | REASON | ... | STACK | EVENT | EVENT | ...
 *	+--------+------+-------+--------+-----+-------+-------+-------+--
 *
 *  - Streams may follow one another: each header begins a new one. Ids keep
 *    their meaning only if the META after it has the same load_id.
 *  - Every record starts with struct whydrop_rec. Its size counts the whole
 *    record and is a multiple of 8, so all records stay aligned to 8 bytes.
 *    A reader skips records whose type it does not know, and ignores what
 *    follows the fields of a record that it knows.
 *  - All integers, except those of type __be16, are in the byte order of the
 *    host that wrote the stream, which is that of
 *    whydrop_file_header.byte_order. A stream contains no pointers and no
 *    addresses of the kernel: a place in the code is text,
 *    SYMBOL+OFFSET/SIZE, resolved by the kernel that it belongs to.
 *  - The reason and the stack of an event precede it in the stream, as REASON
 *    and STACK records, each of which a stream contains once. The device and
 *    the namespace are in the event itself.
 *  - Events of one CPU are in the order of seq. Those of several CPUs are
 *    merged by time, as far as they existed when the reader read.
 *  - Losses are reported where they happened: a LOST record precedes the first
 *    event of its CPU after the gap. For each CPU, with the LOST records of all
 *    causes except WHYDROP_LOST_NMI and WHYDROP_LOST_NOBUF,
 *    events + lost = the events that this CPU recorded.
 *  - Text need not be valid UTF-8: names of tasks, devices and symbols may have
 *    any bytes. A reader escapes them before showing them.
 *
 * Versions: abi_major changes when an old reader would misread a stream,
 * abi_minor when padding becomes a field, when a record that does not end in
 * text or data gains one at its end, or when a new type appears.
 */
#ifndef _UAPI_WHYDROP_H
#define _UAPI_WHYDROP_H

#include <linux/types.h>

#define WHYDROP_MAGIC		"WHYDROP\n"
#define WHYDROP_MAGIC_LEN	8
#define WHYDROP_BYTE_ORDER	0x01020304u
#define WHYDROP_ABI_MAJOR	1
#define WHYDROP_ABI_MINOR	6

/**
 * struct whydrop_file_header - start of a stream
 * @magic: WHYDROP_MAGIC, without a terminating NUL
 * @byte_order: WHYDROP_BYTE_ORDER as the writer stores it
 * @abi_major: WHYDROP_ABI_MAJOR
 * @abi_minor: WHYDROP_ABI_MINOR
 * @header_size: bytes from the start of the stream to the first record
 * @pad: 0
 */
struct whydrop_file_header {
	__u8	magic[WHYDROP_MAGIC_LEN];
	__u32	byte_order;
	__u16	abi_major;
	__u16	abi_minor;
	__u32	header_size;
	__u32	pad;
};

/**
 * enum whydrop_rec_type - what a record is
 * @WHYDROP_REC_PAD: nothing; fills the end of a ring, not part of a stream
 * @WHYDROP_REC_META: struct whydrop_meta
 * @WHYDROP_REC_CLOCK: struct whydrop_clock
 * @WHYDROP_REC_REASON: struct whydrop_reason_rec
 * @WHYDROP_REC_STACK: struct whydrop_stack_rec
 * @WHYDROP_REC_EVENT: struct whydrop_event
 * @WHYDROP_REC_LOST: struct whydrop_lost
 * @WHYDROP_REC_SETTING: struct whydrop_setting, from ABI 1.4 on
 * @WHYDROP_REC_NAME: struct whydrop_name, from ABI 1.5 on; written only by programs
 *	that record, also behind a header with a lower number
 * @WHYDROP_REC_HOST: struct whydrop_host, from ABI 1.6 on; written only by programs
 *	that merge
 */
enum whydrop_rec_type {
	WHYDROP_REC_PAD		= 0,
	WHYDROP_REC_META	= 1,
	WHYDROP_REC_CLOCK	= 2,
	WHYDROP_REC_REASON	= 3,
	WHYDROP_REC_STACK	= 4,
	WHYDROP_REC_EVENT	= 5,
	WHYDROP_REC_LOST	= 6,
	WHYDROP_REC_SETTING	= 7,
	WHYDROP_REC_NAME	= 8,
	WHYDROP_REC_HOST	= 9,
};

/**
 * struct whydrop_rec - start of every record
 * @size: bytes of the whole record, this header included; a multiple of 8
 * @type: enum whydrop_rec_type
 * @cpu: the CPU that an EVENT or LOST record is about; else 0
 */
struct whydrop_rec {
	__u32	size;
	__u16	type;
	__u16	cpu;
};

/**
 * struct whydrop_meta - facts about the host, once at the start
 * @rec: header, type WHYDROP_REC_META
 * @text: strings KEY=VALUE, each terminated by NUL, then NUL up to the record's
 *	end. Keys in use: version (of the module), kernel (release), machine,
 *	node (host name), load_id (UUID, new with each load of the module),
 *	boot_id (UUID), build_id (of the kernel, hexadecimal) and selected
 *	(the events that were selected, as options of whydrop(8)). These last three
 *	are written by programs that record, because the module cannot know them.
 *	From a kernel without CONFIG_KALLSYMS also anchors: how far WHYDROP_ANCHORS are
 *	from consume_skb, "NAME-0x1f4 NAME+0x1f4 ...".
 *	A later META record adds keys. Readers ignore unknown keys.
 */
struct whydrop_meta {
	struct whydrop_rec rec;
	char	text[];
};

/*
 * Exported functions from all over the text of any kernel. Their distances are no other
 * build's, so they tell whether a System.map belongs to it.
 */
#define WHYDROP_ANCHORS(F)	F(schedule) F(vfree) F(seq_read) F(get_random_bytes) \
				F(eth_type_trans) F(kobject_put)

/**
 * struct whydrop_clock - two clocks read at the same instant
 * @rec: header, type WHYDROP_REC_CLOCK
 * @mono_ns: CLOCK_MONOTONIC, the clock of whydrop_event.mono_ns
 * @real_ns: CLOCK_REALTIME, nanoseconds since 1970-01-01 UTC
 *
 * Written at the start, and again when the difference of the two has changed
 * (the clock was set). It applies to the events after it.
 */
struct whydrop_clock {
	struct whydrop_rec rec;
	__u64	mono_ns;
	__u64	real_ns;
};

/**
 * struct whydrop_reason_rec - name of a drop reason in this kernel
 * @rec: header, type WHYDROP_REC_REASON
 * @reason: the number as in whydrop_event.reason; bits 31..16 are the
 *	subsystem, 0 for the core
 * @pad: 0
 * @text: three strings, each terminated by NUL: subsystem ("core"), name
 *	("NO_SOCKET"), description (empty if the kernel's headers have none)
 *
 * A reason may lack this record: the names of a subsystem are removed with its
 * module, and may not exist any more when the event is read.
 */
struct whydrop_reason_rec {
	struct whydrop_rec rec;
	__u32	reason;
	__u32	pad;
	char	text[];
};

/**
 * enum whydrop_stack_flags - bits of whydrop_stack_rec.flags
 * @WHYDROP_STACK_PLACE_ONLY: only the place is known: no trace was taken, or the
 *	kernel's ended before the place, because of a tracer; or not even that, after
 *	a reset of which this stream has older events
 * @WHYDROP_STACK_TRANSIENT: the table of stacks was full; this record is for
 *	the next event only, and its id may be used again for another stack
 * @WHYDROP_STACK_NOT_TRIMMED: the place was not found in the trace, which
 *	therefore starts with frames of the tracing itself
 * @WHYDROP_STACK_CUT: the trace was cut at stack_depth, or where space ended
 * @WHYDROP_STACK_INTERRUPTED: the trace ends where an interrupt began; what
 *	was interrupted has nothing to do with the drop
 * @WHYDROP_STACK_UNLOADED: has frames of a module that was unloaded
 * @WHYDROP_STACK_DEFERRED: the packet was freed later, by a softirq: place and
 *	frames show that, and what dropped it is not known any more
 * @WHYDROP_STACK_HIDDEN: a tracer has replaced the place with an address of its
 *	own, and no trace was taken to find it; the place reads [unknown]
 * @WHYDROP_STACK_DOUBTED: stored before a walk was found wrong: some of the
 *	drops counted here may have another stack
 */
enum whydrop_stack_flags {
	WHYDROP_STACK_PLACE_ONLY	= 1 << 0,
	WHYDROP_STACK_TRANSIENT		= 1 << 1,
	WHYDROP_STACK_NOT_TRIMMED	= 1 << 2,
	WHYDROP_STACK_CUT		= 1 << 3,
	WHYDROP_STACK_INTERRUPTED	= 1 << 4,
	WHYDROP_STACK_UNLOADED		= 1 << 5,
	WHYDROP_STACK_DEFERRED		= 1 << 6,
	WHYDROP_STACK_HIDDEN		= 1 << 7,
	WHYDROP_STACK_DOUBTED		= 1 << 8,
};

/* The place of a stack that is hidden, has no name, or was forgotten at a reset. */
#define WHYDROP_UNKNOWN_PLACE	"[unknown]"

/**
 * struct whydrop_stack_rec - where drops happen: a place and its callers
 * @rec: header, type WHYDROP_REC_STACK
 * @id: as in whydrop_event.stack_id; never 0
 * @reason: the reason of all drops with this id
 * @nr: number of frames
 * @flags: enum whydrop_stack_flags
 * @text_len: bytes used of @text
 * @text: 1 + @nr strings, each terminated by NUL: the place of the drop, then
 *	the frames from the place outwards. SYMBOL+0xOFFSET/0xSIZE, followed by
 *	" [MODULE]" in modules. Instead of a symbol: [unloaded module], if the name
 *	is not known any more; [dynamic code], generated by BPF or for tracing,
 *	which has no lasting name; [unknown]. Without CONFIG_KALLSYMS, it is
 *	text+0xOFFSET [MODULE], from the start of the module's text, or
 *	text+0xOFFSET or text-0xOFFSET, from the address of consume_skb
 */
struct whydrop_stack_rec {
	struct whydrop_rec rec;
	__u32	id;
	__u32	reason;
	__u16	nr;
	__u16	flags;
	__u32	text_len;
	char	text[];
};

/**
 * enum whydrop_lost_cause - why events are missing
 * @WHYDROP_LOST_OVERWRITTEN: overwritten in the ring before this reader read them
 * @WHYDROP_LOST_HISTORY: overwritten before this stream was opened, since the
 *	module was loaded or reset
 * @WHYDROP_LOST_NMI: dropped in NMI context, where nothing is recorded
 * @WHYDROP_LOST_NOBUF: the CPU had no ring
 * @WHYDROP_LOST_UNRECORDED: in neither of two recordings that a program has
 *	merged
 */
enum whydrop_lost_cause {
	WHYDROP_LOST_OVERWRITTEN	= 1,
	WHYDROP_LOST_HISTORY		= 2,
	WHYDROP_LOST_NMI		= 3,
	WHYDROP_LOST_NOBUF		= 4,
	WHYDROP_LOST_UNRECORDED		= 5,
};

/**
 * struct whydrop_lost - events that this stream does not have
 * @rec: header, type WHYDROP_REC_LOST; its cpu is where they were dropped
 * @count: how many, counted since the last such record of this cause and CPU
 * @cause: enum whydrop_lost_cause
 * @pad: 0
 */
struct whydrop_lost {
	struct whydrop_rec rec;
	__u64	count;
	__u32	cause;
	__u32	pad;
};

/**
 * struct whydrop_setting - a parameter that decides which drops are recorded
 * @rec: header, type WHYDROP_REC_SETTING
 * @mono_ns: CLOCK_MONOTONIC when the value was read
 * @text: NAME=VALUE, terminated by NUL, then NUL up to the record's end. Names in use:
 *	enabled (0 or 1), reasons, devs, netns, packet_filter; an empty value lets
 *	everything pass. Readers ignore unknown names.
 *
 * Written for each at the start, and again when it has changed. The values for
 * events from before the stream was opened are not known.
 */
struct whydrop_setting {
	struct whydrop_rec rec;
	__u64	mono_ns;
	char	text[];
};

/**
 * enum whydrop_name_kind - what has a name
 * @WHYDROP_NAME_NETNS: a network namespace; key: name
 * @WHYDROP_NAME_SOCKET: a socket; keys: pid, comm, unit (of systemd), all of the
 *	process that has it
 */
enum whydrop_name_kind {
	WHYDROP_NAME_NETNS	= 1,
	WHYDROP_NAME_SOCKET	= 2,
};

/**
 * struct whydrop_name - the name of what an event has only the number of
 * @rec: header, type WHYDROP_REC_NAME
 * @kind: enum whydrop_name_kind
 * @id: inode, as whydrop_event.netns or sock_ino
 * @text: strings KEY=VALUE, each terminated by NUL, then NUL up to the record's
 *	end. A namespace without a name is not known any more: its inode may be that
 *	of another one. Readers ignore unknown kinds and keys.
 *
 * It applies to the events after it, until there is another one.
 */
struct whydrop_name {
	struct whydrop_rec rec;
	__u32	kind;
	__u32	id;
	char	text[];
};

#define WHYDROP_HOST_CPUS	256u

/**
 * struct whydrop_host - whose CPUs these are, in a stream of several hosts
 * @rec: header, type WHYDROP_REC_HOST; its cpu is the first of WHYDROP_HOST_CPUS, which
 *	divides it
 * @there: number that this CPU has on its host
 * @pad: 0
 * @text: strings KEY=VALUE, each terminated by NUL, then NUL up to the record's
 *	end: host, as who merged the streams called it, and what its META says. Readers
 *	ignore unknown keys.
 *
 * A program that merges the streams of several hosts gives each CPU, reason and
 * stack a number that no other host's has; CLOCK_MONOTONIC of all is
 * CLOCK_REALTIME of the host. It precedes the EVENT and LOST records of these
 * CPUs. Inodes, indexes of devices and seq are the host's.
 */
struct whydrop_host {
	struct whydrop_rec rec;
	__u32	there;
	__u32	pad;
	char	text[];
};

/**
 * enum whydrop_sock - what @sock_type is where kernels differ: SOCK_ of all but MIPS
 * @WHYDROP_SOCK_STREAM: SOCK_STREAM
 * @WHYDROP_SOCK_DGRAM: SOCK_DGRAM
 */
enum whydrop_sock {
	WHYDROP_SOCK_STREAM	= 1,
	WHYDROP_SOCK_DGRAM	= 2,
};

/**
 * enum whydrop_ctx - what the CPU was doing
 * @WHYDROP_CTX_TASK: the current task dropped it
 * @WHYDROP_CTX_SOFTIRQ: a softirq did; the current task was merely interrupted
 * @WHYDROP_CTX_HARDIRQ: an interrupt did; likewise
 */
enum whydrop_ctx {
	WHYDROP_CTX_TASK	= 0,
	WHYDROP_CTX_SOFTIRQ	= 1,
	WHYDROP_CTX_HARDIRQ	= 2,
};

/**
 * enum whydrop_stack_kind - what became of the stack of an event
 * @WHYDROP_STACK_BY_ID: it is in the table of stacks; a place only, if the kernel's
 *	trace ended before it
 * @WHYDROP_STACK_INLINE: the table was full; the event carried it
 * @WHYDROP_STACK_SUPPRESSED: stack_rate was spent; the place is known
 * @WHYDROP_STACK_OFF: stack_depth is 0; the place is known
 */
enum whydrop_stack_kind {
	WHYDROP_STACK_BY_ID		= 0,
	WHYDROP_STACK_INLINE		= 1,
	WHYDROP_STACK_SUPPRESSED	= 2,
	WHYDROP_STACK_OFF		= 3,
};

/**
 * enum whydrop_event_flags - bits of whydrop_event.flags
 * @WHYDROP_EV_MAC: data starts with the link-layer header of dev_type; else
 *	with the network header or, if that is unknown, at skb->data
 * @WHYDROP_EV_VLAN: vlan_tci is valid: a VLAN tag that is not in data
 * @WHYDROP_EV_DEV_BY_IIF: the packet, being received, did not point to its device
 *	any more; the device is the one with index iif in the namespace of the
 *	socket or of the route or, if neither is known, the only one with it
 * @WHYDROP_EV_SK: sock_family, sock_state, sock_cookie are valid
 * @WHYDROP_EV_SK_FULL: all fields of the socket are valid
 * @WHYDROP_EV_RX_SK: the socket is the one that should have received it, or in
 *	whose queue it waited
 * @WHYDROP_EV_OTHER_MAC: the destination MAC address is neither the device's nor
 *	that of a group; not set where that is not known; from ABI 1.2 on
 * @WHYDROP_EV_TX_SK: the socket is the one that sent it, maybe in another
 *	namespace; from ABI 1.3 on. With neither, it is not known which it is
 * @WHYDROP_EV_UNWRITTEN: data is empty and l3_off unknown, since the kernel is not
 *	known to have written the packet before it dropped it; from ABI 1.3 on
 */
enum whydrop_event_flags {
	WHYDROP_EV_MAC		= 1 << 0,
	WHYDROP_EV_VLAN		= 1 << 1,
	WHYDROP_EV_DEV_BY_IIF	= 1 << 2,
	WHYDROP_EV_SK		= 1 << 3,
	WHYDROP_EV_SK_FULL	= 1 << 4,
	WHYDROP_EV_RX_SK	= 1 << 5,
	WHYDROP_EV_OTHER_MAC	= 1 << 6,
	WHYDROP_EV_TX_SK	= 1 << 7,
	WHYDROP_EV_UNWRITTEN	= 1 << 8,
};

#define WHYDROP_NO_OFFSET	0xffffu		/* l3_off, if it is unknown */
#define WHYDROP_NO_REASON	0xffffffffu	/* this kernel gives no reasons */
#define WHYDROP_COMM_LEN	16
#define WHYDROP_DEV_LEN		16

/*
 * The fields of struct whydrop_event behind rec, in order, for code that
 * treats them alike: F(type, name, unit, meaning). The type of an array is that
 * of an element; be16 is a u16 in network byte order.
 */
#define WHYDROP_EVENT_FIELDS(F)							\
	F(u64, seq, "", "number of the event on this CPU, from 0")		\
	F(u64, mono_ns, "ns", "CLOCK_MONOTONIC when it was dropped")		\
	F(u32, reason, "", "drop reason; bits 31..16: subsystem")		\
	F(u32, stack_id, "", "the stack record it refers to")			\
	F(u32, pid, "", "thread id of the current task")			\
	F(u32, ifindex, "", "index of the device; 0: unknown")			\
	F(char, comm, "", "name of the current task")				\
	F(char, dev, "", "name of the device; empty: unknown")			\
	F(u32, iif, "", "index of the device it came in by; 0: none")		\
	F(u32, netns, "", "inode of the network namespace; 0: unknown")		\
	F(u32, pkt_len, "bytes", "length of the packet from data on")		\
	F(u32, mark, "", "skb mark (fwmark)")					\
	F(u16, flags, "", "bits of enum whydrop_event_flags")			\
	F(u8, ctx, "", "0 task, 1 softirq, 2 hardirq")				\
	F(u8, stack_kind, "", "0 by id, 1 inline, 2 suppressed, 3 off")		\
	F(u16, caplen, "bytes", "bytes of the packet in data")			\
	F(u16, l3_off, "bytes", "network header in data; 65535: unknown")	\
	F(u16, dev_type, "", "ARPHRD_ type of the device")			\
	F(be16, protocol, "", "EtherType, in network byte order")		\
	F(u16, vlan_tci, "", "VLAN tag that is not in data")			\
	F(u16, sock_protocol, "", "IPPROTO_ of the socket")			\
	F(u64, sock_cookie, "", "cookie of the socket; 0: it has none")		\
	F(u32, sock_ino, "", "inode of the socket; 0: none or unknown")		\
	F(u32, sock_uid, "", "owner of the socket")				\
	F(u32, sock_rmem, "bytes", "receive buffer in use")			\
	F(u32, sock_rcvbuf, "bytes", "limit of the receive buffer")		\
	F(u8, sock_family, "", "AF_ of the socket; 0: no socket")		\
	F(u8, sock_type, "", "SOCK_ of the socket")				\
	F(u8, sock_state, "", "TCP_ state of the socket")			\
	F(u8, pad, "", "0")							\
	F(u16, qdisc, "", "major number of the queue's qdisc; 0: none")		\
	F(u16, qdisc_reason, "", "why it or one below it dropped; 0: not told")

/**
 * struct whydrop_event - one dropped packet
 * @rec: header, type WHYDROP_REC_EVENT
 * @seq: number of the event on this CPU, from 0 when the module was loaded;
 *	a gap is a loss
 * @mono_ns: CLOCK_MONOTONIC in nanoseconds. On one CPU it grows with @seq, except
 *	that drops in interrupts while this one was being recorded precede it
 * @reason: drop reason of this kernel, subsystem in bits 31..16;
 *	WHYDROP_NO_REASON on kernels without reasons
 * @stack_id: id of the STACK record that has its place and, if @stack_kind
 *	says so, its stack
 * @pid: thread id of the current task in the initial PID namespace; see @ctx
 * @ifindex: index of the device; 0: unknown, also if the packet had waited in a
 *	queue where it may have outlived its device
 * @comm: name of the current task, padded with NUL; may fill all 16 bytes
 * @dev: its name at that time, padded with NUL; empty if unknown
 * @iif: index of the device that it came in by, in the namespace of that
 *	time; 0: none
 * @netns: inode of the network namespace; 0: unknown
 * @pkt_len: length of the whole packet in bytes from where @data starts
 * @mark: skb->mark
 * @flags: enum whydrop_event_flags
 * @ctx: enum whydrop_ctx
 * @stack_kind: enum whydrop_stack_kind
 * @caplen: bytes of the packet in @data
 * @l3_off: offset of the network header in @data, or WHYDROP_NO_OFFSET
 * @dev_type: ARPHRD_ type of @dev
 * @protocol: EtherType of what is at @l3_off; 0: unknown
 * @vlan_tci: VLAN tag that the device had removed from the packet
 * @sock_protocol: IPPROTO_ number
 * @sock_cookie: as of SO_COOKIE; 0 if nobody asked for it before
 * @sock_ino: inode, as in ss -e and /proc/PID/fd; 0: none or unknown
 * @sock_uid: user id in the initial user namespace
 * @sock_rmem: bytes of receive buffer in use
 * @sock_rcvbuf: limit of it
 * @sock_family: AF_ number; 0 if there was no socket
 * @sock_type: WHYDROP_SOCK_STREAM, WHYDROP_SOCK_DGRAM; for others, the SOCK_ number, which
 *	is the same on all architectures
 * @sock_state: TCP_ESTABLISHED, ... also for other protocols
 * @pad: 0
 * @qdisc: major number of the handle of the transmit queue's qdisc, which is
 *	the root or, below mq, its child: that or one below it dropped the
 *	packet. 0: it has none, as default ones, or @qdisc_reason is 0; before
 *	ABI 1.1 always
 * @qdisc_reason: why, for a QDISC_DROP: a reason of the subsystem "qdisc" without
 *	the bits of that; 0: not available: kernels from 7.1 on have it. If such a
 *	reason is @reason itself, both are 0
 * @data: @caplen bytes of the packet, then 0 up to the record's end
 */
struct whydrop_event {
	struct whydrop_rec rec;
	__u64	seq;
	__u64	mono_ns;
	__u32	reason;
	__u32	stack_id;
	__u32	pid;
	__u32	ifindex;
	char	comm[WHYDROP_COMM_LEN];
	char	dev[WHYDROP_DEV_LEN];
	__u32	iif;
	__u32	netns;
	__u32	pkt_len;
	__u32	mark;
	__u16	flags;
	__u8	ctx;
	__u8	stack_kind;
	__u16	caplen;
	__u16	l3_off;
	__u16	dev_type;
	__be16	protocol;
	__u16	vlan_tci;
	__u16	sock_protocol;
	__u64	sock_cookie;
	__u32	sock_ino;
	__u32	sock_uid;
	__u32	sock_rmem;
	__u32	sock_rcvbuf;
	__u8	sock_family;
	__u8	sock_type;
	__u8	sock_state;
	__u8	pad;
	__u16	qdisc;
	__u16	qdisc_reason;
	__u8	data[];
};

#define WHYDROP_SNAPLEN_MAX	256
#define WHYDROP_FRAMES_MAX	64

#endif /* _UAPI_WHYDROP_H */
