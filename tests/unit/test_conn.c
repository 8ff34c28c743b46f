/* SPDX-License-Identifier: MIT */
#include "net/conn.h"

#include "base/clock.h"
#include "base/limits.h"
#include "fake.h"
#include "tap.h"

#include <sys/stat.h>

static const struct fake_rule rules[] = {{"hello", "world", true}, FAKE_END};

static void failures(const struct fake *f)
{
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct conn c;
    struct err e = {0};
    char path[200];
    int fd;

    conn_init(&c);
    (void)snprintf(path, sizeof(path), "%s/none", f->dir);
    ok(conn_unix(&c, path, &w, &e) < 0 && e.errnum == ENOENT, "a missing socket is ENOENT: %s",
       e.text);
    is_int(c.fd, -1, "the connection stays closed");
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(path, sizeof(path), "%s/dead", f->dir);
    struct sockaddr_un addr = {.sun_family = AF_UNIX};

    memcpy(addr.sun_path, path, strlen(path) + 1);
    ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0,
       "a socket without a listener is made");
    ok(conn_unix(&c, path, &w, &e) < 0 && e.errnum == ECONNREFUSED, "it is ECONNREFUSED: %s",
       e.text);
    (void)close(fd);
    (void)unlink(path);
}

/* A path that is longer than a socket address can hold. */
static void long_path(const struct fake *f)
{
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct conn c;
    struct err e = {0};
    char dir[220];
    char path[300];

    conn_init(&c);
    (void)snprintf(dir, sizeof(dir), "%s/%0120d", f->dir, 1);
    (void)snprintf(path, sizeof(path), "%s/s", dir);
    ok(mkdir(dir, 0700) == 0 && link(f->socket, path) == 0,
       "a socket with a long path is made");
    ok(conn_unix(&c, path, &w, &e) == 0, "it can be reached %s", e.text);
    conn_close(&c);
    (void)unlink(path);
    (void)rmdir(dir);
}

int main(void)
{
    struct fake f;
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct conn c;
    struct err e = {0};

    fake_start(&f, rules);
    conn_init(&c);
    is_int(conn_unix(&c, f.socket, &w, &e), 0, "conn_unix() connects");
    is_int(conn_fill_now(&c, &e), 0, "conn_fill_now() succeeds if nothing has arrived");
    is_int((long long)c.in.len, 0, "it adds nothing then");
    is_int(conn_write_all(&c, str_c("hello\r\n\r\n"), &w, &e), 0,
           "conn_write_all() sends bytes");
    while (c.in.len < 5 && conn_fill(&c, &w, &e) == 0) {
    }
    is_mem(buf_data(&c.in), c.in.len, "world", 5, "conn_fill() receives bytes");
    w.deadline_ms = clock_ms() + 20;
    ok(conn_fill(&c, &w, &e) < 0 && e.kind == ERR_TIMEOUT, "a silent peer is a timeout");
    (void)kill(-f.pid, SIGKILL);
    w.deadline_ms = clock_ms() + 5000;
    is_int(conn_fill(&c, &w, &e), 0, "the end of the stream is not an error");
    ok(c.eof, "it sets eof");
    conn_close(&c);
    is_int(c.fd, -1, "conn_close() closes the connection");
    conn_close(&c);
    fake_stop(&f);
    fake_start(&f, rules);
    failures(&f);
    long_path(&f);
    fake_stop(&f);
    return done_testing();
}
