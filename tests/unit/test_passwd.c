/* SPDX-License-Identifier: MIT */
#include "init/passwd.h"
#include "tap.h"

static struct passwd_user ann = {"ann", 1000, 1000, "/home/ann", "/bin/bash", {0}};

/* Checks the text that `set` makes of `before`. */
static void check(int (*set)(struct str, const struct passwd_user *, struct buf *),
                  const char *before, const char *after, const char *name)
{
    struct buf out;

    buf_init(&out, 4096);
    is_int(set(str_c(before), &ann, &out), 0, name);
    is_str(buf_c(&out), after, name);
    buf_release(&out);
}

int main(void)
{
    struct arena arena = {0};
    struct buf tiny;

    check(passwd_set, "", "ann:x:1000:1000::/home/ann:/bin/bash\n",
          "an empty passwd file gets the user");
    check(passwd_set, "root:x:0:0:root:/root:/bin/sh\n",
          "ann:x:1000:1000::/home/ann:/bin/bash\nroot:x:0:0:root:/root:/bin/sh\n",
          "other users are kept");
    check(passwd_set,
          "node:x:1000:1000::/home/node:/bin/sh\nann:x:5:5::/x:/y\nlast:x:7:7::/:/z",
          "ann:x:1000:1000::/home/ann:/bin/bash\nlast:x:7:7::/:/z\n",
          "users with the same uid or name are replaced, and a missing newline is added");
    check(passwd_set, "bob:x:1000:5::/b:/z\neve:x:5:1000::/e:/z\n",
          "ann:x:1000:1000::/home/ann:/bin/bash\neve:x:5:1000::/e:/z\n",
          "a user with the same gid is kept");
    check(passwd_set, "anna:x:10001:1::/:/\n\nbad line\n",
          "ann:x:1000:1000::/home/ann:/bin/bash\nanna:x:10001:1::/:/\nbad line\n",
          "users with longer names and uids are kept");
    ann.uid = 0; /* as in rootless Docker */
    check(passwd_set, "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/z\n",
          "ann:x:0:1000::/home/ann:/bin/bash\nroot:x:0:0:root:/root:/bin/sh\n",
          "root is kept although the user has uid 0");
    ann.uid = 1000;
    check(group_set, "", "ann:x:1000:\n", "an empty group file gets the group");
    check(group_set, "users:x:1000:bob\n", "users:x:1000:bob\n",
          "no group is added if one has the gid");
    check(group_set, "x:1000:5:\n", "ann:x:1000:\nx:1000:5:\n",
          "a password is not taken for a gid");
    check(group_set, "ann:x:5:\nroot:x:0:\n", "ann:x:1000:\nroot:x:0:\n",
          "a group of this name with another gid is replaced");

    strv_add(&ann.groups, &arena, "44:video");
    strv_add(&ann.groups, &arena, "2000:dev");
    strv_add(&ann.groups, &arena, "2001:root");
    strv_add(&ann.groups, &arena, "2002");
    strv_add(&ann.groups, &arena, "2003:ann");
    strv_add(&ann.groups, &arena, "1000:other");
    strv_add(&ann.groups, &arena, "/var/run/docker.sock");
    check(group_set, "root:x:0:\nusers:x:44:bob\n",
          "ann:x:1000:\ndev:x:2000:ann\ng2001:x:2001:ann\ng2002:x:2002:ann\n"
          "g2003:x:2003:ann\nroot:x:0:\nusers:x:44:bob\n",
          "supplementary groups are added if the file lacks them, with names that are free");
    arena_release(&arena);

    buf_init(&tiny, 8);
    is_int(passwd_set(str_c(""), &ann, &tiny), -1, "text that does not fit is an error");
    buf_release(&tiny);
    return done_testing();
}
