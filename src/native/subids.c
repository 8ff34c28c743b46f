/* SPDX-License-Identifier: MIT */
#include "native/subids.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/num.h"
#include "base/path.h"
#include "base/proc.h"
#include "net/wait.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static const uint64_t id_max = UINT32_MAX - 1; /* (uid_t)-1 is not an id */

enum { RANGES_MAX = 32, TOOL_MS = 10000, STDERR_MAX = 512 };

/* Finds a program of this name in the usual directories. PATH is not used, because it may
 * contain a directory that an agent can write to. */
static const char *find_tool(const char *root, const char *name, struct arena *a)
{
    static const char *const dirs[] = {"/usr/bin", "/run/wrappers/bin", "/bin", "/usr/sbin",
                                       "/usr/local/bin"};

    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        const char *path = arena_printf(a, "%s%s/%s", root, dirs[i], name);

        if (access(path, X_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

/* Parses a line like "ann:100000:65536": user name or uid, first id, number of ids. Returns
 * false if it is not one of this user's ranges. */
static bool read_range(struct str line, const struct facts *f, struct arena *a,
                       struct fact_range *out)
{
    struct str name = {0};
    struct str first = {0};

    (void)str_cut(&line, ':', &name);
    (void)str_cut(&line, ':', &first);
    return (str_eq_c(name, f->user) ||
            str_eq_c(name, arena_printf(a, "%llu", (unsigned long long)f->uid))) &&
           str_u64(first, 10, id_max, &out->first) &&
           str_u64(str_trim(line), 10, id_max, &out->count) && out->first > 0 &&
           out->count > 0 && out->count <= id_max - out->first;
}

/* Returns true if the range does not contain the user's own id. A range that contains it cannot
 * be used, because that id is mapped already. */
static bool is_apart(const struct fact_range *r, uint64_t own)
{
    return own < r->first || own >= r->first + r->count;
}

static const struct fact_range *read_ranges(const char *path, const struct facts *f,
                                            uint64_t own, struct arena *a, size_t *count)
{
    struct fact_range *out = arena_array(a, RANGES_MAX, sizeof(*out));
    struct err ignored = {0};
    struct buf text;
    struct str rest;

    *count = 0;
    buf_init(&text, LIMIT_FILE_SMALL);
    (void)file_read(path, &text, &ignored);
    rest = buf_str(&text);
    while (rest.len > 0 && *count < RANGES_MAX) {
        struct str line = {0};

        (void)str_cut(&rest, '\n', &line);
        if (read_range(line, f, a, &out[*count]) && is_apart(&out[*count], own)) {
            (*count)++;
        }
    }
    buf_release(&text);
    return out;
}

void subids_find(const char *root, struct arena *a, struct facts *f)
{
    struct fact_native *n = &f->native;

    n->newuidmap = find_tool(root, "newuidmap", a);
    n->newgidmap = find_tool(root, "newgidmap", a);
    n->subuids =
        read_ranges(arena_printf(a, "%s/etc/subuid", root), f, f->uid, a, &n->subuid_count);
    n->subgids =
        read_ranges(arena_printf(a, "%s/etc/subgid", root), f, f->gid, a, &n->subgid_count);
}

int subids_await(int line, struct err *e)
{
    static const char policy[] = "deny";
    char byte = 0;
    int fd = file_open("/proc/self/setgroups", O_WRONLY, 0, e);
    int rc = -1;

    if (fd >= 0 && fd_write(fd, policy, strlen(policy)) == (ssize_t)strlen(policy)) {
        rc = 0;
    } else if (fd >= 0) {
        (void)err_sys(e, "/proc/self/setgroups");
    }
    fd_close(&fd);
    if (rc == 0 && (fd_write(line, &byte, 1) != 1 || fd_read(line, &byte, 1) != 1)) {
        rc = err_set(e, ERR_EOF, "the process that writes the id maps has ended");
    }
    return rc;
}

/* Returns the arguments of newuidmap or newgidmap: the pid, then for each range the first id
 * inside, the first id outside, and the number of ids. */
static const char *const *arguments(const char *tool, pid_t pid, uint64_t own,
                                    const struct fact_range *ranges, size_t count,
                                    struct arena *a)
{
    struct strv argv = {0};

    strv_add(&argv, a, path_base(tool));
    strv_add(&argv, a, arena_printf(a, "%d", (int)pid));
    for (size_t i = 0; i <= count; i++) {
        unsigned long long first = i == 0 ? own : ranges[i - 1].first;
        unsigned long long many = i == 0 ? 1 : ranges[i - 1].count;

        strv_add(&argv, a, arena_printf(a, "%llu", first));
        strv_add(&argv, a, arena_printf(a, "%llu", first));
        strv_add(&argv, a, arena_printf(a, "%llu", many));
    }
    strv_add(&argv, a, NULL);
    return argv.v;
}

static int run_tool(const char *tool, const char *const *argv, const struct sig *sig,
                    struct err *e)
{
    char path[] = "PATH=/usr/bin:/bin";
    char language[] = "LC_ALL=C";
    char *env[] = {path, language, NULL};
    struct buf out;
    struct buf said;
    const struct proc p = {.program = tool,
                           .argv = argv,
                           .env = env,
                           .sig = sig,
                           .out = &out,
                           .err = &said,
                           .deadline_ms = clock_ms() + TOOL_MS};
    int status = 0;
    int rc;

    buf_init(&out, STDERR_MAX);
    buf_init(&said, STDERR_MAX);
    rc = proc_run(&p, &status, e);
    if (rc == 0 && status != 0) {
        struct str why = str_trim(buf_str(&said));

        (void)err_set(e, ERR_REFUSED, "--subids: %s: %.*s", tool,
                      (int)(why.len > 0 ? why.len : 6), why.len > 0 ? why.p : "failed");
        rc = err_hint(e, "Leave --subids out, or see newuidmap(1) and /etc/subuid.");
    }
    buf_release(&out);
    buf_release(&said);
    return rc;
}

int subids_write(const struct plan *p, pid_t pid, int line, struct sig *sig, struct err *e)
{
    const struct fact_native *n = p->native.facts;
    const struct net_wait w = {.deadline_ms = -1, .sig = sig};
    struct arena a = {0};
    char byte = 0;
    int rc = -1;

    if (net_wait(&w, line, POLLIN, e) < 0) {
        goto out;
    }
    if (fd_read(line, &byte, 1) != 1) {
        rc = 0;
        goto out;
    }
    if (run_tool(n->newuidmap,
                 arguments(n->newuidmap, pid, p->user.uid, n->subuids, n->subuid_count, &a),
                 sig, e) < 0 ||
        run_tool(n->newgidmap,
                 arguments(n->newgidmap, pid, p->user.gid, n->subgids, n->subgid_count, &a),
                 sig, e) < 0) {
        goto out;
    }
    (void)fd_write(line, &byte, 1); /* if the child has ended, it reports its own error */
    rc = 0;
out:
    arena_release(&a);
    return rc;
}
