/* SPDX-License-Identifier: MIT */
#include "init/confinement.h"

#include "base/arena.h"
#include "confine/landlock.h"
#include "confine/seccomp.h"

/* Applies the grants with Landlock. */
static int shut_in(const struct boot *b, struct err *e)
{
    struct arena a = {0};
    struct landlock_path *paths = arena_array(&a, b->grants.count + 1, sizeof(*paths));
    int abi = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->grants.count; i++) {
        rc = landlock_parse(b->grants.v[i], &paths[i], e);
    }
    rc = rc < 0 ? -1 : landlock_apply(paths, b->grants.count, &abi, e);
    arena_release(&a);
    if (rc == 0 && abi == 0 && b->landlock_only) {
        return err_set(e, ERR_REFUSED,
                       "this kernel has no Landlock, and nothing else would "
                       "keep the command from this machine's files");
    }
    return rc;
}

int confinement_apply(const struct boot *b, struct err *e)
{
    int abi = 0;
    struct err ignored = {0};

    if (b->grants.count > 0) {
        if (shut_in(b, e) < 0) {
            return -1;
        }
    } else if (b->filter != 0) {
        /* A command on the host's network could otherwise connect to the host's abstract
         * sockets. An error is ignored, because the filters of some engines refuse the call. */
        (void)landlock_apply(NULL, 0, &abi, &ignored);
    }
    return b->filter == 0 ? 0 : seccomp_apply((unsigned)b->filter - 1, e);
}
