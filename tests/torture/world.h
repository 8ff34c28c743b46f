/* SPDX-License-Identifier: MIT */
/* Everything around a relay, in one process, so that one place knows who wrote what and who got
 * it: here the program with its init; its terminals are in terminals.h. Nothing waits but for
 * poll(2). */
#ifndef TESTS_TORTURE_WORLD_H
#define TESTS_TORTURE_WORLD_H

#include <signal.h>
#include <stdarg.h>

#include "base/sig.h"
#include "relay.h"
#include "slow.h"
#include "term/keys.h"
#include "torture/bytes.h"
#include "torture/stream.h"

enum {
    TERMS = 10,
    WAIT_MS = 20000,
    STATUS = 7 /* of the program */
};

/* Both processes see it. */
struct shared {
    volatile bool calm;     /* no call goes wrong for the moment */
    volatile bool failed;   /* the world ended, and not well */
    volatile bool attached; /* the relay has a terminal of its own */
    volatile size_t clients;
    volatile size_t input; /* bytes for the command that the relay has */
    volatile size_t turns; /* of its loop */
};

enum first { FIRST_STAYS, FIRST_DETACHES, FIRST_HANGS_UP, FIRST_NONE, FIRST_ADOPTS };

struct round {
    const char *name;
    uint64_t seed;
    bool wrapped;
    enum first first;
    unsigned keepers, comers, clients; /* terminals of each kind */
    bool never;                        /* one more, that never reads */
    bool pastes;                       /* much is typed at once, and waits for the program */
    size_t output, typed;              /* bytes in all, bytes of each terminal */
    size_t one_in;                     /* calls that go wrong */
};

enum kind { TERM_NONE, TERM_FIRST, TERM_RAW, TERM_CLIENT };

struct term {
    enum kind kind;
    unsigned id;
    int fd;      /* its connection, or the master of its pty */
    pid_t pid;   /* of an attach client */
    bool types;  /* and is heard: not one that looks on */
    bool reads;  /* now */
    bool leaves; /* it asked to be let go */
    bool torn;   /* it left without a word: what it typed last may be lost */
    bool exited; /* it was told the program's status */
    bool ready;  /* it has been answered */
    size_t typed, got;
    struct view view;
    struct buf rx, tx;
};

struct world {
    struct rng rng;
    const struct round *round;
    struct shared *shared;
    struct command *c;
    struct stream out;
    const char *socket;
    int slave;           /* the program's terminal, where it was passed; else -1 */
    struct buf rx;       /* frames from the relay */
    struct buf frames;   /* of init's, for the relay */
    struct buf wire;     /* the same in the engine's frames, where it has any */
    size_t untaken;      /* bytes of INPUT that init has not told to be taken */
    size_t sent, target; /* of the output */
    size_t record;       /* whose numbers end at the target */
    size_t heard;        /* bytes that ever came from the relay */
    bool stalled;        /* the program does not read */
    bool ended;          /* it has ended */
    unsigned rows, cols; /* as init was told last */
    size_t sizes;        /* how often */
    struct term terms[TERMS];
    char why[256];
};

__attribute__((format(printf, 2, 3))) static void fail(struct world *w, const char *fmt, ...)
{
    va_list ap;

    if (w->why[0] == '\0') {
        va_start(ap, fmt);
        (void)vsnprintf(w->why, sizeof(w->why), fmt, ap);
        va_end(ap);
    }
}

/* Input of the program: whose it is, and whether it is what that one typed. */
static void arrive(struct world *w, const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        unsigned id = c == DETACH_KEY ? FIRST_ID : c >> 4;
        struct term *t = w->terms;

        while (t < w->terms + TERMS && t->id != id) {
            t++;
        }
        if (t == w->terms + TERMS || t->got >= t->typed) {
            fail(w, "input that nobody typed: %02x of terminal %u", c, id);
            return;
        }
        if (c != typed_at(w->round->seed, id, t->got)) {
            fail(w, "input of terminal %u is lost, doubled or out of order at byte %zu", id,
                 t->got);
            return;
        }
        t->got++;
    }
}

static void take_line(struct world *w, struct frame f)
{
    struct err e = {0};

    switch (f.type) {
    case FRAME_INPUT:
        arrive(w, f.payload.p, f.payload.len);
        w->untaken += f.payload.len;
        if (w->untaken > FRAME_WINDOW) {
            fail(w, "%zu bytes of input are under way", w->untaken);
        }
        break;
    case FRAME_SIZE:
        w->sizes++;
        if (frame_size(f.payload, &w->rows, &w->cols, &e) < 0) {
            fail(w, "a size that is none");
        }
        break;
    case FRAME_SIGNAL:
        break;
    case FRAME_PING: /* a machine that is slow enough for a keepalive */
        (void)frame_add_taken(&w->frames,
                              0); /* no room: bytes are on their way, which tell as much */
        break;
    default:
        fail(w, "frame %u came to init", f.type);
        break;
    }
}

