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

/* A setting below /proc/sys; -1 where there is none. */
static int setting(const char *root, struct arena *a, const char *name)
{
    struct err ignored = {0};
    struct buf text;
    uint64_t n = 0;
    int out = -1;

    buf_init(&text, TEXT_MAX);
    if (file_read(arena_printf(a, "%s/proc/sys/%s", root, name), &text, &ignored) == 0 &&
        str_u64(str_trim(buf_str(&text)), 10, UINT64_MAX, &n)) {
        out = n == 0 ? 0 : 1;
    }
    buf_release(&text);
    return out;
}

/* The limit that is 0; NULL: none. */
static const char *shut_limit(const char *root, struct arena *a)
{
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (setting(root, a, arena_printf(a, "user/%s", limits[i])) == 0) {
            return limits[i];
        }
    }
    return NULL;
}

static bool holds(const char *root, struct arena *a, const char *file, const char *text)
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

/* EINVAL and ENOSYS: built without them, or a filter's way to say no; EUSERS: nested too deep. */
static bool is_forbidden(int errnum, enum userns_error_of what)
{
    struct arena a = {0};
    bool out = errnum == EPERM || errnum == EACCES;

    if (what == USERNS_ERROR_CLONE) {
        out = out || errnum == EINVAL || errnum == ENOSYS || errnum == EUSERS ||
              (errnum == ENOSPC && shut_limit("", &a) != NULL);
    }
    arena_release(&a);
    return out;
}

int userns_error_mark(struct err *e, enum userns_error_of what)
{
    if (e->kind == ERR_SYS && is_forbidden(e->errnum, what)) {
        e->kind = ERR_REFUSED;
        e->code = (int)what;
    } else if (e->kind == ERR_SYS && e->errnum == ENOSPC && what == USERNS_ERROR_CLONE) {
        (void)err_hint(e, "All namespaces that may be are in use: end what uses them, or raise "
                          "user.max_user_namespaces.");
    }
    return -1;
}

struct look {
    bool filtered, container, apparmor, confined;
};

static struct look look_around(const char *root, struct arena *a)
{
    return (struct look){
        .filtered = holds(root, a, "/proc/self/status", "\nSeccomp:\t2"),
        .container = file_exists(arena_printf(a, "%s/.dockerenv", root)) ||
                     file_exists(arena_printf(a, "%s/run/.containerenv", root)),
        .apparmor = setting(root, a, "kernel/apparmor_restrict_unprivileged_userns") == 1,
        .confined = holds(root, a, "/proc/self/attr/current", "docker-default"),
    };
}

static const char *of_container(const struct look *l, struct arena *a)
{
    return arena_printf(a,
                        "docker run --security-opt seccomp=unconfined%s --security-opt "
                        "systempaths=unconfined",
                        l->confined ? " --security-opt apparmor=unconfined" : "");
}

static void by_filter(const struct look *l, const char *what, struct arena *a,
                      struct userns_error *out)
{
    out->why = arena_printf(a, "%s around cco forbids %s",
                            l->container ? "the container" : "a filter of system calls", what);
    out->next = l->container ? of_container(l, a) : NULL;
}

static void by_apparmor(struct userns_error *out)
{
    out->why = "AppArmor lets only programs with a profile have them";
    out->next = "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
}

static void of_clone(const struct err *e, const struct look *l, const char *root,
                     struct arena *a, struct userns_error *out)
{
    const char *limit = shut_limit(root, a);

    if (e->errnum == ENOSPC && limit != NULL) {
        out->why = arena_printf(a, "user.%s is 0", limit);
        out->next = arena_printf(a, "sudo sysctl user.%s=10000", limit);
    } else if (e->errnum == EUSERS) {
        out->why = "namespaces are nested too deep here";
    } else if (setting(root, a, "kernel/unprivileged_userns_clone") == 0) {
        out->why = "kernel.unprivileged_userns_clone is 0";
        out->next = "sudo sysctl kernel.unprivileged_userns_clone=1";
    } else if (l->filtered) {
        by_filter(l, "new namespaces", a, out);
    } else if (e->errnum == EINVAL || e->errnum == ENOSYS) {
        out->why = "this kernel is built without them";
    } else if (l->apparmor) {
        by_apparmor(out);
    }
}

void userns_error_explain(const struct err *e, const char *root, struct arena *a,
                          struct userns_error *out)
{
    const struct look l = look_around(root, a);

    *out = (struct userns_error){.why = arena_strdup(a, e->text)};
    if (e->code == USERNS_ERROR_CLONE) {
        of_clone(e, &l, root, a, out);
    } else if (e->code == USERNS_ERROR_PROC) {
        out->why = "parts of /proc are covered here, as in containers, so there can be none "
                   "of the sandbox's own";
        out->next = l.container ? of_container(&l, a) : NULL;
    } else if (l.apparmor) {
        by_apparmor(out);
    } else if (l.filtered || l.confined) {
        by_filter(&l, "mounts", a, out);
    }
}
