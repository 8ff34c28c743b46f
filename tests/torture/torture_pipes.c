/* SPDX-License-Identifier: MIT */
/* Tests the relay between pipes or sockets and a command, with system calls that are short,
 * interrupted and not ready at random. All of the input must arrive, and then its end. All of
 * the output and of the error output must arrive, separately. The queues must stay limited,
 * even if a side is slow. Everything except the relay is simulated in another process.
 * TORTURE_ROUNDS=N runs N more rounds. */
#include "base/num.h"
#include "relay.h"
#include "slow.h"
#include "torture/bytes.h"
#include "unit/tap.h"

enum { WAIT_MS = 30000, STATUS = 5, CHUNK = 32 << 10, QUEUE_MAX = LIMIT_RELAY_BUFFER + CHUNK };
enum flow { IN, OUT, ERR, FLOWS };

/* One run of the test. */
struct round {
    uint64_t seed;
    bool wrapped;        /* the line is in the engine's frames, and nothing is passed */
    bool sockets;        /* standard input and output are sockets, and not pipes */
    size_t total[FLOWS]; /* bytes */
};

/* Everything except the relay. */
struct world {
    const struct round *round;
    struct rng rng;
    int stdio[FLOWS];  /* the other ends of the relay's descriptors 0, 1 and 2 */
    int line[FLOWS];   /* the command's descriptors, if they were passed */
    bool rests[FLOWS]; /* its reader does not read for a while */
    size_t sent[FLOWS], got[FLOWS];
    bool ended[FLOWS];           /* its reader has seen the end */
    bool exited;                 /* init has reported the end of the command */
    size_t untaken;              /* bytes of INPUT that init has not acknowledged */
    struct buf rx, frames, wire; /* from the relay, for it, and the latter in engine's frames */
    char why[200];               /* the first mistake; "": none yet */
};

static struct sig sig = {.fd = -1};
static struct command c;
static struct relay r;
static struct world world;
static volatile bool calm;
static size_t most; /* the greatest length of a queue, in bytes */

static unsigned char byte_at(const struct world *w, enum flow f, size_t k)
{
    return (unsigned char)rng_mix(w->round->seed + (uint64_t)f + k * FLOWS);
}

static void fail(struct world *w, const char *what, enum flow f)
{
    if (w->why[0] == '\0') {
        (void)snprintf(w->why, sizeof(w->why), "%s: flow %d, %zu sent, %zu arrived", what,
                       (int)f, w->sent[f], w->got[f]);
    }
}

static void arrive(struct world *w, enum flow f, const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++, w->got[f]++) {
        if (w->got[f] >= w->sent[f] || (unsigned char)p[i] != byte_at(w, f, w->got[f])) {
            fail(w, "bytes are lost, doubled or out of order", f);
            return;
        }
    }
}

/* Writes the next bytes of a flow to p, at most max. Returns their number. The caller counts
 * them when it has sent them. */
static size_t make(struct world *w, enum flow f, char *p, size_t max)
{
    size_t left = w->round->total[f] - w->sent[f];
    size_t len = left == 0 ? 0 : rng_len(&w->rng, left < max ? left : max);

    for (size_t i = 0; i < len; i++) {
        p[i] = (char)byte_at(w, f, w->sent[f] + i);
    }
    return len;
}

/* Writes as much of a flow as possible, and closes the descriptor after the last byte. */
static void pour(struct world *w, enum flow f, int *fd)
{
    static char bytes[CHUNK];
    size_t len = make(w, f, bytes, sizeof(bytes));
    ssize_t n = write(*fd, bytes, len);

    w->sent[f] += n > 0 ? (size_t)n : 0;
    if (w->sent[f] == w->round->total[f]) {
        fd_close(fd);
    }
}

/* Reads from a flow and checks the bytes. */
static void drink(struct world *w, enum flow f, int *fd)
{
    static char bytes[CHUNK];
    ssize_t n = read(*fd, bytes, rng_len(&w->rng, sizeof(bytes)));

    if (n > 0) {
        arrive(w, f, bytes, (size_t)n);
    } else if (n == 0 || errno != EAGAIN) {
        w->ended[f] = true;
        fd_close(fd);
    }
}

static void hear_line(struct world *w)
{
    char *p = buf_reserve(&w->rx, CHUNK);
    ssize_t n = read(c.line, p, rng_len(&w->rng, CHUNK));
    struct str in;
    struct frame f = {0};
    struct err e = {0};

    if (n <= 0) {
        return;
    }
    buf_commit(&w->rx, (size_t)n);
    in = buf_str(&w->rx);
    while (frame_next(&in, &f, &e) == 1) {
        if (f.type == FRAME_INPUT) {
            arrive(w, IN, f.payload.p, f.payload.len);
            w->untaken += f.payload.len;
        } else if (f.type == FRAME_END && f.payload.p[0] == FRAME_END_INPUT && !w->ended[IN]) {
            w->ended[IN] = true;
        } else {
            fail(w, "an unexpected frame came to init", IN);
        }
    }
    buf_drop(&w->rx, w->rx.len - in.len);
    if (w->untaken > FRAME_WINDOW) {
        fail(w, "too many bytes of input are not acknowledged", IN);
    }
}

