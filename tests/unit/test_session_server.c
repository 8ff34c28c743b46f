/* SPDX-License-Identifier: MIT */
/* The session server, driven as the relay drives it, with clients that come and go.
 * tests/torture/torture_relay.c tests whole sessions. */
#include "term/session_server.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/unix_socket.h"
#include "slow.h"
#include "tap.h"
#include "tmpdir.h"
#include "wire/json.h"

#include <errno.h>
#include <signal.h>

static struct session_server server;
static struct session_server_asked asked;
static struct buf input;

struct client {
    int fd;
    struct buf rx;
    struct buf out;
    bool greeted, exited, detached, gone, refused;
    struct frame_exit exit;
    struct buf info;
};

/* One turn of the relay's loop. */
static void turn(void)
{
    struct pollfd fds[SESSION_SERVER_POLL_MAX];

    asked = (struct session_server_asked){.input = &input};
    (void)session_server_prepare(&server, fds, buf_room(&input));
    (void)poll(fds, session_server_slots(&server), 5);
    session_server_dispatch(&server, fds, &asked);
}

static void say(struct client *c, enum frame_type type, struct str payload)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, 1 << 16);
    (void)frame_add(&b, type, payload);
    (void)fd_write_all(c->fd, buf_data(&b), b.len, &e);
    buf_release(&b);
    turn();
}

/* Connects and greets. */
static void come(struct client *c, enum frame_hello kind, unsigned rows, unsigned cols)
{
    const char payload[6] = {FRAME_VERSION, (char)kind, 0, (char)rows, 0, (char)cols};
    struct err e = {0};

    *c = (struct client){.fd = unix_socket_connect(in_tmp("sock"), &e)};
    buf_init(&c->rx, 4 << 20);
    buf_init(&c->out, 16 << 20);
    buf_init(&c->info, 1 << 16);
    turn();
    say(c, FRAME_HELLO, str_n(payload, sizeof(payload)));
    turn();
}

/* Reads everything that the server has sent to the client. */
static void hear(struct client *c)
{
    struct str in;
    struct frame f;
    struct err e = {0};
    ssize_t n;

    while ((n = fd_read(c->fd, buf_reserve(&c->rx, 1 << 16), 1 << 16)) > 0) {
        buf_commit(&c->rx, (size_t)n);
    }
    c->gone = n == 0 || (n < 0 && errno != EAGAIN);
    in = buf_str(&c->rx);
    while (frame_next(&in, &f, &e) == 1) {
        c->greeted = c->greeted || f.type == FRAME_HELLO;
        c->detached = c->detached || f.type == FRAME_DETACH;
        c->refused = c->refused || f.type == FRAME_ERROR;
        if (f.type == FRAME_OUTPUT) {
            (void)buf_add_str(&c->out, f.payload);
        } else if (f.type == FRAME_EXIT) {
            c->exited = frame_exit(f, &c->exit, &e) == 0;
        } else if (f.type == FRAME_INFO) {
            (void)buf_add_str(&c->info, f.payload);
        }
    }
    buf_drop(&c->rx, c->rx.len - in.len);
}

/* Closes the connection. */
static void go(struct client *c)
{
    fd_close(&c->fd);
    buf_release(&c->rx);
    buf_release(&c->out);
    buf_release(&c->info);
    turn();
    turn();
}

static bool has(const struct buf *b, const char *text)
{
    return b->len > 0 && memmem(buf_data(b), b->len, text, strlen(text)) != NULL;
}

static void open_server(void)
{
    const struct session_server_info info = {"cco-x-1", "/pro ject", "unix:///e", 1234, false};
    struct err e = {0};

    is_int(session_server_open(&server, in_tmp("sock"), &info, &e), 0,
           "a session server opens");
}

static void clients_attach_and_detach(void)
{
    struct client c;
    struct client watcher;

    open_server();
    session_server_output(&server, str_c("before\r\n\033[1mbold"));
    come(&c, FRAME_HELLO_ATTACH, 30, 100);
    hear(&c);
    ok(c.greeted && has(&c.out, "before\r\n") && has(&c.out, "bold"),
       "a new client is shown the screen");
    ok(server.rows == 30 && server.cols == 100, "a new client decides the size");
    buf_reset(&c.out);
    session_server_output(&server, str_c("more"));
    session_server_flush(&server);
    hear(&c);
    is_mem(buf_data(&c.out), c.out.len, "more", 4, "a client gets later output unchanged");
    say(&c, FRAME_INPUT, str_c("ls\r"));
    is_mem(buf_data(&input), input.len, "ls\r", 3, "input of a client reaches the command");
    buf_reset(&input);
    come(&watcher, FRAME_HELLO_READ_ONLY, 10, 10);
    say(&watcher, FRAME_INPUT, str_c("rm\r"));
    hear(&watcher);
    ok(input.len == 0 && has(&watcher.out, "more"),
       "a read-only client is shown the session, and its input is ignored");
    ok(server.rows == 30 && session_server_count(&server) == 2,
       "a read-only client does not decide the size");
    say(&c, FRAME_DETACH, str_n(NULL, 0));
    turn();
    hear(&c);
    ok(c.detached && c.gone, "a client that asks to leave is let go");
    is_int((long long)session_server_count(&server), 1, "the other client stays");
    go(&c);
    go(&watcher);
    is_int((long long)session_server_count(&server), 0,
           "a client that closes its connection is removed");
    session_server_close(&server);
    ok(access(in_tmp("sock"), F_OK) < 0, "closing the server removes the socket");
}

