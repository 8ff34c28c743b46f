/* SPDX-License-Identifier: MIT */
/* The list of what may fail without a consequence. Each time it does, the command's confinement
 * is compared all the same. */
#ifndef TESTS_HARMLESS_H
#define TESTS_HARMLESS_H

#include "faults.h"

/* What need not work, and why the sandbox is the same without. */
static const struct {
    enum fault_who who;
    const char *call; /* its beginning; with a '$' in the end all of it */
    const char *why;
} harmless[] = {
    {FAULT_CCO, "syscall 442 ", "asks whether the kernel has a call: it has another way"},
    {FAULT_CCO, "kill 9", "who stands for nobody ends with its pipe"},
    {FAULT_CCO, "waitpid", "the same: it is reaped with cco"},
    {FAULT_CCO, "read anon_inode:[signalfd]", "a signal is seen at the next look"},
    {FAULT_INIT, "syscall 442 ", "asks whether the kernel has a call"},
    {FAULT_INIT, "syscall 436 ", "descriptors are closed one by one then"},
    {FAULT_INIT, "prctl 4 0", "it has been said before, or the sandbox is not made"},
    {FAULT_INIT, "prctl 15 0", "a name for ps"},
    {FAULT_INIT, "clearenv", "the environment's memory is wiped besides"},
    {FAULT_INIT, "sigprocmask", "signals that are blocked already, or that nobody sends"},
    {FAULT_INIT, "sigaction", "the same"},
    {FAULT_INIT, "poll", "the line is read all the same"},
    {FAULT_INIT, "access /bin/bash", "another shell is named in the accounts"},
    {FAULT_INIT, "mkdir /", "it is there already"},
    {FAULT_INIT, "readlink /", "the home is no link"},
    {FAULT_INIT, "stat /usr/share/zoneinfo", "TZ tells the zone"},
    {FAULT_INIT, "unlink /etc/localtime", "the same"},
    {FAULT_INIT, "open /etc/hosts", "only the host's own name is not found"},
    {FAULT_INIT, "fstat /etc/hosts", "the same"},
    {FAULT_INIT, "read /etc/hosts", "the same"},
    {FAULT_INIT, "open /sys/fs/cgroup", "a kill for want of memory is not told as one"},
    {FAULT_INIT, "mkdirat ", "it is there already"},
    {FAULT_INIT, "openat ", "directories of links are made in another way, as the user"},
    {FAULT_INIT, "open /$", "the same"},
    {FAULT_INIT, "read /sys/fs/cgroup", "the same"},
    {FAULT_INIT, "setpgid", "the command does so as well"},
    {FAULT_INIT, "read pipe:", "why the command did not start: it did"},
    {FAULT_COMMAND, "sigprocmask", "the same signals"},
    {FAULT_COMMAND, "setpgid", "init does so as well"},
    {FAULT_COMMAND, "syscall capget ", "who cannot tell what it may do is taken to do all"},
    {FAULT_COMMAND, "prctl 47 4", "nothing is ambient that is not permitted any more"},
    {FAULT_COMMAND, "prctl 23 ", "the bounding set is looked at twice"},
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
