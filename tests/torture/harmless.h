/* SPDX-License-Identifier: MIT */
/* The list of the calls that may fail without a consequence. The test still compares the
 * command's confinement after each of these failures. */
#ifndef TESTS_HARMLESS_H
#define TESTS_HARMLESS_H

#include "faults.h"

/* The calls, and the reasons why the sandbox is the same without them. */
static const struct {
    enum fault_who who;
    const char *call; /* the beginning of its description; all of it if a '$' ends it */
    const char *why;
} harmless[] = {
    {FAULT_CCO, "syscall 442 ", "asks whether the kernel has a call; cco has another way"},
    {FAULT_CCO, "kill 9", "the helper of idmap_open() exits when its pipe is closed"},
    {FAULT_CCO, "waitpid", "the helper of idmap_open() is reaped when cco has exited"},
    {FAULT_CCO, "read anon_inode:[signalfd]", "the signal is read in the next turn"},
    {FAULT_INIT, "syscall 442 ", "asks whether the kernel has a call"},
    {FAULT_INIT, "syscall 436 ", "descriptors are closed one by one instead"},
    {FAULT_INIT, "prctl 4 0",
     "the process is not dumpable already, or the sandbox is not made"},
    {FAULT_INIT, "prctl 15 0", "only the name that ps shows"},
    {FAULT_INIT, "clearenv", "the memory of the environment is wiped as well"},
    {FAULT_INIT, "sigprocmask", "the signals are blocked already, or nobody sends them"},
    {FAULT_INIT, "sigaction", "nobody sends the signals"},
    {FAULT_INIT, "poll", "the line is read anyway"},
    {FAULT_INIT, "access /bin/bash", "the user's entry has another shell"},
    {FAULT_INIT, "mkdir /", "the directory exists already"},
    {FAULT_INIT, "stat /tmp/cco-test.", "the directory is made as if it were not there"},
    {FAULT_INIT, "readlink /", "the home is not a link"},
    {FAULT_INIT, "stat /usr/share/zoneinfo", "TZ contains the time zone"},
    {FAULT_INIT, "unlink /etc/localtime", "TZ contains the time zone"},
    {FAULT_INIT, "open /etc/hosts", "only the name of this host cannot be resolved"},
    {FAULT_INIT, "fstat /etc/hosts", "only the name of this host cannot be resolved"},
    {FAULT_INIT, "read /etc/hosts", "only the name of this host cannot be resolved"},
    {FAULT_INIT, "open /sys/fs/cgroup",
     "only that the kernel killed the command because of memory is not reported"},
    {FAULT_INIT, "mkdirat ", "the directory exists already"},
    {FAULT_INIT, "openat ", "directories of links are made in another way, as the user"},
    {FAULT_INIT, "open /$", "directories of links are made in another way, as the user"},
    {FAULT_INIT, "read /sys/fs/cgroup",
     "only that the kernel killed the command because of memory is not reported"},
    {FAULT_INIT, "setpgid", "the command makes the same call"},
    {FAULT_INIT,
     "read pipe:", "the pipe reports why the command did not start, but it did start"},
    {FAULT_COMMAND, "sigprocmask", "the signals are blocked already, or nobody sends them"},
    {FAULT_COMMAND, "setpgid", "init makes the same call"},
    {FAULT_COMMAND, "syscall capget ",
     "if its capabilities are unknown, it counts as having all"},
    {FAULT_COMMAND, "prctl 47 4",
     "a capability that has left the permitted set is not ambient either"},
    {FAULT_COMMAND, "prctl 23 ", "the bounding set is examined twice"},
};

static bool is_harmless(void)
{
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        const char *call = harmless[i].call;
        size_t len = strcspn(call, "$");

        if (fault->who == harmless[i].who && strncmp(fault->what, call, len) == 0 &&
            (call[len] == '\0' || fault->what[len] == '\0')) {
            return true;
        }
    }
    return false;
}

#endif
