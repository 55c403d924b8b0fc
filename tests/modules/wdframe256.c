// SPDX-License-Identifier: GPL-2.0
#define FRAME 256
#include "wdframe.c"
