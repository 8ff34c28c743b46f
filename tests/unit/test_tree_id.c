/* SPDX-License-Identifier: MIT */
#include "trust/tree_id.h"

#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int main(void)
{
    struct tree_id a = {0};
    struct tree_id b = {0};

    tmpdir_make();
    (void)mkdir(in_tmp("d"), 0700);
    (void)mkdir(in_tmp("other"), 0700);
    ok(tree_id_at(AT_FDCWD, in_tmp("d"), &a) == 0 && S_ISDIR(a.mode), "a directory has an id");
    (void)rename(in_tmp("d"), in_tmp("renamed"));
    ok(tree_id_at(AT_FDCWD, in_tmp("renamed"), &b) == 0 && tree_id_same(&a, &b),
       "a directory keeps its identity when it is renamed");
    ok(tree_id_at(AT_FDCWD, in_tmp("other"), &b) == 0 && !tree_id_same(&a, &b),
       "two directories have different identities");
    ok(tree_id_at(AT_FDCWD, in_tmp("none"), &b) < 0, "a missing file has no identity");
    b = a;
    b.device++;
    ok(tree_id_same(&a, &b) == (a.born_ns != 0),
       "with a time of creation, the number of the device does not count");
    b = a;
    b.born_ns = a.born_ns + 1;
    ok(tree_id_same(&a, &b) == (a.born_ns == 0),
       "an inode that is used again for a later file is another file");
    ok(symlink("renamed", in_tmp("link")) == 0 &&
           tree_id_at(AT_FDCWD, in_tmp("link"), &b) == 0 && S_ISLNK(b.mode),
       "a link is not followed");
    tmpdir_remove();
    return done_testing();
}
