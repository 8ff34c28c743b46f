/* SPDX-License-Identifier: MIT */
#include "base/file_id.h"

#include "tap.h"
#include "tmpdir.h"

int main(void)
{
    char one[FILE_ID_SIZE];
    char two[FILE_ID_SIZE];

    tmpdir_make();
    (void)mkdir(in_tmp("a"), 0700);
    (void)mkdir(in_tmp("b"), 0700);
    ok(file_id_of(in_tmp("a"), one) && file_id_of(in_tmp("b/../a"), two),
       "a directory has an id");
    is_str(one, two, "the id does not depend on the path");
    ok(rename(in_tmp("a"), in_tmp("c")) == 0 && file_id_of(in_tmp("c"), two),
       "a renamed directory has an id");
    is_str(one, two, "the id does not change when the directory is renamed");
    ok(file_id_of(in_tmp("b"), two) && strcmp(one, two) != 0,
       "another directory has another id");
    ok(symlink("c", in_tmp("a")) == 0 && file_id_of(in_tmp("a"), two) && strcmp(one, two) != 0,
       "a link has its own id");
    ok(!file_id_of(in_tmp("gone"), two) && two[0] == '\0', "a missing path has no id");
    tmpdir_remove();
    return done_testing();
}
