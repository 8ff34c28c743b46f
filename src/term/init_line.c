/* SPDX-License-Identifier: MIT */
#include "term/init_line.h"

#include "base/fd.h"
#include "base/limits.h"
#include "base/pty.h"
#include "base/secret.h"
#include "base/sig.h"
#include "base/unix_socket.h"
#include "wire/boot.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 64 << 10, RENEW_SIZE = 4 << 10, NOISE_MAX = 16 << 10 };
enum { COPIES_MAX = 4 << 20 };

int init_line_greets(struct str in, const char *secret, struct buf *early, struct err *e)
{
    struct frame f = {0};
    struct str rest = {0};
    enum frame_hello kind;
    int got = frame_next(&in, &f, e);

    if (got <= 0) {
        return got;
    }
    if (frame_hello(f, &kind, &rest, e) < 0) {
        return -1;
    }
    if (kind != FRAME_HELLO_INIT || (secret != NULL && !secret_equal(rest, str_c(secret)))) {
        return err_set(e, ERR_REFUSED,
                       "the process at the other end of the line is not the session's init");
    }
    (void)buf_add_str(early, in); /* usually empty, because init waits for the answer */
    return 1;
}

void init_line_open(struct init_line *r, struct session *s, unsigned rows, unsigned cols)
{
    struct buf size;

    *r = (struct init_line){.s = s, .in = -1, .out = -1, .err = -1, .rows = rows, .cols = cols};
    r->wrap = s->wrap;
    buf_init(&r->rx, LIMIT_RELAY_BUFFER + READ_SIZE);
    buf_init(&r->raw, READ_SIZE);
    buf_init(&r->tx, LIMIT_RELAY_BUFFER);
    buf_init(&r->noise, NOISE_MAX);
    buf_init(&r->file, LIMIT_CLAUDE_JSON);
    buf_init(&r->copies, COPIES_MAX);
    (void)buf_add_str(&r->rx, buf_str(&s->early)); /* fits: early has the same limit */
    buf_release(&s->early);
    buf_init(&size, FRAME_HEAD + FRAME_HEAD);
    (void)frame_add_size(&size, rows, cols);
    (void)frame_add_hello(&r->tx, FRAME_HELLO_HOST, str_drop(buf_str(&size), FRAME_HEAD));
    buf_release(&size);
}

void init_line_close(struct init_line *r)
{
    if (r->in == r->out) {
        r->in = -1;
    }
    fd_close(&r->in);
    fd_close(&r->out);
    fd_close(&r->err);
    buf_release(&r->rx);
    buf_release(&r->raw);
    buf_wipe(&r->tx);
    buf_release(&r->noise);
    buf_wipe(&r->file);
    buf_wipe(&r->copies);
}

/* Removes the engine's log frames around init's frames. Text on other streams than init's
 * standard output is not a part of the line, and is kept for the user as `noise`. */
static int unwrap(struct init_line *r, struct str bytes, struct err *e)
{
    while (bytes.len > 0) {
        struct str data = {0};
        size_t used = 0;

        if (stdcopy_in(&r->wrap, bytes, &used, &data, e) < 0) {
            return -1;
        }
        if (r->wrap.stream >= STDCOPY_STDERR) {
            size_t room = buf_room(&r->noise);

            (void)buf_add(&r->noise, data.p, data.len < room ? data.len : room);
        } else {
            (void)buf_add_str(&r->rx, data); /* fits: no more was read than rx has room for */
        }
        bytes = str_drop(bytes, used);
    }
    return 0;
}

static void line_end(struct init_line *r)
{
    r->ended = true;
    buf_drop(&r->tx, r->tx.len);
}

/* Reads bytes and the descriptors that come with them. */
static ssize_t read_socket(struct init_line *r, char *p, size_t room)
{
    int fds[UNIX_SOCKET_FDS_MAX] = {-1, -1, -1, -1};
    ssize_t got = unix_socket_recv(r->s->fd, p, room, fds);

    if (fds[0] >= 0 && !r->passed && r->in < 0) {
        r->in = fds[0];
        r->out = r->s->tty ? fds[0] : fds[1];
        r->err = r->s->tty ? -1 : fds[2];
        fds[0] = -1;
        fds[1] = r->s->tty ? fds[1] : -1;
        fds[2] = r->s->tty ? fds[2] : -1;
    }
    for (int i = 0; i < UNIX_SOCKET_FDS_MAX; i++) {
        fd_close(&fds[i]); /* surplus descriptors, which PASS does not announce */
    }
    return got;
}

/* Reads a line that cannot be read through its descriptor alone. Returns the number of bytes; 0
 * at the end; -1 with EAGAIN if there are none now; and -2 on error, with *e set. */
static ssize_t read_by_ops(struct init_line *r, char *p, size_t room, struct err *e)
{
    bool ended = false;
    ssize_t got = r->s->ops->read(r->s, p, room, &ended, e);

    if (ended) {
        return 0;
    }
    errno = EAGAIN;
    return got == 0 ? -1 : got < 0 ? -2 : got;
}

