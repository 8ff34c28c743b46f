/* SPDX-License-Identifier: MIT */
#include "native/userns_error.h"

#include "base/file.h"
#include "base/num.h"
#include "base/str.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 16 << 10 };

static const char *const limits[] = {
    "max_user_namespaces", "max_mnt_namespaces",    "max_pid_namespaces", "max_ipc_namespaces",
    "max_uts_namespaces",  "max_cgroup_namespaces", "max_net_namespaces"};

/* Bits of what look_around() finds on this machine. */
enum seen {
    SEEN_LIMIT = 1,     /* one of `limits` is 0 */
    SEEN_SWITCH = 2,    /* kernel.unprivileged_userns_clone is 0 (Debian) */
    SEEN_FILTER = 4,    /* a system-call filter was set before cco started */
    SEEN_CONTAINER = 8, /* this is a container of Docker or Podman */
    SEEN_PROFILE = 16,  /* Docker's AppArmor profile confines cco */
    SEEN_APPARMOR = 32  /* kernel.apparmor_restrict_unprivileged_userns is 1 (Ubuntu) */
};

enum { ERRNO_COUNT = 4 };

#define BIT(what) (1U << (what))
#define DOCKER_RUN "docker run --security-opt seccomp=unconfined"
#define NO_PROFILE " --security-opt apparmor=unconfined"
#define WHOLE_PROC " --security-opt systempaths=unconfined"
#define BY_FILTER "a filter of system calls around cco forbids "
#define BY_CONTAINER "the container around cco forbids "
#define BY_APPARMOR "AppArmor allows them only to programs with a profile"
#define NO_APPARMOR "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
#define PROC_COVERED                                                                           \
    "parts of /proc are covered here, as in containers, so the sandbox cannot have a /proc "   \
    "of its own"

/* clang-format off */
#define CLONE BIT(USERNS_ERROR_CLONE)
#define MOUNTS (BIT(USERNS_ERROR_MOUNT) | BIT(USERNS_ERROR_MAP))
#define PROC BIT(USERNS_ERROR_PROC)
#define FORBIDDEN {EPERM, EACCES}
#define FORBIDDEN_OR_UNKNOWN {EPERM, EACCES, EINVAL, ENOSYS}

/* The errors that mean a refusal of namespaces, with their reasons. The first row whose
 * operation, errno and findings all match counts. An error without a row is a fault, such as a
 * lack of memory; it must not lead to a weaker sandbox. */
static const struct reason {
    unsigned of;             /* BIT() of enum userns_error_of */
    int errnos[ERRNO_COUNT]; /* 0: unused */
    unsigned seen;           /* bits of enum seen, which must all be found; 0: none is needed */
    const char *why;         /* NULL: the text of the error is the reason */
    const char *next;        /* NULL: no advice is known */
} reasons[] = {
    {CLONE, {ENOSPC}, SEEN_LIMIT, "user.LIMIT is 0", "sudo sysctl user.LIMIT=10000"}, /* LIMIT: the name */
    {CLONE, {EUSERS}, 0, "namespaces are nested too deep here", NULL},
    {CLONE, FORBIDDEN_OR_UNKNOWN, SEEN_SWITCH, "kernel.unprivileged_userns_clone is 0", "sudo sysctl kernel.unprivileged_userns_clone=1"},
    {CLONE, FORBIDDEN_OR_UNKNOWN, SEEN_FILTER | SEEN_CONTAINER | SEEN_PROFILE, BY_CONTAINER "new namespaces", DOCKER_RUN NO_PROFILE WHOLE_PROC},
    {CLONE, FORBIDDEN_OR_UNKNOWN, SEEN_FILTER | SEEN_CONTAINER, BY_CONTAINER "new namespaces", DOCKER_RUN WHOLE_PROC},
    {CLONE, FORBIDDEN_OR_UNKNOWN, SEEN_FILTER, BY_FILTER "new namespaces", NULL},
    {CLONE, {EINVAL, ENOSYS}, 0, "this kernel was built without them", NULL},
    {CLONE, FORBIDDEN, SEEN_APPARMOR, BY_APPARMOR, NO_APPARMOR},
    {PROC, FORBIDDEN, SEEN_CONTAINER | SEEN_PROFILE, PROC_COVERED, DOCKER_RUN NO_PROFILE WHOLE_PROC},
    {PROC, FORBIDDEN, SEEN_CONTAINER, PROC_COVERED, DOCKER_RUN WHOLE_PROC},
    {PROC, FORBIDDEN, 0, PROC_COVERED, NULL},
    {MOUNTS, FORBIDDEN, SEEN_APPARMOR, BY_APPARMOR, NO_APPARMOR},
    {MOUNTS, FORBIDDEN, SEEN_CONTAINER | SEEN_PROFILE, BY_CONTAINER "mounts", DOCKER_RUN NO_PROFILE WHOLE_PROC},
    {MOUNTS, FORBIDDEN, SEEN_CONTAINER | SEEN_FILTER, BY_CONTAINER "mounts", DOCKER_RUN WHOLE_PROC},
    {MOUNTS, FORBIDDEN, SEEN_FILTER, BY_FILTER "mounts", NULL},
    {MOUNTS, FORBIDDEN, SEEN_PROFILE, BY_FILTER "mounts", NULL},
    {CLONE | MOUNTS, FORBIDDEN, 0, NULL, NULL},
};
/* clang-format on */

