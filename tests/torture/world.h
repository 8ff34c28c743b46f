/* SPDX-License-Identifier: MIT */
/* The surroundings of a relay ("the world"), simulated in one process, which therefore knows
 * all bytes that were written and must arrive. This file has the program with its init;
 * terminals.h has the terminals. Only poll(2) waits. */
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

/* Memory that the relay's process and the world share. */
struct shared {
    volatile bool calm;     /* for the moment no call is spoiled */
    volatile bool failed;   /* the world has found a mistake and ends */
    volatile bool attached; /* the relay has a terminal of its own */
    volatile size_t clients;
    volatile size_t input; /* bytes for the command that the relay has */
    volatile size_t turns; /* of its loop */
};

/* The actions of the first terminal, the relay's own. */
enum first { FIRST_STAYS, FIRST_DETACHES, FIRST_HANGS_UP, FIRST_NONE, FIRST_ADOPTS };

/* One run of the test. */
struct round {
    const char *name;
    uint64_t seed;
    bool wrapped; /* the line is in the engine's frames, and no terminal is passed */
    enum first first;
    /* Numbers of terminals: those that stay connected, those that come and go, and whole attach
     * clients. */
    unsigned keepers, comers, clients;
    bool never;    /* there is one more terminal, which never reads */
    bool pastes;   /* much is typed at once and must wait for the program */
    size_t output; /* bytes of output */
    size_t typed;  /* bytes of input from each terminal */
    size_t one_in; /* one in so many calls is spoiled */
};

/* The kinds of terminals: none, the relay's own, a raw connection, an attach client. */
enum kind { TERM_NONE, TERM_FIRST, TERM_RAW, TERM_CLIENT };

struct term {
    enum kind kind;
    unsigned id;
    int fd;            /* its connection, or the master of its pty */
    pid_t pid;         /* of an attach client */
    bool types;        /* its input counts: it is not attached read-only */
    bool reads;        /* it reads now */
    bool leaves;       /* it has asked to be detached */
    bool torn;         /* it was closed without a detach: its last input may be lost */
    bool exited;       /* it has got the status of the program */
    bool ready;        /* it has got an answer */
    size_t typed, got; /* bytes that it has typed, and that have arrived at the program */
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
    int slave;           /* the program's terminal, if it was passed; otherwise -1 */
    struct buf rx;       /* frames from the relay */
    struct buf frames;   /* of init, for the relay */
    struct buf wire;     /* the same in the engine's frames, if the round has them */
    size_t untaken;      /* bytes of INPUT that init has not acknowledged */
    size_t sent, target; /* bytes of the output: written, and to be written for now */
    size_t record;       /* the record whose numbers end at the target */
    size_t heard;        /* bytes that have come from the relay */
    bool stalled;        /* the program does not read */
    bool ended;          /* the program has ended */
    unsigned rows, cols; /* the last size that the relay has sent */
    size_t sizes;        /* number of sizes that it has sent */
    struct term terms[TERMS];
    char why[256]; /* the first mistake; "": none yet */
};

/* Records a mistake, if it is the first one. */
__attribute__((format(printf, 2, 3))) static void fail(struct world *w, const char *fmt, ...)
{
    va_list ap;

    if (w->why[0] == '\0') {
        va_start(ap, fmt);
        (void)vsnprintf(w->why, sizeof(w->why), fmt, ap);
        va_end(ap);
    }
}

/* Checks input of the program: which terminal has typed it, and whether it is what comes next
 * from this terminal. */
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
            fail(w, "input that was not typed: %02x of terminal %u", c, id);
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

/* Handles a frame of the relay. */
static void take_line(struct world *w, struct frame f)
{
    struct err e = {0};

    switch (f.type) {
    case FRAME_INPUT:
        arrive(w, f.payload.p, f.payload.len);
        w->untaken += f.payload.len;
        if (w->untaken > FRAME_WINDOW) {
            fail(w, "%zu bytes of input are not acknowledged", w->untaken);
        }
        break;
    case FRAME_SIZE:
        w->sizes++;
        if (frame_size(f.payload, &w->rows, &w->cols, &e) < 0) {
            fail(w, "the relay sent an invalid size");
        }
        break;
    case FRAME_SIGNAL:
        break;
    case FRAME_PING: /* this machine is so slow that the relay sends a keepalive */
        (void)frame_add_taken(&w->frames, 0); /* without room, other bytes follow anyway */
        break;
    default:
        fail(w, "init got the frame %u", f.type);
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
        (void)frame_add(&w->frames, FRAME_STARTED, str_n(NULL, 0)); /* the first frame fits */
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
    /* Handle what came with the greeting, because perhaps nothing follows that would lead to
     * it. */
    hear_line(w);
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
