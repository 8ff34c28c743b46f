/* SPDX-License-Identifier: MIT */
/* Lists sessions and removes stray files. test_session_dir.c kills sessions. */
#include "session/session_dir.h"

#include "base/fd.h"
#include "base/file_lock.h"
#include "base/unix_socket.h"

#include "session_dir.h"
#include "tap.h"

/* In /tmp, another user may have made something with the name of the runtime directory
 * before. */
static void foreign_directories_are_not_swept(void)
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
       "a link instead of the runtime directory can be made");
    ok(sweep("link", &swept, &e) < 0,
       "a link instead of the runtime directory is not swept: %s", e.text);
    (void)chmod(path("victim"), 0755);
    e = (struct err){0};
    ok(sweep("victim", &swept, &e) < 0 && e.kind == ERR_REFUSED,
       "a runtime directory that others can access is not swept: %s", e.text);
    is_str(get_file(path("victim/cco-data/file")), "precious",
           "no file in these directories is removed");
    ok(sweep("file", &swept, &e) < 0, "a file instead of the runtime directory is an error: %s",
       e.text);
    ok(sweep("run", &swept, &e) == 0 && file_exists(path("run/cco-strange/file")),
       "a directory without a lock is not removed");
    ok(sweep("nowhere", &swept, &e) == 0, "without a runtime directory nothing is done");
}

/* Checks which process counts as the init of a session with these files. */
static void check_init(const char *engine, const char *note, uint64_t pid, uint64_t started)
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
       "a native session does not belong to another engine");
}

static void sessions_are_listed(void)
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
       "the two sessions with a lock are found %s", e.text);
    ok(!all[0].alive && strcmp(all[0].project, "/project a") == 0 && !all[0].has_sock,
       "the session with a free lock is dead, and its project is known");
    (void)close(fd);
    ok(all[1].has_sock && strcmp(all[1].name, "cco-b") == 0,
       "a terminal can attach to the session with a socket");
    ok(all[0].engine[0] == '\0' && !session_dir_is_of_another(&all[0], "unix:///a"),
       "a session without a known engine does not belong to another engine");
    (void)mkdir(path("run/cco-a"), 0700);
    put_file(path("run/cco-a/engine"), "unix:///b");
    ok(session_dir_list(path("run"), &arena, &all, &count, &e) == 0 &&
           !session_dir_is_of_another(&all[0], "unix:///a"),
       "a session without a key does not belong to another engine");
    put_file(path("run/cco-a.key"), "k");
    ok(session_dir_list(path("run"), &arena, &all, &count, &e) == 0 &&
           session_dir_is_of_another(&all[0], "unix:///a") &&
           session_dir_is_of_another(&all[0], NULL) &&
           !session_dir_is_of_another(&all[0], "unix:///b"),
       "a session with a key belongs to the engine in its file");
    ok(!all[0].native && all[0].init_started == 0, "a session of an engine is not native");
    check_init("native", "12345 678", 12345, 678);
    check_init("native", "12345 678\n", 12345, 678);
    check_init("native", "12345 ", 0, 0);
    check_init("native", "12345", 0, 0);
    check_init("native", "-1 5", 0, 0);
    check_init("native", "99999999999 5", 0, 0);
    check_init("native", "", 0, 0);
    check_init("unix:///b", "12345 678", 0, 0);
    ok(session_dir_list(path("nowhere"), &arena, &all, &count, &e) == 0 && count == 0,
       "without a runtime directory the list is empty");
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
       "stray files are looked for %s", e.text);
    return names.count;
}

/* Sockets and keys without a lock, and files that only look like them. */
static void stray_files_are_removed(void)
{
    struct err e = {0};
    int old = listen_at(path("run/cco-old.sock"));
    int live = listen_at(path("run/cco-live.sock"));
    int lock = file_lock(path("run/cco-live.lock"), FILE_LOCK_NOW, &e);
    int strange = listen_at(path("run/other.sock"));

    ok(old >= 0 && live >= 0 && strange >= 0 && lock >= 0, "sockets and a lock can be made");
    put_file(path("run/cco-file.sock"), "");
    put_file(path("run/cco-old.key"), "");
    int take = listen_at(path("run/cco-old.adopt"));

    put_file(path("run/cco-dead.sock"), "");
    put_file(path("run/cco-dead.lock"), "/p");
    is_int((long long)strays(false), 3, "three files without a lock are found");
    ok(file_exists(path("run/cco-old.sock")), "without `remove` they stay");
    is_int((long long)strays(true), 3, "with `remove` they are removed");
    ok(!file_exists(path("run/cco-old.sock")) && !file_exists(path("run/cco-old.key")) &&
           !file_exists(path("run/cco-old.adopt")) && !file_exists(path("run/cco-old.lock")),
       "no lock file is left behind");
    ok(file_exists(path("run/cco-live.sock")) && file_exists(path("run/other.sock")) &&
           file_exists(path("run/cco-file.sock")) && file_exists(path("run/cco-dead.sock")),
       "files of sessions, other names and files that are not sockets stay");
    ok(session_dir_is_alive(path("run"), "cco-live") &&
           !session_dir_is_alive(path("run"), "cco-dead") &&
           !session_dir_is_alive(path("run"), "cco-none"),
       "a session lives if its lock is held");
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
    foreign_directories_are_not_swept();
    sessions_are_listed();
    stray_files_are_removed();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
