SUMMARY = "Tells why, where and how often the kernel drops packets"
SECTION = "net"

require whydrop.inc
inherit pkgconfig

PACKAGECONFIG ??= "pcap"
PACKAGECONFIG[pcap] = "PCAP=1,PCAP=0,libpcap"
PACKAGECONFIG[top] = "NCURSES=1,NCURSES=0,ncurses"
PACKAGECONFIG[lines] = "DW=1,DW=0,elfutils"
PACKAGECONFIG[losses] = "MNL=1,MNL=0,libmnl"
PACKAGECONFIG[rule] = "MNL=1 NFT=1,NFT=0,libmnl nftables"

whydrop_make() {
	oe_runmake -C ${S}/user O=${B} PREFIX=${prefix} BINDIR=${bindir} DATADIR=${datadir} \
		DESTDIR=${D} ${PACKAGECONFIG_CONFARGS} "$@"
}

do_configure[noexec] = "1"

do_compile() {
	whydrop_make all
}

do_install() {
	whydrop_make install
}

FILES:${PN} += "${datadir}/bash-completion ${datadir}/fish ${datadir}/zsh"
RRECOMMENDS:${PN} += "kernel-module-whydrop"
