/* SPDX-License-Identifier: MIT */
#include "init/mount_identity.h"

#include "base/file_id.h"
#include "base/str.h"

/* Returns true if the directory of an entry has the identity of the entry. `entry` is an
 * identity, a blank and a path. Writes the path to *path. */
static bool is_same(const char *entry, const char **path)
{
    struct str rest = str_c(entry);
    struct str id = {0};
    char now[FILE_ID_SIZE];

    (void)str_cut(&rest, ' ', &id);
    *path = rest.p;
    return file_id_of(rest.p, now) && str_eq_c(id, now);
}

int mount_identity_check(const struct boot *b, struct err *e)
{
    const char *path = NULL;

    if (b->mount_ids.count == 0 || !is_same(b->mount_ids.v[0], &path)) {
        return 0;
    }
    for (size_t i = 1; i < b->mount_ids.count; i++) {
        if (!is_same(b->mount_ids.v[i], &path)) {
            return err_set(e, ERR_REFUSED,
                           "%s was replaced by another directory while the session started",
                           path);
        }
    }
    return 0;
}
