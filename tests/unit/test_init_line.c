/* SPDX-License-Identifier: MIT */
/* The host's end of the line. test_relay.c tests whole sessions. */
#include "term/init_line.h"

#include "base/limits.h"
#include "relay.h"
#include "tap.h"

static struct command c;
static struct init_line r;

/* Sends everything that is queued, and reads it as init would. Writes the types of the frames
 * in their order to `types`, as letters: 'a' + type. Adds the bytes of INPUT to `input` unless
 * that is NULL. */
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

static void frames_carry_input_sizes_and_signals(void)
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
    is_str(types, "b", "the first frame is the answer to init's greeting");
    init_line_resize(&r, 10, 20);
    init_line_resize(&r, 11, 21);
    init_line_resize(&r, 12, 22);
    sent(types, sizeof(types), NULL);
    is_str(types, "g", "several sizes are sent as one frame");
    buf_init(&input, 8);
    (void)buf_add_c(&input, "x");
    init_line_resize(&r, 13, 23);
    (void)init_line_input(&r, &input);
    sent(types, sizeof(types), NULL);
    is_str(types, "gc", "a size is sent before the input that was typed at that size");
    r.under_way = 0;
    buf_release(&input);
    init_line_signal(&r, SIGTERM);
    init_line_signal(&r, SIGHUP);
    sent(types, sizeof(types), NULL);
    is_str(types, "hh", "each signal is a frame");
    buf_init(&input, sizeof(big));
    buf_init(&seen, sizeof(big));
    (void)buf_add(&input, big, sizeof(big));
    ok(init_line_input(&r, &input), "the line takes input");
    is_int((long long)(sizeof(big) - input.len), FRAME_WINDOW,
           "the line takes only as much input as the window allows");
    ok(!init_line_takes_input(&r), "a full window takes no input");
    init_line_signal(&r, SIGINT);
    sent(types, sizeof(types), &seen);
    ok(types[strlen(types) - 1] == 'h', "a signal is sent although the window is full");
    is_int((long long)seen.len, FRAME_WINDOW, "all input that was taken is sent");
    init_line_ping(&r);
    sent(types, sizeof(types), NULL);
    is_str(types, "s", "a ping is sent although the window is full");
    command_say(&c, FRAME_TAKEN, "\0\0\1\0", 4);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 0 &&
           init_line_takes_input(&r),
       "an acknowledgement makes room in the window");
    command_say(&c, FRAME_OUTPUT, "out", 3);
    command_say(&c, FRAME_STOPPED, "", 0);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 1 &&
           str_eq_c(f.payload, "out"),
       "output is returned to the caller");
    ok(init_line_next(&r, &f, &e) == 0 && r.stopped,
       "the line reports that the command has stopped");
    command_say(&c, FRAME_FILE, "{\"a\"", 4);
    command_say(&c, FRAME_FILE, ":1}", 3);
    command_say(&c, FRAME_COPY, "a\0b", 3);
    command_exit(&c, 7, FRAME_OUT_OF_MEMORY);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 0 && r.exited &&
           r.exit.status == 7 && r.exit.reason == FRAME_OUT_OF_MEMORY,
       "the line reports the command's end with its reason");
    ok(!r.file_broken && str_eq_c(buf_str(&r.file), "{\"a\":1}"),
       "the return file is complete");
    ok(r.copies.len == FRAME_HEAD + 3 &&
           memcmp(buf_data(&r.copies) + FRAME_HEAD, "a\0b", 3) == 0,
       "other returned files are kept as frames");
    ok(!init_line_input(&r, &input) && input.len == 0,
       "after the end the command takes no input");
    buf_release(&input);
    buf_release(&seen);
    init_line_close(&r);
    command_free(&c);
}

/* The host's login was renewed. Init has a copy of its own. */
static void a_renewed_login_is_sent_in_pieces(void)
{
    static char big[LIMIT_RELAY_BUFFER];
    char types[64];

    command_new(&c, true, true);
    init_line_open(&r, &c.session, 24, 80);
    sent(types, sizeof(types), NULL);
    ok(init_line_renew(&r, FRAME_RENEWED_LOGIN, str_c("{}")), "a login is queued");
    sent(types, sizeof(types), NULL);
    is_str(types, "uu", "an empty frame behind the login ends it");
    ok(init_line_renew(&r, FRAME_RENEWED_KEY, str_n(big, 10000)), "a long key is queued");
    sent(types, sizeof(types), NULL);
    is_str(types, "uuuu", "a long key is sent in pieces");
    ok(!init_line_renew(&r, FRAME_RENEWED_LOGIN, str_n(big, sizeof(big))),
       "a login that does not fit into the queue is refused");
    sent(types, sizeof(types), NULL);
    is_str(types, "", "no part of a refused login is sent");
    init_line_close(&r);
    command_free(&c);
}

