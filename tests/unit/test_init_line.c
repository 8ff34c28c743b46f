/* SPDX-License-Identifier: MIT */
/* The host's end of the line by itself; whole sessions: test_relay.c. */
#include "term/init_line.h"

#include "base/limits.h"
#include "relay.h"
#include "tap.h"

static struct command c;
static struct init_line r;

/* What the host has sent, as init would read it: the frames' types, in order. */
static void sent(char *types, size_t max, struct buf *input)
{
    struct buf rx;
    struct str in;
    struct frame f;
    struct err e = {0};
    size_t n = 0;
    ssize_t got;

    buf_init(&rx, 1 << 20);
    while (r.tx.len > 0 || r.resized) {
        init_line_flush(&r);
        (void)fd_nonblock(c.line, &e);
        while ((got = fd_read(c.line, buf_reserve(&rx, 1 << 16), 1 << 16)) > 0) {
            buf_commit(&rx, (size_t)got);
        }
    }
    in = buf_str(&rx);
    while (n + 1 < max && frame_next(&in, &f, &e) == 1) {
        types[n++] = (char)('a' + f.type);
        if (f.type == FRAME_INPUT && input != NULL) {
            (void)buf_add_str(input, f.payload);
        }
    }
    types[n] = '\0';
    buf_release(&rx);
}

static void framed(void)
{
    static char big[3 * FRAME_WINDOW];
    struct buf input;
    struct buf seen;
    struct frame f = {0};
    struct err e = {0};
    char types[64];

    command_new(&c, true, true);
    init_line_open(&r, &c.session, 24, 80);
    sent(types, sizeof(types), NULL);
    is_str(types, "b", "init's greeting is answered");
    init_line_resize(&r, 10, 20);
    init_line_resize(&r, 11, 21);
    init_line_resize(&r, 12, 22);
    sent(types, sizeof(types), NULL);
    is_str(types, "g", "a burst of sizes is one frame");
    buf_init(&input, 8);
    (void)buf_add_c(&input, "x");
    init_line_resize(&r, 13, 23);
    (void)init_line_input(&r, &input);
    sent(types, sizeof(types), NULL);
    is_str(types, "gc", "a size goes before what was typed at it");
    r.under_way = 0;
    buf_release(&input);
    init_line_signal(&r, SIGTERM);
    init_line_signal(&r, SIGHUP);
    sent(types, sizeof(types), NULL);
    is_str(types, "hh", "signals are frames");
    buf_init(&input, sizeof(big));
    buf_init(&seen, sizeof(big));
    (void)buf_add(&input, big, sizeof(big));
    ok(init_line_input(&r, &input), "input is taken");
    is_int((long long)(sizeof(big) - input.len), FRAME_WINDOW, "as far as the window goes");
    ok(!init_line_takes_input(&r), "then no more");
    init_line_signal(&r, SIGINT);
    sent(types, sizeof(types), &seen);
    ok(types[strlen(types) - 1] == 'h', "but a signal still goes");
    is_int((long long)seen.len, FRAME_WINDOW, "all of it was sent");
    init_line_ping(&r);
    sent(types, sizeof(types), NULL);
    is_str(types, "s", "and so does a question");
    command_say(&c, FRAME_TAKEN, "\0\0\1\0", 4);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 0 &&
           init_line_takes_input(&r),
       "what init has taken makes room");
    command_say(&c, FRAME_OUTPUT, "out", 3);
    command_say(&c, FRAME_STOPPED, "", 0);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 1 &&
           str_eq_c(f.payload, "out"),
       "output comes");
    ok(init_line_next(&r, &f, &e) == 0 && r.stopped, "and that the command has stopped");
    command_say(&c, FRAME_FILE, "{\"a\"", 4);
    command_say(&c, FRAME_FILE, ":1}", 3);
    command_exit(&c, 7, FRAME_OUT_OF_MEMORY);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 0 && r.exited &&
           r.exit.status == 7 && r.exit.reason == FRAME_OUT_OF_MEMORY,
       "and its end, with the reason");
    ok(!r.file_broken && str_eq_c(buf_str(&r.file), "{\"a\":1}"),
       "and before it the file that was wanted back");
    ok(!init_line_input(&r, &input) && input.len == 0, "then nothing takes input");
    buf_release(&input);
    buf_release(&seen);
    init_line_close(&r);
    command_free(&c);
}

/* A login that was renewed here, for an init that cannot see it. */
static void renewing(void)
{
    static char big[LIMIT_RELAY_BUFFER];
    char types[64];

    command_new(&c, true, true);
    init_line_open(&r, &c.session, 24, 80);
    sent(types, sizeof(types), NULL);
    ok(init_line_renew(&r, FRAME_RENEWED_LOGIN, str_c("{}")), "a login is sent");
    sent(types, sizeof(types), NULL);
    is_str(types, "uu", "and behind it that it is whole");
    ok(init_line_renew(&r, FRAME_RENEWED_KEY, str_n(big, 10000)), "a long key");
    sent(types, sizeof(types), NULL);
    is_str(types, "uuuu", "in pieces");
    ok(!init_line_renew(&r, FRAME_RENEWED_LOGIN, str_n(big, sizeof(big))),
       "what does not fit is not begun");
    sent(types, sizeof(types), NULL);
    is_str(types, "", "nothing of it is sent");
    init_line_close(&r);
    command_free(&c);
}

