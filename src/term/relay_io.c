/* SPDX-License-Identifier: MIT */
#include "term/relay_io.h"

#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 64 << 10 };

/* Opens `fd` again as a private, non-blocking descriptor. Returns -1 if the caller must use
 * `fd` itself: if it is non-blocking already, if it cannot be opened again, or if it has a file
 * offset. A regular file shares its offset with other writers (`(a; cco) > log`), and never
 * blocks. */
static int private_fd(int fd, int flags)
{
    int shared = fcntl(fd, F_GETFL);

    if (shared >= 0 && (shared & O_NONBLOCK) != 0) {
        return -1; /* another process has set this flag, and expects it */
    }
    if (lseek(fd, 0, SEEK_CUR) >= 0) {
        return -1;
    }
    return fd_reopen(fd, flags);
}

void relay_in_open(struct relay_in *in, int fd)
{
    int private = private_fd(fd, O_RDONLY);

    *in = (struct relay_in){.fd = private >= 0 ? private : fd, .own = private >= 0};
}

void relay_in_close(struct relay_in *in)
{
    if (in->own) {
        fd_close(&in->fd);
    }
    *in = (struct relay_in){.fd = -1, .ended = true};
}

size_t relay_in_read(struct relay_in *in, struct buf *b)
{
    size_t room = buf_room(b) < READ_SIZE ? buf_room(b) : READ_SIZE;
    char *p = room > 0 ? buf_reserve(b, room) : NULL;
    ssize_t got;

    if (p == NULL) {
        return 0;
    }
    got = fd_read(in->fd, p, room);
    if (got > 0) {
        buf_commit(b, (size_t)got);
        return (size_t)got;
    }
    if (got == 0 || errno != EAGAIN) {
        in->ended = true; /* also for EIO, which a terminal gives after it hung up */
    }
    return 0;
}

void relay_out_open(struct relay_out *out, int fd, size_t max)
{
    int private = private_fd(fd, O_WRONLY);

    *out = (struct relay_out){.fd = private >= 0 ? private : fd, .own = private >= 0};
    out->bulk = out->own || lseek(fd, 0, SEEK_CUR) >= 0;
    buf_init(&out->queue, max);
}

void relay_out_close(struct relay_out *out)
{
    if (out->own) {
        fd_close(&out->fd);
    }
    out->fd = -1;
    buf_release(&out->queue);
}

int relay_out_add(struct relay_out *out, struct str bytes)
{
    ssize_t sent = 0;

    if (out->broken) {
        return 0;
    }
    if (buf_room(&out->queue) < bytes.len || out->queue.len + bytes.len > RELAY_QUEUE_MAX) {
        return -1;
    }
    if (out->own && out->queue.len == 0) {
        sent = fd_write(out->fd, bytes.p, bytes.len);
        if (sent < 0 && errno != EAGAIN) {
            out->broken = true;
            out->errnum = errno;
            return 0;
        }
        sent = sent < 0 ? 0 : sent;
    }
    return buf_add_str(&out->queue, str_drop(bytes, (size_t)sent));
}

void relay_out_flush(struct relay_out *out)
{
    /* POLLOUT promises room for only PIPE_BUF bytes. On a shared open file description, which
     * blocks, a longer write could block. */
    size_t len = out->bulk || out->queue.len < PIPE_BUF ? out->queue.len : (size_t)PIPE_BUF;
    ssize_t sent;

    if (len == 0) {
        return;
    }
    if (out->broken) {
        buf_drop(&out->queue, out->queue.len);
        return;
    }
    sent = fd_write(out->fd, buf_data(&out->queue), len);
    if (sent > 0) {
        buf_drop(&out->queue, (size_t)sent);
    } else if (sent < 0 && errno != EAGAIN) {
        out->broken = true;
        out->errnum = errno;
        buf_drop(&out->queue, out->queue.len);
    }
}