static void the_terminal_that_was_used_last_decides_the_size(void)
{
    struct client a;
    struct client b;

    open_server();
    ok(session_server_local_size(&server, 24, 80) == false,
       "a size that has not changed is not reported as changed");
    come(&a, FRAME_HELLO_ATTACH, 30, 100);
    come(&b, FRAME_HELLO_ATTACH, 40, 120);
    ok(server.rows == 40, "the client that came last decides the size");
    say(&a, FRAME_INPUT, str_c("x"));
    ok(asked.resized && server.rows == 30, "the client that types decides the size");
    say(&b, FRAME_INPUT, str_c("\033[1;1R"));
    ok(server.rows == 30, "a terminal's answer does not count as input");
    is_mem(buf_data(&input), input.len, "x", 1,
           "only the answer of the terminal that decides the size passes");
    ok(session_server_local_types(&server, str_c("y")) && server.rows == 24,
       "the relay's own terminal decides the size when its user types");
    say(&b, FRAME_SIZE, str_n("\0\62\0\62", 4));
    ok(server.rows == 24, "a new size of another terminal has no effect");
    ok(session_server_local_leaves(&server) && server.rows == 30,
       "when the deciding terminal leaves, the terminal that was used before decides");
    go(&a);
    ok(server.rows == 50 && server.cols == 50, "when that leaves, the remaining one decides");
    go(&b);
    ok(server.rows == 50, "without a terminal the size does not change");
    buf_reset(&input);
    session_server_output(&server, str_c("\033[6n"));
    turn();
    ok(has(&input, "R"), "without a terminal the screen answers the program's queries");
    buf_reset(&input);
    session_server_close(&server);
}

static void a_slow_client_is_shown_the_screen_later(void)
{
    static char block[64 << 10];
    struct client c;
    struct client fast;
    size_t total = 0;

    memset(block, 'x', sizeof(block));
    open_server();
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    come(&fast, FRAME_HELLO_ATTACH, 24, 80);
    for (int i = 0; i < 100; i++) {
        session_server_output(&server, str_n(block, sizeof(block)));
        session_server_flush(&server);
        total += sizeof(block);
        hear(&fast);
        turn();
        hear(&fast);
    }
    ok(session_server_keeping_up(&server) == 1, "a client that does not read falls behind");
    ok(fast.out.len >= total, "a client that reads gets all output");
    session_server_output(&server, str_c("\033[2J\033[Hthe end"));
    for (int64_t end = clock_ms() + 10000 * test_slow();
         clock_ms() < end &&
         !(session_server_keeping_up(&server) == 2 && has(&c.out, "the end"));) {
        turn();
        hear(&c);
    }
    ok(c.out.len < total / 2, "a client that fell behind does not get all output");
    ok(session_server_keeping_up(&server) == 2 && has(&c.out, "the end"),
       "a client that fell behind is shown the screen when it reads again");
    go(&c);
    go(&fast);
    session_server_close(&server);
}

static void the_end_is_sent_to_all_clients(void)
{
    const struct frame_exit how = {7, FRAME_EXITED, 0, {NULL, 0}};
    struct client c;
    struct client w;
    struct client silent;
    struct err e = {0};

    open_server();
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    come(&w, FRAME_HELLO_WAIT, 0, 0);
    silent = (struct client){.fd = unix_socket_connect(in_tmp("sock"), &e)};
    turn();
    ok(!session_server_end(&server, &how, clock_ms()),
       "the end waits for a client that has not greeted");
    fd_close(&silent.fd);
    turn();
    ok(session_server_end(&server, &how, clock_ms()), "the exit frame is sent to all clients");
    hear(&c);
    hear(&w);
    ok(c.exited && c.exit.status == 7 && w.exited && w.exit.status == 7,
       "all clients have received the exit frame");
    is_int((long long)w.out.len, 0, "a client that only waits gets no output");
    ok(server.end_is_seen, "a terminal was attached at the end");
    go(&c);
    go(&w);
    fd_close(&silent.fd);
    session_server_close(&server);
    open_server();
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    static char block[64 << 10];

    for (int i = 0; i < 20; i++) {
        session_server_output(&server, str_n(block, sizeof(block)));
    }
    ok(!session_server_end(&server, &how, 1000),
       "the end waits for a client that does not read");
    ok(session_server_end(&server, &how, 1000 + SESSION_SERVER_END_MS),
       "the end does not wait for longer than SESSION_SERVER_END_MS");
    go(&c);
    session_server_close(&server);
}

