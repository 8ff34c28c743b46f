/* SPDX-License-Identifier: MIT */
/* Checks which options a native sandbox cannot have on this machine, and which paths of the
 * machine it shows. Options that it can have on no machine are in the row of the engine
 * (engine/native.c). */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

/* The first ABI in which Landlock prevents signals to processes outside. */
enum { SIGNALS_SHUT = 6 };

#define WITHOUT "without namespaces"

static int refuse(const struct builder *b, const char *option, const char *why, struct err *e)
{
    (void)err_set(e, ERR_REFUSED, "%s: %s (%s)", option, why, b->f->native.no_namespaces);
    return err_hint(e, "Leave the option out, or allow namespaces to cco: cco info says how.");
}

static int check_subids(const struct builder *b, struct err *e)
{
    const struct fact_native *n = &b->f->native;

    if (n->newuidmap == NULL || n->newgidmap == NULL) {
        (void)err_set(e, ERR_NOT_FOUND, "--subids: there is no %s on this machine",
                      n->newuidmap == NULL ? "newuidmap" : "newgidmap");
        return err_hint(e,
                        "Install it (Debian: apt-get install uidmap), or leave --subids out.");
    }
    if (n->subuid_count == 0 || n->subgid_count == 0) {
        (void)err_set(e, ERR_NOT_FOUND, "--subids: %s has no range for %s",
                      n->subuid_count == 0 ? "/etc/subuid" : "/etc/subgid", b->f->user);
        return err_hint(e,
                        "Add one (usermod --add-subuids 100000-165535 --add-subgids "
                        "100000-165535 %s), or leave --subids out.",
                        b->f->user);
    }
    return 0;
}

/* Warns, in one line, which protection a sandbox without namespaces lacks. */
static void warn(struct builder *b)
{
    const struct fact_native *n = &b->f->native;

    strv_add(
        &b->p->warnings, b->a,
        arena_printf(b->a,
                     "no namespaces (%s): only Landlock and a filter of system calls protect "
                     "this machine's files. The agent can see its processes and the names of "
                     "its files, and change modes and times of %s files.%s Local sockets do "
                     "not work.",
                     n->no_namespaces, b->f->uid == 0 ? "all" : "your",
                     n->landlock_abi < SIGNALS_SHUT ? " It can end your processes." : ""));
}

int native_check_options(struct builder *b, struct err *e)
{
    const struct opts *o = b->o;
    const struct {
        bool asked;
        const char *option;
        const char *why;
    } need_namespaces[] = {
        {o->network == NETWORK_NONE, "--network none",
         WITHOUT " the sandbox has this machine's network"},
        {o->allow_userns, "--allow-userns", "this machine refuses user namespaces"},
        {o->subids, "--subids", WITHOUT " ids cannot be mapped"},
    };

    if (o->subids && check_subids(b, e) < 0) {
        return -1;
    }
    if (b->p->kind != SANDBOX_LANDLOCK_ONLY) {
        return 0;
    }
    warn(b);
    for (size_t i = 0; i < sizeof(need_namespaces) / sizeof(need_namespaces[0]); i++) {
        if (need_namespaces[i].asked) {
            return refuse(b, need_namespaces[i].option, need_namespaces[i].why, e);
        }
    }
    return 0;
}

/* Refuses a mount that restricts what another one permits, because Landlock rules only add
 * rights. */
static int check_below(const struct builder *b, const struct plan_mount *m, struct err *e)
{
    const struct plan *p = b->p;
    const bool hides = m->kind == MOUNT_TMPFS || path_is_inside(m->source, p->run_dir);

    if (!m->read_only || path_is_inside(m->target, p->user.home)) {
        return 0;
    }
    if (hides && native_shows(b, m->target)) {
        return refuse(b, arena_printf(b->a, "%s %s", m->why, m->target),
                      WITHOUT " a path in the machine's own directories cannot be hidden", e);
    }
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *k = &p->files.mounts[i];
        const char *at = hides ? m->target : m->source;

        if (k != m && path_is_inside(at, hides ? k->target : k->source) &&
            (hides || !k->read_only)) {
            return refuse(b, arena_printf(b->a, "%s %s", m->why, m->target),
                          arena_printf(b->a, WITHOUT " a path below %s cannot be %s", k->target,
                                       hides ? "hidden" : "made read-only"),
                          e);
        }
    }
    return 0;
}

int native_check_mounts(const struct builder *b, struct err *e)
{
    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        if (check_below(b, &b->p->files.mounts[i], e) < 0) {
            return -1;
        }
    }
    return 0;
}

bool native_shows(const struct builder *b, const char *path)
{
    const struct fact_native *n = b->p->native.facts;

    if (!plan_is_native(b->p)) {
        return false;
    }
    for (size_t i = 0; i < n->top_count; i++) {
        if (n->tops[i].link == NULL &&
            path_is_inside(path, path_join(b->a, "/", n->tops[i].name))) {
            return true;
        }
    }
    for (size_t i = 0; i < n->program_count; i++) {
        if (!n->programs[i].shared && path_is_inside(path, n->programs[i].path)) {
            return true;
        }
    }
    return n->resolv_conf != NULL && strcmp(path, n->resolv_conf) == 0;
}

bool native_needs(const struct builder *b, const char *path)
{
    static const char *const optional[] = {"gnu", "nix", "opt", "snap"};
    const struct fact_native *n = b->p->native.facts;
    bool needed = false;

    for (size_t i = 0; plan_is_native(b->p) && i < n->top_count; i++) {
        if (strcmp(path, path_join(b->a, "/", n->tops[i].name)) == 0) {
            needed = true;
            for (size_t k = 0; k < sizeof(optional) / sizeof(optional[0]); k++) {
                needed = needed && strcmp(n->tops[i].name, optional[k]) != 0;
            }
        }
    }
    return needed;
}
