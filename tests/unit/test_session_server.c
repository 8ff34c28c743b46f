/* SPDX-License-Identifier: MIT */
/* Terminals that come and go, as the relay drives them; whole sessions:
 * tests/torture/torture_relay.c. */
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

/* Everything that has come for it. */
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
    const struct session_server_info info = {"cco-x-1", "/pro ject", "unix:///e", 1234};
    struct err e = {0};

    is_int(session_server_open(&server, in_tmp("sock"), &info, &e), 0, "a session server");
}

static void attaching(void)
{
    struct client c;
    struct client watcher;

    open_server();
    session_server_output(&server, str_c("before\r\n\033[1mbold"));
    come(&c, FRAME_HELLO_ATTACH, 30, 100);
    hear(&c);
    ok(c.greeted && has(&c.out, "before\r\n") && has(&c.out, "bold"),
       "a newcomer sees the screen");
    ok(server.rows == 30 && server.cols == 100, "and decides the size");
    buf_reset(&c.out);
    session_server_output(&server, str_c("more"));
    session_server_flush(&server);
    hear(&c);
    is_mem(buf_data(&c.out), c.out.len, "more", 4, "then what is written, as it is");
    say(&c, FRAME_INPUT, str_c("ls\r"));
    is_mem(buf_data(&input), input.len, "ls\r", 3, "what it types reaches the command");
    buf_reset(&input);
    come(&watcher, FRAME_HELLO_READ_ONLY, 10, 10);
    say(&watcher, FRAME_INPUT, str_c("rm\r"));
    hear(&watcher);
    ok(input.len == 0 && has(&watcher.out, "more"),
       "one that looks on sees, and types in vain");
    ok(server.rows == 30 && session_server_count(&server) == 2, "and has no say in the size");
    say(&c, FRAME_DETACH, str_n(NULL, 0));
    turn();
    hear(&c);
    ok(c.detached && c.gone, "who asks to go is let go");
    is_int((long long)session_server_count(&server), 1, "the other stays");
    go(&c);
    go(&watcher);
    is_int((long long)session_server_count(&server), 0, "a closed connection is one less");
    session_server_close(&server);
    ok(access(in_tmp("sock"), F_OK) < 0, "the socket goes with the session server");
}

static void sizes(void)
{
    struct client a;
    struct client b;

    open_server();
    ok(session_server_local_size(&server, 24, 80) == false, "the usual size is no news");
    come(&a, FRAME_HELLO_ATTACH, 30, 100);
    come(&b, FRAME_HELLO_ATTACH, 40, 120);
    ok(server.rows == 40, "the last to come decides");
    say(&a, FRAME_INPUT, str_c("x"));
    ok(asked.resized && server.rows == 30, "then whoever types");
    say(&b, FRAME_INPUT, str_c("\033[1;1R"));
    ok(server.rows == 30, "an answer of a terminal is not typed");
    is_mem(buf_data(&input), input.len, "x", 1,
           "and of many answers one is passed on: whose size it is");
    ok(session_server_local_types(&server, str_c("y")) && server.rows == 24,
       "the first terminal is one of them");
    say(&b, FRAME_SIZE, str_n("\0\62\0\62", 4));
    ok(server.rows == 24, "others may change size unheard");
    ok(session_server_local_leaves(&server) && server.rows == 30,
       "when it goes, the one before it decides");
    go(&a);
    ok(server.rows == 50 && server.cols == 50, "and so on");
    go(&b);
    ok(server.rows == 50, "the last size stays");
    buf_reset(&input);
    session_server_output(&server, str_c("\033[6n"));
    turn();
    ok(has(&input, "R"), "where nobody is, the screen answers a program's questions");
    buf_reset(&input);
    session_server_close(&server);
}

static void slow(void)
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
    ok(session_server_keeping_up(&server) == 1, "one that does not read falls behind");
    ok(fast.out.len >= total, "the other does not notice");
    session_server_output(&server, str_c("\033[2J\033[Hthe end"));
    for (int64_t end = clock_ms() + 10000 * test_slow();
         clock_ms() < end &&
         !(session_server_keeping_up(&server) == 2 && has(&c.out, "the end"));) {
        turn();
        hear(&c);
    }
    ok(c.out.len < total / 2, "what it missed is not sent");
    ok(session_server_keeping_up(&server) == 2 && has(&c.out, "the end"),
       "but the screen is, once it reads again");
    go(&c);
    go(&fast);
    session_server_close(&server);
}

static void ends(void)
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
       "somebody may be about to say what it is");
    fd_close(&silent.fd);
    turn();
    ok(session_server_end(&server, &how, clock_ms()), "the end is told");
    hear(&c);
    hear(&w);
    ok(c.exited && c.exit.status == 7 && w.exited && w.exit.status == 7, "to everybody");
    is_int((long long)w.out.len, 0, "who only waits is shown nothing");
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
    ok(!session_server_end(&server, &how, 1000), "one that does not read is waited for");
    ok(session_server_end(&server, &how, 1000 + SESSION_SERVER_END_MS), "but not for ever");
    go(&c);
    session_server_close(&server);
}

static void questions(void)
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
       "a session tells of itself");
    is_int((long long)session_server_count(&server), 0, "who asks is no terminal");
    say(&c, FRAME_STOP, str_n(NULL, 0));
    ok(asked.stop, "it can be asked to end");
    go(&c);
    come(&c, FRAME_HELLO_ATTACH, 24, 80);
    say(&c, FRAME_EXIT, str_c("xyz"));
    turn();
    hear(&c);
    ok(c.refused && c.gone, "what breaks the protocol is told so, and goes");
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
    ok(c.gone, "so is garbage");
    go(&c);
    session_server_close(&server);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    buf_init(&input, 1 << 20);
    attaching();
    sizes();
    slow();
    ends();
    questions();
    buf_release(&input);
    tmpdir_remove();
    return done_testing();
}
