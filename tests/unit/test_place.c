/* SPDX-License-Identifier: MIT */
#include "sync/place.h"

#include "sync/sync.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>

static void temporary_names(void)
{
    static const char *const ours[] = {".cco-sync.0123456789abcdef",
                                       ".cco-sync.0000000000000000"};
    static const char *const others[] = {".cco-sync.",
                                         ".cco-sync.0123456789abcde",
                                         ".cco-sync.0123456789abcdef0",
                                         ".cco-sync.0123456789ABCDEF",
                                         "cco-sync.0123456789abcdef",
                                         ""};

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        ok(sync_is_temporary(ours[i]), "%s is a temporary name", ours[i]);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ok(!sync_is_temporary(others[i]), "'%s' is not a temporary name", others[i]);
    }
}

static void errors(void)
{
    struct err e = {.kind = ERR_SYS, .errnum = ENOSPC};

    is_int(place_soft(&e), -1, "after ENOSPC the caller must stop");
    e.errnum = EIO;
    is_int(place_soft(&e), -1, "after EIO the caller must stop");
    e.errnum = EACCES;
    is_int(place_soft(&e), 1, "after EACCES the caller can go on");
    e = (struct err){.kind = ERR_REFUSED};
    is_int(place_soft(&e), 1, "after an unexpected state the caller can go on");
}

int main(void)
{
    struct sync_entry set = {
        .type = SYNC_FILE, .mode = 0750, .size = 5, .mtime = -7, .mtime_ns = 3};
    const struct sync_entry link = {.type = SYNC_LINK, .target = STR("file")};
    const struct sync_entry gone = {.type = SYNC_GONE};
    struct sync_entry now = {0};
    struct err e = {0};
    int dir;

    tmpdir_make();
    dir = open(tmpdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    temporary_names();
    errors();
    put_file(in_tmp("file"), "12345");
    put_file(in_tmp("same"), "12345");
    put_file(in_tmp("other"), "12346");
    (void)symlink("file", in_tmp("link"));
    (void)mkfifo(in_tmp("pipe"), 0600);
    ok(place_set(dir, "file", &set, &now) == 0 && sync_same(&now, &set),
       "mode and time are set");
    ok(place_is(dir, "file", &set, &e), "the file is in the expected state");
    ok(!place_is(dir, "same", &set, &e), "another file is not in that state");
    ok(place_is(dir, "link", &link, &e) && !place_is(dir, "file", &link, &e),
       "a link is in the state of a link, and a file is not");
    ok(place_is(dir, "none", &gone, &e) && !place_is(dir, "pipe", &gone, &e),
       "a missing name is GONE, and a fifo is not");
    ok(place_set(dir, "link", &set, NULL) < 0, "nothing is set through a link");
    ok(place_has(dir, "file", dir, "same"), "files with the same bytes are equal");
    ok(!place_has(dir, "file", dir, "other"), "files with other bytes are not equal");
    ok(!place_has(dir, "file", dir, "link") && !place_has(dir, "none", dir, "file") &&
           !place_has(dir, "pipe", dir, "pipe"),
       "only regular files are equal");
    (void)close(dir);
    tmpdir_remove();
    return done_testing();
}
