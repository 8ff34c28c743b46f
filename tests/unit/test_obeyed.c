/* SPDX-License-Identifier: MIT */
#include "trust/obeyed.h"

#include "base/path.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/pins.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The ledger is found by the environment alone. */
static void by_environment(struct arena *a, const char *path)
{
    char *none[] = {NULL};
    char *env[] = {arena_printf(a, "HOME=%s", tmpdir), NULL};
    const char *tree = path_dir(a, path);
    struct err e = {0};
    struct obeyed o = {NULL};

    is_str(obeyed_own_dir((char *[]){(char[]){"X=rel"}, NULL}, "X", "/h", ".x", a), "/h/.x/cco",
           "a relative path in a variable is ignored");
    is_str(obeyed_own_dir((char *[]){(char[]){"X=/abs"}, NULL}, "X", "/h", ".x", a), "/abs/cco",
           "an absolute path in a variable is used");
    ok(obeyed_find_by_env(a, env, path, &o, &e) == 0, "nothing is recorded: %s", e.text);
    ok(ledger_record(obeyed_own_dir(env, "X", tmpdir, ".local/state", a), &tree, 1, &e) == 0 &&
           obeyed_find_by_env(a, env, path, &o, &e) < 0 && e.kind == ERR_REFUSED,
       "a file in a recorded tree is refused: %s", e.text);
    ok(obeyed_find_by_env(a, none, path, &o, &e) == 0, "without a home nothing is recorded");
}

int main(void)
{
    struct arena arena = {0};
    struct ledger trees = {0};
    struct err e = {0};
    struct buf text;
    struct obeyed o;
    const char *state;
    const char *path;

    tmpdir_make();
    buf_init(&text, 64);
    (void)mkdir(in_tmp("tree"), 0700);
    (void)mkdir(in_tmp("state"), 0700);
    put_file(in_tmp("tree/file"), "one");
    state = arena_strdup(&arena, in_tmp("state"));
    path = arena_strdup(&arena, in_tmp("tree/file"));
    o = obeyed_find(&arena, state, &trees, path);
    ok(o.why == NULL && o.sha256 == NULL, "a file outside of all trees may be used");
    ledger_add(&trees, &arena, arena_strdup(&arena, in_tmp("tree")));
    o = obeyed_find(&arena, state, &trees, path);
    ok(o.why != NULL && o.can_pin, "a file in a tree may not be used: %s", o.why);
    is_str(obeyed_why(&arena, &o),
           arena_printf(&arena, "%s. To accept its present content: cco trust %s", o.why, path),
           "the next step can be added to the reason");
    ok(pin_make(state, path, &e) == 0, "it can be pinned: %s", e.text);
    o = obeyed_find(&arena, state, &trees, path);
    ok(o.why == NULL && !o.can_pin && o.sha256 != NULL, "a pinned file may be used");
    is_str(obeyed_why(&arena, &o), NULL, "then there is no reason");
    ok(obeyed_find_unpinned(&arena, &trees, path).why != NULL, "a pin can be ignored");
    (void)buf_add_c(&text, "head ");
    ok(obeyed_read(path, o.sha256, &text, &e) == 0 && str_eq_c(buf_str(&text), "head one"),
       "its content is added to the text: %s", e.text);
    put_file(path, "two");
    ok(obeyed_read(path, o.sha256, &text, &e) < 0 && e.kind == ERR_REFUSED && text.len == 0,
       "other content is refused");
    o = obeyed_find(&arena, state, &trees, path);
    ok(o.why != NULL && strstr(o.why, "changed") != NULL, "the reason says that it changed");
    ok(obeyed_read(path, NULL, &text, &e) == 0, "without a digest any content is read");
    o = obeyed_find(&arena, state, &trees, in_tmp("tree/none"));
    ok(o.physical == NULL && o.why != NULL && !o.can_pin &&
           strcmp(obeyed_why(&arena, &o), o.why) == 0,
       "a missing file cannot be pinned, so that there is no next step");
    (void)mkfifo(in_tmp("tree/fifo"), 0600);
    o = obeyed_find(&arena, state, &trees, in_tmp("tree/fifo"));
    ok(o.physical != NULL && o.why != NULL && !o.can_pin, "nor can a fifo");
    ok(obeyed_read(in_tmp("tree/fifo"), NULL, &text, &e) < 0 && e.kind == ERR_REFUSED,
       "a fifo is refused, and is not waited for");
    by_environment(&arena, path);
    buf_release(&text);
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
