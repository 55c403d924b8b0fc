// SPDX-License-Identifier: GPL-2.0
#define FRAME 512
#include "wdframe.c"
