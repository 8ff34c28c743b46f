/* SPDX-License-Identifier: MIT */
/* Hides the local sockets of this machine's programs from the sandbox. A program that listens
 * in the project, such as tmux or a database, would do outside of the sandbox what the agent
 * asks for. A read-only mount does not prevent a connection. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

enum { HIDDEN_MAX = 256, NAMED_MAX = 3 };

/* Returns the path at which the mount shows the socket, or NULL if it does not, or if another
 * mount covers it there. */
static const char *seen_at(struct builder *b, const struct plan_mount *m, const char *socket)
{
    const char *target;

    if (m->kind != MOUNT_BIND || strcmp(m->source, socket) == 0 ||
        strcmp(m->source, b->p->run_dir) == 0 || !path_is_inside(socket, m->source)) {
        return NULL;
    }
    target =
        path_clean(b->a, arena_printf(b->a, "%s/%s", m->target, socket + strlen(m->source)));
    return paths_covering(b->p, target) == m ? target : NULL;
}

static void cover(struct builder *b, const char *target, struct strv *hidden)
{
    if (!strv_has(hidden, target)) {
        mounts_add(b, hide_empty_file(b), target, false,
                   "a program of this machine listens at this socket")
            ->read_only = true;
        strv_add(hidden, b->a, target);
    }
}

static void hide_one(struct builder *b, const char *socket, struct strv *hidden)
{
    if (native_shows(b, socket) && paths_covering(b->p, socket) == NULL) {
        cover(b, socket, hidden);
    }
    /* By index, because cover() adds to the list and can move it. */
    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        const char *target = seen_at(b, &b->p->files.mounts[i], socket);

        if (target != NULL) {
            cover(b, target, hidden);
        }
    }
}

static void warn(struct builder *b, const struct strv *hidden)
{
    const char *names = strv_some(hidden, NAMED_MAX, b->a);

    if (hidden->count == 0) {
        return;
    }
    strv_add(&b->p->warnings, b->a,
             arena_printf(b->a,
                          "%s: hidden, because a program outside of the sandbox listens at "
                          "%s; --ro PATH shows it",
                          names, hidden->count > 1 ? "each of these sockets" : "this socket"));
}

int sockets_hide(struct builder *b, struct err *e)
{
    const struct strv *all = &b->f->live_sockets;
    struct strv hidden = {0};

    for (size_t i = 0; b->p->kind != SANDBOX_LANDLOCK_ONLY && i < all->count; i++) {
        /* The volumes of a remote engine have no sockets of this machine. */
        if (b->p->kind != SANDBOX_REMOTE_CONTAINER || path_map_see(b, all->v[i])) {
            hide_one(b, all->v[i], &hidden);
        }
        if (hidden.count > HIDDEN_MAX) {
            (void)err_set(e, ERR_REFUSED,
                          "more than %d local sockets are in the directories of the sandbox",
                          HIDDEN_MAX);
            return err_hint(e, "Programs listen at them. End these programs, or choose a "
                               "directory without sockets; ss -xl lists them.");
        }
    }
    warn(b, &hidden);
    return 0;
}
