/* SPDX-License-Identifier: MIT */
/* A session whose directory is removed while it runs. */
#include "session/session_keep.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "creds/journal.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

static struct arena arena;
static struct facts f;

static const char *path(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

/* Makes a session in run/cco, and takes its lock. */
static void begin(struct session_dir *s)
{
    struct err e = {0};

    (void)mkdir(path("run"), 0700);
    (void)mkdir(path("run/cco"), 0700);
    (void)mkdir(path("run/cco/cco-k-1"), 0700);
    (void)mkdir(path("run/cco/cco-k-1/files"), 0700);
    put_file(path("run/cco/cco-k-1/journal"), "j");
    put_file(path("run/cco/cco-k-1/" JOURNAL_LOGIN), "old");
    put_file(path("run/cco/cco-k-1.lock"), "/p");
    put_file(path("run/cco/cco-k-1.key"), "k");
    put_file(path("run/cco/cco-k-1.sock"), "");
    session_dir_init(s);
    ok(session_dir_take(s, path("run/cco"), "cco-k-1", &e) == 0, "a session begins %s", e.text);
}

static void removed_directory_is_made_again(void)
{
    const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    struct session_keep k = {0};
    struct session_dir s;
    struct err e = {0};
    int login;

    begin(&s);
    (void)utimensat(AT_FDCWD, s.lock, old, 0);
    ok(!session_keep_check(&k, &s, &f) && k.count == 3, "the files of a session are taken");
    login = file_open(path("run/cco/cco-k-1/" JOURNAL_LOGIN), O_RDWR, 0, &e);
    ok(file_remove_tree(path("run/cco"), &e) == 0, "its directory is removed %s", e.text);
    ok(session_keep_check(&k, &s, &f), "it is made again");
    is_str(s.dir, path("run/cco/cco-k-1"), "in the same place");
    ok(file_is_locked(s.lock), "its lock is held");
    is_str(get_file(s.lock), "/p", "and contains the project");
    is_int((long long)session_dir_started(&s), 1000, "the time of its start is the same");
    is_str(get_file(s.key), "k", "its key exists");
    is_str(get_file(path("run/cco/cco-k-1/journal")), "j", "its files have their content");
    put_file(s.sock, "");
    ok(!session_keep_check(&k, &s, &f), "a session that is whole is left alone");
    ok(fd_write_all(login, "newer", 5, &e) == 0, "the sandbox writes to its copy of the login");
    fd_close(&login);
    session_keep_release(&k, &s);
    is_str(get_file(path("run/cco/cco-k-1/" JOURNAL_LOGIN)), "newer",
           "what it wrote is known at the end");
    ok(session_dir_remove(&s, &e) == 0 && !file_exists(path("run/cco/cco-k-1.lock")),
       "the session ends as usual %s", e.text);
}

static void name_of_another_session_is_not_taken(void)
{
    struct session_keep k = {0};
    struct session_dir s;
    struct err e = {0};
    int other;

    begin(&s);
    ok(!session_keep_check(&k, &s, &f) && file_remove_tree(path("run/cco"), &e) == 0,
       "another directory is removed %s", e.text);
    (void)mkdir(path("run/cco"), 0700);
    other = file_lock(path("run/cco/cco-k-1.lock"), FILE_LOCK_NOW, &e);
    ok(other >= 0 && !session_keep_check(&k, &s, &f),
       "while another session has the name, nothing is made");
    ok(s.lock_fd >= 0 && !file_exists(path("run/cco/cco-k-1")), "and the session is unchanged");
    fd_close(&other);
    ok(session_keep_check(&k, &s, &f), "it is made again after that");
    session_keep_release(&k, &s);
    session_dir_release(&s);
}

static void missing_runtime_directory_is_replaced(void)
{
    struct session_keep k = {0};
    struct session_dir s;
    struct err e = {0};
    const char *instead;

    f.uid = 2000000000 + (uint64_t)getpid(); /* no user has it */
    instead = arena_printf(&arena, "/tmp/cco-%llu", (unsigned long long)f.uid);
    begin(&s);
    ok(!session_keep_check(&k, &s, &f) && file_remove_tree(path("run"), &e) == 0,
       "the runtime directory is removed %s", e.text);
    ok(session_keep_check(&k, &s, &f), "the session moves");
    is_str(s.dir, arena_printf(&arena, "%s/cco-k-1", instead), "to a directory in /tmp");
    ok(strstr(get_file(path("state/runtime-dirs")), instead) != NULL, "which is recorded");
    session_keep_release(&k, &s);
    session_dir_release(&s);
    ok(file_remove_tree(instead, &e) == 0, "nothing else is left there %s", e.text);
}

/* Returns whether the removal of the directory is noticed without a timer. */
static bool notices(const char *removed, bool moved)
{
    struct session_keep k = {0};
    struct session_dir s;
    struct err e = {0};
    bool noticed;

    begin(&s);
    k.due_ms = 1;
    ok(session_keep_is_due(&k) && !session_keep_check(&k, &s, &f) && k.due_ms == 0 && k.fd > 0,
       "after the first check, nothing is due");
    put_file(path("run/cco/other.lock"), "");
    put_file(path("run/other"), "");
    (void)unlink(path("run/other"));
    ok(!session_keep_is_due(&k) && k.due_ms == 0, "files of others change nothing");
    ok((moved ? rename(removed, path("away")) : file_remove_tree(removed, &e)) == 0,
       "%s is removed %s", removed, e.text);
    noticed = !session_keep_is_due(&k) && k.due_ms > 0;
    k.due_ms = 1;
    ok(session_keep_is_due(&k) && session_keep_check(&k, &s, &f), "the session is made again");
    ok(k.fd == 0 && k.due_ms > 1, "and examined again later");
    put_file(s.sock, "");
    k.due_ms = 1;
    ok(!session_keep_check(&k, &s, &f) && k.due_ms == 0 && k.fd > 0, "and then it is watched");
    (void)unlink(s.lock);
    ok(!session_keep_is_due(&k) && k.due_ms > 0, "where it is now");
    session_keep_release(&k, &s);
    session_dir_release(&s);
    (void)file_remove_tree(path("run"), &e);
    (void)file_remove_tree(path("away"), &e);
    (void)file_remove_tree(arena_printf(&arena, "/tmp/cco-%llu", (unsigned long long)f.uid),
                           &e);
    return noticed;
}

static void removal_is_noticed_without_a_timer(void)
{
    ok(notices(path("run/cco"), false), "the session directories are removed");
    ok(notices(path("run"), false), "the runtime directory is removed");
    ok(notices(path("run/cco"), true), "the session directories are moved");
    ok(notices(path("run"), true), "the runtime directory is moved");
    ok(notices(path("run/cco/cco-k-1.lock"), true), "the lock is moved");
    ok(notices(path("run/cco/cco-k-1.sock"), true), "the socket is moved");
}

int main(void)
{
    tmpdir_make();
    f.state_dir = path("state");
    removed_directory_is_made_again();
    name_of_another_session_is_not_taken();
    missing_runtime_directory_is_replaced();
    removal_is_noticed_without_a_timer();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