int init_line_read(struct init_line *r, struct err *e)
{
    size_t room = buf_room(&r->rx) < READ_SIZE ? buf_room(&r->rx) : (size_t)READ_SIZE;
    struct buf *to = r->s->wrapped ? &r->raw : &r->rx;
    char *p = r->ended || room == 0 ? NULL : buf_reserve(to, room);
    ssize_t got;

    if (p == NULL) {
        return 0;
    }
    got = r->s->ops->read != NULL ? read_by_ops(r, p, room, e)
          : r->s->wrapped         ? fd_read(r->s->fd, p, room)
                                  : read_socket(r, p, room);
    if (got < -1) {
        return -1;
    }
    if (got == 0 || (got < 0 && (errno == ECONNRESET || errno == EPIPE))) {
        line_end(r);
        if (r->s->wrapped && !stdcopy_at_boundary(&r->wrap)) {
            return err_set(e, ERR_EOF, "the engine's stream ended inside a log frame");
        }
        return 0;
    }
    if (got < 0) {
        return errno == EAGAIN ? 0 : err_sys(e, "read the line to init");
    }
    r->heard++;
    buf_commit(to, (size_t)got);
    if (r->s->wrapped) {
        int rc = unwrap(r, buf_str(&r->raw), e);

        buf_drop(&r->raw, r->raw.len);
        return rc;
    }
    return 0;
}

static int take_exit(struct init_line *r, struct frame f, struct err *e)
{
    size_t len;

    if (frame_exit(f, &r->exit, e) < 0) {
        return -1;
    }
    len = r->exit.text.len < sizeof(r->text) - 1 ? r->exit.text.len : sizeof(r->text) - 1;
    if (len > 0) {
        memcpy(r->text, r->exit.text.p, len);
    }
    r->text[len] = '\0';
    r->exit.text = str_n(r->text, len);
    r->exited = true;
    return 0;
}

static int take_pass(struct init_line *r, struct str payload, struct err *e)
{
    bool all = r->s->tty ? r->in >= 0 : r->in >= 0 && r->out >= 0 && r->err >= 0;

    if (r->s->wrapped || r->passed || !all || payload.len != 1 ||
        payload.p[0] != (r->s->tty ? 't' : 'p')) {
        return err_set(e, ERR_FORMAT, "init passed other descriptors than the command's");
    }
    if (fd_nonblock(r->in, e) < 0 || fd_nonblock(r->out, e) < 0 ||
        (r->err >= 0 && fd_nonblock(r->err, e) < 0)) {
        return -1;
    }
    r->passed = r->started = true;
    if (r->s->tty) {
        /* The size may have changed since the greeting. */
        pty_set_size(r->in, r->rows, r->cols);
    }
    return 0;
}

static int take_taken(struct init_line *r, struct frame f, struct err *e)
{
    size_t taken = 0;

    if (frame_taken(f, &taken, e) < 0) {
        return -1;
    }
    if (taken > r->under_way) {
        return err_set(e, ERR_FORMAT, "init acknowledged more input than it was sent");
    }
    r->under_way -= taken;
    return 0;
}

static int take_frame(struct init_line *r, struct frame f, struct err *e)
{
    switch (f.type) {
    case FRAME_EXIT:
        return take_exit(r, f, e);
    case FRAME_PASS:
        return take_pass(r, f.payload, e);
    case FRAME_TAKEN:
        return take_taken(r, f, e);
    case FRAME_FILE:
        r->file_broken = buf_add_str(&r->file, f.payload) < 0;
        return 0;
    case FRAME_COPY:
        (void)frame_add(&r->copies, FRAME_COPY, f.payload); /* overflowed: all are dropped */
        return 0;
    case FRAME_STARTED:
        r->started = true;
        return 0;
    case FRAME_STOPPED:
        r->stopped = true;
        return 0;
    default:
        return err_set(e, ERR_FORMAT,
                       "a broken session stream: unexpected frame of type %d from init",
                       (int)f.type);
    }
}

int init_line_next(struct init_line *r, struct frame *f, struct err *e)
{
    for (;;) {
        struct str in = buf_str(&r->rx);
        int got = frame_next(&in, f, e);

        if (got <= 0) {
            return got;
        }
        /* *f stays valid: dropping does not overwrite the bytes, only adding to rx does. */
        buf_drop(&r->rx, r->rx.len - in.len);
        r->answers++;
        if (f->type == FRAME_OUTPUT || f->type == FRAME_ERROUT) {
            return 1;
        }
        if (take_frame(r, *f, e) < 0) {
            return -1;
        }
    }
}

/* Writes input into the passed terminal or pipe. Returns false if the command reads no more. */
static bool write_passed(struct init_line *r, struct buf *input)
{
    ssize_t sent = r->in < 0 ? -1 : fd_write(r->in, buf_data(input), input->len);

    if (sent > 0) {
        buf_drop(input, (size_t)sent);
    }
    if (sent < 0 && (r->in < 0 || errno != EAGAIN)) {
        /* The command is ending, or has closed its input. Its output is still read. */
        buf_drop(input, input->len);
        return false;
    }
    return true;
}

