SUMMARY = "Kernel module that records why and where packets are dropped"
SECTION = "kernel"

require whydrop.inc
inherit module

# Modules are built where their source is: a checkout for each machine.
EXTERNALSRC_BUILD = "${WHYDROP_SRC}"

# DESTDIR: the class says where modules go, but depmod is not for the builder.
EXTRA_OEMAKE += "KDIR=${STAGING_KERNEL_DIR} DESTDIR=${D}"
MAKE_TARGETS = "module"
MODULES_INSTALL_TARGET = "install-module"

RPROVIDES:${PN} += "kernel-module-whydrop"
