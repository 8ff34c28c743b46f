/* SPDX-License-Identifier: MIT */
#include "native/cgroup.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    TEXT_MAX = 64 << 10, /* maximum of bytes read of one file of the kernel */
    LINE_SIZE = 96,
    PLACES_MAX = 2,     /* the group of this process, and the group above it */
    PERIOD_US = 100000, /* the period of cpu.max */
    /* nano_cpus divided by this number is the quota: microseconds of processor time in a
     * period. */
    NANO_PER_QUOTA = 10000,
    QUOTA_MIN_US = 1000, /* the kernel accepts no smaller quota in cpu.max */
    YOUNG_S = 60,        /* an empty group is removed only if it is older */
    WAITS = 50,          /* cgroup_remove() waits at most so many times, WAIT_NS each */
    WAIT_NS = 2000000
};

#define MOUNTED "/sys/fs/cgroup"
#define PREFIX "cco-"
#define ALL (CGROUP_MEMORY | CGROUP_CPU | CGROUP_PIDS)

static const struct {
    const char *name;
    enum cgroup_limit limit;
} controllers[] = {{"memory", CGROUP_MEMORY}, {"cpu", CGROUP_CPU}, {"pids", CGROUP_PIDS}};

/* Returns the content of a file; "" if it cannot be read. */
static const char *text_of(const char *path, struct arena *a)
{
    struct err ignored = {0};
    struct buf text;
    const char *out = "";

    buf_init(&text, TEXT_MAX);
    if (file_read(path, &text, &ignored) == 0) {
        out = arena_str(a, buf_str(&text));
    }
    buf_release(&text);
    return out;
}

/* Returns the limits that a text like "cpuset cpu io memory pids" names, as bits of enum
 * cgroup_limit. */
static unsigned limits_in(const char *text)
{
    struct str rest = str_trim(str_c(text));
    unsigned out = 0;

    while (rest.len > 0) {
        struct str word = {0};

        (void)str_cut(&rest, ' ', &word);
        for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
            out |= str_eq_c(word, controllers[i].name) ? controllers[i].limit : 0U;
        }
    }
    return out;
}

/* Returns the group of this process, from a line like "0::/user.slice/x.scope"; NULL if the
 * group is outside of the visible part of the tree. */
static const char *own_group(const char *root, struct arena *a)
{
    struct str rest = str_c(text_of(arena_printf(a, "%s/proc/self/cgroup", root), a));

    while (rest.len > 0) {
        struct str line = {0};

        (void)str_cut(&rest, '\n', &line);
        if (str_starts(line, "0::/")) {
            const char *path = arena_str(a, str_drop(line, strlen("0::")));

            return strstr(path, "/..") != NULL ? NULL : path;
        }
    }
    return NULL;
}

/* Returns true if this user may write to the file. */
static bool is_ours(const char *dir, const char *file, struct arena *a)
{
    return access(path_join(a, dir, file), W_OK) == 0;
}

/* Returns true if this process is the only one in the group. The group is then empty after this
 * process has moved into another one. */
static bool are_alone(const char *dir, struct arena *a)
{
    struct str rest = str_trim(str_c(text_of(path_join(a, dir, "cgroup.procs"), a)));
    uint64_t pid = 0;

    return str_u64(rest, 10, INT32_MAX, &pid) && (pid_t)pid == getpid();
}

/* Fills *out if this user can make groups in the directory. A controller can limit such groups
 * if it is enabled for them (cgroup.subtree_control) or if this process can enable it, which
 * needs write access to that file. If this process is in the group (`we_are_in`), it must also
 * be the only process in it and leave it first, because a group that contains processes cannot
 * enable controllers. The root group is an exception. */
static void look(const char *dir, bool we_are_in, struct arena *a, struct cgroup_place *out)
{
    unsigned have = limits_in(text_of(path_join(a, dir, "cgroup.controllers"), a));
    unsigned given = limits_in(text_of(path_join(a, dir, "cgroup.subtree_control"), a));
    bool is_top = !file_exists(path_join(a, dir, "cgroup.type"));
    bool makes_room = we_are_in && !is_top && have != given;

    if (access(dir, W_OK) < 0 || !is_ours(dir, "cgroup.procs", a)) {
        return;
    }
    if (!is_ours(dir, "cgroup.subtree_control", a) || (makes_room && !are_alone(dir, a))) {
        have = given;
        makes_room = false;
    }
    if (have != 0) {
        out->dir = dir;
        out->can = have;
        out->own = makes_room
                       ? path_join(a, dir, arena_printf(a, PREFIX "self-%d", (int)getpid()))
                       : NULL;
    }
}

void cgroup_find(const char *root, struct arena *a, struct cgroup_place *out)
{
    const char *top = arena_printf(a, "%s" MOUNTED, root);
    const char *own = own_group(root, a);

    *out = (struct cgroup_place){.why = "no control group is delegated to this user"};
    if (!file_exists(path_join(a, top, "cgroup.controllers"))) {
        out->why = "control groups of version 2 are not mounted here";
        return;
    }
    for (int i = 0; own != NULL && out->dir == NULL && i < PLACES_MAX; i++) {
        const char *dir = strcmp(own, "/") == 0 ? top : arena_printf(a, "%s%s", top, own);

        look(dir, i == 0, a, out);
        own = strcmp(own, "/") == 0 ? NULL : path_dir(a, own);
    }
    if (out->can == ALL) {
        out->why = NULL;
    } else if (out->dir != NULL) {
        out->why = "the control group that is delegated to this user cannot limit it";
    }
}

