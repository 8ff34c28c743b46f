/* SPDX-License-Identifier: MIT */
/* One client of a session server; how they get on with each other: test_session_server.c. */
#include "term/session_client.h"

#include "base/fd.h"
#include "tap.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct session_server server;
static struct buf input;

static void say(int fd, const char *bytes, size_t len)
{
    struct err e = {0};

    (void)fd_write_all(fd, bytes, len, &e);
}

static struct session_client *client(int *line)
{
    int fds[2];
    struct err e = {0};

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        abort();
    }
    (void)fd_nonblock(fds[0], &e);
    *line = fds[1];
    server.clients[0] = client_new(fds[0]);
    server.count = 1;
    return server.clients[0];
}

static struct session_server_asked asked = {.input = &input};

static void hear(struct session_client *c)
{
    client_read(c);
    client_take(&server, c, &asked);
}

static void reads(void)
{
    static const char hello[] = "\1\0\0\0\0\0\0\6\1a\0\x18\0\x50";
    static const char typed[] = "\2\0\0\0\0\0\0\3key";
    int line = -1;
    struct session_client *c = client(&line);

    ok(!client_watches(c), "before it has greeted it is shown nothing");
    say(line, hello, sizeof(hello) - 1);
    hear(c);
    ok(client_watches(c) && c->rows == 24 && c->cols == 80, "a greeting");
    say(line, typed, 5);
    hear(c);
    is_int((long long)input.len, 0, "half a frame says nothing");
    say(line, typed + 5, sizeof(typed) - 6);
    hear(c);
    is_mem(buf_data(&input), input.len, "key", 3, "the whole one does");
    while (buf_room(&input) >= 3) {
        (void)buf_add_c(&input, "xyz");
    }
    say(line, typed, sizeof(typed) - 1);
    hear(c);
    ok(c->rx.len == sizeof(typed) - 1 && !input.overflowed, "input waits for its room");
    buf_reset(&input);
    client_take(&server, c, &asked);
    is_mem(buf_data(&input), input.len, "key", 3, "and is taken then");
    say(line, "\x63\0\0\0\0\0\0\0", 8);
    hear(c);
    ok(c->leaving, "one that is none ends it");
    ok(!client_watches(c), "it is shown nothing any more");
    fd_close(&line);
    client_free(c);
    c = client(&line);
    fd_close(&line);
    hear(c);
    ok(c->leaving && c->tx.len == 0, "so does its end");
    client_free(c);
}

static void shows(void)
{
    char got[4096];
    int line = -1;
    struct session_client *c = client(&line);
    ssize_t n;

    c->kind = FRAME_HELLO_ATTACH;
    screen_feed(server.screen, str_c("\033[?1049hpicture"));
    c->newcomer = true;
    client_show(c, server.screen);
    ok(c->tx.len > 0 &&
           client_room(c, SESSION_SERVER_QUEUE) == SESSION_SERVER_QUEUE - c->tx.len,
       "the screen waits in its queue");
    client_flush(c);
    n = read(line, got, sizeof(got));
    ok(n > 0 && memmem(got, (size_t)n, "picture", 7) != NULL, "and is sent");
    client_leave(c, server.screen, false);
    client_flush(c);
    n = read(line, got, sizeof(got));
    ok(n > 0 && memmem(got, (size_t)n, "\033[?1049l", 8) != NULL,
       "its terminal is put in order");
    fd_close(&line);
    client_free(c);
}

int main(void)
{
    server.screen = screen_new(24, 80);
    server.rows = 24;
    server.cols = 80;
    buf_init(&input, 256 << 10);
    reads();
    shows();
    server.count = 0;
    screen_free(server.screen);
    buf_release(&input);
    return done_testing();
}
