/* SPDX-License-Identifier: MIT */
/* A sandbox of this machine's own files: what its directories show can be hidden like everything else. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

int unengined_check(const struct builder *b, struct err *e)
{
    const struct fact_native *n = &b->f->native;

    if (!b->o->subids) {
        return 0;
    }
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

bool unengined_shows(const struct builder *b, const char *path)
{
    const struct fact_native *n = b->p->native.facts;

    if (n == NULL) {
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

bool unengined_needs(const struct builder *b, const char *path)
{
    static const char *const optional[] = {"gnu", "nix", "opt", "snap"};
    const struct fact_native *n = b->p->native.facts;
    bool needed = false;

    for (size_t i = 0; n != NULL && i < n->top_count; i++) {
        if (strcmp(path, path_join(b->a, "/", n->tops[i].name)) == 0) {
            needed = true;
            for (size_t k = 0; k < sizeof(optional) / sizeof(optional[0]); k++) {
                needed = needed && strcmp(n->tops[i].name, optional[k]) != 0;
            }
        }
    }
    return needed;
}
