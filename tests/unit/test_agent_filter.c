/* SPDX-License-Identifier: MIT */
#include "init/agent_filter.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "tap.h"
#include "tmpdir.h"
#include "wire/agent_msg.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIST "\0\0\0\1\x0b"
#define CLEAR "\0\0\0\1\x13"
#define FAILED "\0\0\0\1\5"
#define NO_KEYS "\0\0\0\5\x0c\0\0\0\0"
enum { SHORT = 5, TURN_MS = 20 };

static struct agent_filter filter;
static struct boot boot;
static int host; /* the end of the host's agent */

/* Lets the filter do everything that it can do now. */
static void settle(void)
{
    struct pollfd fds[AGENT_FILTER_POLL];

    for (;;) {
        agent_filter_prepare(&filter, fds);
        if (poll(fds, AGENT_FILTER_POLL, TURN_MS) <= 0) {
            return;
        }
        agent_filter_dispatch(&filter, fds);
    }
}

static void start(void)
{
    struct err e = {0};
    int pair[2];

    agent_filter_init(&filter);
    (void)unlink(boot.agent_socket);
    ok(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0 &&
           agent_filter_open(&filter, &boot, pair[0], &e) == 0,
       "the filter listens %s", e.text);
    host = pair[1];
}

static void stop(void)
{
    agent_filter_close(&filter);
    fd_close(&host);
}

static int client(void)
{
    struct err e = {0};

    return unix_socket_connect(boot.agent_socket, &e);
}

static void send_to(int fd, const char *bytes, size_t len)
{
    (void)!write(fd, bytes, len);
    settle();
}

/* Returns true if exactly these bytes arrive at fd. */
static bool gets(int fd, const char *bytes, size_t len)
{
    char got[64];
    ssize_t n;

    settle();
    n = fd_read(fd, got, sizeof(got));
    return n == (ssize_t)len && memcmp(got, bytes, len) == 0;
}

static bool gets_nothing(int fd)
{
    char got;

    settle();
    return read(fd, &got, 1) < 0;
}

static bool is_closed(int fd)
{
    char got;

    settle();
    return read(fd, &got, 1) == 0;
}

static void requests_are_filtered(void)
{
    int fd;

    start();
    is_int(mode_of(boot.agent_socket), 0600, "only the user can connect");
    fd = client();
    send_to(fd, CLEAR, SHORT);
    ok(gets(fd, FAILED, SHORT) && gets_nothing(host),
       "a request to remove all keys gets a failure and is not passed on");
    send_to(fd, LIST, 2);
    ok(gets_nothing(host), "half of a request is not passed on");
    send_to(fd, &LIST[2], 3);
    ok(gets(host, LIST, SHORT), "a request to list is passed on");
    send_to(host, NO_KEYS, 4);
    ok(gets_nothing(fd), "half of an answer is not passed on");
    send_to(host, &NO_KEYS[4], 5);
    ok(gets(fd, NO_KEYS, 9), "the answer is passed on");
    send_to(fd, LIST LIST CLEAR, 15);
    ok(gets(host, LIST, SHORT), "the first of several requests is passed on alone");
    send_to(host, "\0\0\0\1\x06", SHORT);
    ok(gets(host, LIST, SHORT), "the next one follows the answer");
    send_to(host, NO_KEYS, 9);
    ok(gets(fd, FAILED NO_KEYS FAILED, 19),
       "a success is no answer, and the answers keep their order");
    fd_close(&fd);
    stop();
}

static void clients_take_turns(void)
{
    int a;
    int b;

    start();
    a = client();
    b = client();
    send_to(a, LIST, SHORT);
    send_to(b, LIST, SHORT);
    ok(gets(host, LIST, SHORT), "one request after the other is passed on");
    send_to(host, NO_KEYS, 9);
    ok(gets(a, NO_KEYS, 9) && gets_nothing(b), "the answer is for the first client");
    ok(gets(host, LIST, SHORT), "the second request follows");
    fd_close(&b);
    send_to(a, LIST, SHORT);
    send_to(host, NO_KEYS, 9);
    ok(gets_nothing(a) && gets(host, LIST, SHORT),
       "the answer for a client that has gone is dropped");
    send_to(host, FAILED, SHORT);
    ok(gets(a, FAILED, SHORT), "the next client gets its own answer");
    fd_close(&a);
    stop();
}

