# SPDX-License-Identifier: MIT
"""Runs a program on a machine that forbids more: `forbid.py WHAT[,WHAT…] PROGRAM…`. A filter of system calls, which the
program cannot remove, makes the calls fail (seccomp(2), classic BPF).

    namespaces   no new namespaces: EPERM, as in Docker's default profile
    mounts       namespaces, but no mount in them: EACCES, as under Ubuntu's AppArmor
    landlock     a kernel without Landlock: ENOSYS
    openat2      a kernel before Linux 5.6: ENOSYS
    io=CALL      the call fails with EIO: an ordinary fault, which forbids nothing
"""

import ctypes
import errno
import os
import platform
import struct
import sys

CALLS = {
    "x86_64": {"clone": 56, "unshare": 272, "mount": 165},
    "aarch64": {"clone": 220, "unshare": 97, "mount": 40},
}[platform.machine()] | {"landlock": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446, "openat2": 437}
NEW = 0x7E020000  # every CLONE_NEW* flag
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, JUMP_BITS, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000


def step(code, value, yes=0, no=0):
    return struct.pack("HBBI", code, yes, no, value)


def refuse(call, error, bits=0):
    """Refuses one call; with `bits`, only if its first argument contains any of them. The accumulator contains the call's
    number before and afterwards.
    """
    number = CALLS[call]
    if not bits:
        return step(JUMP_EQUAL, number, 0, 1) + step(RETURN, ERRNO | error)
    return (step(JUMP_EQUAL, number, 0, 4) + step(LOAD, 16) + step(JUMP_BITS, bits, 0, 1)
            + step(RETURN, ERRNO | error) + step(RETURN, ALLOW))


def program(what):
    if what == "namespaces":
        return refuse("clone", errno.EPERM, NEW) + refuse("unshare", errno.EPERM, NEW)
    if what == "mounts":
        return refuse("mount", errno.EACCES)
    if what in ("landlock", "openat2"):
        return refuse(what, errno.ENOSYS)
    call = what.removeprefix("io=")
    return refuse(call, errno.EIO, NEW if call == "clone" else 0)


def main():
    steps = step(LOAD, 0) + b"".join(program(what) for what in sys.argv[1].split(","))
    steps += step(RETURN, ALLOW)

    class Program(ctypes.Structure):
        _fields_ = [("count", ctypes.c_ushort), ("steps", ctypes.c_char_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    filters = Program(len(steps) // 8, steps)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, FILTER,
                                                                 ctypes.byref(filters), 0, 0):
        sys.exit(f"no filter can be set: {os.strerror(ctypes.get_errno())}")
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
