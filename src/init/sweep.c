/* SPDX-License-Identifier: MIT */
#include "init/sweep.h"

#include "base/num.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

/* The most passes over /proc, and the pause between two of them. One pass kills everything,
 * because all processes are stopped before and cannot fork. But a killed process may still be
 * listed for a while. */
enum { PASSES_MAX = 1000, PASS_US = 1000 };

/* Waits for children until none is left, or with WNOHANG until none has ended. */
static void reap(int flags)
{
    pid_t pid;

    do {
        pid = waitpid(-1, NULL, flags);
    } while (pid > 0 || (pid < 0 && errno == EINTR));
}

/* Kills all processes except init and `spare`. Returns their number, and -1 if /proc does not
 * show all processes. */
static int kill_others(pid_t spare)
{
    DIR *d = opendir("/proc");
    const struct dirent *entry;
    bool true_view = false;
    int others = 0;

    if (d == NULL) {
        return -1;
    }
    errno = 0;
    while ((entry = readdir(d)) != NULL) {
        uint64_t pid = 0;

        if (!str_u64(str_c(entry->d_name), 10, INT32_MAX, &pid)) {
            errno = 0;
            continue;
        }
        true_view = true_view || pid == 1;
        if (pid > 1 && (pid_t)pid != spare && kill((pid_t)pid, SIGKILL) == 0) {
            others++;
        }
        errno = 0;
    }
    if (errno != 0 || !true_view) {
        others = -1;
    }
    (void)closedir(d);
    return others;
}

/* Kills all processes except init and `spare`. Returns false if /proc does not show all
 * processes. */
static bool all_but(pid_t spare)
{
    int others = 1;

    (void)kill(-1, SIGSTOP);
    for (unsigned pass = 0; others > 0 && pass < PASSES_MAX; pass++) {
        others = kill_others(spare);
        reap(WNOHANG);
        if (others > 0) {
            /* The parent of a process may be outside of the sandbox. Init cannot reap such a
             * process, and has to wait until the parent does. */
            (void)usleep(PASS_US);
        }
    }
    (void)kill(spare, SIGCONT);
    return others == 0;
}

void sweep(pid_t spare)
{
    if (getpid() != 1 || (spare > 1 && all_but(spare))) {
        return;
    }
    (void)kill(-1, SIGKILL); /* also kills processes that were forked meanwhile, but not init */
    reap(0);
}
