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

/* Goes on watching until the file holds the text. */
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

static void files(void)
{
    struct err e = {0};
    char temp[256];

    hand_out(login_text(1, "u"), true);
    watch_init(&w);
    watch_open(&w, session_dir, no_env, &e);
    ok(w.fd > 0 && e.kind == ERR_NONE, "a session with a login is watched %s", e.text);
    ok(w.notify < 0, "not at once: to stop watching takes long");
    put_host(login_text(2, "u"));
    ok(comes(in_tmp("session/" JOURNAL_LOGIN), "\"a2\""), "a login written in place is seen");
    (void)snprintf(temp, sizeof(temp), "%s", in_tmp("claude/temp"));
    put_file(temp, login_text(3, "u"));
    (void)rename(temp, in_tmp("claude/.credentials.json"));
    ok(comes(in_tmp("session/" JOURNAL_LOGIN), "\"a3\""), "so is one renamed into its place");
    put_box(login_text(4, "u"));
    ok(comes(in_tmp("claude/.credentials.json"), "\"r4\""), "and the sandbox's own");
    ok(w.notify >= 0, "files are watched by now");
    put_file(in_tmp("claude/other"), "x");
    watch_close(&w);
    ok(w.fd == 0 && w.child == 0, "closed");
    watch_close(&w);
}

/* Nobody else's change starts anything. */
static void quiet(void)
{
    struct pollfd p = {.fd = -1, .events = POLLIN};
    struct err e = {0};

    watch_open(&w, session_dir, no_env, &e);
    p.fd = w.fd;
    is_int(poll(&p, 1, PATIENCE_MS), 1, "watching begins by itself");
    watch_step(&w);
    ok(w.notify >= 0 && w.done < 0 && w.child == 0, "with no child where nothing has changed");
    watch_close(&w);
    watch_open(&w, session_dir, no_env, &e);
    p.fd = w.fd;
    put_host(login_text(5, "u"));
    is_int(poll(&p, 1, PATIENCE_MS), 1, "what was written before");
    watch_step(&w);
    ok(w.notify >= 0 && w.done >= 0, "is seen then");
    watch_close(&w);
}

static void helper(void)
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
    is_int(helper_write(session_dir, script, 1, &e), 0, "a helper");
    watch_open(&w, session_dir, no_env, &e);
    ok(comes(in_tmp("session/" HELPER_KEY), "key2"), "is asked again when its time is over");
    watch_close(&w);
}

static void nothing(void)
{
    struct err e = {0};
    struct journal j = {.project = "/p", .data_dir = "/d"};

    (void)file_remove_tree(in_tmp("session"), &e);
    (void)mkdir(in_tmp("session"), 0700);
    watch_init(&w);
    watch_open(&w, session_dir, no_env, &e);
    ok(w.fd == 0 && e.kind == ERR_NONE, "no journal: nothing to watch");
    (void)journal_write(session_dir, &j, &e);
    watch_open(&w, session_dir, no_env, &e);
    ok(w.fd == 0 && e.kind == ERR_NONE, "no login: nothing to watch");
    watch_close(&w);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    files();
    quiet();
    helper();
    nothing();
    tmpdir_remove();
    return done_testing();
}