bool init_line_input(struct init_line *r, struct buf *input)
{
    size_t room = FRAME_WINDOW - r->under_way;
    size_t len;

    if (r->ended || r->exited) {
        buf_drop(input, input->len);
        return false;
    }
    if (input->len == 0) {
        return true;
    }
    if (r->passed) {
        return write_passed(r, input);
    }
    if (r->resized && buf_room(&r->tx) >= FRAME_HEAD + FRAME_SIZE_LEN) {
        /* The size must arrive before the input that was typed at that size. */
        (void)frame_add_size(&r->tx, r->rows, r->cols);
        r->resized = false;
    }
    room = room < frame_room(&r->tx) ? room : frame_room(&r->tx);
    len = input->len < room ? input->len : room;
    if (len > 0 && frame_add_bytes(&r->tx, FRAME_INPUT, str_n(buf_data(input), len)) == 0) {
        r->under_way += len;
        buf_drop(input, len);
    }
    return true;
}

bool init_line_is_ready(const struct init_line *r)
{
    return r->s->wrapped || r->passed || r->ended || r->exited;
}

bool init_line_takes_input(const struct init_line *r)
{
    return r->s->wrapped && !r->ended && r->under_way < FRAME_WINDOW && frame_room(&r->tx) > 0;
}

/* Queues one frame. Drops it if the line or the command has ended. Also drops it if tx is full:
 * a line that takes nothing for so long is lost. */
static void send(struct init_line *r, enum frame_type type, const char *p, size_t len)
{
    if (!r->ended && !r->exited) {
        (void)frame_add(&r->tx, type, str_n(p, len));
    }
}

void init_line_end_input(struct init_line *r)
{
    static const char which = FRAME_END_INPUT;

    if (r->passed && !r->s->tty) {
        fd_close(&r->in);
    }
    /* The end of the input of a terminal is a character, which init writes. */
    if (!r->passed || r->s->tty || (r->side & BOOT_SIDE_IN) != 0) {
        send(r, FRAME_END, &which, 1);
    }
}

void init_line_end_output(struct init_line *r)
{
    static const char which = FRAME_END_OUTPUT;

    if (r->passed && !r->s->tty) {
        fd_close(&r->out);
        r->out_ended = true;
    } else {
        send(r, FRAME_END, &which, 1);
    }
}

void init_line_resize(struct init_line *r, unsigned rows, unsigned cols)
{
    r->rows = rows;
    r->cols = cols;
    if (r->passed && r->s->tty) {
        pty_set_size(r->in, rows, cols);
    } else {
        r->resized = true;
    }
}

void init_line_signal(struct init_line *r, int signo)
{
    const char *name = sig_name(signo);

    if (name != NULL) {
        send(r, FRAME_SIGNAL, name, strlen(name));
    }
}

bool init_line_renew(struct init_line *r, enum frame_renewed which, struct str text)
{
    char piece[RENEW_SIZE];
    const size_t pieces = text.len / (RENEW_SIZE - 1) + 2;

    if (r->ended || r->exited || buf_room(&r->tx) < text.len + pieces * (FRAME_HEAD + 1)) {
        return false;
    }
    piece[0] = (char)which;
    do {
        size_t len = text.len < RENEW_SIZE - 1 ? text.len : RENEW_SIZE - 1;

        if (len > 0) {
            memcpy(piece + 1, text.p, len);
        }
        send(r, FRAME_RENEWED, piece, len + 1);
        text = str_drop(text, len);
    } while (text.len > 0);
    send(r, FRAME_RENEWED, piece, 1);
    secret_wipe(piece, sizeof(piece));
    return true;
}

void init_line_ping(struct init_line *r)
{
    send(r, FRAME_PING, NULL, 0);
}

static ssize_t write_by_ops(struct init_line *r)
{
    struct err ignored = {0}; /* init_line_read() reports the end of the line */
    ssize_t sent = r->s->ops->write(r->s, buf_data(&r->tx), r->tx.len, &ignored);

    errno = sent < 0 ? EPIPE : EAGAIN;
    return sent;
}

void init_line_flush(struct init_line *r)
{
    ssize_t sent;

    if (r->resized && r->tx.len == 0 && !r->ended) {
        (void)frame_add_size(&r->tx, r->rows, r->cols); /* fits: tx is empty */
        r->resized = false;
    }
    if (r->ended || (r->tx.len == 0 && r->s->ops->write == NULL)) {
        return;
    }
    sent = r->s->ops->write != NULL ? write_by_ops(r)
                                    : fd_write(r->s->fd, buf_data(&r->tx), r->tx.len);
    if (sent > 0) {
        buf_drop(&r->tx, (size_t)sent);
    } else if (sent < 0 && errno != EAGAIN) {
        buf_drop(&r->tx, r->tx.len); /* init_line_read() reports the end of the line */
    }
}
