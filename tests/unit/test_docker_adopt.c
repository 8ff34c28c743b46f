/* SPDX-License-Identifier: MIT */
/* Adopts sessions, with a fake engine. */
#include "session.h"
#include "tap.h"

static struct fake f;
static struct engine en;

#define LOOK                                                                                   \
    {                                                                                          \
        "GET /v1.41/containers/c0ffee/json", FAKE_JSON("200 OK", "{\"Config\":{}}"), false     \
    }
#define EXEC(reply)                                                                            \
    LOOK,                                                                                      \
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

/* An engine before API 1.35 does not know WorkingDir, and uses that of the container. */
static void old_engine(void)
{
    static const struct fake_rule old[] = {
        {"GET /v1.34/containers/c0ffee/json", FAKE_JSON("200 OK", "{\"Config\":{}}"), false},
        {"POST /v1.34/containers/c0ffee/exec", FAKE_JSON("500 Oops", "{}"), false},
        FAKE_END};
    struct err e = {0};

    fake_engine(&en, &f, old);
    en.api_minor = 34;
    ok(engine_adopt(&en, &what, &e) == NULL && fake_saw(&f, "\"line\"]") &&
           !fake_saw(&f, "WorkingDir"),
       "an older engine gets no WorkingDir");
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
    ok(c != NULL && c->session->wrapped && c->session->tty,
       "init greets through an exec, and the session has a terminal");
    ok(fake_saw(&f, "\"User\":\"0:0\"") && fake_saw(&f, "\"/proc/1/exe\",\"line\"]"),
       "the exec runs init's `line` as root");
    ok(fake_saw(&f, "\"WorkingDir\":\"/\""), "it runs in the root directory");
    done(c);
    old_engine();
    c = adopt(gone, &e);
    ok(c == NULL && strstr(e.text, "No such container") != NULL,
       "a container that does not exist is an error: %s", e.text);
    done(c);
    c = adopt(refused, &e);
    ok(c == NULL && strstr(e.text, "paused") != NULL, "a paused container is an error: %s",
       e.text);
    done(c);
    c = adopt(silent, &e);
    ok(c == NULL, "an exec that ends without a greeting is an error: %s", e.text);
    done(c);
    return done_testing();
}
