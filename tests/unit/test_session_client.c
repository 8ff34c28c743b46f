/* SPDX-License-Identifier: MIT */
/* One client of a session server. test_session_server.c tests several. */
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

/* Connects a client to the server. *line is the other end of its connection. */
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

/* Lets the server read the client and handle its frames. */
static void hear(struct session_client *c)
{
    client_read(c);
    client_take(&server, c, &asked);
}

static void frames_of_a_client_are_handled(void)
{
    static const char hello[] = "\1\0\0\0\0\0\0\6\1a\0\x18\0\x50";
    static const char typed[] = "\2\0\0\0\0\0\0\3key";
    int line = -1;
    struct session_client *c = client(&line);

    ok(!client_watches(c), "a client that has not greeted is not shown the session");
    say(line, hello, sizeof(hello) - 1);
    hear(c);
    ok(client_watches(c) && c->rows == 24 && c->cols == 80,
       "a client that has greeted is shown the session");
    say(line, typed, 5);
    hear(c);
    is_int((long long)input.len, 0, "half of a frame has no effect");
    say(line, typed + 5, sizeof(typed) - 6);
    hear(c);
    is_mem(buf_data(&input), input.len, "key", 3, "input passes once its frame is complete");
    while (buf_room(&input) >= 3) {
        (void)buf_add_c(&input, "xyz");
    }
    say(line, typed, sizeof(typed) - 1);
    hear(c);
    ok(c->rx.len == sizeof(typed) - 1 && !input.overflowed, "input waits until there is room");
    buf_reset(&input);
    client_take(&server, c, &asked);
    is_mem(buf_data(&input), input.len, "key", 3, "input is taken once there is room");
    say(line, "\x63\0\0\0\0\0\0\0", 8);
    hear(c);
    ok(c->leaving, "a frame of an unknown type lets the client leave");
    ok(!client_watches(c), "a leaving client is not shown the session");
    fd_close(&line);
    client_free(c);
    c = client(&line);
    fd_close(&line);
    hear(c);
    ok(c->leaving && c->tx.len == 0, "the end of the connection lets the client leave");
    client_free(c);
}

static void a_client_is_shown_the_screen(void)
{
    char got[4096];
    int line = -1;
    struct session_client *c = client(&line);
    ssize_t n;

    c->kind = FRAME_HELLO_ATTACH;
    session_server_output(&server, str_c("\033[?1049hpicture\033[6n"));
    c->newcomer = true;
    client_show(&server, c);
    ok(c->tx.len > 0 &&
           client_room(c, SESSION_SERVER_QUEUE) == SESSION_SERVER_QUEUE - c->tx.len,
       "the screen is in the queue, and takes room");
    client_flush(c);
    n = read(line, got, sizeof(got));
    ok(n > 0 && memmem(got, (size_t)n, "picture", 7) != NULL, "the screen is sent");
    client_leave(&server, c, false);
    client_flush(c);
    n = read(line, got, sizeof(got));
    ok(n > 0 && memmem(got, (size_t)n, "\033[?1049l", 8) != NULL,
       "the client's terminal is restored");
    ok(n > 8 && got[n - 8] == FRAME_QUERIED,
       "a client whose terminal may still send answers gets QUERIED");
    fd_close(&line);
    client_free(c);
}

int main(void)
{
    server.screen = screen_new(24, 80);
    server.rows = 24;
    server.cols = 80;
    buf_init(&input, 256 << 10);
    frames_of_a_client_are_handled();
    a_client_is_shown_the_screen();
    server.count = 0;
    screen_free(server.screen);
    buf_release(&input);
    return done_testing();
}
