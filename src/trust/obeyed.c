/* SPDX-License-Identifier: MIT */
#include "trust/obeyed.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/path.h"
#include "trust/lookup.h"
#include "trust/pins.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const char *describe(struct arena *a, const struct lookup *l)
{
    return l->link != NULL
               ? arena_printf(a, "it leads through the link %s, which an agent could have made",
                              l->link)
               : arena_printf(a, "it leads into %s, where an agent could write", l->tree);
}

static bool can_be_pinned(const struct lookup *l)
{
    return l->physical != NULL && (S_ISREG(l->id.mode) || S_ISDIR(l->id.mode));
}

static struct obeyed of(const struct lookup *l)
{
    return (struct obeyed){.path = l->path, .physical = l->physical, .id = l->id};
}

struct obeyed obeyed_find(struct arena *a, const char *state_dir, const struct ledger *trees,
                          const char *path)
{
    const struct lookup l = lookup_path(a, trees, path, LOOKUP_OBEYED);
    struct obeyed out = of(&l);
    char sha256[SHA256_HEX];
    enum pin_state pin;

    if (l.tree == NULL) {
        return out;
    }
    out.why = describe(a, &l);
    if (!can_be_pinned(&l)) {
        return out;
    }
    pin = pin_check(state_dir, &l, sha256);
    if (pin == PIN_HOLDS) {
        out.sha256 = arena_strdup(a, sha256);
        out.why = NULL;
        return out;
    }
    out.can_pin = true;
    if (pin == PIN_CHANGED) {
        out.why = arena_printf(a, "%s, and it has changed since you accepted it", out.why);
    }
    return out;
}

struct obeyed obeyed_find_unpinned(struct arena *a, const struct ledger *trees,
                                   const char *path)
{
    const struct lookup l = lookup_path(a, trees, path, LOOKUP_OBEYED);
    struct obeyed out = of(&l);

    if (l.tree != NULL) {
        out.why = describe(a, &l);
    }
    return out;
}

const char *obeyed_why(struct arena *a, const struct obeyed *o)
{
    return o->can_pin ? arena_printf(a, "%s. To accept its present content: cco trust %s",
                                     o->why, path_word(a, o->path))
                      : o->why;
}

const char *obeyed_own_dir(char *const *env, const char *variable, const char *home,
                           const char *usual, struct arena *a)
{
    const char *dir = env_value(env, variable);

    return path_clean(
        a, path_join(a, dir != NULL && dir[0] == '/' ? dir : path_join(a, home, usual), "cco"));
}

int obeyed_find_by_env(struct arena *a, char *const *env, const char *path, struct obeyed *out,
                       struct err *e)
{
    const char *home = env_value(env, "HOME");
    struct ledger trees = {0};
    const char *state = "/";

    if (home != NULL && home[0] == '/') {
        state = obeyed_own_dir(env, "XDG_STATE_HOME", home, ".local/state", a);
        if (ledger_read(state, a, &trees, e) < 0) {
            return -1;
        }
    }
    *out = obeyed_find(a, state, &trees, path);
    return out->why == NULL ? 0 : err_set(e, ERR_REFUSED, "%s: %s", path, obeyed_why(a, out));
}

int obeyed_read(const char *physical, const char *sha256, struct buf *text, struct err *e)
{
    const size_t start = text->len;
    char found[SHA256_HEX];
    struct sha256 h;
    struct stat st;
    int rc = -1;
    int fd = lookup_open(physical, O_RDONLY | O_NONBLOCK | O_NOCTTY, e);

    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_REFUSED, "%s: not a regular file", physical);
    } else {
        rc = file_read_fd(fd, physical, (size_t)st.st_size, text, e);
    }
    fd_close(&fd);
    if (rc == 0 && sha256 != NULL) {
        sha256_init(&h);
        sha256_add(&h, buf_str(text).p + start, text->len - start);
        sha256_hex(&h, found);
        if (strcmp(found, sha256) != 0) {
            buf_reset(text);
            (void)err_set(e, ERR_REFUSED, "%s has changed while cco started", physical);
            rc = err_hint(e, "Look at it, and start cco again.");
        }
    }
    return rc;
}
