/* SPDX-License-Identifier: MIT */
#include "host/owner.h"

#include "base/path.h"
#include "host/user.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/* Returns the user's name, or "the user N" if there is no such account. */
static const char *name_of(uint64_t uid, struct arena *a)
{
    struct user_entry user = {0};

    return user_find(uid, a, &user) ? user.name
                                    : arena_printf(a, "the user %llu", (unsigned long long)uid);
}

/* Returns true if this is the home of the account. In a container of a CI service, root may
 * have a home that belongs to some number, and no other user is there. */
static bool is_home_of(uint64_t uid, const struct stat *home, struct arena *a)
{
    struct user_entry user = {0};
    struct stat st;

    return user_find(uid, a, &user) && user.home != NULL && stat(user.home, &st) == 0 &&
           st.st_dev == home->st_dev && st.st_ino == home->st_ino;
}

void owner_probe(struct arena *a, struct facts *f)
{
    struct stat st;

    if (f->uid != 0) {
        return;
    }
    /* Root inside has no capability, so that the modes of files hold for it. */
    if (stat(f->project, &st) == 0 && st.st_uid != 0 && (st.st_mode & S_IWOTH) == 0 &&
        (st.st_gid != f->gid || (st.st_mode & S_IWGRP) == 0)) {
        f->project_owner = name_of(st.st_uid, a);
    }
    if (stat(f->home, &st) == 0 && st.st_uid != 0 && is_home_of(st.st_uid, &st, a)) {
        f->home_owner = name_of(st.st_uid, a);
    }
}

const char *owner_runtime_dir(const char *runtime, struct arena *a, struct facts *f)
{
    const char *own = arena_printf(a, "/tmp/cco-%llu", (unsigned long long)f->uid);
    struct stat st;

    if (runtime == NULL || stat(runtime, &st) < 0 || !S_ISDIR(st.st_mode)) {
        return own;
    }
    if (st.st_uid == f->uid) {
        return path_clean(a, path_join(a, runtime, "cco"));
    }
    missing_add(&f->missing, a, arena_printf(a, "runtime directory %s", runtime),
                arena_printf(a,
                             "XDG_RUNTIME_DIR is %s, which belongs to %s: cco keeps running "
                             "sessions in %s; unset the variable, or log in as yourself",
                             runtime, name_of(st.st_uid, a), own));
    return own;
}
