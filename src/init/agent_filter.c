/* SPDX-License-Identifier: MIT */
#include "init/agent_filter.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "wire/agent_msg.h"

#include <errno.h>
#include <unistd.h>

enum { SLOT_LISTENER, SLOT_UPSTREAM, SLOT_CLIENTS };
enum { WHOLE = AGENT_MSG_HEAD + AGENT_MSG_MAX, READ_SIZE = 16 << 10, MODE_SOCKET = 0600 };

static void client_init(struct agent_client *c)
{
    *c = (struct agent_client){.fd = -1};
    buf_init(&c->in, WHOLE);
    buf_init(&c->out, WHOLE);
}

static void client_close(struct agent_client *c)
{
    fd_close(&c->fd);
    buf_wipe(&c->in);
    buf_wipe(&c->out);
    client_init(c);
}

void agent_filter_init(struct agent_filter *f)
{
    *f = (struct agent_filter){.listener = -1, .upstream = -1, .asked = -1, .last = -1};
    buf_init(&f->request, WHOLE);
    buf_init(&f->answer, WHOLE);
    for (int i = 0; i < AGENT_FILTER_CLIENTS; i++) {
        client_init(&f->clients[i]);
    }
}

int agent_filter_open(struct agent_filter *f, const struct boot *b, int upstream, struct err *e)
{
    f->upstream = upstream;
    if (b->agent_socket == NULL) {
        fd_close(&f->upstream);
        return 0;
    }
    if (f->upstream >= 0 && fd_nonblock(f->upstream, e) < 0) {
        return -1;
    }
    f->listener = unix_socket_listen(b->agent_socket, MODE_SOCKET, e);
    if (f->listener < 0) {
        return -1;
    }
    return !b->single && lchown(b->agent_socket, (uid_t)b->uid, (gid_t)b->gid) < 0
               ? err_sys(e, "%s: change owner", b->agent_socket)
               : 0;
}

static int free_place(const struct agent_filter *f)
{
    for (int i = 0; i < AGENT_FILTER_CLIENTS; i++) {
        if (f->clients[i].fd < 0) {
            return i;
        }
    }
    return -1;
}

static void want(struct pollfd *slot, int fd, short events)
{
    *slot = (struct pollfd){.fd = events != 0 ? fd : -1, .events = events};
}

void agent_filter_prepare(const struct agent_filter *f, struct pollfd *fds)
{
    short up = f->request.len > 0 ? POLLOUT : 0;

    want(&fds[SLOT_LISTENER], f->listener, f->listener >= 0 && free_place(f) >= 0 ? POLLIN : 0);
    /* Without a request there is no answer: only the next request finds a connection that has
     * ended. */
    want(&fds[SLOT_UPSTREAM], f->upstream,
         f->upstream >= 0 && f->asked >= 0 ? (short)(up | POLLIN) : 0);
    for (int i = 0; i < AGENT_FILTER_CLIENTS; i++) {
        const struct agent_client *c = &f->clients[i];

        /* A client that waits is not looked at. What it does meanwhile is found afterwards. */
        want(&fds[SLOT_CLIENTS + i], c->fd,
             c->fd < 0 || c->waits ? 0
             : c->out.len > 0      ? POLLOUT
                                   : POLLIN);
    }
}

/* Reads once into `in`. Returns false at the end, or if reading fails. */
static bool read_more(int fd, struct buf *in)
{
    size_t room = buf_room(in) < READ_SIZE ? buf_room(in) : (size_t)READ_SIZE;
    char *p = room > 0 ? buf_reserve(in, room) : NULL;
    ssize_t got = p == NULL ? 0 : fd_read(fd, p, room);

    if (got > 0) {
        buf_commit(in, (size_t)got);
    }
    return got > 0 || (got < 0 && errno == EAGAIN);
}

/* Writes as much as possible. Returns false if writing fails. */
static bool write_some(int fd, struct buf *out)
{
    ssize_t sent = out->len > 0 ? fd_write(fd, buf_data(out), out->len) : 0;

    if (sent > 0) {
        buf_drop(out, (size_t)sent);
    }
    return sent >= 0 || errno == EAGAIN;
}

/* Frees the storage of a buffer once it is empty: most clients are idle. */
static void shrink(struct buf *b)
{
    if (b->len == 0) {
        buf_wipe(b);
        buf_init(b, WHOLE);
    }
}

