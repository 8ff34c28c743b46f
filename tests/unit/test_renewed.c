/* SPDX-License-Identifier: MIT */
#include "init/renewed.h"

#include "tap.h"
#include "tmpdir.h"

int main(void)
{
    struct boot b = {0};
    struct err e = {0};
    struct buf text;

    tmpdir_make();
    b.uid = geteuid();
    b.gid = getegid();
    b.login_file = in_tmp("login");
    buf_init(&text, 8);
    ok(renewed_take(&text, &b, str_n("\0abc", 4), &e) == 0 && !file_exists(b.login_file),
       "a part of a login is not written");
    ok(renewed_take(&text, &b, str_n("\0", 1), &e) == 0, "a login is complete");
    is_str(get_file(b.login_file), "abc", "a complete login is written");
    is_int((long long)text.len, 0, "its bytes are wiped");
    ok(renewed_take(&text, &b, str_n("\1k", 2), &e) == 0 &&
           renewed_take(&text, &b, str_n("\1", 1), &e) == 0 && text.len == 0,
       "a key without a file is dropped");
    b.login_file = in_tmp("missing/login");
    ok(renewed_take(&text, &b, str_n("\0", 1), &e) == 0, "a file that cannot be written");
    ok(renewed_take(&text, &b, str_n("", 0), &e) < 0, "an empty frame is refused: %s", e.text);
    ok(renewed_take(&text, &b, str_n("\2x", 2), &e) < 0, "an unknown file is refused");
    ok(renewed_take(&text, &b, str_n("\0123456789", 10), &e) < 0,
       "a login that is too large is refused");
    buf_wipe(&text);
    tmpdir_remove();
    return done_testing();
}
