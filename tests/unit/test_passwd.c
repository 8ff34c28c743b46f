/* SPDX-License-Identifier: MIT */
#include "init/passwd.h"
#include "tap.h"

static struct passwd_user ann = {"ann", 1000, 1000, "/home/ann", "/bin/bash"};

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
    struct buf tiny;

    check(passwd_set, "", "ann:x:1000:1000::/home/ann:/bin/bash\n", "empty passwd");
    check(passwd_set, "root:x:0:0:root:/root:/bin/sh\n",
          "ann:x:1000:1000::/home/ann:/bin/bash\nroot:x:0:0:root:/root:/bin/sh\n",
          "others are kept");
    check(passwd_set,
          "node:x:1000:1000::/home/node:/bin/sh\nann:x:5:5::/x:/y\nlast:x:7:7::/:/z",
          "ann:x:1000:1000::/home/ann:/bin/bash\nlast:x:7:7::/:/z\n",
          "same uid and same name are replaced, a missing newline is added");
    check(passwd_set, "bob:x:1000:5::/b:/z\neve:x:5:1000::/e:/z\n",
          "ann:x:1000:1000::/home/ann:/bin/bash\neve:x:5:1000::/e:/z\n",
          "a user of the same group stays");
    check(passwd_set, "anna:x:10001:1::/:/\n\nbad line\n",
          "ann:x:1000:1000::/home/ann:/bin/bash\nanna:x:10001:1::/:/\nbad line\n",
          "longer names and ids are others");
    ann.uid = 0; /* as in rootless Docker */
    check(passwd_set, "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/z\n",
          "ann:x:0:1000::/home/ann:/bin/bash\nroot:x:0:0:root:/root:/bin/sh\n",
          "root keeps its name where somebody has its number");
    ann.uid = 1000;
    check(group_set, "", "ann:x:1000:\n", "empty group");
    check(group_set, "users:x:1000:bob\n", "users:x:1000:bob\n",
          "a group with this gid serves");
    check(group_set, "x:1000:5:\n", "ann:x:1000:\nx:1000:5:\n", "a password is no gid");
    check(group_set, "ann:x:5:\nroot:x:0:\n", "ann:x:1000:\nroot:x:0:\n",
          "a group of this name with another gid is replaced");

    buf_init(&tiny, 8);
    is_int(passwd_set(str_c(""), &ann, &tiny), -1, "past the maximum is an error");
    buf_release(&tiny);
    return done_testing();
}
