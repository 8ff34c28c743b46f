/* SPDX-License-Identifier: MIT */
#include "session/agent_keeper.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "child.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIST "\0\0\0\1\x0b"
#define KEYS "\0\0\0\5\x0c\0\0\0\0"
#define FAILURE "\0\0\0\1\5"

static struct facts f;
static struct ledger trees;
static int listener = -1;

static void listen_again(void)
{
    struct err e = {0};

    fd_close(&listener);
    (void)unlink(in_tmp("agent"));
    listener = unix_socket_listen(in_tmp("agent"), 0600, &e);
}

/* Returns the next connection, or -1 if none comes. */
static int next(void)
{
    struct pollfd p = {.fd = listener, .events = POLLIN};
    struct err e = {0};

    return poll(&p, 1, 5000) == 1 ? unix_socket_accept(listener, &e) : -1;
}

/* Returns true if exactly these bytes arrive. */
static bool reads(int fd, const char *want, size_t len)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char got[64];

    return poll(&p, 1, 5000) == 1 && fd_read(fd, got, sizeof(got)) == (ssize_t)len &&
           memcmp(got, want, len) == 0;
}

#define READS(fd, text) reads(fd, text, sizeof(text) - 1)
#define WRITES(fd, text) (fd_write(fd, text, sizeof(text) - 1) == (ssize_t)sizeof(text) - 1)

static void requests_reach_the_agent_also_after_its_restart(void)
{
    struct err e = {0};
    int init = -1;
    int agent;

    listen_again();
    init = agent_keeper_start(&f, &e);
    ok(init >= 0, "the process starts: %s", e.text);
    agent = next();
    fd_close(&agent); /* only a question whether the agent is there */
    ok(WRITES(init, LIST), "a request is sent");
    agent = next();
    ok(READS(agent, LIST) && WRITES(agent, KEYS) && READS(init, KEYS),
       "the agent gets it, and its answer comes back");
    ok(WRITES(init, LIST) && READS(agent, LIST) && WRITES(agent, KEYS) && READS(init, KEYS),
       "the next request uses the same connection");
    fd_close(&agent);
    listen_again();
    ok(WRITES(init, LIST), "a request is sent after a restart of the agent");
    agent = next();
    ok(READS(agent, LIST) && WRITES(agent, KEYS) && READS(init, KEYS),
       "it reaches the new agent");
    ok(WRITES(init, LIST) && READS(agent, LIST), "a request is under way");
    fd_close(&agent);
    agent = next();
    ok(READS(agent, LIST) && WRITES(agent, KEYS) && READS(init, KEYS),
       "if the agent ends meanwhile, the request is sent to the new one");
    fd_close(&agent);
    fd_close(&listener);
    (void)unlink(in_tmp("agent"));
    ok(WRITES(init, LIST) && READS(init, FAILURE), "without an agent there is a failure");
    listen_again();
    ok(WRITES(init, LIST), "and when one is there again");
    agent = next();
    ok(READS(agent, LIST), "it gets the request");
    fd_close(&init);
    ok(READS(agent, ""), "the process ends with init, although an answer is missing");
    fd_close(&agent);
}

static void malformed_answers_are_not_passed_on(void)
{
    struct err e = {0};
    int init = agent_keeper_start(&f, &e);
    int agent = next();

    fd_close(&agent);
    ok(WRITES(init, LIST), "a request is sent");
    agent = next();
    ok(READS(agent, LIST) && WRITES(agent, KEYS "x") && READS(init, FAILURE),
       "bytes behind an answer make it a failure");
    fd_close(&agent);
    ok(WRITES(init, "\0\0\0\0") && READS(init, ""), "a malformed request ends the connection");
    fd_close(&init);
}

static void agents_that_must_not_be_used_are_refused(void)
{
    struct err e = {0};
    struct arena a = {0};

    (void)mkdir(in_tmp("tree"), 0700);
    ledger_add(&trees, &a, in_tmp("tree"));
    (void)symlink("../agent", in_tmp("tree/link"));
    f.ssh_agent.path = arena_strdup(&a, in_tmp("tree/link"));
    ok(agent_keeper_start(&f, &e) < 0 && e.kind == ERR_REFUSED,
       "a way that an agent of a sandbox could choose is refused: %s", e.text);
    f.ssh_agent.path = arena_strdup(&a, in_tmp("tree"));
    e = (struct err){0};
    ok(agent_keeper_start(&f, &e) < 0, "a directory is refused: %s", e.text);
    arena_release(&a);
}

int main(void)
{
    static char path[300];

    tmpdir_make();
    (void)snprintf(path, sizeof(path), "%s", in_tmp("agent"));
    f.trees = &trees;
    f.state_dir = tmpdir;
    f.ssh_agent.path = path;
    requests_reach_the_agent_also_after_its_restart();
    malformed_answers_are_not_passed_on();
    agents_that_must_not_be_used_are_refused();
    fd_close(&listener);
    tmpdir_remove();
    return done_testing();
}
