/* SPDX-License-Identifier: MIT */
#include "net/tcp.h"

#include "base/clock.h"
#include "base/fd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ADDRESSES_MAX = 16, SERVICE_SIZE = 8 };

struct addresses {
    int problem; /* error number of getaddrinfo(3); 0: none */
    unsigned count;
    struct {
        socklen_t len;
        struct sockaddr_storage addr;
    } items[ADDRESSES_MAX];
};

static void resolve(const char *host, uint16_t port, int flags, struct addresses *out)
{
    const struct addrinfo want = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    char service[SERVICE_SIZE];

    (void)snprintf(service, sizeof(service), "%u", port);
    memset(out, 0, sizeof(*out));
    out->problem = getaddrinfo(host, service, &want, &list);
    for (const struct addrinfo *ai = list; ai != NULL && out->count < ADDRESSES_MAX;
         ai = ai->ai_next) {
        if (ai->ai_addrlen <= sizeof(out->items[0].addr)) {
            memcpy(&out->items[out->count].addr, ai->ai_addr, ai->ai_addrlen);
            out->items[out->count].len = ai->ai_addrlen;
            out->count++;
        }
    }
    if (list != NULL) {
        freeaddrinfo(list);
    }
}

/* Reads the addresses that the child writes. Fails if the child ends before that. */
static int read_answer(int fd, struct addresses *out, const struct net_wait *w, struct err *e)
{
    size_t have = 0;

    while (have < sizeof(*out)) {
        ssize_t n;

        if (net_wait(w, fd, POLLIN, e) < 0) {
            return -1;
        }
        n = fd_read(fd, (char *)out + have, sizeof(*out) - have);
        if (n < 0) {
            return err_sys(e, "read");
        }
        if (n == 0) {
            return err_set(e, ERR_EOF, "the process that looks up the name ended early");
        }
        have += (size_t)n;
    }
    return out->count <= ADDRESSES_MAX ? 0 : err_set(e, ERR_FORMAT, "too many addresses");
}

static int look_up(const char *host, uint16_t port, struct addresses *out,
                   const struct net_wait *w, struct err *e)
{
    int ends[2] = {-1, -1};
    pid_t pid;
    int rc;

    if (fd_pipe(ends, e) < 0) {
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        /* The program has only one thread, so the child may call any function. */
        struct err ignored = {0};

        resolve(host, port, AI_ADDRCONFIG, out);
        /* If this fails, the parent notices that the pipe ends too early. */
        (void)fd_write_all(ends[1], out, sizeof(*out), &ignored);
        _exit(0);
    }
    fd_close(&ends[1]);
    rc = pid < 0 ? err_sys(e, "fork") : read_answer(ends[0], out, w, e);
    fd_close(&ends[0]);
    if (pid > 0) {
        /* The child has finished, or its result is not needed any more. */
        (void)kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    return rc;
}

static int find(const char *host, uint16_t port, struct addresses *out,
                const struct net_wait *w, struct err *e)
{
    resolve(host, port, AI_NUMERICHOST, out);
    if (out->problem != 0 && look_up(host, port, out, w, e) < 0) {
        return err_wrap(e, "look up %s", host);
    }
    if (out->problem == 0 && out->count > 0) {
        return 0;
    }
    (void)err_set(e, ERR_NOT_FOUND, "look up %s: %s", host,
                  out->problem == EAI_AGAIN    ? "no name server answers"
                  : out->problem == EAI_NONAME ? "no such host"
                                               : gai_strerror(out->problem));
    return err_hint(
        e, "Check the name and this machine's network. If the network requires a proxy, set "
           "HTTPS_PROXY.");
}

static int try_one(const struct sockaddr_storage *addr, socklen_t len, const struct net_wait *w,
                   struct err *e)
{
    const int on = 1;
    int rc = 0;
    int fd = socket(addr->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);

    if (fd < 0) {
        return err_sys(e, "socket");
    }
    if (connect(fd, (const struct sockaddr *)addr, len) < 0) {
        rc = errno == EINPROGRESS || errno == EINTR ? conn_finish(fd, w, e)
                                                    : err_sys(e, "connect");
    }
    if (rc < 0) {
        fd_close(&fd);
        return -1;
    }
    /* If this fails, the connection is only slower. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

int conn_tcp(struct conn *c, const char *host, uint16_t port, const struct net_wait *w,
             struct err *e)
{
    struct addresses found;
    struct err last = {0};

    if (find(host, port, &found, w, e) < 0) {
        return -1;
    }
    for (unsigned i = 0; i < found.count; i++) {
        struct net_wait share = *w;
        int fd;

        if (w->deadline_ms >= 0) {
            int64_t now = clock_ms();

            share.deadline_ms = now + (w->deadline_ms - now) / (int64_t)(found.count - i);
        }
        err_reset(&last);
        fd = try_one(&found.items[i].addr, found.items[i].len, &share, &last);
        if (fd >= 0) {
            c->fd = fd;
            c->eof = false;
            return 0;
        }
        if (last.kind == ERR_CANCELED) {
            break;
        }
    }
    *e = last;
    return err_wrap(e, "%s port %u", host, port);
}

void conn_keep_alive(const struct conn *c)
{
    const int on = 1;
    const int idle_s = 10;
    const int pause_s = 3;
    const int probes = 3;
    const unsigned unanswered_ms = KEEP_ALIVE_MS; /* for sent data without acknowledgement */

    /* If the kernel does not support one of these options, a lost peer is only detected
     * later. */
    (void)setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_KEEPINTVL, &pause_s, sizeof(pause_s));
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms,
                     sizeof(unanswered_ms));
}
