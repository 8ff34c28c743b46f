/* SPDX-License-Identifier: MIT */
/* The list of cco's containers. */
#include "engine/engine.h"

#include "fake_engine.h"
#include "tap.h"

static struct arena arena;

#define GONE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct fake_rule rules[] = {
    {"GET "
     "/v1.41/containers/"
     "json?all=1&filters=%7B%22label%22%3A%5B%22cco%3D1%22%2C%22cco.uid%3D7%22%5D%7D",
     FAKE_JSON(
         "200 OK",
         "[{\"Id\":\"ab\",\"Names\":[\"/cco-x-1\"],\"State\":\"running\",\"Status\":\"Up\","
         "\"Labels\":{\"cco.project\":\"/p\"}},{\"Id\":\"cd\"}]"),
     false},
    {"DELETE /v1.41/containers/ab?force=1&v=1", "HTTP/1.1 204 No Content\r\n\r\n", false},
    {"DELETE /v1.41/containers/gone",
     FAKE_JSON("404 Not Found", "{\"message\":\"No such container\"}"), false},
    {"DELETE /v1.41/containers/busy",
     FAKE_JSON("409 Conflict", "{\"message\":\"already in progress\"}"), false},
    /* Podman's record of a container that no longer exists: of this user, and of another
     * one. */
    {"GET "
     "/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22cco%3D1%22%2C%22cco.uid%3D9%",
     FAKE_JSON("500 Error", "{\"message\":\"getting container from store \\\"" GONE
                            "\\\": container not known\"}"),
     false},
    {"GET /v1.41/libpod/containers/json?all=true&filters=%7B%22id%22%3A%5B%22" GONE
     "%22%5D%2C%22label%22%3A%5B%22cco%3D1%22%2C%22cco.uid%3D9%22%5D%7D",
     FAKE_JSON("200 OK", "[{\"Id\":\"" GONE "\",\"Labels\":{\"cco\":\"1\"}}]"), false},
    {"GET "
     "/v1.41/containers/"
     "json?all=1&filters=%7B%22label%22%3A%5B%22cco%3D1%22%2C%22cco.uid%3D10%",
     FAKE_JSON("500 Error", "{\"message\":\"getting container from store \\\"" GONE
                            "\\\": container not known\"}"),
     false},
    {"GET /v1.41/libpod/", FAKE_JSON("200 OK", "[]"), false},
    {"DELETE /v1.41/containers/" GONE "?force=1&v=1", "HTTP/1.1 204 No Content\r\n\r\n", false},
    FAKE_END,
};

/* Returns how often `what` occurs in the requests. */
static int asked(const struct fake *f, const char *what)
{
    static char log[1 << 18];
    FILE *in = fopen(f->log, "re");
    size_t n = in != NULL ? fread(log, 1, sizeof(log) - 1, in) : 0;
    int count = 0;

    if (in != NULL) {
        (void)fclose(in);
    }
    log[n] = '\0';
    for (const char *p = log; (p = strstr(p, what)) != NULL; p++) {
        count++;
    }
    return count;
}

static void half_gone(const struct fake *f, struct engine *en)
{
    struct engine_found *found = NULL;
    size_t count = 0;
    struct err e = {0};

    ok(engine_list(en, 9, &arena, &found, &count, &e) < 0 && asked(f, "DELETE") == 4,
       "the same error of Docker is not handled: %s", e.text);
    en->podman = true;
    err_reset(&e);
    ok(engine_list(en, 10, &arena, &found, &count, &e) < 0 && asked(f, "DELETE") == 4,
       "another user's record is not removed: %s", e.text);
    is_int(asked(f, "containers/"
                    "json?all=1&filters=%7B%22label%22%3A%5B%22cco%3D1%22%2C%22cco.uid%3D10%"),
           4, "the list is requested again three times");
    err_reset(&e);
    ok(engine_list(en, 9, &arena, &found, &count, &e) < 0 && asked(f, "DELETE") == 4 + 64,
       "this user's record is removed, 64 times at most");
}

int main(void)
{
    struct fake f;
    struct engine en;
    struct engine_found *found = NULL;
    size_t count = 0;
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    fake_engine(&en, &f, rules);
    is_int(engine_list(&en, 7, &arena, &found, &count, &e), 0,
           "containers are listed by label and owner");
    is_int((long long)count, 2, "all of them are listed");
    is_str(found[0].name, "cco-x-1", "a name has no slash at its beginning");
    is_str(found[0].project, "/p", "it has its project");
    is_str(found[1].project, "?", "a missing member is a question mark");
    is_int(engine_end(&en, &(struct engine_known){.id = "ab"}, &e), 0,
           "a container is removed");
    is_int(engine_end(&en, &(struct engine_known){.id = "gone"}, &e), 0,
           "removing a missing container succeeds");
    is_int(engine_end(&en, &(struct engine_known){.id = "busy"}, &e), 0,
           "removing a container that is being removed succeeds");
    ok(engine_end(&en, &(struct engine_known){.id = "zz"}, &e) < 0 && e.code == 500,
       "another status is an error: %s", e.text);
    ok(engine_list(&en, 8, &arena, &found, &count, &e) < 0 && count == 0,
       "a refused list is an error: %s", e.text);
    half_gone(&f, &en);
    engine_close(&en);
    fake_stop(&f);
    arena_release(&arena);
    return done_testing();
}
