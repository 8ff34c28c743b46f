/* SPDX-License-Identifier: MIT */
#include "sync/walk.h"

#include "sync/filter.h"
#include "sync/sync.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

static struct buf text;

/* Returns the listing of the directory as text. */
static const char *walked(struct sync_filter *f, bool sweep, struct walk_seen *seen)
{
    static const char kinds[] = "-fdl?";
    struct synclist_r r;
    struct err e = {0};
    struct buf out;
    int root = open(tmpdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    buf_reset(&text);
    buf_init(&out, 1 << 20);
    if (walk_tree(root, f, sweep, &out, seen, &e) < 0) {
        (void)buf_addf(&text, "error: %s", e.text);
    }
    synclist_r_init(&r, buf_str(&out));
    while (synclist_next(&r, &e) == 0 && r.has) {
        (void)buf_addf(&text, "%s%.*s:%c", text.len > 0 ? " " : "", (int)r.path.len,
                       buf_data(&r.path), kinds[r.entry.type]);
    }
    if (e.kind != ERR_NONE) {
        (void)buf_addf(&text, "error: %s", e.text);
    }
    synclist_r_release(&r);
    buf_release(&out);
    (void)close(root);
    return buf_c(&text);
}

int main(void)
{
    struct walk_seen seen = {0};
    struct sync_filter *f = NULL;
    struct buf odd;
    char name[256];

    tmpdir_make();
    buf_init(&text, 1 << 20);
    is_str(walked(NULL, false, &seen), "", "an empty directory has an empty listing");
    (void)mkdir(in_tmp("d"), 0555);
    (void)chmod(in_tmp("d"), 0755);
    put_file(in_tmp("d/x"), "x");
    put_file(in_tmp("d.c"), "c");
    put_file(in_tmp("e\xff"), "");
    (void)symlink("d", in_tmp("l"));
    (void)mkfifo(in_tmp("pipe"), 0600);
    is_str(walked(NULL, false, &seen), "d:d d/x:f d.c:f e\xff:f l:l pipe:?",
           "the listing is in order and does not follow links");
    is_int((long long)seen.special, 1, "a fifo is left alone and counted");
    is_int((long long)seen.entries, 5, "the other entries are counted");

    put_file(in_tmp("d/.cco-sync.0123456789abcdef"), "half");
    put_file(in_tmp(".cco-sync.0123456789abcdeX"), "mine");
    is_str(walked(NULL, false, &seen),
           ".cco-sync.0123456789abcdeX:f d:d d/x:f d.c:f e\xff:f l:l "
           "pipe:?",
           "temporary files are not in the listing");
    ok(file_exists(in_tmp("d/.cco-sync.0123456789abcdef")),
       "without `sweep` they are not removed");
    (void)walked(NULL, true, &seen);
    ok(!file_exists(in_tmp("d/.cco-sync.0123456789abcdef")), "with `sweep` they are removed");
    (void)unlink(in_tmp(".cco-sync.0123456789abcdeX"));

    sync_filter_hide(&f, "d");
    sync_filter_hide(&f, "e\xff");
    is_str(walked(f, false, &seen), "d:? d.c:f e\xff:? l:l pipe:?",
           "paths that the filter skips are left alone and not entered");
    sync_filter_free(f);

    (void)mkdir(in_tmp("shut"), 0);
    put_file(in_tmp("z"), "z");
    if (geteuid() != 0) {
        buf_init(&odd, 1024);
        seen = (struct walk_seen){.unreadables = &odd};
        ok(strstr(walked(NULL, false, &seen), "shut:? z:f") != NULL,
           "a directory that cannot be read is left alone");
        is_str(buf_data(&odd), "shut", "its path is recorded");
        buf_release(&odd);
    } else {
        ok(true, "a directory that cannot be read # SKIP root reads everything");
    }
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    put_file(in_tmp(name), "");
    ok(strstr(walked(NULL, false, &seen), "nnn") != NULL,
       "a name of 255 bytes is in the listing");
    buf_release(&text);
    tmpdir_remove();
    return done_testing();
}