/* Answers the request at the front of c->in, and removes it. */
static void answer(struct agent_client *c, struct str msg)
{
    struct str in = buf_str(&c->in);
    struct str request = {0};

    if (agent_msg_next(&in, &request) == 1) {
        if (msg.len > 0 && agent_msg_answers(request, msg)) {
            (void)buf_add_str(&c->out, msg); /* fits: `out` is empty */
        } else {
            (void)agent_msg_add_failure(&c->out); /* fits as well */
        }
        buf_drop(&c->in, request.len);
    }
    shrink(&c->in);
    c->waits = false;
}

/* Handles the next request of a client. Returns false if it breaks the protocol. */
static bool take_request(const struct agent_filter *f, struct agent_client *c)
{
    struct str in = buf_str(&c->in);
    struct str msg = {0};
    int got;

    if (c->waits || c->out.len > 0) {
        return true;
    }
    got = agent_msg_next(&in, &msg);
    if (got == 1 && (f->upstream < 0 || !agent_msg_may_pass(msg))) {
        answer(c, str_n(NULL, 0));
    } else if (got == 1) {
        c->waits = true;
    }
    return got >= 0;
}

/* The connection to the host's agent has ended, or the agent breaks the protocol. */
static void lose_upstream(struct agent_filter *f)
{
    fd_close(&f->upstream);
    buf_drop(&f->request, f->request.len);
    buf_drop(&f->answer, f->answer.len);
    f->asked = -1;
    for (int i = 0; i < AGENT_FILTER_CLIENTS; i++) {
        if (f->clients[i].waits) {
            answer(&f->clients[i], str_n(NULL, 0));
        }
    }
}

static void move_upstream(struct agent_filter *f)
{
    struct str in;
    struct str msg = {0};
    int got;

    if (!write_some(f->upstream, &f->request) || !read_more(f->upstream, &f->answer)) {
        lose_upstream(f);
        return;
    }
    in = buf_str(&f->answer);
    got = agent_msg_next(&in, &msg);
    /* An answer before the whole request was sent, or more than one answer, would be taken for
     * the answer to another request. */
    if (got < 0 || (got == 1 && (in.len > 0 || f->request.len > 0))) {
        lose_upstream(f);
        return;
    }
    if (got == 1) {
        answer(&f->clients[f->asked], msg);
        buf_drop(&f->answer, f->answer.len);
        shrink(&f->answer);
        shrink(&f->request);
        f->asked = -1;
    }
}

/* Sends the request of the next client that waits. */
static void ask_next(struct agent_filter *f)
{
    for (int i = 1; f->asked < 0 && f->upstream >= 0 && i <= AGENT_FILTER_CLIENTS; i++) {
        int next = (f->last + i) % AGENT_FILTER_CLIENTS;
        struct str in = buf_str(&f->clients[next].in);
        struct str msg = {0};

        if (f->clients[next].waits && agent_msg_next(&in, &msg) == 1) {
            (void)buf_add_str(&f->request, msg); /* fits: `request` is empty */
            f->asked = f->last = next;
            if (!write_some(f->upstream, &f->request)) {
                lose_upstream(f);
            }
        }
    }
}

static void move_client(const struct agent_filter *f, struct agent_client *c, short events)
{
    bool good = true;

    if (events != 0 && c->out.len > 0) {
        good = write_some(c->fd, &c->out);
        shrink(&c->out);
    } else if (events != 0) {
        good = read_more(c->fd, &c->in);
    }
    if (!good || !take_request(f, c)) {
        client_close(c);
    }
}

void agent_filter_dispatch(struct agent_filter *f, const struct pollfd *fds)
{
    if (fds[SLOT_UPSTREAM].revents != 0 && f->upstream >= 0 && f->asked >= 0) {
        move_upstream(f);
    }
    for (int i = 0; i < AGENT_FILTER_CLIENTS; i++) {
        struct agent_client *c = &f->clients[i];

        if (c->fd >= 0 && !c->waits) {
            move_client(f, c, fds[SLOT_CLIENTS + i].revents);
        }
    }
    if (fds[SLOT_LISTENER].revents != 0 && free_place(f) >= 0) {
        struct err ignored = {0};

        f->clients[free_place(f)].fd = unix_socket_accept(f->listener, &ignored);
    }
    ask_next(f);
}

void agent_filter_close(struct agent_filter *f)
{
    for (int i = 0; i < AGENT_FILTER_CLIENTS; i++) {
        client_close(&f->clients[i]);
    }
    buf_wipe(&f->request);
    buf_wipe(&f->answer);
    fd_close(&f->upstream);
    fd_close(&f->listener);
    agent_filter_init(f);
}