static void hear_line(struct world *w)
{
    char *p = buf_reserve(&w->rx, LINE_MAX_BYTES);
    ssize_t n = read(w->c->line, p, rng_len(&w->rng, LINE_MAX_BYTES));
    struct str in;
    struct frame f = {0};
    struct err e = {0};
    int rc;

    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        fail(w, "the relay closed the line");
        return;
    }
    buf_commit(&w->rx, n > 0 ? (size_t)n : 0);
    w->heard += n > 0 ? (size_t)n : 0;
    in = buf_str(&w->rx);
    while ((rc = frame_next(&in, &f, &e)) == 1) {
        take_line(w, f);
    }
    if (rc < 0) {
        fail(w, "the line to init: %s", e.text);
    }
    buf_drop(&w->rx, w->rx.len - in.len);
}

static void program_reads(struct world *w)
{
    static char got[64 << 10];
    ssize_t n;

    if (w->slave >= 0) {
        n = read(w->slave, got, rng_len(&w->rng, sizeof(got)));
        arrive(w, got, n > 0 ? (size_t)n : 0);
        w->heard += n > 0 ? (size_t)n : 0;
    } else if (w->untaken > 0 && w->frames.len < LINE_MAX_BYTES) {
        size_t taken = rng_len(&w->rng, w->untaken);

        (void)frame_add_taken(&w->frames, taken); /* fits */
        w->untaken -= taken;
    }
}

static void program_writes(struct world *w, size_t max)
{
    size_t len = w->target - w->sent < max ? w->target - w->sent : max;
    const char *p = buf_data(&w->out.bytes) + w->sent;

    if (len == 0) {
        return;
    }
    len = rng_len(&w->rng, len);
    if (w->slave >= 0) {
        ssize_t n = write(w->slave, p, len);

        w->sent += n > 0 ? (size_t)n : 0;
    } else if (w->frames.len + w->wire.len < LINE_MAX_BYTES) {
        len = len < FRAME_MAX ? len : FRAME_MAX;
        (void)frame_add(&w->frames, FRAME_OUTPUT, str_n(p, len)); /* fits */
        w->sent += len;
    }
}

static void init_writes(struct world *w)
{
    if (w->round->wrapped) {
        wrap_some(&w->rng, &w->frames, &w->wire);
    }
    if (!send_some(&w->rng, w->c->line, w->round->wrapped ? &w->wire : &w->frames)) {
        fail(w, "init cannot write: %s", strerror(errno));
    }
}

static void program_starts(struct world *w)
{
    struct err e = {0};
    struct frame f = {0};
    enum frame_hello kind;
    struct str rest = {0};
    struct termios raw;
    int master = -1;

    buf_init(&w->rx, 1 << 20);
    buf_init(&w->frames, 4 * LINE_MAX_BYTES);
    buf_init(&w->wire, 32 * LINE_MAX_BYTES);
    w->slave = -1;
    limit_reads(w->c->line, WAIT_MS);
    if (!command_await(w->c, &w->rx, FRAME_HELLO, &f) || frame_hello(f, &kind, &rest, &e) < 0 ||
        frame_size(rest, &w->rows, &w->cols, &e) < 0) {
        fail(w, "the relay greets init with %u %s", f.type, e.text);
    }
    if (w->rows != 24 || w->cols != (w->round->first == FIRST_ADOPTS ? 79 : 80)) {
        fail(w, "the program starts with %u rows and %u columns", w->rows, w->cols);
    }
    if (w->round->wrapped) {
        (void)frame_add(&w->frames, FRAME_STARTED, str_n(NULL, 0)); /* the first: fits */
    } else {
        if (pty_open(&master, &w->slave, &e) < 0 || tcgetattr(w->slave, &raw) < 0) {
            fail(w, "no pty: %s", e.text);
            return;
        }
        cfmakeraw(&raw);
        (void)tcsetattr(w->slave, TCSANOW, &raw);
        pty_set_size(master, w->rows, w->cols);
        command_pass(w->c, 't', &master, 1);
        fd_close(&master);
        (void)fd_nonblock(w->slave, &e);
    }
    (void)fd_nonblock(w->c->line, &e);
    hear_line(
        w); /* what came along with the greeting: nothing else may follow that makes it heard */
}

static void program_ends(struct world *w)
{
    const struct frame_exit how = {STATUS, FRAME_EXITED, 0, {NULL, 0}};

    w->ended = true;
    fd_close(&w->slave);
    (void)frame_add_exit(&w->frames, &how); /* fits */
}

static bool program_has_size(const struct world *w, unsigned rows, unsigned cols)
{
    struct winsize size = {0};

    if (w->slave < 0) {
        return w->rows == rows && w->cols == cols;
    }
    return ioctl(w->slave, TIOCGWINSZ, &size) == 0 && size.ws_row == rows &&
           size.ws_col == cols;
}

#endif
