/* SPDX-License-Identifier: MIT */
/* A session that is adopted, with a fake engine. */
#include "session.h"
#include "tap.h"

static struct fake f;
static struct engine en;

#define EXEC(reply)                                                                            \
    {                                                                                          \
        "POST /v1.41/containers/c0ffee/exec", reply, false                                     \
    }
#define EXEC_GOOD EXEC(FAKE_JSON("201 Created", "{\"Id\":\"e1\"}"))
#define EXEC_START(stream)                                                                     \
    {                                                                                          \
        "POST /v1.41/exec/e1/start", "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n" stream,   \
            true                                                                               \
    }

static const struct engine_known what = {.id = "c0ffee", .key = SECRET};

static struct sandbox *adopt(const struct fake_rule *rules, struct err *e)
{
    *e = (struct err){0};
    fake_engine(&en, &f, rules);
    return engine_adopt(&en, &what, e);
}

static void done(struct sandbox *c)
{
    sandbox_free(c);
    engine_close(&en);
    fake_stop(&f);
}

/* It does not know WorkingDir, and starts in the container's. */
static void old_engine(void)
{
    static const struct fake_rule old[] = {
        {"POST /v1.34/containers/c0ffee/exec", FAKE_JSON("500 Oops", "{}"), false}, FAKE_END};
    struct err e = {0};

    fake_engine(&en, &f, old);
    en.api_minor = 34;
    ok(engine_adopt(&en, &what, &e) == NULL && fake_saw(&f, "\"line\"]") &&
           !fake_saw(&f, "WorkingDir"),
       "an older engine is not told a directory");
    done(NULL);
}

int main(void)
{
    static const struct fake_rule good[] = {EXEC_GOOD, EXEC_START("INIT"), S_WAIT(""),
                                            FAKE_END};
    static const struct fake_rule gone[] = {
        EXEC(FAKE_JSON("404 Not Found", "{\"message\":\"No such container\"}")), FAKE_END};
    static const struct fake_rule refused[] = {
        EXEC_GOOD,
        {"POST /v1.41/exec/e1/start", FAKE_JSON("409 Conflict", "{\"message\":\"paused\"}"),
         false},
        FAKE_END};
    static const struct fake_rule silent[] = {
        EXEC_GOOD,
        {"POST /v1.41/exec/e1/start", "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n", false},
        S_WAIT(""),
        FAKE_END};
    struct err e;
    struct sandbox *c;

    (void)signal(SIGPIPE, SIG_IGN);
    fake_secret = SECRET;
    c = adopt(good, &e);
    ok(c != NULL && c->session->wrapped && c->session->tty, "init answers through an exec");
    ok(fake_saw(&f, "\"User\":\"0:0\"") && fake_saw(&f, "\"line\"]"),
       "of init itself, as root");
    ok(fake_saw(&f, "\"WorkingDir\":\"/\""), "where it need not be afraid of links");
    done(c);
    old_engine();
    c = adopt(gone, &e);
    ok(c == NULL && strstr(e.text, "No such container") != NULL,
       "a container that has gone: %s", e.text);
    done(c);
    c = adopt(refused, &e);
    ok(c == NULL && strstr(e.text, "paused") != NULL, "one that is paused: %s", e.text);
    done(c);
    c = adopt(silent, &e);
    ok(c == NULL, "one in which nobody answers: %s", e.text);
    done(c);
    return done_testing();
}
