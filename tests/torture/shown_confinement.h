/* SPDX-License-Identifier: MIT */
/* The command that torture_native.c runs in sandboxes. Its output shows the confinement in
 * which it runs. */
#ifndef TESTS_SHOWN_CONFINEMENT_H
#define TESTS_SHOWN_CONFINEMENT_H

#include "tmpdir.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The command: it writes what it can see and do into the file "confinement". Its output is the
 * same in every run with the same confinement. */
static const char script[] =
    "exec >confinement 2>&1; "
    "grep -E '^(Uid|Gid|Groups|Cap[A-Z][a-z]*|NoNewPrivs|Seccomp|Seccomp_filters):' "
    "/proc/self/status; "
    "[ \"$(readlink /proc/self/ns/pid)\" = \"$(sed -n s/^pid=//p ns)\" ] || sort /proc/mounts; "
    "ls -a / /home /root /dev /run; ls -l /proc/self/fd | wc -l; "
    "for d in / /usr /etc /proc/sys /home; do (echo x >$d/x); done; "
    "mkdir /dev/x; cat /etc/shadow; head -c 1 /proc/kcore; cat /proc/1/environ; "
    "for n in user mnt pid ipc uts cgroup net; do "
    "[ \"$(readlink /proc/self/ns/$n)\" = \"$(sed -n s/^$n=//p ns)\" ] && echo same $n; done; "
    "(: </dev/tty); kill -0 $(cat outside); echo end";

/* Writes the namespaces and the pid of the test into the project, for the script. */
static void put_namespaces(void)
{
    static const char *const names[] = {"user", "mnt", "pid", "ipc", "uts", "cgroup", "net"};
    char text[1024] = "";

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[64];
        char link[64] = "";
        size_t len = strlen(text);

        (void)snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
        (void)!readlink(path, link, sizeof(link) - 1);
        (void)snprintf(text + len, sizeof(text) - len, "%s=%s\n", names[i], link);
    }
    put_file(in_tmp("project/ns"), text);
    (void)snprintf(text, sizeof(text), "%d\n", (int)getpid());
    put_file(in_tmp("project/outside"), text);
}

#endif
