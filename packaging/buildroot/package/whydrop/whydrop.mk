################################################################################
#
# whydrop
#
################################################################################

WHYDROP_VERSION = 0.1.0
WHYDROP_SITE = $(BR2_EXTERNAL_WHYDROP_PATH)/../..
WHYDROP_SITE_METHOD = local
WHYDROP_LICENSE = GPL-2.0, GPL-2.0 with Linux-syscall-note (module/uapi/whydrop.h)
WHYDROP_LICENSE_FILES = LICENSE

# As in packaging/kernel.config; modules are on, because this is one.
define WHYDROP_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_NET)
	$(call KCONFIG_ENABLE_OPT,CONFIG_FTRACE)
	$(call KCONFIG_ENABLE_OPT,CONFIG_ENABLE_DEFAULT_TRACERS)
	$(call KCONFIG_ENABLE_OPT,CONFIG_STACKTRACE)
	$(call KCONFIG_ENABLE_OPT,CONFIG_DEBUG_FS)
	$(call KCONFIG_ENABLE_OPT,CONFIG_KALLSYMS)
endef

ifeq ($(BR2_PACKAGE_WHYDROP_READER),y)
# Where they are, the reader has packet expressions, top, source lines, and all losses.
WHYDROP_DEPENDENCIES += \
	$(if $(BR2_PACKAGE_LIBPCAP),libpcap) \
	$(if $(BR2_PACKAGE_NCURSES_WCHAR),host-pkgconf ncurses) \
	$(if $(BR2_PACKAGE_ELFUTILS),elfutils) \
	$(if $(BR2_PACKAGE_LIBMNL),libmnl) \
	$(if $(BR2_PACKAGE_NFTABLES),nftables)
WHYDROP_READER_OPTS = \
	PCAP=$(if $(BR2_PACKAGE_LIBPCAP),1,0) \
	NCURSES=$(if $(BR2_PACKAGE_NCURSES_WCHAR),1,0) \
	DW=$(if $(BR2_PACKAGE_ELFUTILS),1,0) \
	MNL=$(if $(BR2_PACKAGE_LIBMNL),1,0) \
	NFT=$(if $(BR2_PACKAGE_NFTABLES),1,0)

# Not where the checkout may have objects of the host.
WHYDROP_READER_MAKE = $(TARGET_MAKE_ENV) $(MAKE) $(TARGET_CONFIGURE_OPTS) -C $(@D)/user \
	O=$(@D)/build/target $(WHYDROP_READER_OPTS) PREFIX=/usr

define WHYDROP_BUILD_CMDS
	$(WHYDROP_READER_MAKE)
endef

define WHYDROP_INSTALL_TARGET_CMDS
	$(WHYDROP_READER_MAKE) DESTDIR=$(TARGET_DIR) install
endef
endif

$(eval $(kernel-module))
$(eval $(generic-package))
