/* SPDX-License-Identifier: MIT */
/* The terminals of a session in the torture tests: the relay's own terminal, raw connections,
 * and whole attach clients (term/attach_client.h) in processes of their own. */
#ifndef TESTS_TORTURE_TERMINALS_H
#define TESTS_TORTURE_TERMINALS_H

#include "pty.h"
#include "term/attach_client.h"
#include "term/raw.h"
#include "torture/world.h"

enum {
    READER_SIZE = 200, /* rows and columns of terminals that only read */
    NEVER_ROWS = 201,  /* the rows by which the terminal that never reads is recognized */
    /* The exit status of an attach client, to which enum attach_client_end is added. */
    ATTACH_CLIENT_EXIT = 100,
    BURST = 1000,     /* sizes that are set in a row */
    BURST_FRAMES = 50 /* frames with a size that may come of them */
};

static void term_init(struct world *w, struct term *t, enum kind kind, int fd)
{
    struct err e = {0};

    (void)fd_nonblock(fd, &e);
    buf_release(&t->rx);
    buf_release(&t->tx);
    t->kind = kind;
    t->fd = fd;
    t->types = t->reads = true;
    t->leaves = t->exited = false;
    t->ready = kind == TERM_FIRST;
    buf_init(&t->rx, 1 << 20);
    buf_init(&t->tx, 1 << 20);
    view_init(&t->view, &w->out, kind == TERM_FIRST);
}

/* Closes a terminal, and kills its client. */
static void term_gone(struct term *t)
{
    fd_close(&t->fd);
    t->kind = TERM_NONE;
    if (t->pid > 0) {
        (void)kill(t->pid, SIGKILL);
        (void)waitpid(t->pid, NULL, 0);
        t->pid = -1;
    }
}

/* Closes a terminal without a detach. Its last input may be lost. */
static void term_drops(struct term *t)
{
    t->torn = true;
    term_gone(t);
}

/* Makes a raw connection. */
static void term_comes(struct world *w, struct term *t, enum frame_hello kind, unsigned rows)
{
    struct err e = {0};
    int fd = unix_socket_connect(w->socket, &e);
    /* A reader is never smaller than the session, because it would be shown a part then. */
    const bool reads = kind == FRAME_HELLO_READ_ONLY;
    char hello[6] = {FRAME_VERSION,
                     (char)kind,
                     0,
                     (char)(reads && rows != NEVER_ROWS ? READER_SIZE : rows),
                     0,
                     (char)(reads ? READER_SIZE : 80)};

    if (fd < 0) {
        if (e.errnum != EAGAIN) { /* EAGAIN: the backlog is full */
            fail(w, "no connection: %s", e.text);
        }
        return;
    }
    term_init(w, t, TERM_RAW, fd);
    t->types = kind == FRAME_HELLO_ATTACH;
    (void)frame_add(&t->tx, FRAME_HELLO,
                    str_n(hello, sizeof(hello))); /* the first frame fits */
}

/* Runs an attach client in this process. */
static void be_client(struct world *w, const struct pty *p)
{
    struct attach_client v = {.fd = -1,
                              .kind = FRAME_HELLO_ATTACH,
                              .in = p->slave,
                              .out = p->slave,
                              .keys_spec = KEYS_DEFAULT};
    struct sig sig = {.fd = -1};
    struct err e = {0};
    int rc = -1;

    for (int fd = 3; fd < 256; fd++) {
        if (fd != p->slave) {
            (void)close(fd); /* otherwise the other side would not see that others close them */
        }
    }
    spoil.one_in = w->round->one_in;
    spoil.rng.state = rng_next(&w->rng);
    v.sig = &sig;
    if (sig_open(&sig, &e) == 0 && tty_raw_enter(p->slave, &e) == 0 &&
        attach_client_open(&v, w->socket, 24, 80, &e) == 0) {
        rc = attach_client_run(&v, &e);
    }
    _exit(rc < 0 || (rc == ATTACH_CLIENT_ENDED && v.exit.status != STATUS)
              ? 1
              : ATTACH_CLIENT_EXIT + rc);
}

static void term_attaches(struct world *w, struct term *t)
{
    struct pty p = pty_new(24, 80);

    t->pid = fork();
    if (t->pid == 0) {
        be_client(w, &p);
    }
    fd_close(&p.slave);
    term_init(w, t, TERM_CLIENT, p.master);
}

static void term_types(struct world *w, struct term *t, size_t len)
{
    struct buf keys;

    buf_init(&keys, len);
    for (size_t i = 0; i < len; i++) {
        (void)buf_add_byte(&keys, typed_at(w->round->seed, t->id, t->typed + i)); /* fits */
    }
    if (t->kind == TERM_RAW) {
        (void)frame_add_bytes(&t->tx, FRAME_INPUT,
                              buf_str(&keys)); /* the caller has checked for room */
    } else {
        (void)buf_add_str(&t->tx, buf_str(&keys)); /* the same */
    }
    t->typed += t->types ? len : 0;
    buf_release(&keys);
}