/* Writes the frames of a command whose descriptors were not passed. */
static void speak(struct world *w)
{
    static char bytes[FRAME_MAX];

    for (enum flow f = OUT; f <= ERR && w->frames.len < LINE_MAX_BYTES; f++) {
        size_t len = make(w, f, bytes, sizeof(bytes));

        w->sent[f] += len;
        (void)frame_add_bytes(&w->frames, f == OUT ? FRAME_OUTPUT : FRAME_ERROUT,
                              str_n(bytes, len)); /* fits, and the next one does, too */
    }
    if (w->untaken > 0 && !w->rests[IN] && w->frames.len < LINE_MAX_BYTES) {
        size_t taken = rng_len(&w->rng, w->untaken);

        (void)frame_add_taken(&w->frames, taken);
        w->untaken -= taken;
    }
}

/* Ends the command once it has got all input and written all output. */
static void end_command(struct world *w)
{
    const struct frame_exit how = {STATUS, FRAME_EXITED, 0, {NULL, 0}};
    bool all = w->ended[IN];

    for (enum flow f = OUT; f <= ERR; f++) {
        all = all && w->sent[f] == w->round->total[f];
    }
    if (all && !w->exited) {
        w->exited = true;
        (void)frame_add_exit(&w->frames, &how); /* fits */
    }
}

static struct pollfd want(int fd, int events)
{
    return (struct pollfd){.fd = events != 0 ? fd : -1, .events = (short)events};
}

static void turn(struct world *w)
{
    struct pollfd p[2 * FLOWS + 1];

    for (enum flow f = IN; f < FLOWS; f++) {
        bool rests = w->rests[f];

        w->rests[f] = rng_one_in(&w->rng, 50) ? !rests : rests;
        p[f] = want(w->stdio[f], f == IN ? POLLOUT : rests ? 0 : POLLIN);
        p[FLOWS + f] = want(w->line[f], f != IN ? POLLOUT : rests ? 0 : POLLIN);
    }
    if (w->round->wrapped && !w->exited) {
        speak(w);
    }
    end_command(w);
    p[2 * FLOWS] = want(c.line, POLLIN | (w->frames.len + w->wire.len > 0 ? POLLOUT : 0));
    if (poll(p, 2 * FLOWS + 1, 2) < 0) {
        return;
    }
    for (enum flow f = IN; f < FLOWS; f++) {
        if (p[f].revents != 0) {
            (f == IN ? pour : drink)(w, f, &w->stdio[f]);
        }
        if (p[FLOWS + f].revents != 0) {
            (f == IN ? drink : pour)(w, f, &w->line[f]);
        }
    }
    if ((p[2 * FLOWS].revents & POLLOUT) != 0) {
        if (w->round->wrapped) {
            wrap_some(&w->rng, &w->frames, &w->wire);
        }
        (void)send_some(&w->rng, c.line, w->round->wrapped ? &w->wire : &w->frames);
    }
    if (w->round->wrapped && (p[2 * FLOWS].revents & POLLIN) != 0) {
        hear_line(w);
    }
}

static void start(struct world *w)
{
    struct frame f = {0};
    struct err e = {0};

    buf_init(&w->rx, 1 << 20);
    buf_init(&w->frames, 4 * LINE_MAX_BYTES);
    buf_init(&w->wire, 32 * LINE_MAX_BYTES);
    w->rng.state = w->round->seed;
    limit_reads(c.line, WAIT_MS);
    if (!command_await(&c, &w->rx, FRAME_HELLO, &f)) {
        fail(w, "the relay does not greet init", IN);
    }
    if (!w->round->wrapped) {
        int pipes[FLOWS][2];

        if (fd_pipe(pipes[IN], &e) < 0 || fd_pipe(pipes[OUT], &e) < 0 ||
            fd_pipe(pipes[ERR], &e) < 0) {
            abort();
        }
        command_pass(&c, 'p', (int[]){pipes[IN][1], pipes[OUT][0], pipes[ERR][0]}, 3);
        for (enum flow flow = IN; flow < FLOWS; flow++) {
            fd_close(&pipes[flow][flow == IN ? 1 : 0]);
            w->line[flow] = pipes[flow][flow == IN ? 0 : 1];
            (void)fd_nonblock(w->line[flow], &e);
        }
    }
    (void)fd_nonblock(c.line, &e);
}

