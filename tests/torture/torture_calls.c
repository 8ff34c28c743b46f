/* SPDX-License-Identifier: MIT */
/* Short, interrupted and failing system calls. The objects of the room net and of base's files
 * are linked with read, write, poll and others renamed to the functions here
 * (scripts/test-programs.sh). In each case the result must be complete or an error, and nothing
 * may be left behind. */
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "net/call.h"
#include "tmpdir.h"
#include "unit/tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum mode { WHOLE, SHORT, INTERRUPTED, AGAIN, FAILING };

static enum mode mode;
static int calls;   /* since the mode was set */
static int fail_at; /* FAILING: the number of the call that fails with EIO */
static int fsyncs;

static void set_mode(enum mode m, int at)
{
    mode = m;
    calls = 0;
    fail_at = at;
}

/* Returns true, with errno, if this call must fail now. */
static bool spoiled(bool may_block)
{
    calls++;
    if (mode == INTERRUPTED && calls % 2 == 1) {
        errno = EINTR;
        return true;
    }
    if (mode == AGAIN && may_block && calls % 3 == 1) {
        errno = EAGAIN;
        return true;
    }
    if (mode == FAILING && calls == fail_at) {
        errno = EIO;
        return true;
    }
    return false;
}

ssize_t t_read(int fd, void *p, size_t len);
ssize_t t_write(int fd, const void *p, size_t len);
int t_poll(struct pollfd *fds, nfds_t n, int timeout);
int t_open(const char *path, int flags, ...);
int t_fsync(int fd);
int t_rename(const char *from, const char *to);
int t_fchmod(int fd, mode_t m);

ssize_t t_read(int fd, void *p, size_t len)
{
    return spoiled(true) ? -1 : read(fd, p, mode == SHORT && len > 1 ? 1 : len);
}

ssize_t t_write(int fd, const void *p, size_t len)
{
    return spoiled(true) ? -1 : write(fd, p, mode == SHORT && len > 1 ? 1 : len);
}

int t_poll(struct pollfd *fds, nfds_t n, int timeout)
{
    return spoiled(false) ? -1 : poll(fds, n, timeout);
}

int t_open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t m;

    va_start(ap, flags);
    m = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return spoiled(false) ? -1 : open(path, flags, m);
}

int t_fsync(int fd)
{
    fsyncs++;
    return mode != INTERRUPTED && spoiled(false) ? -1 : fsync(fd);
}

int t_rename(const char *from, const char *to)
{
    return mode != INTERRUPTED && spoiled(false) ? -1 : rename(from, to);
}

int t_fchmod(int fd, mode_t m)
{
    return mode != INTERRUPTED && spoiled(false) ? -1 : fchmod(fd, m);
}

/* Makes one HTTP exchange with a child that answers in three chunks. Returns 0 with the body in
 * `out`, and -1 on error. */
static int exchange(struct buf *out, struct err *e)
{
    static const char reply[] =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX: y\r\n\r\n";
    const struct http_request rq = {
        .method = "POST", .target = "/x", .host = "d", .body = HTTP_BODY_CHUNKED};
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct conn conn;
    struct call call;
    bool early = false;
    int fds[2];
    int rc = -1;
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        abort();
    }
    pid = fork();
    if (pid == 0) {
        char request[4096];
        size_t len = 0;

        (void)close(fds[0]);
        while (len < 5 || memcmp(request + len - 5, "0\r\n\r\n", 5) != 0) {
            ssize_t n = read(fds[1], request + len, sizeof(request) - len);

            if (n <= 0) {
                _exit(1);
            }
            len += (size_t)n;
        }
        (void)!write(fds[1], reply, sizeof(reply) - 1);
        _exit(0);
    }
    (void)close(fds[1]);
    conn_init(&conn);
    call_init(&call, &conn);
    buf_reset(out);
    if (conn_adopt(&conn, fds[0], e) == 0 && call_send_head(&call, &rq, &w, e) == 0 &&
        call_send_body(&call, str_c("some body"), &w, &early, e) == 0 &&
        call_send_end(&call, &w, e) == 0 && call_head(&call, &w, e) == 0) {
        rc = call_body_all(&call, out, &w, e);
    }
    call_release(&call);
    conn_close(&conn);
    (void)waitpid(pid, NULL, 0);
    return rc;
}

static void exchanges_succeed_or_fail(void)
{
    static const char *const names[] = {"whole", "one byte long", "interrupted",
                                        "sometimes not ready"};
    struct buf out;
    int last = 0;

    buf_init(&out, 100);
    for (int m = WHOLE; m <= AGAIN; m++) {
        struct err e = {0};

        set_mode((enum mode)m, 0);
        ok(exchange(&out, &e) == 0 && str_eq_c(buf_str(&out), "hello world"),
           "an exchange succeeds with calls that are %s %s", names[m], e.text);
    }
    set_mode(WHOLE, 0);
    (void)exchange(&out, &(struct err){0});
    last = calls;
    for (int at = 1; at <= last; at++) {
        struct err e = {0};
        int rc;

        set_mode(FAILING, at);
        rc = exchange(&out, &e);
        ok(rc == 0 ? str_eq_c(buf_str(&out), "hello world") : e.kind != ERR_NONE,
           "if call %d of %d fails, the exchange %s: %s", at, last,
           rc == 0 ? "succeeds" : "is an error", e.text);
    }
    buf_release(&out);
}

static void files_are_old_or_new(void)
{
    struct err e = {0};
    int last = 0;

    for (int m = WHOLE; m <= INTERRUPTED; m++) {
        set_mode((enum mode)m, 0);
        put_file(in_tmp("f"), "old");
        ok(file_write_atomic(in_tmp("f"), str_c("new text"), 0600, &e) == 0 &&
               strcmp(get_file(in_tmp("f")), "new text") == 0,
           "a file is replaced in mode %d", m);
        last = m == WHOLE ? calls : last;
    }
    is_int(fsyncs, 6, "file and directory are synced each time");
    for (int at = 1; at <= last; at++) {
        int rc;

        set_mode(WHOLE, 0);
        put_file(in_tmp("f"), "old");
        set_mode(FAILING, at);
        e = (struct err){0};
        rc = file_write_atomic(in_tmp("f"), str_c("new text"), 0600, &e);
        set_mode(WHOLE, 0);
        ok(strcmp(get_file(in_tmp("f")), rc == 0 ? "new text" : "old") == 0,
           "if call %d of %d fails, the file is complete, old or new", at, last);
        is_int(entries(), 1, "no other file is left beside it");
    }
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    exchanges_succeed_or_fail();
    files_are_old_or_new();
    tmpdir_remove();
    return done_testing();
}
