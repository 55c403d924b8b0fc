# SPDX-License-Identifier: GPL-2.0

KERNELRELEASE ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNELRELEASE)/build
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
DESTDIR ?=

all: module user

module:
	@test -e $(KDIR)/Makefile || { echo "No headers of kernel $(KERNELRELEASE) in $(KDIR):" \
		"install them (Debian: apt install linux-headers-$(KERNELRELEASE))" \
		"or say where they are: make KDIR=..." >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

user = $(MAKE) -C user O=$(CURDIR)/build/user$(if $(STATIC),-static) PREFIX=$(PREFIX) \
	SBINDIR=$(SBINDIR) DESTDIR=$(DESTDIR)

user:
	$(user)
	@install -m 755 build/user$(if $(STATIC),-static)/whydrop build/whydrop

install: install-module install-user

install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=updates \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	$(if $(DESTDIR),,depmod $(KERNELRELEASE))

install-user: user
	$(user) install

uninstall:
	rm -f $(DESTDIR)/lib/modules/$(KERNELRELEASE)/updates/whydrop.ko*
	$(user) uninstall
	$(if $(DESTDIR),,depmod $(KERNELRELEASE))

demo:
	@tests/demo

check:
	@tests/run

check-all: check
	@tests/matrix

bench:
	@tests/bench/full

bench-quick:
	@tests/bench/quick

clean:
	rm -rf build
	test ! -e $(KDIR)/Makefile || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

help:
	@echo 'make            module for the running kernel, and the reader'
	@echo 'make install    both; the module is then loaded by: modprobe whydrop'
	@echo 'make uninstall  remove both'
	@echo 'make demo       see it at work in a virtual machine, on any Debian host'
	@echo 'make check      all tests, in virtual machines'
	@echo 'make check-all  and those of the guest on every kernel of tests/vm/kernels'
	@echo 'make bench, bench-quick  what a drop costs, with peers or without'
	@echo 'make module, user, install-module, install-user, clean'
	@echo
	@echo 'KDIR=           headers to build the module against [$(KDIR)]'
	@echo 'PREFIX= DESTDIR=  where to install [$(PREFIX)]'
	@echo 'STATIC=1        link the reader statically'

.PHONY: all module user install install-module install-user uninstall demo check check-all bench bench-quick \
	clean help
