# SPDX-License-Identifier: GPL-2.0

KERNELRELEASE ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNELRELEASE)/build
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
UNITDIR ?= $(PREFIX)/lib/systemd/system
MODPROBEDIR ?= $(PREFIX)/lib/modprobe.d
SRCDIR ?= /usr/src
# Other makes run in other folders.
override DESTDIR := $(if $(DESTDIR),$(abspath $(DESTDIR)))

version := $(shell sed -n 's/^.define WHYDROP_VERSION "\(.*\)"/\1/p' module/version.h)
# The headers know better than uname for which kernel they are.
release = $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null),$(KERNELRELEASE))
moddir = $(DESTDIR)/lib/modules/$(release)/updates
builduser := build/user$(if $(CROSS_COMPILE),-$(patsubst %-,%,$(notdir $(CROSS_COMPILE))))$(if $(STATIC),-static)
dkmssrc = $(DESTDIR)$(SRCDIR)/whydrop-$(version)

all: module user

module:
	@test -e $(KDIR)/Makefile || { printf '%s\n' "No headers of kernel $(KERNELRELEASE) in $(KDIR)" \
		"  install them (Debian): apt install linux-headers-$(KERNELRELEASE)" \
		"  or say where they are: make KDIR=..." \
		"  or build the reader alone, which needs none: make user" >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

user = $(MAKE) --no-print-directory -C user O=$(CURDIR)/$(builduser) PREFIX=$(PREFIX) \
	BINDIR=$(BINDIR) DESTDIR=$(DESTDIR)

user:
	@$(user)
	@install -m 755 $(builduser)/whydrop build/whydrop

install: install-module install-user

# Debug information is 97 percent of the module, and only a debugger reads it.
INSTALL_MOD_STRIP ?= 1
# A kernel may be configured to sign each module that is installed. A distribution's
# headers come without the key, and then signing can only fail.
sigkey = $(shell sed -n 's/^CONFIG_MODULE_SIG_KEY=//p' $(KDIR)/include/config/auto.conf 2>/dev/null | tr -d '"')
nosign = $(if $(filter pkcs11:%,$(sigkey)),,$(if $(sigkey),$(if $(wildcard \
	$(sigkey) $(KDIR)/$(sigkey)),,CONFIG_MODULE_SIG_ALL=)))

install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=updates INSTALL_MOD_STRIP=$(INSTALL_MOD_STRIP) $(nosign) \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR) DEPMOD=true) modules_install
	$(if $(DESTDIR),,depmod $(release))

install-user: user
	$(user) install
	install -D -m 644 packaging/systemd/whydrop.service $(DESTDIR)$(UNITDIR)/whydrop.service
	install -D -m 644 packaging/modprobe.d/whydrop.conf $(DESTDIR)$(MODPROBEDIR)/whydrop.conf

uninstall: uninstall-module uninstall-user

uninstall-module:
	rm -f $(moddir)/whydrop.ko*
	rmdir $(moddir) 2>/dev/null || :
	$(if $(DESTDIR),,test ! -d /lib/modules/$(release) || depmod $(release))

uninstall-user:
	$(user) uninstall
	rm -f $(DESTDIR)$(UNITDIR)/whydrop.service
	rm -f $(DESTDIR)$(MODPROBEDIR)/whydrop.conf

# What dkms builds from, for this kernel and those to come.
dkms-source:
	install -d $(dkmssrc)/module/uapi $(dkmssrc)/module/capture $(dkmssrc)/module/show
	install -m 644 Kbuild Makefile dkms.conf LICENSE $(dkmssrc)
	install -m 644 module/*.[ch] $(dkmssrc)/module
	install -m 644 module/capture/*.[ch] module/capture/*.awk $(dkmssrc)/module/capture
	install -m 644 module/show/*.[ch] $(dkmssrc)/module/show
	install -m 644 module/uapi/*.h $(dkmssrc)/module/uapi

dkms-install: dkms-source
	dkms install -k $(release) whydrop/$(version)

dkms-uninstall:
	dkms remove whydrop/$(version) --all
	rm -rf $(dkmssrc)

deb:
	@command -v dpkg-buildpackage >/dev/null || { \
		echo "make deb: needs Debian's tools: apt install dpkg-dev && apt build-dep ." >&2; exit 1; }
	dpkg-buildpackage -us -uc -b

demo:
	@tests/demo

demo-clean:
	@tests/vm/remove

check:
	@tests/run

check-all: check
	@EXTRA=1 tests/run lockdown configs boards mips bare
	@tests/matrix

check-report:
	@tests/report-build
	@tests/report-browser
	@tests/wireshark || [ $$? -eq 4 ]	# skipped

demo-fleet:
	@tests/demo-fleet

check-fleet:
	@tests/fleet

check-install:
	@tests/packaging/run

bench:
	@tests/bench/full

bench-quick:
	@tests/bench/quick

bench-host:
	@tests/bench/host

clean:
	rm -rf build
	test ! -e $(KDIR)/Makefile || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

help:
	@echo 'make            module for the running kernel, and the reader'
	@echo 'make user       the reader alone, as build/whydrop; it shows recordings'
	@echo 'make install    install both; then load the module: modprobe whydrop'
	@echo 'make uninstall  remove both'
	@echo 'make dkms-install, dkms-uninstall  the module only, with dkms'
	@echo 'make deb        Debian packages of both, in the parent directory'
	@echo 'make demo       see it at work in a virtual machine, as root on Debian 12 or 13'
	@echo 'make check      all tests, in virtual machines, as root'
	@echo 'make demo-clean remove what these two installed and downloaded'
	@echo 'make check-all  also run the guest tests on every kernel of tests/vm/kernels'
	@echo 'make check-install  packages and dkms on three releases of Debian'
	@echo 'make check-report  reports in chromium; Wireshark'
	@echo 'make demo-fleet three hosts, Prometheus, ClickHouse, an incident; on Debian 12'
	@echo 'make check-fleet  events of hosts in ClickHouse, whatever is killed; on Debian 12'
	@echo 'make bench, bench-quick  what a drop costs, compared with other tools or alone'
	@echo 'make bench-host  the same on this machine, in ns, with the module that is loaded'
	@echo 'make module, {install,uninstall}-{module,user}, dkms-source, clean'
	@echo
	@echo 'KDIR=           headers to build the module against [$(KDIR)]'
	@echo 'PREFIX= DESTDIR=  where to install [$(PREFIX)]'
	@echo 'STATIC=1        link the reader statically, against musl if there is musl-gcc'
	@echo 'ARCH= CROSS_COMPILE=  for another architecture, as for the kernel'

.PHONY: all module user install install-module install-user uninstall uninstall-module \
	uninstall-user dkms-source dkms-install dkms-uninstall deb demo demo-clean demo-fleet check check-all \
	check-fleet check-install check-report bench bench-quick bench-host clean help
