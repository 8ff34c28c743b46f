/* SPDX-License-Identifier: MIT */
/* Sessions that are found, and what dead ones left. That of killed sessions:
 * test_session_dir.c. */
#include "session/session_dir.h"

#include "base/fd.h"
#include "base/file_lock.h"
#include "base/unix_socket.h"

#include "session_dir.h"
#include "tap.h"

/* The directory's name can be taken by others before us, where it lies in /tmp. */
static void not_ours(void)
{
    struct strv swept = {0};
    struct err e = {0};

    (void)mkdir(path("victim"), 0700);
    (void)mkdir(path("victim/cco-data"), 0700);
    put_file(path("victim/cco-data/file"), "precious");
    put_file(path("victim/cco-data.lock"), "");
    (void)mkdir(path("run"), 0700);
    (void)mkdir(path("run/cco-strange"), 0700);
    put_file(path("run/cco-strange/file"), "x");
    ok(symlink(path("victim"), path("link")) == 0,
       "a link where the runtime directory should be");
    ok(sweep("link", &swept, &e) < 0, "is not swept: %s", e.text);
    (void)chmod(path("victim"), 0755);
    e = (struct err){0};
    ok(sweep("victim", &swept, &e) < 0 && e.kind == ERR_REFUSED, "nor one open to others: %s",
       e.text);
    is_str(get_file(path("victim/cco-data/file")), "precious", "nothing in them is touched");
    ok(sweep("file", &swept, &e) < 0, "nor a file: %s", e.text);
    ok(sweep("run", &swept, &e) == 0 && file_exists(path("run/cco-strange/file")),
       "what has no lock was not made by cco");
    ok(sweep("nowhere", &swept, &e) == 0, "no directory is nothing to do");
}

/* Which process the init of a native one is. */
static void noted(const char *engine, const char *note, uint64_t pid, uint64_t started)
{
    struct session_dir_found *all = NULL;
    size_t count = 0;
    struct err e = {0};

    put_file(path("run/cco-a/engine"), engine);
    put_file(path("run/cco-a/init"), note);
    ok(session_dir_list(path("run"), &arena, &all, &count, &e) == 0 && all[0].init_pid == pid &&
           all[0].init_started == started && !session_dir_is_of_another(&all[0], engine),
       "init of %s: \"%s\"", engine, note);
    ok(!all[0].native || !session_dir_is_of_another(&all[0], "unix:///a"),
       "no engine is to be asked for it");
}

/* A lock that is held is a session that lives. */
static void found(void)
{
    struct session_dir_found *all = NULL;
    size_t count = 0;
    struct err e = {0};
    int fd;

    put_file(path("run/cco-a.lock"), "/project a");
    put_file(path("run/cco-b.lock"), "/project b");
    put_file(path("run/cco-b.sock"), "");
    put_file(path("run/other.lock"), "");
    fd = file_lock(path("run/cco-b.lock"), FILE_LOCK_NOW, &e);
    ok(fd >= 0 && session_dir_list(path("run"), &arena, &all, &count, &e) == 0 && count == 2,
       "two are found %s", e.text);
    ok(!all[0].alive && strcmp(all[0].project, "/project a") == 0 && !all[0].has_sock,
       "a dead one with its project");
    (void)close(fd);
    ok(all[1].has_sock && strcmp(all[1].name, "cco-b") == 0,
       "and one that terminals may come to");
    ok(all[0].engine[0] == '\0' && !session_dir_is_of_another(&all[0], "unix:///a"),
       "without its engine it may be of any");
    (void)mkdir(path("run/cco-a"), 0700);
    put_file(path("run/cco-a/engine"), "unix:///b");
    ok(session_dir_list(path("run"), &arena, &all, &count, &e) == 0 &&
           !session_dir_is_of_another(&all[0], "unix:///a"),
       "without a key nobody can adopt it");
    put_file(path("run/cco-a.key"), "k");
    ok(session_dir_list(path("run"), &arena, &all, &count, &e) == 0 &&
           session_dir_is_of_another(&all[0], "unix:///a") &&
           session_dir_is_of_another(&all[0], NULL) &&
           !session_dir_is_of_another(&all[0], "unix:///b"),
       "else it is of the engine that it says");
    ok(!all[0].native && all[0].init_started == 0, "which none is");
    noted("native", "12345 678", 12345, 678);
    noted("native", "12345 678\n", 12345, 678);
    noted("native", "12345 ", 0, 0);
    noted("native", "12345", 0, 0);
    noted("native", "-1 5", 0, 0);
    noted("native", "99999999999 5", 0, 0);
    noted("native", "", 0, 0);
    noted("unix:///b", "12345 678", 0, 0);
    ok(session_dir_list(path("nowhere"), &arena, &all, &count, &e) == 0 && count == 0,
       "none where there is no directory");
}

static int listen_at(const char *where)
{
    struct err e = {0};

    return unix_socket_listen(where, 0600, &e);
}

static size_t strays(bool remove)
{
    struct strv names = {0};
    struct err e = {0};

    ok(session_dir_strays(path("run"), remove, &arena, &names, &e) == 0,
       "strays are looked for %s", e.text);
    return names.count;
}

/* What has lost its lock, and what only looks like it. */
static void stray(void)
{
    struct err e = {0};
    int old = listen_at(path("run/cco-old.sock"));
    int live = listen_at(path("run/cco-live.sock"));
    int lock = file_lock(path("run/cco-live.lock"), FILE_LOCK_NOW, &e);
    int strange = listen_at(path("run/other.sock"));

    ok(old >= 0 && live >= 0 && strange >= 0 && lock >= 0, "sockets");
    put_file(path("run/cco-file.sock"), "");
    put_file(path("run/cco-old.key"), "");
    int take = listen_at(path("run/cco-old.adopt"));

    put_file(path("run/cco-dead.sock"), "");
    put_file(path("run/cco-dead.lock"), "/p");
    is_int((long long)strays(false), 3, "three belong to nobody");
    ok(file_exists(path("run/cco-old.sock")), "looking leaves them");
    is_int((long long)strays(true), 3, "they are removed");
    ok(!file_exists(path("run/cco-old.sock")) && !file_exists(path("run/cco-old.key")) &&
           !file_exists(path("run/cco-old.adopt")) && !file_exists(path("run/cco-old.lock")),
       "with nothing left behind");
    ok(file_exists(path("run/cco-live.sock")) && file_exists(path("run/other.sock")) &&
           file_exists(path("run/cco-file.sock")) && file_exists(path("run/cco-dead.sock")),
       "a session's, others' and what is no socket stay");
    ok(session_dir_is_alive(path("run"), "cco-live") &&
           !session_dir_is_alive(path("run"), "cco-dead") &&
           !session_dir_is_alive(path("run"), "cco-none"),
       "a held lock is a live session");
    fd_close(&old);
    fd_close(&live);
    fd_close(&take);
    fd_close(&strange);
    fd_close(&lock);
}

int main(void)
{
    tmpdir_make();
    put_file(path("file"), "");
    not_ours();
    found();
    stray();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
