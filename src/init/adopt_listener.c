/* SPDX-License-Identifier: MIT */
#include "init/adopt_listener.h"

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 16 };
enum { TRY_MS = 5000, PAUSE_MS = 20, HEAR_MS = 100, PATH_SIZE = 128 };

void adopt_listener_init(struct adopt_listener *t, const char *dir)
{
    *t = (struct adopt_listener){.dir = dir, .listener = -1, .keeper = -1};
}

void adopt_listener_given(struct adopt_listener *t, int listener)
{
    adopt_listener_init(t, NULL);
    if (listener >= 0 && listen(listener, BACKLOG) < 0) {
        fd_close(&listener);
    }
    t->listener = listener;
}

bool adopt_listener_is_direct(const struct adopt_listener *t)
{
    return t->dir == NULL;
}

static void socket_path(const char *dir, char *out)
{
    (void)snprintf(out, PATH_SIZE, "%s/line", dir);
}

static void stop_listening(struct adopt_listener *t)
{
    char path[PATH_SIZE];

    if (t->listener >= 0 && t->dir != NULL) {
        socket_path(t->dir, path);
        (void)unlink(path);
        (void)rmdir(t->dir);
        fd_close(&t->listener);
    }
}

int adopt_listener_listen(struct adopt_listener *t, struct err *e)
{
    char path[PATH_SIZE];

    if (t->listener >= 0) {
        return 0;
    }
    if (t->dir == NULL) {
        return err_set(e, ERR_NOT_FOUND,
                       "the sandbox has no socket at which init could listen");
    }
    /* If the agent is root, it may have made something at this path before. It does not get the
     * key in that way, because the helper sends it to init only, but init must be able to
     * listen. */
    if (file_remove_tree(t->dir, e) < 0) {
        return -1;
    }
    if (mkdir(t->dir, 0700) < 0) {
        return err_sys(e, "%s", t->dir);
    }
    socket_path(t->dir, path);
    t->listener = unix_socket_listen(path, 0600, e);
    return t->listener < 0 ? -1 : 0;
}

int adopt_listener_fd(const struct adopt_listener *t)
{
    return t->listener;
}

/* A connection, with the bytes and the descriptors that came on it. */
struct caller {
    int fd;
    char got[FRAME_HEAD + 2 + FRAME_SECRET];
    size_t len;
    int fds[UNIX_SOCKET_FDS_MAX];
};

/* Returns true if the client has sent the session's key and two descriptors. */
static bool is_key(const struct caller *c, const char *key)
{
    struct str in = str_n(c->got, c->len);
    struct str rest = {0};
    struct frame f = {0};
    struct err ignored = {0};
    enum frame_hello kind;

    return frame_next(&in, &f, &ignored) == 1 && frame_hello(f, &kind, &rest, &ignored) == 0 &&
           kind == FRAME_HELLO_KEY && rest.len == FRAME_SECRET &&
           secret_equal(rest, str_c(key)) && c->fds[0] >= 0 && c->fds[1] >= 0;
}

/* Reads the client's bytes and descriptors, for HEAR_MS at most. A helper has sent nearly
 * everything before it is accepted. A slower client is not a helper, and must not delay a
 * helper. */
static void hear(struct caller *c)
{
    int64_t deadline = clock_ms() + HEAR_MS;

    while (c->len < sizeof(c->got)) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        ssize_t got;

        if (poll(&p, 1, clock_poll_timeout(deadline)) <= 0) {
            return;
        }
        got = unix_socket_recv(c->fd, c->got + c->len, sizeof(c->got) - c->len, c->fds);
        if (got <= 0) {
            return;
        }
        c->len += (size_t)got;
    }
}

int adopt_listener_step(struct adopt_listener *t, const char *key, int *in, int *out)
{
    struct caller c = {.fds = {-1, -1, -1, -1}};
    struct err ignored = {0};
    bool good;

    c.fd = t->listener < 0 ? -1 : unix_socket_accept(t->listener, &ignored);
    if (c.fd < 0) {
        return 0;
    }
    hear(&c);
    good = is_key(&c, key);
    secret_wipe(c.got, sizeof(c.got));
    if (good) {
        *in = c.fds[0];
        *out = c.fds[1];
        c.fds[0] = c.fds[1] = -1;
        fd_close(&t->keeper);
        if (!adopt_listener_is_direct(t)) {
            t->keeper = c.fd;
            c.fd = -1;
        }
        stop_listening(t);
    }
    fd_close(&c.fd);
    for (int i = 0; i < UNIX_SOCKET_FDS_MAX; i++) {
        fd_close(&c.fds[i]);
    }
    return good ? 1 : 0;
}

pid_t adopt_listener_carrier(const struct adopt_listener *t)
{
    return t->keeper < 0 ? 0 : unix_socket_peer_pid(t->keeper);
}

void adopt_listener_let_go(struct adopt_listener *t)
{
    fd_close(&t->keeper);
}

void adopt_listener_close(struct adopt_listener *t)
{
    stop_listening(t);
    fd_close(&t->listener);
    fd_close(&t->keeper);
}

/* Reads exactly `size` bytes from standard input. */
static int read_key(char *out, size_t size)
{
    size_t len = 0;

    while (len < size) {
        ssize_t got = fd_read(STDIN_FILENO, out + len, size - len);

        if (got <= 0) {
            return -1;
        }
        len += (size_t)got;
    }
    return 0;
}

/* Connects to init. Tries for TRY_MS, because init may not have noticed yet that the old cco is
 * dead, and does not listen. Refuses another process that listens there. Returns the socket,
 * and -1 on error. */
static int call_init(const char *dir, pid_t init, struct err *e)
{
    int64_t deadline = clock_ms() + TRY_MS;
    char path[PATH_SIZE];

    socket_path(dir, path);
    for (;;) {
        const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
        int fd = unix_socket_connect(path, e);

        if (fd >= 0 && unix_socket_peer_pid(fd) != init) {
            fd_close(&fd);
            (void)err_set(e, ERR_REFUSED, "another process than init listens at %s", path);
        }
        if (fd >= 0 || clock_ms() >= deadline) {
            return fd;
        }
        err_reset(e);
        (void)nanosleep(&pause, NULL);
    }
}

int adopt_listener_main(const char *dir, pid_t init)
{
    static const int streams[2] = {STDIN_FILENO, STDOUT_FILENO};
    char key[FRAME_HEAD + 2 + FRAME_SECRET];
    struct err e = {0};
    struct pollfd p = {.fd = -1, .events = POLLIN};
    char end;

    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (read_key(key, sizeof(key)) < 0) {
        (void)err_set(&e, ERR_EOF, "standard input does not contain the session's key");
    } else {
        p.fd = call_init(dir, init, &e);
        if (p.fd >= 0) {
            (void)unix_socket_send(p.fd, key, sizeof(key), streams, 2, &e);
        }
    }
    secret_wipe(key, sizeof(key));
    if (e.kind != ERR_NONE || p.fd < 0) {
        log_error("line: %s", e.text);
        return EXIT_CCO;
    }
    while (poll(&p, 1, -1) <= 0 || (fd_read(p.fd, &end, 1) < 0 && errno == EAGAIN)) {
    }
    return 0;
}
