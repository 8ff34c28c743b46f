/* SPDX-License-Identifier: MIT */
#include "session/session_stop.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "base/proctree.h"
#include "base/unix_socket.h"
#include "session/session_engine.h"
#include "term/session_query.h"

#include <fcntl.h>
#include <signal.h>

enum { BUSY_MS = 3000, TELL_MS = 1000 };

/* Waits until no process holds the lock, which the caller has opened as `fd` (-1: it does not
 * exist any more). Returns 0 on success and -1 on error; ERR_TIMEOUT means that a process still
 * holds it after timeout_ms. */
static int await_end(int fd, const char *name, int timeout_ms, struct err *e)
{
    const int64_t start = clock_ms();
    const int tell_ms = timeout_ms < TELL_MS ? timeout_ms : TELL_MS;
    struct err own = {0};
    int rc = fd < 0 ? 0 : file_lock_fd(fd, name, start + tell_ms, &own);

    if (rc < 0 && own.kind == ERR_TIMEOUT && timeout_ms > TELL_MS) {
        log_info("stopping %s: waiting until its command has ended; after 10 seconds it is "
                 "killed",
                 name);
        err_reset(&own);
        rc = file_lock_fd(fd, name, start + timeout_ms, &own);
    }
    if (rc < 0) {
        *e = own;
    }
    return rc;
}

/* Opens the lock, before the session can end and another session can take its name. Returns the
 * descriptor, and -1 if the lock does not exist. */
static int open_lock(const char *lock)
{
    struct err ignored = {0};

    return file_open(lock, O_RDONLY | O_NOFOLLOW, 0, &ignored);
}

int session_stop_gently(const char *name, const char *sock, const char *lock, int timeout_ms,
                        struct err *e)
{
    int fd = open_lock(lock);
    int server = session_query_stop(sock, e);
    int rc = server < 0 ? -1 : await_end(fd, name, timeout_ms, e);

    fd_close(&server);
    fd_close(&fd);
    return rc;
}

/* Ends a native session by killing its init, without asking an engine. */
static int end_native(struct session_context *ctx, const struct session_found *f, struct err *e)
{
    const struct engine_known what = {.init_pid = f->init_pid, .init_started = f->init_started};
    struct err ignored = {0};

    if (native_engine.end(NULL, &what, e) < 0) {
        return -1;
    }
    if (sessions_sweep(ctx, &ignored) < 0) {
        log_verbose("%s", ignored.text); /* the next cco sweeps it */
    }
    return 0;
}

/* Ends the session without the help of its own process. */
static int remove_by_name(struct session_context *ctx, const struct session_found *f,
                          struct err *e)
{
    const char *name = f->name;
    struct engine_found *all = NULL;
    size_t count = 0;

    if (f->adopt_sock != NULL) {
        return end_native(ctx, f, e);
    }
    if (session_engine_list(ctx, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (str_eq_c(str_c(all[i].name), name) &&
            engine_end(ctx->engine, &(struct engine_known){.id = all[i].id}, e) < 0) {
            return -1;
        }
    }
    return sessions_sweep(ctx, e);
}

/* If the session's process is a stopped job of a shell, continues it, and asks it to end, so
 * that it does not stop again to wait for the terminal. Returns true then. */
static bool wake(const struct session_found *f)
{
    struct err ignored = {0};
    int fd = f->state == SESSION_BUSY && f->sock != NULL
                 ? unix_socket_connect(f->sock, &ignored)
                 : -1;
    const pid_t pid = fd >= 0 ? unix_socket_peer_pid(fd) : 0;
    const bool stopped = pid > 0 && proctree_is_stopped(pid);

    if (stopped) {
        (void)kill(pid, SIGTERM); /* fails only if the process has just ended */
        (void)kill(pid, SIGCONT);
    }
    fd_close(&fd);
    return stopped;
}

int session_stop(struct session_context *ctx, const struct session_found *f, struct err *e)
{
    const int timeout_ms = f->state == SESSION_BUSY && !wake(f) ? BUSY_MS : SESSION_STOP_MS;
    struct err own = {0};
    int lock = open_lock(f->lock);
    int rc = 0;

    if (f->sock == NULL ||
        session_stop_gently(f->name, f->sock, f->lock, timeout_ms, &own) < 0) {
        err_reset(&own); /* it has no process, or the process does not answer */
        rc = remove_by_name(ctx, f, e);
        if (rc == 0 && await_end(lock, f->name, BUSY_MS, &own) < 0) {
            log_warn("session %s has ended, but its cco process does not answer. The name is "
                     "free once that process has ended.",
                     f->name);
        }
    }
    fd_close(&lock);
    return rc < 0 ? err_wrap(e, "stop %s", f->name) : 0;
}
