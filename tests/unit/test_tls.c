/* SPDX-License-Identifier: MIT */
/* Handshakes with BearSSL's server, which runs in a child and sends pieces of chosen sizes over
 * a socket pair. */
#include "net/tls.h"

#include "base/clock.h"
#include "base/sig.h"
#include "certificates.h"
#include "net/authorities.h"
#include "slow.h"
#include "tap.h"

#include <bearssl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPLY = 100000, SHORT_REPLY = 100, RECORD = 20000, WAIT_MS = 10000 };
static const int64_t year_2100 = 4102444800;

struct script {
    size_t step; /* bytes per write; with 1, the client also reads byte by byte; 0: no limit */
    size_t flip; /* the number of the sent byte that is changed, from 1; 0: none */
    size_t cut;  /* it closes the connection after so many bytes; 0: never */
    bool no_goodbye; /* it closes the connection without TLS's close message */
    bool hurried;    /* it ends directly after its close message */
    bool garbage;
    bool silent;
};

struct pipe {
    const struct script *s;
    int fd;
    size_t sent;
};

static void send_pieces(struct pipe *p, unsigned char *data, size_t len)
{
    size_t step = p->s->step == 0 ? len : p->s->step;

    if (p->s->flip > p->sent && p->s->flip <= p->sent + len) {
        data[p->s->flip - p->sent - 1] ^= 0x40;
    }
    for (size_t at = 0; at < len; at += step) {
        size_t n = step < len - at ? step : len - at;

        if (p->s->cut > 0 && p->sent + n > p->s->cut) {
            n = p->s->cut - p->sent;
        }
        if (n > 0 && write(p->fd, data + at, n) != (ssize_t)n) {
            _exit(0);
        }
        p->sent += n;
        if (p->s->cut > 0 && p->sent == p->s->cut) {
            _exit(0);
        }
    }
}

static bool feed(br_ssl_engine_context *eng, int fd)
{
    static unsigned char in[RECORD];
    /* Read a message of SOCK_SEQPACKET as a whole, because the rest of it would be lost. */
    ssize_t n = read(fd, in, sizeof(in));

    for (ssize_t at = 0; at < n;) {
        size_t room = 0;
        unsigned char *p = br_ssl_engine_recvrec_buf(eng, &room);

        if (p == NULL) {
            break; /* the server needs no more bytes at present */
        }
        room = room < (size_t)(n - at) ? room : (size_t)(n - at);
        memcpy(p, in + at, room);
        br_ssl_engine_recvrec_ack(eng, room);
        at += (ssize_t)room;
    }
    return n > 0;
}

/* Answers the first bytes with REPLY bytes, and then closes with or without a close message. */
static void serve(struct pipe *p)
{
    static br_ssl_server_context server;
    static unsigned char io[BR_SSL_BUFSIZE_BIDI];
    const br_x509_certificate chain = {server_der, sizeof(server_der)};
    const br_ec_private_key key = {BR_EC_secp256r1, server_key, sizeof(server_key)};
    br_ssl_engine_context *eng = &server.eng;
    size_t left = p->s->hurried ? SHORT_REPLY : REPLY;
    bool asked = false;

    br_ssl_server_init_full_ec(&server, &chain, 1, BR_KEYTYPE_EC, &key);
    br_ssl_engine_set_buffer(eng, io, sizeof(io), 1);
    (void)br_ssl_server_reset(&server);
    for (;;) {
        unsigned state = br_ssl_engine_current_state(eng);
        size_t len = 0;
        unsigned char *out;

        if ((state & BR_SSL_CLOSED) != 0 ||
            (p->s->hurried && left == SIZE_MAX && (state & BR_SSL_SENDREC) == 0)) {
            return;
        }
        if ((out = br_ssl_engine_sendrec_buf(eng, &len)) != NULL) {
            send_pieces(p, out, len);
            br_ssl_engine_sendrec_ack(eng, len);
            continue;
        }
        if (br_ssl_engine_recvapp_buf(eng, &len) != NULL) {
            br_ssl_engine_recvapp_ack(eng, len);
            asked = true;
        }
        if (asked && left > 0 && (out = br_ssl_engine_sendapp_buf(eng, &len)) != NULL) {
            len = len < left ? len : left;
            for (size_t i = 0; i < len; i++) {
                out[i] = (unsigned char)((left - i) * 7);
            }
            br_ssl_engine_sendapp_ack(eng, len);
            br_ssl_engine_flush(eng, 0);
            left -= len;
            continue;
        }
        if (left == 0) {
            if (p->s->no_goodbye) {
                return;
            }
            br_ssl_engine_close(eng);
            left = SIZE_MAX;
            asked = false;
            continue;
        }
        if (!feed(eng, p->fd)) {
            return;
        }
    }
}

