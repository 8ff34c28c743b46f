/* SPDX-License-Identifier: MIT */
/* Tests the relay as a whole, with system calls that are short, interrupted and not ready at
 * random. Terminals come and go, type, change their sizes, fall behind or never read. Output
 * and input must arrive complete and in order at every terminal that keeps up, and memory must
 * stay limited. Everything except the relay is simulated in another process (world.h, life.h).
 * TORTURE_ROUNDS=N runs N more rounds. The name of each check contains the seed.
 * torture_pipes.c is the same without terminals. */
#include "base/num.h"
#include "term/session_client.h"
#include "tmpdir.h"
#include "torture/life.h"
#include "unit/tap.h"

enum {
    SCREEN_BYTES = 2 << 20, /* the maximum of a screen with its scrollback, at these sizes */
    HEADS = 4 << 10,        /* the maximum of the heads of the frames in a full queue */
    STDIO_END_LONE = LIMIT_RELAY_BUFFER + (64 << 10) /* of the queue of a lone terminal */
};

static struct sig sig = {.fd = -1};
static struct command c;
static struct relay r;
static struct session_server server;
static struct shared *shared;
static struct world world;

/* The greatest lengths of the queues, in bytes. */
static struct {
    size_t stdio, client, never, input;
    bool overflowed;
} most;

