/* SPDX-License-Identifier: MIT */
#include "engine/docker_container.h"

#include "session.h"
#include "tap.h"

static struct arena arena;

/* Creates a container and, if that succeeds, starts it. Returns the number of steps that
 * succeeded. */
static int run(const struct fake_rule *rules, bool send_init, bool *deleted, struct err *e)
{
    struct fake f;
    struct engine en;
    struct plan p;
    struct sandbox *c = NULL;
    struct strv warnings = {0};
    struct err second = {0};
    int steps = 0;

    *e = (struct err){0};
    fake_engine(&en, &f, rules);
    session_plan(&p, &arena);
    p.image.send_init = send_init;
    c = engine_create(&en, &p, "/proc/self/exe", &arena, &warnings, e);
    if (c != NULL) {
        steps = engine_start(c, &(struct engine_boot){.secret = SECRET}, e) == 0 ? 2 : 1;
        is_int((long long)warnings.count, 1, "warnings of the engine are passed on");
        is_str(c->id, "c0ffee", "the sandbox has the id");
        is_int(engine_remove(c, &second), 0, "the container is removed");
        sandbox_free(c);
    }
    *deleted = fake_saw(&f, "DELETE /v1.41/containers/c0ffee?force=1&v=1");
    engine_close(&en);
    fake_stop(&f);
    return steps;
}

static void good(void)
{
    static const struct fake_rule rules[] = {S_CREATED, S_ATTACH("INIT"), S_WAIT(""),
                                             S_START,   S_DELETE,         FAKE_END};
    static const struct fake_rule with_init[] = {
        S_CREATED,
        {"PUT /v1.41/containers/c0ffee/archive?path=%2F",
         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false},
        S_ATTACH("INIT"),
        S_WAIT(""),
        S_START,
        S_DELETE,
        FAKE_END};
    bool deleted = false;
    struct err e;

    is_int(run(rules, false, &deleted, &e), 2, "a container is created and started");
    ok(deleted, "a container that has not ended is removed by force");
    is_int(run(with_init, true, &deleted, &e), 2, "init is sent to the container");
}

static void bad(const char *name, const struct fake_rule *rules, bool init, int steps,
                bool leftover, const char *text)
{
    bool deleted = false;
    struct err e;

    is_int(run(rules, init, &deleted, &e), steps, name);
    if (!ok(strstr(e.text, text) != NULL, "the error says: %s", text)) {
        (void)printf("#   %s\n", e.text);
    }
    ok(deleted == leftover, "a container that was created is removed");
}

int main(void)
{
    static const struct fake_rule conflict[] = {
        S_CREATE(FAKE_JSON("409 Conflict", "{\"message\":\"name in use\"}")), FAKE_END};
    static const struct fake_rule no_id[] = {
        S_CREATE(FAKE_JSON("201 Created", "{\"Id\":\"../x\"}")), FAKE_END};
    static const struct fake_rule broken[] = {S_CREATE(FAKE_JSON("201 Created", "{\"Id\"")),
                                              FAKE_END};
    static const struct fake_rule no_put[] = {S_CREATED, S_DELETE, FAKE_END};
    static const struct fake_rule no_attach[] = {
        S_CREATED,
        {"POST /v1.41/containers/c0ffee/attach",
         "HTTP/1.1 409 Conflict\r\nContent-Type: x\r\n\r\nis paused", false},
        S_DELETE,
        FAKE_END};
    static const struct fake_rule no_wait[] = {S_CREATED, S_ATTACH("INIT"), S_DELETE, FAKE_END};
    static const struct fake_rule no_start[] = {
        S_CREATED,
        S_ATTACH("INIT"),
        S_WAIT(""),
        {"POST /v1.41/containers/c0ffee/start",
         FAKE_JSON("400 Bad Request", "{\"message\":\"exec format error\"}"), false},
        S_DELETE,
        FAKE_END};

    (void)signal(SIGPIPE, SIG_IGN);
    fake_secret = SECRET;
    good();
    bad("a name that is taken is an error", conflict, false, 0, false, "name in use");
    bad("an id that is not hex digits is an error", no_id, false, 0, false, "no usable Id");
    bad("a reply that is not JSON is an error", broken, false, 0, false, "JSON");
    bad("an error while init is sent is an error", no_put, true, 0, true, "send init");
    bad("a refused attach is an error", no_attach, false, 1, true, "is paused");
    bad("a refused wait is an error", no_wait, false, 1, true, "wait: ");
    bad("a refused start is an error", no_start, false, 1, true, "exec format error");
    sandbox_free(NULL);
    arena_release(&arena);
    return done_testing();
}