/* Reads a setting below /proc/sys. Returns 0 if it is 0, 1 if it is another number, and -1 if
 * it does not exist. */
static int setting(const char *root, struct arena *a, const char *name)
{
    const char *text = file_first_line(a, arena_printf(a, "%s/proc/sys/%s", root, name));
    uint64_t n = 0;

    return text == NULL || !str_u64(str_c(text), 10, UINT64_MAX, &n) ? -1 : n != 0;
}

/* Returns the first limit that is 0, and NULL if none is. */
static const char *zero_limit(const char *root, struct arena *a)
{
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (setting(root, a, arena_printf(a, "user/%s", limits[i])) == 0) {
            return limits[i];
        }
    }
    return NULL;
}

/* Returns true if the file contains the text. */
static bool contains(const char *root, struct arena *a, const char *file, const char *text)
{
    struct err ignored = {0};
    struct buf all;
    bool found;

    buf_init(&all, TEXT_MAX);
    found = file_read(arena_printf(a, "%s%s", root, file), &all, &ignored) == 0 &&
            buf_c(&all) != NULL && strstr(buf_c(&all), text) != NULL;
    buf_release(&all);
    return found;
}

static unsigned look_around(const char *root, struct arena *a)
{
    const bool container = file_exists(arena_printf(a, "%s/.dockerenv", root)) ||
                           file_exists(arena_printf(a, "%s/run/.containerenv", root));

    return (zero_limit(root, a) != NULL ? SEEN_LIMIT : 0U) |
           (setting(root, a, "kernel/unprivileged_userns_clone") == 0 ? SEEN_SWITCH : 0U) |
           (contains(root, a, "/proc/self/status", "\nSeccomp:\t2") ? SEEN_FILTER : 0U) |
           (container ? SEEN_CONTAINER : 0U) |
           (contains(root, a, "/proc/self/attr/current", "docker-default") ? SEEN_PROFILE
                                                                           : 0U) |
           (setting(root, a, "kernel/apparmor_restrict_unprivileged_userns") == 1
                ? SEEN_APPARMOR
                : 0U);
}

static bool has_errno(const struct reason *r, int errnum)
{
    for (size_t i = 0; i < ERRNO_COUNT; i++) {
        if (errnum != 0 && r->errnos[i] == errnum) {
            return true;
        }
    }
    return false;
}

static const struct reason *find(int errnum, enum userns_error_of what, unsigned seen)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        const struct reason *r = &reasons[i];

        if ((r->of & BIT(what)) != 0 && (r->seen & ~seen) == 0 && has_errno(r, errnum)) {
            return r;
        }
    }
    return NULL;
}

/* Returns true if the error is a refusal. Reads the kernel's settings only if the errno alone
 * does not decide that. */
static bool is_refusal(int errnum, enum userns_error_of what)
{
    struct arena a = {0};
    bool refused = find(errnum, what, 0) != NULL;

    if (!refused && find(errnum, what, ~0U) != NULL) {
        refused = find(errnum, what, look_around("", &a)) != NULL;
    }
    arena_release(&a);
    return refused;
}

int userns_error_mark(struct err *e, enum userns_error_of what)
{
    if (e->kind == ERR_SYS && is_refusal(e->errnum, what)) {
        e->kind = ERR_REFUSED;
        e->code = (int)what;
    } else if (e->kind == ERR_SYS && e->errnum == ENOSPC && what == USERNS_ERROR_CLONE) {
        (void)err_hint(
            e, "All namespaces that the kernel allows are in use: end the programs that "
               "use them, or raise user.max_user_namespaces.");
    }
    return -1;
}

void userns_error_explain(const struct err *e, const char *root, struct arena *a,
                          struct userns_error *out)
{
    const unsigned seen = look_around(root, a);
    const struct reason *r = find(e->errnum, (enum userns_error_of)e->code, seen);

    *out = (struct userns_error){.why = arena_strdup(a, e->text)};
    if (r == NULL || r->why == NULL) {
        return;
    }
    out->why = r->why;
    out->next = r->next;
    if (r->seen == SEEN_LIMIT) {
        const char *limit = zero_limit(root, a);

        out->why = arena_printf(a, "user.%s is 0", limit);
        out->next = arena_printf(a, "sudo sysctl user.%s=10000", limit);
    }
}
