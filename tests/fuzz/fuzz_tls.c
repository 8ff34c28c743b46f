/* SPDX-License-Identifier: MIT */
/* The server sends the input and ignores what it receives. The handshake must fail, and must
 * not wait for more bytes. */
#include "fuzz.h"

#include "base/clock.h"
#include "base/fd.h"
#include "net/authorities.h"
#include "net/tls.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SENT_MAX = 64 << 10 }; /* fits into the buffer of a socket */

static void send_all(int fd, struct str in, size_t step)
{

    in = str_n(in.p, in.len < SENT_MAX ? in.len : SENT_MAX);
    while (in.len > 0) {
        size_t len = in.len < step ? in.len : step;

        if (fd_write(fd, in.p, len) != (ssize_t)len) {
            abort();
        }
        in = str_drop(in, len);
    }
    (void)shutdown(fd, SHUT_WR);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    const struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct tls_client who = {.host = "192.0.2.7", .now_s = 1800000000};
    struct authorities *authorities = authorities_new();
    struct conn c;
    struct err e = {0};
    int ends[2];

    who.authorities = authorities;
    conn_init(&c);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ||
        conn_adopt(&c, ends[0], &e) < 0) {
        abort();
    }
    send_all(ends[1], in, step < 256 ? 256 : step);
    if (tls_start(&c, &who, &w, &e) == 0 || e.kind == ERR_TIMEOUT || e.text[0] == '\0') {
        abort();
    }
    (void)buf_addf(out, "%s\n", e.text);
    conn_close(&c);
    authorities_free(authorities);
    (void)close(ends[1]);
}
