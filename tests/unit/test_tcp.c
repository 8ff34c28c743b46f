/* SPDX-License-Identifier: MIT */
#include "net/tcp.h"

#include "base/clock.h"
#include "base/sig.h"
#include "tap.h"
#include "web.h"

#include <errno.h>

static int try(const char *host, uint16_t port, int timeout_ms, struct err *e)
{
    const struct net_wait w = {.deadline_ms = clock_ms() + timeout_ms};
    struct conn c;
    int rc;

    err_reset(e);
    conn_init(&c);
    rc = conn_tcp(&c, host, port, &w, e);
    ok((rc == 0) == (c.fd >= 0), "%s: the connection is open exactly if no error is reported",
       host);
    conn_close(&c);
    return rc;
}

/* The queue of the listener is full, so a connection is neither accepted nor refused. */
static void full_queue(void)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(addr);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int fill[8];
    struct err e = {0};
    int64_t before;

    ok(bind(listener, (struct sockaddr *)&addr, len) == 0 && listen(listener, 0) == 0 &&
           getsockname(listener, (struct sockaddr *)&addr, &len) == 0,
       "a listener that never accepts is made");
    for (int i = 0; i < 8; i++) {
        fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)!connect(fill[i], (struct sockaddr *)&addr, len);
    }
    before = clock_ms();
    ok(try("127.0.0.1", ntohs(addr.sin_port), 150, &e) < 0 && e.kind == ERR_TIMEOUT,
       "the deadline ends the attempt: %s", e.text);
    ok(clock_ms() - before < 5000 * test_slow(), "the deadline is kept");
    for (int i = 0; i < 8; i++) {
        (void)close(fill[i]);
    }
    (void)close(listener);
}

static void canceled(void)
{
    struct err e = {0};
    struct sig sig;
    struct conn c;

    ok(sig_open(&sig, &e) == 0 && raise(SIGINT) == 0, "a signal is pending");
    const struct net_wait w = {.deadline_ms = clock_ms() + 5000, .sig = &sig};

    conn_init(&c);
    /* The name is not an address, so it is looked up in a child process. */
    ok(conn_tcp(&c, "localhost", 1, &w, &e) < 0 && e.kind == ERR_CANCELED && e.code == SIGINT,
       "the signal ends the lookup: %s", e.text);
    sig_close(&sig);
}

int main(void)
{
    static const struct web_rule rules[] = {{"", "hello", 0, false}, {NULL, NULL, 0, false}};
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct err e = {0};
    struct conn c;
    struct web web;

    web_start(&web, rules);
    conn_init(&c);
    ok(conn_tcp(&c, "localhost", web.port, &w, &e) == 0,
       "a name is tried with all its addresses, of which only IPv4 listens %s", e.text);
    ok(conn_write_all(&c, str_c("x\r\n\r\n"), &w, &e) == 0, "bytes are sent");
    while (!c.eof && conn_fill(&c, &w, &e) == 0) {
    }
    is_mem(buf_data(&c.in), c.in.len, "hello", 5, "bytes are received");
    ok(!c.cut, "the end of a connection without TLS does not set `cut`");
    conn_close(&c);
    is_int(try("127.0.0.1", web.port, 5000, &e), 0, "an address is connected");
    ok(try("::1", web.port, 5000, &e) < 0 && e.kind == ERR_SYS,
       "an address without a listener is an error: %s", e.text);
    web_stop(&web);
    ok(try("127.0.0.1", web.port, 5000, &e) < 0 && e.errnum == ECONNREFUSED,
       "a port without a listener is ECONNREFUSED: %s", e.text);
    ok(try("no such host", 80, 5000, &e) < 0 && e.kind == ERR_NOT_FOUND && e.hint[0] != '\0',
       "an unknown name is reported with a hint: %s", e.text);
    full_queue();
    canceled();
    return done_testing();
}
