/* SPDX-License-Identifier: MIT */
/* Changing groups needs root, so an ordinary user skips most of this. */
#include "host/groups.h"

#include "base/limits.h"
#include "child.h"
#include "tap.h"

#include <grp.h>

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

static void check(int (*f)(void), const char *name)
{
    const int got = in_child(f);

    ok(got == 0 || got == 77, "%s%s (%d)", name, got == 77 ? " # SKIP needs root" : "", got);
}

int main(void)
{
    check(groups_have_their_names, "groups are found, with the names of /etc/group");
    check(count_is_limited, "the number of groups is limited");
    check(no_group_is_found, "the group of the process itself is left out");
    return done_testing();
}
