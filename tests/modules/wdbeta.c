// SPDX-License-Identifier: GPL-2.0
#define WHO beta
#include "wddrops.h"