/* The agent has made the return file too large. Memory stays bounded, and a part is not taken
 * for the file. */
static void a_return_file_that_is_too_large_is_incomplete(void)
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
    for (int i = 0; i < 300; i++) {
        command_say(&c, FRAME_COPY, piece, sizeof(piece));
        (void)init_line_read(&r, &e);
        (void)init_line_next(&r, &f, &e);
    }
    ok(r.copies.overflowed && r.copies.len <= 4 << 20, "copies that are too large are dropped");
    ok(r.file_broken && r.file.len <= LIMIT_CLAUDE_JSON && e.kind == ERR_NONE,
       "a return file that is too large is marked as incomplete");
    init_line_close(&r);
    command_free(&c);
}

static void wrong_frames_are_refused(void)
{
    static const struct {
        unsigned type;
        const char *payload;
        size_t len;
        const char *what;
    } bad[] = {
        {FRAME_INPUT, "x", 1, "input from init"},
        {FRAME_TAKEN, "\0\0\0\1", 4, "an acknowledgement of more input than was sent"},
        {FRAME_TAKEN, "\0", 1, "a short acknowledgement"},
        {FRAME_EXIT, "\0", 1, "a short exit frame"},
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

static void passed_pipes_are_used(void)
{
    struct err e = {0};
    struct frame f = {0};
    struct buf input;
    char got[8] = {0};
    int fds[2] = {-1, -1};

    command_new(&c, false, false);
    init_line_open(&r, &c.session, 0, 0);
    ok(!init_line_is_ready(&r), "input waits until init has passed its descriptors");
    if (fd_pipe(fds, &e) < 0) {
        abort();
    }
    command_pass(&c, 'p', (int[]){fds[1], fds[0], fds[0]}, 3);
    fd_close(&fds[1]);
    ok(init_line_read(&r, &e) == 0 && init_line_next(&r, &f, &e) == 0 && r.passed &&
           init_line_is_ready(&r),
       "passed pipes are taken");
    buf_init(&input, 16);
    (void)buf_add_c(&input, "hi");
    ok(init_line_input(&r, &input) && input.len == 0 && fd_read(fds[0], got, 8) == 2,
       "input goes into the passed pipe");
    init_line_end_input(&r);
    is_int(fd_read(fds[0], got, 8), 0, "the end of input closes the passed pipe");
    init_line_end_output(&r);
    ok(r.out_ended && r.out < 0, "the end of output closes the passed pipe");
    fd_close(&c.line);
    ok(init_line_read(&r, &e) == 0 && r.ended, "the end of the line is noticed");
    buf_release(&input);
    fd_close(&fds[0]);
    init_line_close(&r);
    command_free(&c);
}

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void the_greeting_is_found(void)
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
            ok(false, "%zu bytes are not a complete greeting", n);
        }
    }
    (void)buf_add_c(&text, "rest");
    ok(init_line_greets(buf_str(&text), SECRET, &early, &e) == 1 &&
           str_eq_c(buf_str(&early), "rest"),
       "a complete greeting is found, and the bytes behind it are kept");
    ok(init_line_greets(buf_str(&text), NULL, &early, &e) == 1,
       "without an expected secret every secret is accepted");
    buf_reset(&early);
    ok(init_line_greets(buf_str(&text), "another", &early, &e) < 0 && e.kind == ERR_REFUSED &&
           early.len == 0,
       "a greeting with another secret is refused: %s", e.text);
    buf_reset(&text);
    (void)frame_add_hello(&text, FRAME_HELLO_HOST, str_c(SECRET));
    err_reset(&e);
    ok(init_line_greets(buf_str(&text), NULL, &early, &e) < 0 && e.kind == ERR_REFUSED,
       "a greeting that is not init's is refused: %s", e.text);
    err_reset(&e);
    ok(init_line_greets(str_c("HTTP/1.1 200 OK\r\n"), NULL, &early, &e) < 0,
       "bytes that are not a frame are refused: %s", e.text);
    buf_release(&text);
    buf_release(&early);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    the_greeting_is_found();
    frames_carry_input_sizes_and_signals();
    a_renewed_login_is_sent_in_pieces();
    a_return_file_that_is_too_large_is_incomplete();
    wrong_frames_are_refused();
    passed_pipes_are_used();
    return done_testing();
}