static void broken_clients_are_closed(void)
{
    static char large[AGENT_MSG_HEAD + AGENT_MSG_MAX] = {0, 4, 0, 0, 1};
    int fds[AGENT_FILTER_CLIENTS + 1];
    int fd;

    start();
    fd = client();
    send_to(fd, "\0\0\0\0", 4);
    ok(is_closed(fd), "a client that sends an empty message is disconnected");
    fd_close(&fd);
    fd = client();
    send_to(fd, "\0\4\0\1", 4);
    ok(is_closed(fd), "a client that announces too much is disconnected");
    fd_close(&fd);
    fd = client();
    for (size_t at = 0; at < sizeof(large);) {
        ssize_t sent = write(fd, large + at, sizeof(large) - at);

        at += sent > 0 ? (size_t)sent : 0;
        settle();
    }
    ok(gets(fd, FAILED, SHORT), "the largest message gets a failure");
    fd_close(&fd);
    settle();
    for (int i = 0; i <= AGENT_FILTER_CLIENTS; i++) {
        fds[i] = client();
        send_to(fds[i], CLEAR, SHORT);
    }
    ok(gets(fds[AGENT_FILTER_CLIENTS - 1], FAILED, SHORT) &&
           gets_nothing(fds[AGENT_FILTER_CLIENTS]),
       "a client more than are served waits");
    fd_close(&fds[0]);
    ok(gets(fds[AGENT_FILTER_CLIENTS], FAILED, SHORT), "it gets the place of another client");
    for (int i = 1; i <= AGENT_FILTER_CLIENTS; i++) {
        fd_close(&fds[i]);
    }
    stop();
}

static void host_agent_that_ends_or_breaks_the_protocol(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *name;
    } cases[] = {
        {"", 0, "the connection ends"},
        {"\0\0\0\0", 4, "an empty answer"},
        {"\0\4\0\1", 4, "an answer of more than 256 KiB"},
        {NO_KEYS NO_KEYS, 18, "two answers to one request"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int a;
        int b;

        start();
        a = client();
        b = client();
        send_to(a, LIST, SHORT);
        send_to(b, LIST, SHORT);
        if (cases[i].len > 0) {
            send_to(host, cases[i].bytes, cases[i].len);
        } else {
            fd_close(&host);
        }
        ok(gets(a, FAILED, SHORT) && gets(b, FAILED, SHORT),
           "%s: all clients that wait get a failure", cases[i].name);
        send_to(b, LIST, SHORT);
        ok(gets(b, FAILED, SHORT), "%s: later requests get a failure", cases[i].name);
        fd_close(&a);
        fd_close(&b);
        stop();
    }
}

/* An answer that comes before the request was read would be the answer to another one. */
static void early_answers_are_refused(void)
{
    static char sign[60 << 10] = "\0\0\xef\xfc\x0d\0\0\xef\xef"; /* a key, no data, flags */
    const int small = 4096;
    int fd;

    start();
    (void)setsockopt(filter.upstream, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    fd = client();
    send_to(fd, sign, sizeof(sign));
    ok(filter.request.len > 0 && filter.asked >= 0, "a part of a request is sent");
    send_to(host, "\0\0\0\5\x0e\0\0\0\0", 9);
    ok(gets(fd, FAILED, SHORT), "an answer before its end is not passed on");
    fd_close(&fd);
    stop();
}

static void sandboxes_without_an_agent(void)
{
    const struct boot none = {.single = true};
    struct pollfd fds[AGENT_FILTER_POLL];
    struct err e = {0};
    int fd;

    agent_filter_init(&filter);
    fd = dup(0);
    ok(agent_filter_open(&filter, &none, fd, &e) == 0 && filter.upstream < 0,
       "without a socket, the connection is closed");
    agent_filter_prepare(&filter, fds);
    ok(fds[0].fd < 0 && fds[1].fd < 0 && fds[2].fd < 0, "there is nothing to poll");
    agent_filter_close(&filter);
    (void)unlink(boot.agent_socket);
    ok(agent_filter_open(&filter, &boot, -1, &e) == 0, "the filter listens without a host");
    fd = client();
    send_to(fd, LIST, SHORT);
    ok(gets(fd, FAILED, SHORT), "every request gets a failure");
    fd_close(&fd);
    agent_filter_close(&filter);
    ok(agent_filter_open(&filter, &boot, -1, &e) < 0, "a path that exists is an error: %s",
       e.text);
    agent_filter_close(&filter);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN); /* init blocks it */
    tmpdir_make();
    boot = (struct boot){.single = true, .agent_socket = in_tmp("agent")};
    requests_are_filtered();
    clients_take_turns();
    broken_clients_are_closed();
    host_agent_that_ends_or_breaks_the_protocol();
    early_answers_are_refused();
    sandboxes_without_an_agent();
    tmpdir_remove();
    return done_testing();
}
