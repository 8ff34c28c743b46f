/* SPDX-License-Identifier: MIT */
#include "session/agent_keeper.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/unix_socket.h"
#include "trust/obeyed.h"
#include "wire/agent_msg.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WHOLE = AGENT_MSG_HEAD + AGENT_MSG_MAX, READ_SIZE = 16 << 10 };

struct keeper {
    int init, agent; /* the two connections; agent is -1 if there is none */
    const struct facts *facts;
    struct buf request, answer;
};

/* Waits until `fd` can be read. Returns false if the connection to init ends first. */
static bool await(const struct keeper *k, int fd)
{
    for (;;) {
        struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = k->init}};

        if (poll(p, 2, -1) < 0 && errno != EINTR) {
            return false;
        }
        if (p[0].revents != 0) {
            return true;
        }
        if (p[1].revents != 0) {
            return false;
        }
    }
}

/* Reads one whole message into `in`, which is empty. Returns false at the end of the
 * connection, or if the message is malformed or followed by other bytes. */
static bool read_message(const struct keeper *k, int fd, struct buf *in)
{
    for (;;) {
        struct str rest = buf_str(in);
        struct str msg = {0};
        const int got = agent_msg_next(&rest, &msg);
        size_t room = buf_room(in) < READ_SIZE ? buf_room(in) : (size_t)READ_SIZE;
        char *p;
        ssize_t len;

        if (got != 0) {
            return got == 1 && rest.len == 0;
        }
        if (room == 0 || !await(k, fd)) {
            return false;
        }
        p = buf_reserve(in, room);
        len = fd_read(fd, p, room);
        if (len == 0 || (len < 0 && errno != EAGAIN)) {
            return false;
        }
        buf_commit(in, len > 0 ? (size_t)len : 0);
    }
}

/* Writes all bytes. Returns false if the connection has ended. */
static bool write_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        const ssize_t sent = fd_write(fd, bytes.p, bytes.len);

        if (sent < 0 && errno != EAGAIN) {
            return false;
        }
        bytes = str_drop(bytes, sent > 0 ? (size_t)sent : 0);
        if (sent < 0 && poll(&p, 1, -1) < 0 && errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Connects to the agent, if no agent of a sandbox could have chosen it. */
static int connect_checked(const struct facts *f, struct err *e)
{
    struct arena a = {0};
    const struct obeyed o = obeyed_find(&a, f->state_dir, f->trees, f->ssh_agent.path);
    int fd = -1;

    if (o.why != NULL) {
        (void)err_set(e, ERR_REFUSED, "%s: %s", f->ssh_agent.path, o.why);
    } else if (o.physical == NULL || !S_ISSOCK(o.id.mode)) {
        (void)err_set(e, ERR_NOT_FOUND, "%s: there is no socket", f->ssh_agent.path);
    } else {
        fd = unix_socket_connect(o.physical, e);
    }
    arena_release(&a);
    return fd;
}

/* Returns true if the agent has closed its connection, or has sent bytes unasked. */
static bool is_stale(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, 0) != 0;
}

/* Sends the request to the agent, and reads its answer. Returns false if it has none. */
static bool ask(struct keeper *k)
{
    struct err ignored = {0};

    if (k->agent >= 0 && is_stale(k->agent)) {
        fd_close(&k->agent);
    }
    /* A connection that was open before may end now: the agent is restarted. So a request is
     * sent once more. To list and to sign again has no other effect. */
    for (int tries = 0; tries < 2; tries++) {
        const bool fresh = k->agent < 0;

        if (fresh) {
            k->agent = connect_checked(k->facts, &ignored);
        }
        buf_reset(&k->answer);
        if (k->agent < 0) {
            return false;
        }
        if (write_all(k->agent, buf_str(&k->request)) &&
            read_message(k, k->agent, &k->answer)) {
            return true;
        }
        fd_close(&k->agent);
        if (fresh) {
            return false;
        }
    }
    return false;
}

/* Serves the connection to init until it ends. */
static void serve(int init, const struct facts *f)
{
    struct keeper k = {.init = init, .agent = -1, .facts = f};

    buf_init(&k.request, WHOLE);
    buf_init(&k.answer, WHOLE);
    while (read_message(&k, init, &k.request)) {
        if (!ask(&k)) {
            buf_reset(&k.answer);
            (void)agent_msg_add_failure(&k.answer); /* fits: the buffer is empty */
        }
        if (!write_all(init, buf_str(&k.answer))) {
            break;
        }
        buf_wipe(&k.request);
        buf_wipe(&k.answer);
        buf_init(&k.request, WHOLE);
        buf_init(&k.answer, WHOLE);
    }
    fd_close(&k.agent);
    buf_wipe(&k.request);
    buf_wipe(&k.answer);
}

/* Runs in the process of its own. */
static _Noreturn void keep(const struct facts *f, int fd)
{
    sigset_t mask;

    if (fd_close_all_but(fd) < 0) {
        _exit(1);
    }
    for (int i = 0; i < 3; i++) {
        (void)close(i); /* the caller's terminal or pipes */
    }
    fd_secure_standard();
    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGPIPE);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    serve(fd, f);
    _exit(0);
}

int agent_keeper_start(const struct facts *f, struct err *e)
{
    int first = connect_checked(f, e);
    int pair[2] = {-1, -1};
    int status = 0;
    pid_t pid;

    if (first < 0) {
        return -1;
    }
    fd_close(&first); /* the process connects itself */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) < 0) {
        return err_sys(e, "socketpair");
    }
    pid = fork();
    if (pid == 0) {
        (void)setsid();
        /* The first child ends at once, so that the second is not a child of cco. */
        pid = fork();
        if (pid != 0) {
            _exit(pid < 0 ? 1 : 0);
        }
        keep(f, pair[1]);
    }
    fd_close(&pair[1]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fd_close(&pair[0]);
        return err_sys(e, "fork");
    }
    return pair[0];
}
