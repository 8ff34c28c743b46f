/* SPDX-License-Identifier: MIT */
/* Sessions whose process does not answer. test_native_sessions.c and the end-to-end tests stop
 * others. */
#include "session/session_stop.h"

#include "context.h"
#include "tap.h"
#include "tmpdir.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file_lock.h"
#include "base/unix_socket.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LATE_MS = 300 };

static struct context c;

/* A session that closes its socket when it is asked to end, and that has more to do then. */
static pid_t slow_session(void)
{
    struct err e = {0};
    int lock = file_lock(in_tmp("cco-s-1.lock"), FILE_LOCK_NOW, &e);
    int listener = unix_socket_listen(in_tmp("cco-s-1.sock"), 0600, &e);
    pid_t pid = fork();

    if (pid == 0) {
        const struct timespec late = {.tv_nsec = LATE_MS * 1000000L};
        char request[64];
        int client = -1;

        while ((client = unix_socket_accept(listener, &e)) < 0) {
            (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
        while (read(client, request, sizeof(request)) < 0) {
            (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
        (void)shutdown(client,
                       SHUT_WR); /* if it were closed, the rest of the request could fail */
        fd_close(&listener);
        (void)nanosleep(&late, NULL);
        _exit(0);
    }
    fd_close(&listener);
    fd_close(&lock);
    return pid;
}

static void stop_returns_when_the_session_is_gone(void)
{
    struct err e = {0};
    int64_t start = clock_ms();
    pid_t pid = slow_session();

    ok(session_stop_gently("cco-s-1", in_tmp("cco-s-1.sock"), in_tmp("cco-s-1.lock"), 10000,
                           &e) == 0,
       "a session is asked to end %s", e.text);
    ok(clock_ms() - start >= LATE_MS && !file_is_locked(in_tmp("cco-s-1.lock")),
       "and is gone then");
    (void)waitpid(pid, NULL, 0);
    (void)unlink(in_tmp("cco-s-1.sock"));
    pid = slow_session();
    ok(session_stop_gently("cco-s-1", in_tmp("cco-s-1.sock"), in_tmp("cco-s-1.lock"), 100, &e) <
               0 &&
           e.kind == ERR_TIMEOUT,
       "a session that does not end in time is an error: %s", e.text);
    (void)waitpid(pid, NULL, 0);
    (void)unlink(in_tmp("cco-s-1.sock"));
    (void)unlink(in_tmp("cco-s-1.lock"));
}

int main(void)
{
    struct err e = {0};
    struct session_found f = {.name = "cco-x-1", .project = "/p", .state = SESSION_BUSY};

    tmpdir_make();
    context_init(&c, (char *const[]){(char[]){"DOCKER_HOST=unix:///nowhere"}, NULL});
    c.facts.runtime_dir = tmpdir;
    c.facts.project = c.facts.cwd_physical = c.facts.claude_root = c.facts.dotenv_dir = "/";
    stop_returns_when_the_session_is_gone();
    (void)mkdir(in_tmp("cco-x-1"), 0700);
    put_file(in_tmp("cco-x-1/engine"), "native");
    put_file(in_tmp("cco-x-1.lock"), "/p");
    f.lock = in_tmp("cco-x-1.lock");
    f.sock = in_tmp("cco-x-1.sock");
    f.adopt_sock = in_tmp("cco-x-1.adopt");
    ok(session_stop(&c.ctx, &f, &e) == 0, "a session whose init has ended is stopped %s",
       e.text);
    ok(!file_exists(in_tmp("cco-x-1")), "its files are removed");
    f.adopt_sock = NULL;
    c.opts.engine = ENGINE_DOCKER;
    c.opts.image = "none of cco's";
    ok(session_stop(&c.ctx, &f, &e) < 0 && strstr(e.text, "stop cco-x-1") != NULL,
       "a session of an engine that does not answer cannot be stopped: %s", e.text);
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