/* However much an agent writes: memory stays bounded, and half a file is not taken for one. */
static void too_large(void)
{
    static char piece[FRAME_MAX];
    struct frame f = {0};
    struct err e = {0};

    command_new(&c, true, false);
    init_line_open(&r, &c.session, 24, 80);
    for (size_t sent = 0; sent <= LIMIT_CLAUDE_JSON; sent += sizeof(piece)) {
        command_say(&c, FRAME_FILE, piece, sizeof(piece));
        (void)init_line_read(&r, &e);
        (void)init_line_next(&r, &f, &e);
    }
    ok(r.file_broken && r.file.len <= LIMIT_CLAUDE_JSON && e.kind == ERR_NONE,
       "a file that is too large is known for it");
    init_line_close(&r);
    command_free(&c);
}

static void refusals(void)
{
    static const struct {
        unsigned type;
        const char *payload;
        size_t len;
        const char *what;
    } bad[] = {
        {FRAME_INPUT, "x", 1, "input from init"},
        {FRAME_TAKEN, "\0\0\0\1", 4, "more taken than was given"},
        {FRAME_TAKEN, "\0", 1, "a short acknowledgement"},
        {FRAME_EXIT, "\0", 1, "a short end"},
        {FRAME_PASS, "t", 1, "descriptors that did not come"},
        {FRAME_HELLO, "\1i", 2, "a second greeting"},
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e = {0};
        struct frame f = {0};

        command_new(&c, true, false);
        init_line_open(&r, &c.session, 24, 80);
        command_say(&c, (enum frame_type)bad[i].type, bad[i].payload, bad[i].len);
        ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) < 0 &&
               e.kind == ERR_FORMAT,
           "refused: %s", bad[i].what);
        init_line_close(&r);
        command_free(&c);
    }
}

static void passed(void)
{
    struct err e = {0};
    struct frame f = {0};
    struct buf input;
    char got[8] = {0};
    int fds[2] = {-1, -1};

    command_new(&c, false, false);
    init_line_open(&r, &c.session, 0, 0);
    ok(!init_line_is_ready(&r), "before init has told how, input waits");
    if (fd_pipe(fds, &e) < 0) {
        abort();
    }
    command_pass(&c, 'p', (int[]){fds[1], fds[0], fds[0]}, 3);
    fd_close(&fds[1]);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 0 && r.passed &&
           init_line_is_ready(&r),
       "pipes are passed");
    buf_init(&input, 16);
    (void)buf_add_c(&input, "hi");
    ok(init_line_input(&r, &input) && input.len == 0 && fd_read(fds[0], got, 8) == 2,
       "and used");
    init_line_end_input(&r);
    is_int(fd_read(fds[0], got, 8), 0, "the end of input is the pipe's");
    init_line_end_output(&r);
    ok(r.out_ended && r.out < 0, "so is that of output");
    fd_close(&c.line);
    ok(init_line_read(&r, &e) == 0 && r.ended, "the line's end is known");
    buf_release(&input);
    fd_close(&fds[0]);
    init_line_close(&r);
    command_free(&c);
}

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void greeting(void)
{
    struct buf text;
    struct buf early;
    struct err e = {0};

    buf_init(&text, FRAME_MAX);
    buf_init(&early, FRAME_MAX);
    (void)frame_add_hello(&text, FRAME_HELLO_INIT, str_c(SECRET));
    for (size_t n = 0; n < text.len; n++) {
        if (init_line_greets(str_n(buf_data(&text), n), SECRET, &early, &e) != 0 ||
            early.len != 0) {
            ok(false, "%zu bytes are not yet a greeting", n);
        }
    }
    (void)buf_add_c(&text, "rest");
    ok(init_line_greets(buf_str(&text), SECRET, &early, &e) == 1 &&
           str_eq_c(buf_str(&early), "rest"),
       "the whole is, and what follows is kept");
    ok(init_line_greets(buf_str(&text), NULL, &early, &e) == 1,
       "a line that nobody else can be on needs no secret");
    buf_reset(&early);
    ok(init_line_greets(buf_str(&text), "another", &early, &e) < 0 && e.kind == ERR_REFUSED &&
           early.len == 0,
       "another secret: %s", e.text);
    buf_reset(&text);
    (void)frame_add_hello(&text, FRAME_HELLO_HOST, str_c(SECRET));
    err_reset(&e);
    ok(init_line_greets(buf_str(&text), NULL, &early, &e) < 0 && e.kind == ERR_REFUSED,
       "not init: %s", e.text);
    err_reset(&e);
    ok(init_line_greets(str_c("HTTP/1.1 200 OK\r\n"), NULL, &early, &e) < 0, "no frame: %s",
       e.text);
    buf_release(&text);
    buf_release(&early);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    greeting();
    framed();
    renewing();
    too_large();
    refusals();
    passed();
    return done_testing();
}