static void queries_are_answered(void)
{
    struct client c;
    struct json root;
    struct err e = {0};
    uint64_t n = 0;

    open_server();
    come(&c, FRAME_HELLO_ASK, 0, 0);
    hear(&c);
    (void)buf_add_byte(&c.info, 0);
    c.info.len--;
    ok(json_parse(buf_str(&c.info), &root, &e) == 0 &&
           json_is(json_get(root, "project"), "/pro ject") &&
           json_u64(json_get(root, "started"), &n) && n == 1234,
       "a session describes itself");
    is_int((long long)session_server_count(&server), 0,
           "a client that asks does not count as a terminal");
    say(&c, FRAME_STOP, str_n(NULL, 0));
    ok(asked.stop, "a client can ask for the session's end");
    go(&c);
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    say(&c, FRAME_EXIT, str_c("xyz"));
    turn();
    hear(&c);
    ok(c.refused && c.gone, "a client that breaks the protocol gets an error and is removed");
    go(&c);
    c = (struct client){.fd = unix_socket_connect(in_tmp("sock"), &e)};
    buf_init(&c.rx, 1 << 16);
    buf_init(&c.out, 1 << 16);
    buf_init(&c.info, 1 << 16);
    turn();
    (void)!write(c.fd, "GET / HTTP/1.1\r\n\r\n", 18);
    turn();
    turn();
    hear(&c);
    ok(c.gone, "a client that sends no frames is removed");
    go(&c);
    session_server_close(&server);
}

static void smaller_reader_is_shown_a_part_of_the_screen(void)
{
    struct screen *seen = screen_new(4, 10);
    struct client c;
    struct client reader;
    struct buf text;

    open_server();
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    session_server_output(&server, str_c("\033[2J\033[1;1Hfirst line is long\033[5;3Hfifth"));
    come(&reader, FRAME_HELLO_READ_ONLY, 4, 10);
    hear(&reader);
    screen_feed(seen, buf_str(&reader.out));
    buf_init(&text, SCREEN_DRAW_MAX);
    ok(screen_draw(seen, false, &text) == 0 && has(&text, "  fifth") && !has(&text, "first"),
       "a smaller reader is shown the part with the cursor");
    buf_reset(&reader.out);
    session_server_output(&server, str_c("\033[1;1H"));
    for (int i = 0; i < 100 && reader.out.len == 0; i++) {
        turn();
        hear(&reader);
    }
    screen_feed(seen, buf_str(&reader.out));
    buf_reset(&text);
    ok(screen_draw(seen, false, &text) == 0 && has(&text, "first line") &&
           !has(&text, "first line is"),
       "it follows the cursor, and long lines are cut");
    is_int(server.rows, 24, "the size of the session stays");
    buf_release(&text);
    screen_free(seen);
    go(&c);
    go(&reader);
    session_server_close(&server);
}

static void removed_socket_is_made_again(void)
{
    struct client c;
    struct client other;
    struct err e = {0};

    open_server();
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    (void)unlink(in_tmp("sock"));
    is_int(session_server_move(&server, in_tmp("sock"), &e), 0, "the server listens again");
    come(&other, FRAME_HELLO_ASK, 0, 0);
    hear(&other);
    ok(other.greeted, "clients can connect there");
    is_int((long long)session_server_count(&server), 1, "those before stay connected");
    go(&c);
    go(&other);
    session_server_close(&server);
}

static void session_without_a_terminal_is_only_asked(void)
{
    const struct session_server_info info = {"cco-x-1", "/p", "unix:///e", 1234, true};
    struct client c;
    struct json root;
    struct err e = {0};

    is_int(session_server_open(&server, in_tmp("sock"), &info, &e), 0, "a server opens");
    come(&c, FRAME_HELLO_ASK, 0, 0);
    hear(&c);
    (void)buf_add_byte(&c.info, 0);
    c.info.len--;
    ok(json_parse(buf_str(&c.info), &root, &e) == 0 && json_true(json_get(root, "piped")),
       "a session without a terminal says so");
    go(&c);
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    hear(&c);
    ok(c.refused && c.gone && server.rows == 24, "a client that attaches is refused");
    go(&c);
    come(&c, FRAME_HELLO_WAIT, 0, 0);
    hear(&c);
    ok(c.greeted && !c.gone, "a client can wait for its end");
    go(&c);
    session_server_close(&server);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    buf_init(&input, 1 << 20);
    clients_attach_and_detach();
    the_terminal_that_was_used_last_decides_the_size();
    a_slow_client_is_shown_the_screen_later();
    the_end_is_sent_to_all_clients();
    queries_are_answered();
    smaller_reader_is_shown_a_part_of_the_screen();
    removed_socket_is_made_again();
    session_without_a_terminal_is_only_asked();
    buf_release(&input);
    tmpdir_remove();
    return done_testing();
}
