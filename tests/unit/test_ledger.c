/* SPDX-License-Identifier: MIT */
#include "trust/ledger.h"

#include "base/file.h"
#include "base/hash.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct arena arena;

static int record(const char *path, struct err *e)
{
    return ledger_record(tmpdir, (const char *const[]){path}, 1, e);
}

/* Returns the number of trees that are recorded, and -1 if they cannot be read. */
static int count(void)
{
    struct ledger l = {0};
    struct err e = {0};

    return ledger_read(tmpdir, &arena, &l, &e) < 0 ? -1 : (int)l.count;
}

static const char *file(void)
{
    return in_tmp("trust/ledger");
}

static void trees_are_recorded_once(void)
{
    struct ledger l = {0};
    struct err e = {0};
    struct tree_id id = {0};
    const char *odd = arena_strdup(&arena, in_tmp("a %\n\xff b"));
    const char *plain = arena_strdup(&arena, in_tmp("plain"));

    is_int(count(), 0, "a ledger that does not exist is empty");
    (void)mkdir(odd, 0700);
    (void)mkdir(plain, 0700);
    ok(record(odd, &e) == 0 && record(plain, &e) == 0 && record(odd, &e) == 0,
       "trees are recorded: %s", e.text);
    is_int(count(), 2, "a tree is recorded once");
    ok(ledger_record(tmpdir, (const char *const[]){plain, plain, odd}, 3, &e) == 0 &&
           count() == 2,
       "trees that are known change nothing");
    is_int(mode_of(file()), 0600, "the ledger is private");
    is_int(mode_of(in_tmp("trust")), 0700, "its directory is private");
    ok(ledger_read(tmpdir, &arena, &l, &e) == 0 && l.count == 2, "the ledger is read");
    is_str(l.trees[0].path, odd, "a path can have any bytes");
    ok(tree_id_at(AT_FDCWD, odd, &id) == 0 &&
           ledger_find(&l, "/somewhere/else", &id) == &l.trees[0],
       "a tree is found by its identity");
    ok(ledger_find(&l, plain, &(struct tree_id){0}) == &l.trees[1],
       "a tree is found by its path");
    ok(ledger_find(&l, in_tmp("plai"), &(struct tree_id){0}) == NULL,
       "another path is not found");
    ok(record(in_tmp("gone"), &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a tree that does not exist cannot be recorded");
    is_int(count(), 2, "the ledger is then unchanged");
}

static void a_tree_has_one_path_and_one_identity(void)
{
    const char *plain = arena_strdup(&arena, in_tmp("plain"));
    const char *moved = arena_strdup(&arena, in_tmp("moved"));
    const char *text = arena_strdup(&arena, get_file(file()));
    struct ledger l = {0};
    struct err e = {0};

    (void)chmod(in_tmp("trust"), 0755);
    ok(rename(plain, moved) == 0 && record(moved, &e) == 0 && count() == 3,
       "a renamed tree is recorded with its new path");
    is_int(mode_of(in_tmp("trust")), 0700, "the directory is made private again");
    ok(mkdir(plain, 0700) == 0 && record(plain, &e) == 0 && count() == 4,
       "another directory at a recorded path is recorded");
    ledger_add(&l, &arena, "/none/such");
    ok(ledger_find(&l, "/other", &(struct tree_id){0}) == NULL,
       "a missing tree is not found by an identity");
    put_file(file(), text);
}

/* A path that was not written by cco is damage, also if its line is whole. */
static void paths_are_checked(void)
{
    static const char *const paths[] = {"a", "/a%00b", "/a%0", "/a%zz"};
    const char *text = arena_strdup(&arena, get_file(file()));

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const char *line = arena_printf(&arena, "1 2 3 %s", paths[i]);

        put_file(file(), arena_printf(&arena, "%s%s %llu\n", text, line,
                                      (unsigned long long)hash_fnv1a(str_c(line))));
        is_int(count(), -1, "a path that is not valid is damage");
    }
    put_file(file(), text);
}

static void a_torn_line_is_dropped(void)
{
    struct err e = {0};
    const char *text = arena_strdup(&arena, get_file(file()));

    put_file(file(), arena_printf(&arena, "%s12 34 5", text));
    is_int(count(), 2, "a last line without its end is ignored");
    (void)mkdir(in_tmp("third"), 0700);
    ok(record(in_tmp("third"), &e) == 0 && count() == 3,
       "the next tree is recorded in place of the torn line: %s", e.text);
}

static void damage_is_an_error(void)
{
    const char *text = arena_strdup(&arena, get_file(file()));
    char *bad = arena_strdup(&arena, text);
    struct err e = {0};

    put_file(file(), "");
    is_int(count(), -1, "an empty file is damaged");
    ok(record(in_tmp("third"), &e) < 0 && e.kind == ERR_FORMAT,
       "nothing is added to a damaged ledger");
    put_file(file(), "cco ledger 1");
    is_int(count(), -1, "a torn first line is damage");
    for (size_t i = strlen("cco ledger 1\n"); text[i + 1] != '\0'; i++) {
        bad[i] = bad[i] == '7' ? '8' : '7';
        put_file(file(), bad);
        if (count() != -1 && strchr(text + i, '\n') != text + i) {
            ok(false, "a changed byte %zu is found", i);
        }
        bad[i] = text[i];
    }
    put_file(file(), arena_printf(&arena, "%s\n", text));
    is_int(count(), -1, "an empty line is damage");
    (void)unlink(file());
    (void)mkdir(file(), 0700);
    is_int(count(), -1, "a directory in its place is damage");
    (void)rmdir(file());
    put_file(in_tmp("copy"), text);
    ok(symlink("../copy", file()) == 0 && count() == -1, "a link in its place is damage");
    (void)unlink(file());
    ok(mkfifo(file(), 0600) == 0 && count() == -1, "a fifo in its place does not block");
    (void)unlink(file());
    put_file(file(), text);
    is_int(count(), 3, "the restored ledger is read");
}

int main(void)
{
    tmpdir_make();
    trees_are_recorded_once();
    a_tree_has_one_path_and_one_identity();
    paths_are_checked();
    a_torn_line_is_dropped();
    damage_is_an_error();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
