/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "tap.h"
#include "wire/http.h"

#include <stdlib.h>

enum { TO_HEAD = 1, TO_UPGRADE = 2 };

/* Feeds a reply in pieces of `step` bytes, then closes the connection. Writes "STATE status
 * body|rest| keep or close" to out. */
static void run(struct str in, int how, size_t step, struct buf *out)
{
    struct http_reply r;
    struct err e = {0};
    struct buf body;
    int rc = 0;

    http_reply_init(&r, (how & TO_HEAD) != 0, (how & TO_UPGRADE) != 0);
    buf_init(&body, 1 << 20);
    while (rc == 0 && in.len > 0 && r.state != HTTP_DONE && r.state != HTTP_UPGRADED) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);

        while (rc == 0 && piece.len > 0 && r.state != HTTP_DONE && r.state != HTTP_UPGRADED) {
            struct str data;
            size_t used = 0;

            rc = http_in(&r, piece, &used, &data, &e);
            (void)buf_add_str(&body, data);
            piece = str_drop(piece, used);
            in = str_drop(in, used);
        }
    }
    if (rc == 0) {
        rc = http_in_eof(&r, &e);
    }
    buf_reset(out);
    if (rc < 0) {
        (void)buf_add_c(out, "failed");
    } else {
        (void)buf_addf(out, "%s %d %.*s|%.*s|%s", r.state == HTTP_UPGRADED ? "up" : "done",
                       r.status, (int)body.len, buf_data(&body), (int)in.len, in.p,
                       r.keep_alive ? "keep" : "close");
    }
    buf_release(&body);
    http_reply_release(&r);
}

static void check(const char *text, int how, const char *want, const char *name)
{
    struct buf out;
    bool same = true;

    buf_init(&out, 1 << 20);
    for (size_t step = 1; step <= strlen(text) && same; step++) {
        run(str_c(text), how, step, &out);
        same = strcmp(buf_c(&out), want) == 0;
    }
    if (!ok(same, "%s", name)) {
        (void)printf("#   got  '%s'\n#   want '%s'\n", buf_c(&out), want);
    }
    buf_release(&out);
}

#define OK "HTTP/1.1 200 OK\r\n"

static void replies_are_accepted_in_every_split(void)
{
    check(OK "Content-Length: 2\r\n\r\nhiX", 0, "done 200 hi|X|keep",
          "a body has Content-Length bytes");
    check(OK "Content-Length: 0\r\n\r\n", 0, "done 200 ||keep", "a body can be empty");
    check(OK
          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\n\r\nrest",
          0, "done 200 abc0123456789|rest|keep",
          "chunks are joined, and their extensions ignored");
    check(OK "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n", 0,
          "done 200 a||keep", "trailers are dropped");
    check(OK "\r\nto the end", 0, "done 200 to the end||close",
          "a body without a length lasts until the connection closes");
    check("HTTP/1.0 200\r\nContent-Length: 1\r\n\r\nx", 0, "done 200 x||close",
          "HTTP/1.0 and a status line without a reason are accepted");
    check(OK "Connection: close\r\nContent-Length: 1\r\n\r\nx", 0, "done 200 x||close",
          "'Connection: close' is reported");
    check("HTTP/1.1 204 No Content\r\n\r\nnext", 0, "done 204 |next|keep", "204 has no body");
    check("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 0, "done 304 ||keep",
          "304 has no body");
    check(OK "Content-Length: 99\r\n\r\n", TO_HEAD, "done 200 ||keep",
          "the reply to HEAD has no body");
    check("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\nA: b\r\n\r\n" OK
          "Content-Length: 1\r\n\r\nx",
          0, "done 200 x||keep", "interim replies are dropped");
    check("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw\r\n",
          TO_UPGRADE, "up 101 |raw\r\n|close", "after 101, what follows is the stream");
    check(OK "Content-Type: a/b\r\n\r\nraw", TO_UPGRADE, "up 200 |raw|close",
          "200 is an upgrade if one was requested");
    check("HTTP/1.1 404 Not Found\r\nContent-Type: x\r\n\r\nNo such container", TO_UPGRADE,
          "done 404 No such container||close", "a refused upgrade has a body");
    check("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 0, "done 200 x||keep",
          "bare line feeds end lines");
    check(OK "Content-Length: 1\r\ncontent-length: 1\r\n\r\nx", 0, "done 200 x||keep",
          "the same length may be given twice");
}

