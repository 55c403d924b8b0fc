#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""measured.py COMMAND...: runs it; prints KB of memory, seconds of CPU and by the clock, exit status."""
import resource
import subprocess
import sys
import time

begun = time.monotonic()
status = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL, check=False).returncode
took = time.monotonic() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, round(used.ru_utime + used.ru_stime, 1), round(took, 1), status)
