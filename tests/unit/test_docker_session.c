/* SPDX-License-Identifier: MIT */
/* A running container as the relay's session. */
#include "engine/docker_container.h"

#include "base/clock.h"
#include "session.h"
#include "tap.h"

#include <poll.h>

static struct arena arena;
static struct fake fake;
static struct engine en;

/* Creates a container and starts it. Returns the result of the start; *c is the container. */
static int try_to_start(const struct fake_rule *rules, bool tty, struct sandbox **c,
                        struct err *e)
{
    struct plan p;
    struct strv warnings = {0};

    fake_engine(&en, &fake, rules);
    session_plan(&p, &arena);
    p.command.tty = tty;
    *c = engine_create(&en, &p, "", &arena, &warnings, e);
    return *c != NULL ? engine_start(*c, &(struct engine_boot){.secret = SECRET}, e) : -1;
}

static struct sandbox *start(const struct fake_rule *rules, bool tty)
{
    struct sandbox *c = NULL;
    struct err e = {0};

    if (try_to_start(rules, tty, &c, &e) < 0) {
        (void)printf("# %s\n", e.text);
        (void)fflush(stdout); /* abort() does not flush it */
        abort();
    }
    return c;
}

static void stop(struct sandbox *c)
{
    sandbox_free(c);
    engine_close(&en);
    fake_stop(&fake);
}

/* Runs turns of a loop until the session ends or is lost, or until the fake has received
 * `text`. */
static int turns(struct session *s, const char *text, struct err *e)
{
    int64_t deadline = clock_ms() + 60000;
    struct pollfd fds[SESSION_POLL_MAX];

    while (!s->ended && clock_ms() < deadline && (text == NULL || !fake_saw(&fake, text))) {
        (void)s->ops->prepare(s, fds);
        (void)poll(fds, SESSION_POLL_MAX, 10);
        if (s->ops->dispatch(s, fds, e) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Returns whether a session fails: during the start if the reply to the wait arrives before
 * the line of init, and otherwise later. */
static bool fails(const struct fake_rule *rules, struct err *e)
{
    struct sandbox *c = NULL;
    bool failed = try_to_start(rules, false, &c, e) < 0 || turns(c->session, NULL, e) < 0;

    if (c == NULL) {
        abort();
    }
    stop(c);
    return failed;
}

static void ends(void)
{
    static const struct fake_rule rules[] = {S_CREATED, S_ATTACH("INIT"), S_START,
                                             S_WAIT(S_STATUS("42")), FAKE_END};
    static const struct fake_rule odd[] = {
        S_CREATED, S_ATTACH("INIT"), S_START,
        S_WAIT("15\r\n{\"StatusCode\":\"none\"}\r\n0\r\n\r\n"), FAKE_END};
    static const struct fake_rule dies[] = {
        S_CREATED,
        S_ATTACH("INIT"),
        S_START,
        {"POST /v1.41/containers/c0ffee/wait",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false},
        FAKE_END};
    struct err e = {0};
    struct sandbox *c = start(rules, true);
    struct session *s = c->session;

    ok(s->fd >= 0 && s->tty && s->wrapped,
       "the line is the engine's stream, and the session has a terminal");
    is_int(turns(s, NULL, &e), 0, "the reply to the wait is read");
    ok(s->ended && s->status == 42, "it has the status");
    is_int(engine_remove(c, &e), 0, "removing it succeeds");
    ok(!fake_saw(&fake, "DELETE"), "without a request, because the engine has removed it");
    stop(c);
    ok(fails(odd, &e) && e.kind == ERR_FORMAT, "a status that is not a number is an error: %s",
       e.text);
    e = (struct err){0};
    ok(fails(dies, &e) && e.hint[0] != '\0',
       "a reply that ends early is an error with a hint: %s", e.text);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    fake_secret = SECRET;
    ends();
    arena_release(&arena);
    return done_testing();
}