/* Asks for a detach, as a user does. */
static void term_detaches(struct term *t)
{
    t->leaves = true;
    if (t->kind == TERM_RAW) {
        (void)frame_add(&t->tx, FRAME_DETACH, str_n(NULL, 0)); /* short, so it fits */
    } else {
        (void)buf_add(&t->tx, (const char[]){DETACH_KEY, 'd'}, 2);
    }
}

static void term_resizes(struct term *t, unsigned rows, unsigned cols)
{
    if (!t->types) {
        rows = cols = READER_SIZE;
    }
    if (t->kind == TERM_RAW) {
        (void)frame_add_size(&t->tx, rows, cols); /* short */
    } else {
        pty_set_size(t->fd, rows, cols);
        (void)kill(t->kind == TERM_FIRST ? getppid() : t->pid, SIGWINCH);
    }
}

static void term_sees(struct world *w, struct term *t, const char *p, size_t len)
{
    const char *why = view_take(&t->view, p, len);

    t->ready = t->ready || (t->kind == TERM_CLIENT && len > 0);
    if (why != NULL) {
        fail(w, "terminal %u %s, at byte %zu of %zu", t->id, why, t->view.at, w->sent);
    }
}

static void term_hears(struct world *w, struct term *t, struct frame f)
{
    struct frame_exit x = {0};
    struct err e = {0};

    switch (f.type) {
    case FRAME_HELLO:
        t->ready = true;
        break;
    case FRAME_OUTPUT:
        term_sees(w, t, f.payload.p, f.payload.len);
        break;
    case FRAME_DETACH:
        if (!t->leaves) {
            fail(w, "terminal %u is detached without asking", t->id);
        }
        break;
    case FRAME_QUERIED:
        break;
    case FRAME_EXIT:
        t->exited = frame_exit(f, &x, &e) == 0 && x.status == STATUS;
        break;
    default:
        fail(w, "frame %u came to terminal %u: %.*s", f.type, t->id, (int)f.payload.len,
             f.payload.p);
        break;
    }
}

/* Checks a terminal whose other end was closed, and closes it. */
static void term_ends(struct world *w, struct term *t)
{
    /* At the end of the session, the relay does not wait forever for a terminal that is behind.
     */
    bool lags = w->ended && !view_keeps_up(&t->view);
    int status = 0;

    if (t->kind == TERM_CLIENT) {
        (void)waitpid(t->pid, &status, 0);
        t->pid = -1;
        status = WIFEXITED(status) ? WEXITSTATUS(status) - ATTACH_CLIENT_EXIT : -1;
        t->exited = status == ATTACH_CLIENT_ENDED;
        if (!t->exited && !lags && !(t->leaves && status == ATTACH_CLIENT_DETACHED)) {
            fail(w, "the client of terminal %u ends with a wrong status", t->id);
        }
    }
    t->exited = t->exited || (t->kind == TERM_FIRST && w->ended);
    if (!t->leaves && !lags &&
        (!t->exited || !view_has(&t->view, w->out.bytes.len, w->out.count - 1))) {
        fail(w, "terminal %u is closed at byte %zu, %s the status", t->id, t->view.at,
             t->exited ? "with" : "without");
    }
    term_gone(t);
}

static void term_reads(struct world *w, struct term *t)
{
    static char got[64 << 10];
    ssize_t n = read(t->fd, got, rng_len(&w->rng, sizeof(got)));
    struct str in;
    struct frame f = {0};
    struct err e = {0};
    int rc = 0;

    if (n < 0 && errno == EAGAIN) {
        return;
    }
    if (n <= 0) {
        term_ends(w, t);
        return;
    }
    if (t->kind != TERM_RAW) {
        term_sees(w, t, got, (size_t)n);
        return;
    }
    (void)buf_add(&t->rx, got,
                  (size_t)n); /* it fits: less than a frame is left in the buffer */
    in = buf_str(&t->rx);
    while ((rc = frame_next(&in, &f, &e)) == 1) {
        term_hears(w, t, f);
    }
    buf_drop(&t->rx, t->rx.len - in.len);
    if (rc < 0) {
        fail(w, "terminal %u: %s", t->id, e.text);
    }
}

static void term_writes(struct world *w, struct term *t)
{
    if (t->ready || t->kind == TERM_RAW) {
        (void)send_some(&w->rng, t->fd, &t->tx); /* reading finds a closed end */
    }
}

/* Returns true if a terminal has got everything and all of its input has arrived. */
static bool term_is_quiet(const struct term *t, size_t sent, size_t record)
{
    bool heard = t->torn || t->got == t->typed;

    if (t->kind == TERM_NONE || !t->reads) {
        return heard;
    }
    return heard && !t->leaves && t->ready && t->tx.len == 0 &&
           view_has(&t->view, sent, record);
}

#endif