static pid_t start(const struct script *s, struct conn *c)
{
    struct err e = {0};
    int ends[2];
    pid_t pid;

    if (socketpair(AF_UNIX, (s->step == 1 ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0,
                   ends) < 0) {
        abort();
    }
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        struct pipe p = {.s = s, .fd = ends[1]};
        unsigned char byte;

        (void)close(ends[0]);
        if (s->silent) {
            (void)pause();
        } else if (s->garbage) {
            (void)!read(p.fd, &byte, 1);
            (void)!write(p.fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
        } else {
            serve(&p);
        }
        _exit(0);
    }
    (void)close(ends[1]);
    conn_init(c);
    if (conn_adopt(c, ends[0], &e) < 0) {
        abort();
    }
    return pid;
}

static void stop(pid_t pid, struct conn *c)
{
    conn_close(c);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static int shake(const struct script *s, const char *host,
                 const struct authorities *authorities, int64_t now, struct err *e)
{
    const struct net_wait w = {.deadline_ms =
                                   clock_ms() + (s->silent ? 50 : WAIT_MS * test_slow())};
    const struct tls_client who = {.host = host, .authorities = authorities, .now_s = now};
    struct conn c;
    pid_t pid = start(s, &c);
    int rc = tls_start(&c, &who, &w, e);

    stop(pid, &c);
    return rc;
}

/* Receives the whole reply, in pieces of any size. */
static void exchange(const struct script *s, const struct authorities *authorities,
                     const char *name)
{
    const struct net_wait w = {.deadline_ms = clock_ms() + WAIT_MS * test_slow()};
    const struct tls_client who = {
        .host = "test.example", .authorities = authorities, .now_s = year_2100};
    static struct err e;
    struct conn c;
    pid_t pid = start(s, &c);
    size_t left = REPLY;
    bool same = true;

    err_reset(&e);

    if (ok(tls_start(&c, &who, &w, &e) == 0 && conn_write_all(&c, str_c("ask"), &w, &e) == 0,
           "%s: the handshake succeeds %s", name, e.text)) {
        while (!c.eof && conn_fill(&c, &w, &e) == 0) {
            struct str in = buf_str(&c.in);

            for (size_t i = 0; i < in.len; i++) {
                same = same && (unsigned char)in.p[i] == (unsigned char)((left - i) * 7);
            }
            left -= in.len;
            buf_drop(&c.in, in.len);
        }
        ok(same && left == 0, "%s: every byte arrives %s", name, e.text);
        ok(c.eof && c.cut == s->no_goodbye,
           "%s: `cut` is set exactly if the close message is missing", name);
    }
    stop(pid, &c);
}

static void refusals(const struct authorities *authorities)
{
    static const struct script plain = {0};
    static const struct script garbage = {.garbage = true};
    static const struct script silent = {.silent = true};
    static const struct {
        const struct script *s;
        const char *host;
        int64_t now;
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {&plain, "other.example", year_2100, ERR_REFUSED, "another host name"},
        {&plain, "a.b.wild.example", year_2100, ERR_REFUSED, "another host name"},
        {&plain, "wild.example", year_2100, ERR_REFUSED, "another host name"},
        {&plain, "127.0.0.1", year_2100, ERR_REFUSED, "another host name"},
        {&plain, "test.example", 10 * year_2100, ERR_REFUSED, "expired"},
        {&plain, "test.example", 0, ERR_REFUSED, "not valid yet"},
        {&plain, "test.example", -5, ERR_REFUSED, "not valid yet"},
        {&garbage, "test.example", year_2100, ERR_FORMAT, "does not speak TLS"},
        {&silent, "test.example", year_2100, ERR_TIMEOUT, "TLS with test.example"},
    };
    struct authorities *nobody = authorities_new();
    static struct err e;
    static char host[300];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        err_reset(&e);
        ok(shake(rows[i].s, rows[i].host, authorities, rows[i].now, &e) < 0 &&
               e.kind == rows[i].kind && strstr(e.text, rows[i].text) != NULL,
           "refused: %s", e.text);
    }
    ok(shake(&plain, "a.wild.example", authorities, year_2100, &e) == 0,
       "a wildcard matches one component");
    ok(shake(&plain, "TEST.example", authorities, year_2100, &e) == 0,
       "names are compared without regard to case");
    ok(shake(&plain, "test.example", nobody, year_2100, &e) < 0 &&
           strstr(e.text, "not signed") != NULL,
       "an unknown authority is refused: %s", e.text);
    memset(host, 'a', sizeof(host) - 1);
    host[sizeof(host) - 1] = '\0';
    ok(shake(&plain, host, authorities, year_2100, &e) < 0 && e.kind == ERR_LIMIT,
       "a host name that is too long is an error: %.40s", e.text);
    authorities_free(nobody);
}

/* Returns the number of bytes that the server sends in a handshake. */
static size_t flight(const struct authorities *authorities)
{
    size_t low = 1;
    size_t high = 4096;

    while (low < high) {
        const struct script s = {.cut = (low + high) / 2};
        struct err e = {0};

        if (shake(&s, "test.example", authorities, year_2100, &e) == 0) {
            high = s.cut;
        } else {
            low = s.cut + 1;
        }
    }
    return low;
}

static void damage(const struct authorities *authorities)
{
    size_t all = flight(authorities);
    size_t flips = 0;
    size_t cuts = 0;
    size_t runs = 0;

    ok(all > sizeof(server_der) && all < 4096, "a handshake takes %zu bytes", all);
    /* The length of an ECDSA signature varies by a few bytes from handshake to handshake. */
    for (size_t at = 1; at + 16 < all; at += 7) {
        const struct script flip = {.flip = at};
        const struct script cut = {.cut = at};
        struct err e = {0};

        runs++;
        /* If a length grows, the client waits for more bytes until the connection ends. */
        flips += shake(&flip, "test.example", authorities, year_2100, &e) < 0 ? 1U : 0U;
        err_reset(&e);
        cuts +=
            shake(&cut, "test.example", authorities, year_2100, &e) < 0 && e.kind == ERR_EOF;
    }
    is_int((long long)flips, (long long)runs, "a handshake with a changed byte fails");
    is_int((long long)cuts, (long long)runs, "a connection that ends at any byte is ERR_EOF");
}

static void misuse(const struct authorities *authorities)
{
    static const struct script plain = {0};
    const struct net_wait w = {.deadline_ms = clock_ms() + WAIT_MS * test_slow()};
    const struct tls_client who = {
        .host = "test.example", .authorities = authorities, .now_s = year_2100};
    static struct err e;
    struct conn c;
    pid_t pid = start(&plain, &c);

    (void)buf_add_c(&c.in, "x");
    ok(tls_start(&c, &who, &w, &e) < 0 && e.kind == ERR_FORMAT,
       "bytes before the handshake are an error: %s", e.text);
    stop(pid, &c);
    pid = start(&plain, &c);
    ok(tls_start(&c, &who, &w, &e) == 0, "a handshake succeeds");
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    err_reset(&e);
    while (conn_write_all(&c, str_c("more"), &w, &e) == 0) {
    }
    ok(e.kind == ERR_SYS && e.errnum == EPIPE,
       "writing to a server that has ended is EPIPE: %s", e.text);
    is_int(tls_events(c.tls), POLLIN, "POLLOUT is not requested any more");
    is_int(conn_fill(&c, &w, &e), 0, "reading still succeeds");
    ok(c.eof && c.cut, "it reports an end without a close message");
    conn_close(&c);
    ok(c.tls == NULL && c.fd == -1, "conn_close() frees TLS");
    conn_close(&c);
}

/* A close message is answered with one. If the server does not take the answer any more, the
 * engine of TLS waits for ever with the answer, and reads nothing. */
static void close_message_that_cannot_be_answered(const struct authorities *authorities)
{
    static const struct script hurried = {.hurried = true};
    const struct net_wait w = {.deadline_ms = clock_ms() + WAIT_MS * test_slow()};
    const struct tls_client who = {
        .host = "test.example", .authorities = authorities, .now_s = year_2100};
    static struct err e;
    struct conn c;
    pid_t pid = start(&hurried, &c);

    err_reset(&e);
    ok(tls_start(&c, &who, &w, &e) == 0 && conn_write_all(&c, str_c("ask"), &w, &e) == 0,
       "the server gets a question %s", e.text);
    (void)waitpid(pid, NULL, 0);
    while (!c.eof && clock_ms() < w.deadline_ms && conn_fill_now(&c, &e) == 0) {
        buf_reset(&c.in);
    }
    ok(c.eof && !c.cut, "the end is noticed behind a close message that cannot be answered");
    conn_close(&c);
}

int main(void)
{
    static const size_t steps[] = {0, 1, 2, 3, 5, 17, 1000, 16384};
    struct authorities *authorities = authorities_new();
    struct err e = {0};
    struct sig sig;

    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    authorities_add(authorities, str_c(authority_pem));
    is_int((long long)authorities_count(authorities), 1, "an authority is added");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        char name[32];
        struct script s = {.step = steps[i]};

        (void)snprintf(name, sizeof(name), "pieces of %zu bytes", steps[i]);
        exchange(&s, authorities, name);
        s.no_goodbye = true;
        exchange(&s, authorities, name);
    }
    refusals(authorities);
    damage(authorities);
    misuse(authorities);
    close_message_that_cannot_be_answered(authorities);
    authorities_free(authorities);
    sig_close(&sig);
    return done_testing();
}
