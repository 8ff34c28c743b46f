/* SPDX-License-Identifier: MIT */
#include "session/remote_files.h"

#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

static struct remote_files sample(void)
{
    static struct remote_tree trees[2];
    struct remote_files t = {.project = "/p \xff\n",
                             .volume = "cco-p-1",
                             .base_dir = "/h/.local/state/cco/sync/p",
                             .home = "/h",
                             .uid = 1000,
                             .gid = 4294967294,
                             .trees = trees,
                             .count = 2};

    trees[0] = (struct remote_tree){.id = "project-11",
                                    .local_path = "/p",
                                    .remote_path = "/q",
                                    .push = true,
                                    .pull = true,
                                    .git = true};
    trees[1] = (struct remote_tree){.id = "dir-memory",
                                    .local_path = "/a",
                                    .remote_path = "/b",
                                    .push = true,
                                    .memory = true};
    strv_add(&trees[0].hidden, &arena, ".env");
    strv_add(&trees[0].hidden, &arena, "tree");
    strv_add(&trees[0].hidden, &arena, "end");
    return t;
}

static void note_is_read_back(void)
{
    struct remote_files t = sample();
    struct remote_files back;
    struct err e = {0};
    struct buf text;
    size_t refused = 0;

    buf_init(&text, LIMIT_FILE_SMALL);
    remote_note_encode(&t, &text);
    is_int(remote_note_decode(buf_str(&text), &arena, &back, &e), 0,
           "an encoded note can be decoded");
    is_str(back.project, t.project, "the project's path may contain any byte");
    is_str(back.base_dir, t.base_dir, "the directory of the bases is read back");
    ok(back.uid == t.uid && back.gid == t.gid && back.count == 2,
       "the user and the number of trees are read back");
    ok(back.trees[0].push && back.trees[0].pull && back.trees[0].git && !back.trees[0].memory &&
           back.trees[1].push && !back.trees[1].pull && back.trees[1].memory,
       "the flags of the trees are read back");
    ok(back.trees[0].hidden.count == 3 && strcmp(back.trees[0].hidden.v[1], "tree") == 0 &&
           strcmp(back.trees[0].hidden.v[2], "end") == 0 && back.trees[1].hidden.count == 0,
       "hidden paths are read back, even if they look like keywords");
    for (size_t len = 0; len < text.len; len++) {
        refused +=
            remote_note_decode(str_n(buf_data(&text), len), &arena, &back, &e) < 0 ? 1U : 0U;
    }
    is_int((long long)refused, (long long)text.len, "every truncation is refused");
    (void)buf_add_c(&text, "x");
    ok(remote_note_decode(buf_str(&text), &arena, &back, &e) < 0,
       "bytes after the end are refused");
    buf_release(&text);
}

static void note_is_a_file(void)
{
    struct remote_files t = sample();
    struct remote_files back;
    struct err e = {0};

    is_int(remote_note_read(tmpdir, &arena, &back, &e), 0,
           "a session without a note has no trees");
    is_int(remote_note_write(&t, tmpdir, &e), 0, "a note is written");
    is_int(mode_of(in_tmp("remote-note")), 0600, "the note is private");
    is_int(remote_note_read(tmpdir, &arena, &back, &e), 1, "the note is found");
    is_str(back.trees[1].remote_path, "/b", "the trees are read back");
    put_file(in_tmp("remote-note"), "something else");
    ok(remote_note_read(tmpdir, &arena, &back, &e) < 0 && e.kind == ERR_FORMAT,
       "a broken note is refused: %s", e.text);
}

int main(void)
{
    tmpdir_make();
    note_is_read_back();
    note_is_a_file();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