static void malformed_replies_are_refused_in_every_split(void)
{
    static const char *const bad[] = {
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "\r\n" OK "\r\n",
        OK " folded: x\r\n\r\n",
        OK "A: b\r\n c\r\n\r\n",
        OK "no colon\r\n\r\n",
        OK "bad name: x\r\n\r\n",
        OK ": x\r\n\r\n",
        OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        OK "Content-Length: +1\r\n\r\nx",
        OK "Content-Length: \r\n\r\n",
        OK "Content-Length: 99999999999999999999\r\n\r\n",
        OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK "Transfer-Encoding: gzip, chunked\r\n\r\n",
        OK "Transfer-Encoding: chunked\r\n\r\nx\r\n",
        OK "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        OK "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        OK "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        OK "A: b\rc\r\n\r\n",
        OK "Content-Length: 5\r\n\r\nabc",
        OK "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
        OK,
        "",
        "HTTP/1.1 101 UPGRADED\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK "Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char name[64];

        (void)snprintf(name, sizeof(name), "refused in every split: sample %zu", i);
        check(bad[i][0] == '\0' ? " " : bad[i], 0, "failed", name);
    }
}

static void limits_of_a_reply_are_enforced(void)
{
    struct buf text;
    struct buf out;

    buf_init(&text, 1 << 20);
    buf_init(&out, 4096);
    (void)buf_add_c(&text, OK);
    for (int i = 0; i <= LIMIT_HTTP_FIELDS; i++) {
        (void)buf_add_c(&text, "A: b\r\n");
    }
    (void)buf_add_c(&text, "\r\n");
    run(buf_str(&text), 0, 4096, &out);
    is_str(buf_c(&out), "failed", "too many fields are refused");
    buf_reset(&text);
    (void)buf_add_c(&text, OK "A: ");
    while (text.len <= LIMIT_HTTP_HEAD) {
        (void)buf_add_byte(&text, 'x');
    }
    run(buf_str(&text), 0, 4096, &out);
    is_str(buf_c(&out), "failed", "a head that is too long is refused");
    buf_reset(&text);
    (void)buf_add_c(&text, OK "Transfer-Encoding: chunked\r\n\r\n1;");
    while (text.len <= LIMIT_HTTP_CHUNK_LINE + 100) {
        (void)buf_add_byte(&text, 'x');
    }
    run(buf_str(&text), 0, 77, &out);
    is_str(buf_c(&out), "failed", "a chunk line that is too long is refused");
    buf_release(&text);
    buf_release(&out);
}

int main(void)
{
    struct http_reply r;
    struct str data;
    struct err e = {0};
    size_t used = 0;
    struct str in = str_c(OK "Server:  Docker/1 \r\nserver: two\r\n\r\n");

    replies_are_accepted_in_every_split();
    malformed_replies_are_refused_in_every_split();
    limits_of_a_reply_are_enforced();
    http_reply_init(&r, false, false);
    is_int(http_in(&r, in, &used, &data, &e), 0, "a head without a body is accepted");
    ok(str_eq_c(http_field(&r, "SERVER"), "Docker/1"),
       "the first field of a name is found, without blanks around it");
    ok(http_field(&r, "x").p == NULL, "a missing field is NULL");
    ok(str_eq_c(http_reason(&r), "OK"), "the reason is found");
    http_reply_release(&r);
    return done_testing();
}
