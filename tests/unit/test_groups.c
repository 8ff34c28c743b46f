/* SPDX-License-Identifier: MIT */
/* Changing groups needs root, so an ordinary user skips most of this. */
#include "host/groups.h"

#include "base/limits.h"
#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <grp.h>
#include <sys/stat.h>

/* Runs in a child. Returns 0 on success. */
static int groups_have_their_names(void)
{
    const gid_t own[] = {0, 1, 4211, 4212};
    struct arena a = {0};
    struct strv found = {0};

    if (setgroups(4, own) < 0) {
        return 77;
    }
    groups_find(4212, &found, &a);
    if (found.count != 3) {
        return 1;
    }
    /* Debian's own names */
    return strcmp(found.v[0], "0:root") == 0 && strcmp(found.v[1], "1:daemon") == 0 &&
                   strcmp(found.v[2], "4211") == 0
               ? 0
               : 2;
}

/* Runs in a child. Returns 0 on success. */
static int count_is_limited(void)
{
    static gid_t many[2 * LIMIT_GROUPS];
    struct arena a = {0};
    struct strv found = {0};

    for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
        many[i] = (gid_t)(4000 + i);
    }
    if (setgroups(sizeof(many) / sizeof(many[0]), many) < 0) {
        return 77;
    }
    groups_find(1, &found, &a);
    return found.count == LIMIT_GROUPS ? 0 : 1;
}

/* Runs in a child. Returns 0 on success. */
static int no_group_is_found(void)
{
    const gid_t own[] = {4211};
    struct arena a = {0};
    struct strv found = {0};

    if (setgroups(1, own) < 0) {
        return 77;
    }
    groups_find(4211, &found, &a);
    return found.count == 0 ? 0 : 1;
}

static void group_of_a_directory_is_found(void)
{
    struct arena a = {0};
    struct strv groups = {0};
    struct stat st;

    strv_add(&groups, &a, "4711:dev");
    ok(mkdir(in_tmp("shared"), 0700) == 0 && chmod(in_tmp("shared"), 02775) == 0 &&
           stat(in_tmp("shared"), &st) == 0,
       "a directory can be made");
    strv_add(&groups, &a, arena_printf(&a, "%lu", (unsigned long)st.st_gid));
    is_str(groups_of_dir(&groups, st.st_uid + 1, st.st_gid + 1, in_tmp("shared")), groups.v[1],
           "the group by which the user may write is found");
    ok(groups_of_dir(&groups, st.st_uid + 1, st.st_gid, in_tmp("shared")) == NULL,
       "the user's own group is not");
    ok(chmod(in_tmp("shared"), 02755) == 0 &&
           groups_of_dir(&groups, st.st_uid + 1, st.st_gid + 1, in_tmp("shared")) == NULL,
       "a group that may not write is not");
    arena_release(&a);
}

static void check(int (*f)(void), const char *name)
{
    const int got = in_child(f);

    ok(got == 0 || got == 77, "%s%s (%d)", name, got == 77 ? " # SKIP needs root" : "", got);
}

int main(void)
{
    check(groups_have_their_names, "groups are found, with the names of /etc/group");
    check(count_is_limited, "the number of groups is limited");
    tmpdir_make();
    group_of_a_directory_is_found();
    tmpdir_remove();
    check(no_group_is_found, "the group of the process itself is left out");
    return done_testing();
}
