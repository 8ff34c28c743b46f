/* SPDX-License-Identifier: MIT */
#include "term/session_query.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/unix_socket.h"
#include "term/attach_client.h"

#include <errno.h>
#include <poll.h>

/* Reads frames until a frame of this type has come, and adds its payload to `out`. Other frames
 * are dropped. Returns 0 on success and -1 on error. */
static int await(int fd, enum frame_type type, int64_t deadline, struct buf *out, struct err *e)
{
    struct buf rx;
    int rc = -1;

    buf_init(&rx, LIMIT_RELAY_BUFFER);
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        struct str in = buf_str(&rx);
        struct frame f = {0};
        int got = frame_next(&in, &f, e);
        ssize_t n;

        if (got < 0) {
            break;
        }
        if (got == 1) {
            if (f.type == type) {
                rc = buf_add_str(out, f.payload);
                break;
            }
            buf_drop(&rx, rx.len - in.len);
            continue;
        }
        if (poll(&p, 1, clock_poll_timeout(deadline)) <= 0 && clock_ms() >= deadline) {
            (void)err_set(e, ERR_TIMEOUT, "the session does not answer");
            break;
        }
        n = p.revents == 0 ? -1 : fd_read(fd, buf_reserve(&rx, FRAME_MAX), FRAME_MAX);
        if (n > 0) {
            buf_commit(&rx, (size_t)n);
        } else if (p.revents != 0 && (n == 0 || errno != EAGAIN)) {
            (void)err_set(e, ERR_EOF, "the session has just ended");
            break;
        }
    }
    buf_release(&rx);
    return rc;
}

int session_query_ask(const char *path, struct err *e)
{
    const struct attach_client v = {
        .fd = unix_socket_connect(path, e), .kind = FRAME_HELLO_ASK, .keys_spec = ""};
    int fd = v.fd;

    if (fd >= 0 && attach_client_greet(&v, 0, 0, -1, e) < 0) {
        fd_close(&fd);
    }
    return fd;
}

int session_query_answer(int fd, int64_t deadline_ms, struct buf *out, struct err *e)
{
    int rc = await(fd, FRAME_INFO, deadline_ms, out, e);

    fd_close(&fd);
    return rc;
}

int session_query_stop(const char *path, struct err *e)
{
    int fd = session_query_ask(path, e);
    struct buf stop;

    buf_init(&stop, FRAME_MAX);
    (void)frame_add(&stop, FRAME_STOP, str_n(NULL, 0)); /* fits: the buffer is empty */
    if (fd >= 0 && fd_write_all(fd, buf_data(&stop), stop.len, e) < 0) {
        fd_close(&fd);
    }
    buf_release(&stop);
    return fd;
}