static int put(const char *dir, const char *file, const char *text, struct arena *a,
               struct err *e)
{
    int fd = file_open(path_join(a, dir, file), O_WRONLY, 0, e);
    int rc = fd < 0 ? -1 : fd_write_all(fd, text, strlen(text), e);

    fd_close(&fd);
    return rc < 0 ? err_wrap(e, "control group %s: %s", dir, file) : 0;
}

/* Enables the controllers of the bits `wanted` for the groups below p->dir. */
static int hand_down(const struct cgroup_place *p, unsigned wanted, struct arena *a,
                     struct err *e)
{
    unsigned given = limits_in(text_of(path_join(a, p->dir, "cgroup.subtree_control"), a));

    for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
        char line[LINE_SIZE];

        if ((wanted & ~given & controllers[i].limit) == 0) {
            continue;
        }
        (void)snprintf(line, sizeof(line), "+%s", controllers[i].name);
        if (put(p->dir, "cgroup.subtree_control", line, a, e) < 0) {
            return -1;
        }
    }
    return 0;
}

static unsigned wanted_by(const struct cgroup_limits *l)
{
    return (l->memory > 0 ? CGROUP_MEMORY : 0U) | (l->nano_cpus > 0 ? CGROUP_CPU : 0U) |
           (l->pids > 0 ? CGROUP_PIDS : 0U);
}

static int set_limits(const char *group, const struct cgroup_limits *l, struct arena *a,
                      struct err *e)
{
    uint64_t quota = l->nano_cpus / NANO_PER_QUOTA;
    char line[LINE_SIZE];

    if (l->memory > 0) {
        (void)snprintf(line, sizeof(line), "%llu", (unsigned long long)l->memory);
        if (put(group, "memory.max", line, a, e) < 0 ||
            (file_exists(path_join(a, group, "memory.swap.max")) &&
             put(group, "memory.swap.max", "0", a, e) < 0)) {
            return -1;
        }
    }
    if (l->nano_cpus > 0) {
        (void)snprintf(line, sizeof(line), "%llu %d",
                       (unsigned long long)(quota < QUOTA_MIN_US ? QUOTA_MIN_US : quota),
                       PERIOD_US);
        if (put(group, "cpu.max", line, a, e) < 0) {
            return -1;
        }
    }
    (void)snprintf(line, sizeof(line), "%llu", (unsigned long long)l->pids);
    return l->pids > 0 ? put(group, "pids.max", line, a, e) : 0;
}

/* Returns true if another cco may have just made the group, so that nothing runs in it yet. */
static bool is_young(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0 || time(NULL) - st.st_mtime < YOUNG_S;
}

/* Removes cco's old groups in `dir`. Groups that contain a process stay, because rmdir(2) fails
 * for them. */
static void sweep(const char *dir, struct arena *a)
{
    DIR *d = opendir(dir);
    const struct dirent *entry;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        const char *path = path_join(a, dir, entry->d_name);

        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 && !is_young(path)) {
            (void)rmdir(path);
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
}

static int make_dir(const char *path, struct err *e)
{
    return mkdir(path, 0755) < 0 && errno != EEXIST ? err_sys(e, "control group %s", path) : 0;
}

/* Moves this process out of p->dir into p->own, so that p->dir contains no process and groups
 * below it can have limits. */
static int make_room(const struct cgroup_place *p, struct err *e)
{
    return p->own == NULL            ? 0
           : make_dir(p->own, e) < 0 ? -1
                                     : cgroup_enter(p->own, getpid(), e);
}

const char *cgroup_make(const struct cgroup_place *p, const char *name,
                        const struct cgroup_limits *l, struct arena *a, struct err *e)
{
    const char *group = path_join(a, p->dir, arena_printf(a, PREFIX "%s", name));

    sweep(p->dir, a);
    if (make_room(p, e) < 0 || hand_down(p, wanted_by(l), a, e) < 0) {
        return NULL;
    }
    if (make_dir(group, e) == 0 && set_limits(group, l, a, e) == 0) {
        return group;
    }
    (void)rmdir(group);
    return NULL;
}

int cgroup_enter(const char *group, pid_t pid, struct err *e)
{
    struct arena a = {0};
    char line[LINE_SIZE];
    int rc;

    (void)snprintf(line, sizeof(line), "%d", (int)pid);
    rc = put(group, "cgroup.procs", line, &a, e);
    arena_release(&a);
    return rc;
}

void cgroup_remove(const char *group)
{
    const struct timespec pause = {.tv_nsec = WAIT_NS};
    struct arena a = {0};
    struct err old = {0};

    if (group != NULL) {
        (void)put(group, "cgroup.kill", "1", &a,
                  &old); /* before Linux 5.14 the file is missing */
        arena_release(&a);
    }
    for (int i = 0; group != NULL && i < WAITS; i++) {
        if (rmdir(group) == 0 || errno != EBUSY) {
            break;
        }
        (void)nanosleep(&pause, NULL);
    }
}
