#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a shell makes of a Tab: complete.py SHELL WHYDROP FOLDER KEYS

SHELL is bash or zsh, run on a terminal of its own with the completion of
FOLDER; KEYS are typed, and then Ctrl-A and what prints the command line as
the shell has it, which is printed.
"""
import os
import pty
import select
import sys
import time

shell, whydrop, folder, keys = sys.argv[1:]
env = {
    "PATH": os.path.dirname(whydrop) + ":" + os.environ["PATH"],
    "TERM": "dumb", "HISTFILE": "", "LC_ALL": "C", "PS1": "ready> ",
    "WHYDROP_DEBUGFS": os.environ.get("WHYDROP_DEBUGFS", "/nonexistent"),
    "WHYDROP_PARAMETERS": os.environ.get("WHYDROP_PARAMETERS", "/nonexistent"),
}
if shell == "bash":
    argv = ["bash", "--noprofile", "--norc", "-i", "+m"]
    setup = f"bind 'set enable-bracketed-paste off'; . {folder}/whydrop.bash; echo read''y"
else:
    argv = ["zsh", "-f", "-i", "+m"]
    setup = (f"PS1='ready> '; fpath=({folder} $fpath); autoload -Uz compinit; "
             "compinit -u -D; unsetopt zle_bracketed_paste; echo read''y")

pid, fd = pty.fork()
if pid == 0:
    os.execvpe(argv[0], argv, env)


unread = b""


def expect(text, seconds=120):
    """All that comes until the text does."""
    global unread
    end = time.monotonic() + seconds
    while text not in unread:
        if not select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f"{shell}: no {text!r} in {unread!r}")
        unread += os.read(fd, 65536)
    got, _, unread = unread.partition(text)
    return got + text


expect(b"> ")
os.write(fd, setup.encode() + b"\n")
expect(b"ready\r\n")
expect(b"> ")
# A command line in quotes is an argument of printf.
os.write(fd, keys.replace("\\t", "\t").encode())
os.write(fd, b"\x01printf '<%s>\\n' \x05; echo do''ne\n")
got = expect(b"done\r\n").replace(b"\r", b"")
print("\n".join(line for line in got.decode().split("\n")
                if line.startswith("<") and line.endswith(">")))
os.close(fd)
os.waitpid(pid, 0)
