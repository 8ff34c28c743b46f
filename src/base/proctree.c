/* SPDX-License-Identifier: MIT */
#include "base/proctree.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/num.h"
#include "base/pidfd.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    STAT_SIZE = 1024,
    PATH_SIZE = 64,
    CHILDREN_SIZE = 4096,
    /* Indexes of the fields of /proc/PID/stat, counted from the one behind the name. */
    FIELD_PARENT = 2,
    FIELD_STARTED = 20,
    FIRST_COUNT = 256,
    PASS_US = 1000 /* between two passes over /proc */
};

struct process {
    pid_t pid, parent;
    uint64_t started;
};

struct table {
    struct process *all;
    size_t count, cap;
};

static size_t read_text(const char *path, char *text, size_t size)
{
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : fd_read(fd, text, size - 1);

    fd_close(&fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 ? (size_t)got : 0;
}

/* Reads the stat file of a process into `text`. Returns what follows its name, which begins
 * with a blank and the state, or the empty string. */
static struct str read_stat(pid_t pid, char text[STAT_SIZE])
{
    char path[PATH_SIZE];
    const char *end;

    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    /* Search for the last parenthesis, because the name may contain blanks and parentheses. */
    if (read_text(path, text, STAT_SIZE) == 0 || (end = strrchr(text, ')')) == NULL) {
        return (struct str){0};
    }
    return str_c(end + 1);
}

bool proctree_is_stopped(pid_t pid)
{
    char text[STAT_SIZE];

    return str_starts(read_stat(pid, text), " T");
}

uint64_t proctree_started(pid_t pid, pid_t *parent, bool *ended)
{
    char text[STAT_SIZE];
    struct str field = {0};
    struct str rest = read_stat(pid, text);
    uint64_t number = 0;

    *parent = 0;
    *ended = false;
    *ended = str_starts(rest, " Z") || str_starts(rest, " X");
    for (int i = 0; i < FIELD_STARTED; i++) {
        (void)str_cut(&rest, ' ', &field);
        if (i == FIELD_PARENT && str_u64(field, 10, INT32_MAX, &number)) {
            *parent = (pid_t)number;
        }
    }
    (void)str_cut(&rest, ' ', &field);
    return str_u64(field, 10, UINT64_MAX, &number) ? number : 0;
}

static void add(struct table *t, struct process p)
{
    if (t->count == t->cap) {
        t->cap = t->cap == 0 ? FIRST_COUNT : 2 * t->cap;
        t->all = realloc(t->all, t->cap * sizeof(t->all[0]));
        if (t->all == NULL) {
            abort();
        }
    }
    t->all[t->count++] = p;
}

static int by_pid(const void *a, const void *b)
{
    const struct process *x = a;
    const struct process *y = b;

    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void look(struct table *t)
{
    DIR *d = opendir("/proc");
    const struct dirent *entry;

    t->count = 0;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        struct process p = {0};
        bool ended;
        uint64_t pid = 0;

        if (str_u64(str_c(entry->d_name), 10, INT32_MAX, &pid)) {
            p.pid = (pid_t)pid;
            p.started = proctree_started(p.pid, &p.parent, &ended);
            if (p.started != 0) {
                add(t, p);
            }
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    if (t->count > 0) {
        qsort(t->all, t->count, sizeof(t->all[0]), by_pid);
    }
}

/* Returns true if p descends from `root`. The entries of the table were read at different
 * times, so the parents in it can form a circle. The number of steps is therefore limited. */
static bool descends(const struct table *t, const struct process *p, pid_t root)
{
    for (size_t steps = 0; p != NULL && steps < t->count; steps++) {
        struct process parent = {.pid = p->parent};

        if (p->parent == root) {
            return true;
        }
        p = p->parent <= 1 ? NULL
                           : bsearch(&parent, t->all, t->count, sizeof(t->all[0]), by_pid);
    }
    return false;
}

/* Kills p, unless another process has got its pid since the table was read. */
static void end(const struct process *p)
{
    int fd = pidfd_of(p->pid);
    pid_t parent;
    bool ended;

    if (fd >= 0 && proctree_started(p->pid, &parent, &ended) == p->started) {
        (void)pidfd_kill(fd);
    }
    fd_close(&fd);
}

/* Kills the children of this process. With the option hidepid, /proc also hides processes that
 * are not dumpable, so the table lacks them, but the list of children contains them. No other
 * process can have the pid of a child that was not waited for, so kill(2) is safe. */
static void end_children(void)
{
    char path[PATH_SIZE];
    char text[CHILDREN_SIZE];
    struct str rest;
    struct str word = {0};
    uint64_t pid = 0;

    (void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    rest = str_n(text, read_text(path, text, sizeof(text)));
    /* The kernel ends each pid with a blank. A pid without one was cut, and is killed in a
     * later pass. */
    while (str_cut(&rest, ' ', &word)) {
        if (str_u64(word, 10, INT32_MAX, &pid) && pid > 1) {
            (void)kill((pid_t)pid, SIGKILL);
        }
    }
}

/* Waits for the children that have ended. Returns false if this process has no child left. */
static bool reap(void)
{
    pid_t pid;

    do {
        pid = waitpid(-1, NULL, WNOHANG);
    } while (pid > 0 || (pid < 0 && errno == EINTR));
    return pid == 0;
}

/* Reads /proc and kills all descendants of `root` that it lists. Returns their number. */
static size_t end_all(struct table *t, pid_t root)
{
    size_t hit = 0;

    look(t);
    for (size_t i = 0; i < t->count; i++) {
        if (t->all[i].pid != root && descends(t, &t->all[i], root)) {
            end(&t->all[i]);
            hit++;
        }
    }
    return hit;
}

int proctree_kill(pid_t root, int timeout_ms)
{
    const bool ours = root == getpid();
    const int64_t deadline = clock_ms() + timeout_ms;
    struct table t = {0};
    bool left = true;

    if (ours && !reap()) {
        return 0;
    }
    while (left) {
        left = end_all(&t, root) > 0;
        if (ours) {
            end_children();
            left = reap();
        }
        if (left && clock_ms() >= deadline) {
            break;
        }
        if (left) {
            (void)usleep(PASS_US);
        }
    }
    free(t.all);
    return left ? -1 : 0;
}
