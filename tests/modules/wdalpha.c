// SPDX-License-Identifier: GPL-2.0
#define WHO alpha
#include "wddrops.h"
