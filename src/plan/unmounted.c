/* SPDX-License-Identifier: MIT */
/* Without namespaces there is one file tree for all, and nothing can be mounted: Landlock (native/landlock_only.h) lets the command
 * reach what the plan shares, each where it is. The home is a directory of the session's, with links in it. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

enum { SIGNALS_SHUT = 6 }; /* from this ABI of Landlock on */

#define WITHOUT "without namespaces"

static int refuse(struct builder *b, const char *option, const char *why, struct err *e)
{
    (void)err_set(e, ERR_REFUSED, "%s: %s (%s)", option, why, b->f->native.no_namespaces);
    return err_hint(e, "Leave the option out, or let cco have namespaces: cco info tells how.");
}

/* In one line, what the user does not get. */
static void tell(struct builder *b)
{
    const struct fact_native *n = &b->f->native;

    strv_add(
        &b->p->warnings, b->a,
        arena_printf(b->a,
                     "no namespaces (%s): Landlock and a filter of system calls alone keep "
                     "this machine's files shut. Given up: its processes and the names of "
                     "its files can be seen, modes and times of %s files changed%s; local "
                     "sockets do not work.",
                     n->no_namespaces, b->f->uid == 0 ? "all" : "your",
                     n->landlock_abi < SIGNALS_SHUT ? ", your processes ended" : ""));
}

int landlock_only_check(struct builder *b, struct err *e)
{
    const struct opts *o = b->o;

    tell(b);

    if (o->network == NETWORK_NONE) {
        return refuse(b, "--network none", WITHOUT " there is no network but this machine's",
                      e);
    }
    if (o->allow_userns) {
        return refuse(b, "--allow-userns", "there are none to be had", e);
    }
    if (o->subids) {
        return refuse(b, "--subids", WITHOUT " there are no ids to be mapped", e);
    }
    return 0;
}

/* What stands below something that may be more: Landlock grants, and takes nothing away again. */
static int check_below(struct builder *b, const struct plan_mount *m, struct err *e)
{
    const struct plan *p = b->p;
    const bool hides = m->kind == MOUNT_TMPFS || path_is_inside(m->source, p->run_dir);

    if (!m->read_only || path_is_inside(m->target, p->user.home)) {
        return 0;
    }
    if (hides && unengined_shows(b, m->target)) {
        return refuse(b, arena_printf(b->a, "%s %s", m->why, m->target),
                      WITHOUT " nothing of the machine's own directories can be hidden", e);
    }
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *k = &p->files.mounts[i];
        const char *at = hides ? m->target : m->source;

        if (k != m && path_is_inside(at, hides ? k->target : k->source) &&
            (hides || !k->read_only)) {
            return refuse(
                b, arena_printf(b->a, "%s %s", m->why, m->target),
                arena_printf(b->a, WITHOUT " nothing below %s can be kept from the sandbox%s",
                             k->target, hides ? "" : "'s writing"),
                e);
        }
    }
    return 0;
}

int landlock_only_build(struct builder *b, struct err *e)
{
    struct plan *p = b->p;
    const char *claude = path_join(b->a, p->user.home, ".claude");
    size_t kept = 0;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        struct plan_mount *m = &p->files.mounts[i];

        m->placeholder = NULL; /* a link needs none */
        /* One directory cannot be both cco's own and have links for what is in it. */
        if (strcmp(m->target, claude) != 0) {
            p->files.mounts[kept++] = *m;
        }
    }
    p->files.mount_count = kept;
    for (size_t i = 0; i < kept; i++) {
        if (check_below(b, &p->files.mounts[i], e) < 0) {
            return -1;
        }
    }
    p->native.temp_dir = path_join(b->a, p->run_dir, "tmp");
    env_fixed(b, "TMPDIR", p->native.temp_dir);
    env_fixed(b, "CLAUDE_CODE_TMPDIR", p->native.temp_dir);
    return 0;
}

static bool can_be_reached(struct builder *b, const char *dir)
{
    const struct fact_native *n = b->p->native.facts;

    for (size_t i = 0; i < n->top_count; i++) {
        if (path_is_inside(dir, path_join(b->a, "/", n->tops[i].name))) {
            return true;
        }
    }
    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        if (path_is_inside(dir, b->p->files.mounts[i].target)) {
            return true;
        }
    }
    for (size_t i = 0; i < n->program_count; i++) {
        const struct fact_program *p = &n->programs[i];

        if (path_is_inside(dir, p->path) || strcmp(dir, path_dir(b->a, p->path)) == 0 ||
            (p->link != NULL && strcmp(dir, path_dir(b->a, p->link)) == 0)) {
            return true;
        }
    }
    return false;
}

const char *landlock_only_path(struct builder *b, const char *path)
{
    const char *out = NULL;
    struct str rest = str_c(path);
    struct str part = {0};

    while (rest.len > 0) {
        const char *dir;

        (void)str_cut(&rest, ':', &part);
        dir = arena_str(b->a, part);
        if (dir[0] != '/' || can_be_reached(b, dir)) {
            out = out == NULL ? dir : arena_printf(b->a, "%s:%s", out, dir);
        }
    }
    return out;
}
