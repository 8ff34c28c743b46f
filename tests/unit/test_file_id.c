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
    ok(file_id_of(in_tmp("a"), one) && file_id_of(in_tmp("b/../a"), two), "a directory");
    is_str(one, two, "is the same by another path");
    ok(rename(in_tmp("a"), in_tmp("c")) == 0 && file_id_of(in_tmp("c"), two), "moved");
    is_str(one, two, "it stays the same");
    ok(file_id_of(in_tmp("b"), two) && strcmp(one, two) != 0, "another one is another");
    ok(symlink("c", in_tmp("a")) == 0 && file_id_of(in_tmp("a"), two) && strcmp(one, two) != 0,
       "a link to it is not it");
    ok(!file_id_of(in_tmp("gone"), two) && two[0] == '\0', "nothing has none");
    tmpdir_remove();
    return done_testing();
}