/* Runs the world. Writes the first mistake, or ALL_IS_WELL, to `verdict`. Does not return. */
__attribute__((noinline)) static void live(struct world *w, int verdict)
{
    int64_t deadline = clock_ms() + WAIT_MS * test_slow();
    struct err e = {0};

    start(w);
    for (enum flow f = IN; f < FLOWS; f++) {
        (void)fd_nonblock(w->stdio[f], &e);
    }
    while (w->why[0] == '\0' && !(w->exited && w->ended[OUT] && w->ended[ERR])) {
        turn(w);
        if (clock_ms() > deadline) {
            fail(w, "the relay does not end in time", w->ended[IN] ? OUT : IN);
        }
    }
    for (enum flow f = IN; f < FLOWS; f++) {
        if (w->got[f] != w->round->total[f]) {
            fail(w, "not all bytes arrived", f);
        }
    }
    if (w->why[0] == '\0') {
        (void)snprintf(w->why, sizeof(w->why), ALL_IS_WELL);
    }
    (void)fd_write_all(verdict, w->why, strlen(w->why), &e);
    _exit(0);
}

/* Measures the queues, once in each turn of the relay. */
static int look_on(struct session *s, struct pollfd *fds)
{
    size_t out = r.stdio.out.queue.len;
    size_t err = r.stdio.err.queue.len;

    most = out > most ? out : most;
    most = err > most ? err : most;
    most = r.input.len > most ? r.input.len : most;
    return command_prepare(s, fds);
}

static const struct session_ops watched = {.prepare = look_on, .dispatch = command_dispatch};

static void pair(bool sockets, int fds[2])
{
    if ((sockets ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds)
                 : pipe2(fds, O_CLOEXEC)) < 0) {
        abort();
    }
}

/* Runs one round. */
__attribute__((noinline)) static void play(const struct round *round)
{
    int fds[FLOWS][2];
    int verdict[2];
    char why[200] = "";
    struct err e = {0};
    int rc;

    command_new(&c, false, round->wrapped);
    c.session.ops = &watched;
    for (enum flow f = IN; f < FLOWS; f++) {
        pair(round->sockets, fds[f]);
    }
    pair(false, verdict);
    c.pid = fork();
    if (c.pid == 0) {
        fd_close(&c.session.fd);
        fd_close(&verdict[0]);
        world = (struct world){.round = round, .line = {-1, -1, -1}};
        for (enum flow f = IN; f < FLOWS; f++) {
            fd_close(&fds[f][f == IN ? 0 : 1]);
            world.stdio[f] = fds[f][f == IN ? 1 : 0];
        }
        live(&world, verdict[1]);
    }
    fd_close(&c.line);
    fd_close(&verdict[1]);
    for (enum flow f = IN; f < FLOWS; f++) {
        fd_close(&fds[f][f == IN ? 1 : 0]);
    }
    most = 0;
    spoil.rng.state = ~round->seed;
    spoil.one_in = 3;
    r = (struct relay){.session = &c.session,
                       .sig = &sig,
                       .in = fds[IN][0],
                       .out = fds[OUT][1],
                       .err = fds[ERR][1],
                       .forward_input = true,
                       .attached = true,
                       .keys = {.deadline_ms = -1}};
    relay_open(&r);
    rc = relay_run(&r, &e);
    spoil.one_in = 0;
    ok(rc == RELAY_ENDED && r.line.exit.status == STATUS,
       "seed %llu: the relay ends with the status of the command %s",
       (unsigned long long)round->seed, e.text);
    relay_close(&r);
    for (enum flow f = IN; f < FLOWS; f++) {
        fd_close(&fds[f][f == IN ? 0 : 1]);
    }
    (void)!read(verdict[0], why, sizeof(why) - 1); /* the world has a deadline of its own */
    ok(strcmp(why, ALL_IS_WELL) == 0, "seed %llu: %s", (unsigned long long)round->seed, why);
    ok(most <= QUEUE_MAX, "seed %llu: at most %zu bytes are queued",
       (unsigned long long)round->seed, most);
    fd_close(&verdict[0]);
    command_free(&c);
}

enum { ROUNDS = 12, ROUNDS_MAX = 100000, FLOW_MAX = 600 << 10 };

int main(void)
{
    const char *text = getenv("TORTURE_ROUNDS");
    uint64_t further = 0;
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    spoil.calm = &calm;
    if (text != NULL && !str_u64(str_c(text), 10, ROUNDS_MAX, &further)) {
        (void)printf("Bail out! TORTURE_ROUNDS is not a number\n");
        return 1;
    }
    is_int(sig_open(&sig, &e), 0, "the signalfd can be opened");
    for (uint64_t seed = 1; seed <= ROUNDS + further; seed++) {
        struct rng rng = {seed};
        struct round round = {.seed = seed, .wrapped = seed % 2 == 0, .sockets = seed % 4 < 2};

        for (enum flow f = IN; f < FLOWS; f++) {
            round.total[f] =
                rng_one_in(&rng, 4) ? rng_len(&rng, 100) - 1 : rng_below(&rng, FLOW_MAX);
        }
        play(&round);
    }
    sig_close(&sig);
    return done_testing();
}
