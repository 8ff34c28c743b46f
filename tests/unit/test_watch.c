/* SPDX-License-Identifier: MIT */
#include "session/watch.h"

#include "base/clock.h"
#include "creds/helper.h"
#include "exchange.h"
#include "tap.h"

#include <poll.h>
#include <signal.h>

enum { PATIENCE_MS = 10000 };

static struct watch w;

/* Watches until the file contains the text. Returns whether it does. */
static bool comes(const char *path, const char *text)
{
    int64_t deadline = clock_ms() + PATIENCE_MS;
    char name[256];

    (void)snprintf(name, sizeof(name), "%s", path);
    while (strstr(get_file(name), text) == NULL && clock_ms() < deadline) {
        struct pollfd p = {.fd = w.fd, .events = POLLIN};

        if (poll(&p, 1, 100) > 0) {
            watch_step(&w);
        }
    }
    return strstr(get_file(name), text) != NULL;
}

static void changed_logins_are_exchanged(void)
{
    struct err e = {0};
    char temp[256];

    hand_out(login_text(1, "u"), true);
    watch_init(&w);
    watch_open(&w, session_dir, no_env, &e);
    ok(w.fd > 0 && e.kind == ERR_NONE, "a session with a login is watched %s", e.text);
    ok(w.notify < 0, "files are not watched at the start");
    put_host(login_text(2, "u"));
    ok(comes(in_tmp("session/" JOURNAL_LOGIN), "\"a2\""),
       "a host's login written in place comes to the sandbox");
    (void)snprintf(temp, sizeof(temp), "%s", in_tmp("claude/temp"));
    put_file(temp, login_text(3, "u"));
    (void)rename(temp, in_tmp("claude/.credentials.json"));
    ok(comes(in_tmp("session/" JOURNAL_LOGIN), "\"a3\""),
       "a host's login that was renamed comes to the sandbox");
    put_box(login_text(4, "u"));
    ok(comes(in_tmp("claude/.credentials.json"), "\"r4\""),
       "the sandbox's login comes to the host");
    ok(w.notify >= 0, "files are watched after a while");
    put_file(in_tmp("claude/other"), "x");
    watch_close(&w);
    ok(w.fd == 0 && w.child == 0, "closing sets the initial state");
    watch_close(&w);
}

/* Without a change no child process is started. */
static void watching_begins_later(void)
{
    struct pollfd p = {.fd = -1, .events = POLLIN};
    struct err e = {0};

    watch_open(&w, session_dir, no_env, &e);
    p.fd = w.fd;
    is_int(poll(&p, 1, PATIENCE_MS), 1, "watching begins after a while");
    watch_step(&w);
    ok(w.notify >= 0 && w.done < 0 && w.child == 0, "without a change no child is started");
    watch_close(&w);
    watch_open(&w, session_dir, no_env, &e);
    p.fd = w.fd;
    put_host(login_text(5, "u"));
    is_int(poll(&p, 1, PATIENCE_MS), 1,
           "the descriptor becomes readable after a change before watching began");
    watch_step(&w);
    ok(w.notify >= 0 && w.done >= 0, "a change before watching began starts a child");
    watch_close(&w);
}

static void helper_is_run_again(void)
{
    struct err e = {0};
    char script[512];

    (void)file_remove_tree(in_tmp("session"), &e);
    (void)mkdir(in_tmp("session"), 0700);
    (void)mkdir(in_tmp("session/files"), 0700);
    put_file(in_tmp("session/" HELPER_KEY), "key1");
    put_file(in_tmp("key"), "key2");
    (void)snprintf(script, sizeof(script), "cat %s/key", tmpdir);
    struct journal j = {.project = "/p", .data_dir = "/d"};

    (void)journal_write(session_dir, &j, &e);
    is_int(helper_write(session_dir, script, 1, &e), 0, "a helper is recorded");
    watch_open(&w, session_dir, no_env, &e);
    ok(comes(in_tmp("session/" HELPER_KEY), "key2"),
       "the helper is run again when its time is over");
    watch_close(&w);
}

static void session_without_a_login_is_not_watched(void)
{
    struct err e = {0};
    struct journal j = {.project = "/p", .data_dir = "/d"};

    (void)file_remove_tree(in_tmp("session"), &e);
    (void)mkdir(in_tmp("session"), 0700);
    watch_init(&w);
    watch_open(&w, session_dir, no_env, &e);
    ok(w.fd == 0 && e.kind == ERR_NONE, "without a journal nothing is watched");
    (void)journal_write(session_dir, &j, &e);
    watch_open(&w, session_dir, no_env, &e);
    ok(w.fd == 0 && e.kind == ERR_NONE, "without a login nothing is watched");
    watch_close(&w);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    changed_logins_are_exchanged();
    watching_begins_later();
    helper_is_run_again();
    session_without_a_login_is_not_watched();
    tmpdir_remove();
    return done_testing();
}