static size_t more(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Measures the queues, once in each turn of the relay. */
static int look_on(struct session *s, struct pollfd *fds)
{
    bool over = r.input.overflowed || r.stdio.out.queue.overflowed || r.line.tx.overflowed ||
                r.line.rx.overflowed || server.answers.overflowed;

    for (size_t i = 0; i < server.count; i++) {
        const struct session_client *one = server.clients[i];
        bool never = one->rows == NEVER_ROWS;

        over = over || one->rx.overflowed || one->tx.overflowed ||
               one->passed_tty.out.queue.overflowed;
        most.never = more(most.never, never ? client_pending(one) : 0);
        most.client = more(most.client, client_pending(one));
    }
    most.stdio = more(most.stdio, r.stdio.out.queue.len);
    most.input = more(most.input, r.input.len);
    most.overflowed = most.overflowed || over;
    shared->clients = session_server_count(&server);
    shared->attached = r.attached;
    shared->input = r.input.len + r.line.tx.len;
    shared->turns++;
    s->ended = s->ended || shared->failed;
    return command_prepare(s, fds);
}

static const struct session_ops watched = {.prepare = look_on, .dispatch = command_dispatch};

static void open_relay(const struct round *round, const struct pty *p)
{
    const struct session_server_info info = {"n", "/p", "e", 1, false};
    struct err e = {0};

    r = (struct relay){.session = &c.session,
                       .sig = &sig,
                       .in = p->slave,
                       .out = p->slave,
                       .err = 2,
                       .forward_input = true,
                       .attached = round->first != FIRST_NONE,
                       .adopted = round->first == FIRST_ADOPTS,
                       .server = &server};
    if (tty_raw_enter(p->slave, &e) < 0 ||
        session_server_open(&server, in_tmp("sock"), &info, &e) < 0 ||
        keys_parse(&r.keys, KEYS_DEFAULT, &e) < 0) {
        (void)printf("# %s\n", e.text);
        abort();
    }
    if (!r.attached) { /* a session that starts in the background does the same */
        (void)session_server_local_size(&server, 24, 80);
        (void)session_server_local_leaves(&server);
    }
    memset(&most, 0, sizeof(most));
    *shared = (struct shared){.attached = r.attached};
}

/* Reads what the world reports at its end. */
static void hear_verdict(int fd, char *why, size_t max)
{
    int64_t deadline = clock_ms() + WAIT_MS * test_slow();
    size_t len = 0;
    ssize_t n = 1;

    while (n > 0 && len + 1 < max) {
        struct pollfd p = {.fd = fd, .events = POLLIN};

        n = poll(&p, 1, clock_poll_timeout(deadline)) > 0 ? read(fd, why + len, max - 1 - len)
                                                          : -1;
        len += n > 0 ? (size_t)n : 0;
    }
    (void)snprintf(why + len, max - len, "%s",
                   len == 0 ? "the world has died without a report" : "");
}

/* Runs the relay as its callers do: a terminal that leaves does not end the session. */
static int run(struct err *e)
{
    int rc;

    relay_open(&r);
    while ((rc = relay_run(&r, e)) == RELAY_DETACHED || rc == RELAY_HUNG_UP) {
        relay_leave(&r);
    }
    return rc;
}

/* Runs one round. */
__attribute__((noinline)) static void play(const struct round *round)
{
    struct pty p = pty_new(24, 80);
    unsigned long long seed = round->seed;
    char why[512];
    struct err e = {0};
    int verdict[2];
    int rc;

    command_new(&c, true, round->wrapped);
    c.session.ops = &watched;
    open_relay(round, &p);
    if (fd_pipe(verdict, &e) < 0) {
        abort();
    }
    c.pid = fork();
    if (c.pid == 0) {
        fd_close(&c.session.fd);
        fd_close(&server.listener);
        fd_close(&verdict[0]);
        fd_close(&p.slave);
        world =
            (struct world){.round = round, .shared = shared, .c = &c, .socket = in_tmp("sock")};
        world_lives(&world, &p, verdict[1]);
    }
    fd_close(&c.line);
    fd_close(&verdict[1]);
    fd_close(&p.master);
    spoil.rng.state = ~round->seed;
    spoil.one_in = round->one_in;
    rc = run(&e);
    spoil.one_in = 0;
    ok(rc == RELAY_ENDED && r.line.exit.status == STATUS,
       "%s, seed %llu: the relay ends with the status of the program%s%s", round->name, seed,
       rc < 0 ? ": " : "", e.text);
    relay_close(&r);
    session_server_close(&server);
    tty_raw_restore();
    fd_close(&p.slave);
    fd_close(&c.session.fd);
    hear_verdict(verdict[0], why, sizeof(why));
    ok(strcmp(why, ALL_IS_WELL) == 0, "%s, seed %llu: %s", round->name, seed, why);
    ok(!most.overflowed && most.never <= SESSION_SERVER_QUEUE_ALONE + HEADS &&
           most.client <= SESSION_SERVER_QUEUE_ALONE + SCREEN_BYTES &&
           most.stdio <= RELAY_QUEUE_MAX && (!is_lone(round) || most.stdio <= STDIO_END_LONE),
       "%s, seed %llu: at most %zu, %zu, %zu, %zu bytes are queued%s", round->name, seed,
       most.stdio, most.client, most.never, most.input,
       most.overflowed ? ", and some were dropped" : "");
    fd_close(&verdict[0]);
    command_free(&c);
}

static const struct round rounds[] = {
    {.name = "one terminal that is passed",
     .seed = 1,
     .output = 1 << 20,
     .typed = 30000,
     .one_in = 3},
    {.name = "one terminal, in frames",
     .seed = 2,
     .wrapped = true,
     .output = 1 << 20,
     .typed = 200000,
     .one_in = 3},
    {.name = "several terminals, passed",
     .seed = 3,
     .keepers = 2,
     .comers = 3,
     .output = 400000,
     .typed = 20000,
     .one_in = 3},
    {.name = "several terminals, in frames",
     .seed = 4,
     .wrapped = true,
     .keepers = 2,
     .comers = 3,
     .output = 400000,
     .typed = 200000,
     .one_in = 3},
    {.name = "attach clients, passed",
     .seed = 5,
     .keepers = 1,
     .comers = 2,
     .clients = 2,
     .output = 300000,
     .typed = 10000,
     .one_in = 4},
    {.name = "attach clients, in frames",
     .seed = 6,
     .wrapped = true,
     .keepers = 1,
     .comers = 2,
     .clients = 2,
     .output = 300000,
     .typed = 50000,
     .one_in = 4},
    {.name = "the first terminal detaches",
     .seed = 7,
     .first = FIRST_DETACHES,
     .keepers = 1,
     .comers = 2,
     .clients = 1,
     .output = 400000,
     .typed = 10000,
     .one_in = 3},
    {.name = "the first terminal detaches, in frames",
     .seed = 8,
     .wrapped = true,
     .first = FIRST_DETACHES,
     .keepers = 2,
     .comers = 2,
     .output = 400000,
     .typed = 50000,
     .one_in = 3},
    {.name = "the first terminal hangs up",
     .seed = 9,
     .first = FIRST_HANGS_UP,
     .keepers = 1,
     .comers = 3,
     .output = 300000,
     .typed = 10000,
     .one_in = 3},
    {.name = "a session in the background",
     .seed = 10,
     .wrapped = true,
     .first = FIRST_NONE,
     .keepers = 2,
     .comers = 3,
     .output = 300000,
     .typed = 20000,
     .one_in = 3},
    {.name = "an adopted session, then a detach",
     .seed = 11,
     .first = FIRST_ADOPTS,
     .keepers = 1,
     .comers = 2,
     .output = 200000,
     .typed = 10000,
     .one_in = 3},
    {.name = "a flood, and a terminal that never reads",
     .seed = 12,
     .keepers = 2,
     .comers = 2,
     .never = true,
     .output = 3 << 20,
     .typed = 10000,
     .one_in = 30},
    {.name = "a flood in frames, and a terminal that never reads",
     .seed = 13,
     .wrapped = true,
     .keepers = 1,
     .comers = 2,
     .clients = 1,
     .never = true,
     .output = 3 << 20,
     .typed = 400000,
     .one_in = 30},
    {.name = "a flood that the first terminal does not read",
     .seed = 14,
     .keepers = 1,
     .output = 9 << 20,
     .typed = 1000,
     .one_in = 100},
    {.name = "all terminals paste",
     .seed = 15,
     .wrapped = true,
     .keepers = 6,
     .pastes = true,
     .output = 100000,
     .typed = 200000,
     .one_in = 50},
    {.name = "all terminals paste, passed",
     .seed = 16,
     .keepers = 6,
     .pastes = true,
     .output = 100000,
     .typed = 200000,
     .one_in = 50},
};

enum { ROUNDS = sizeof(rounds) / sizeof(rounds[0]), ROUNDS_MAX = 100000 };

int main(void)
{
    const char *text = getenv("TORTURE_ROUNDS");
    uint64_t further = 0;
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_DFL); /* some shells ignore it in their jobs */
    (void)signal(SIGHUP, SIG_DFL);
    tmpdir_make();
    shared = shared_memory(sizeof(*shared));
    spoil.calm = &shared->calm;
    if (text != NULL && !str_u64(str_c(text), 10, ROUNDS_MAX, &further)) {
        (void)printf("Bail out! TORTURE_ROUNDS is not a number\n");
        return 1;
    }
    is_int(sig_open(&sig, &e), 0, "the signalfd can be opened");
    for (size_t i = 0; i < ROUNDS + further; i++) {
        struct round round = rounds[i % ROUNDS];

        round.seed += i / ROUNDS * 1000;
        play(&round);
    }
    sig_close(&sig);
    tmpdir_remove();
    return done_testing();
}
