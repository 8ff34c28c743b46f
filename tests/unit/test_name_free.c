/* SPDX-License-Identifier: MIT */
/* Left-over containers with the name of a new session. */
#include "session/name_free.h"

#include "context.h"
#include "fake_engine.h"
#include "tap.h"
#include "tmpdir.h"

#include <time.h>

#define LIST "GET /v1.41/containers/json"
#define REMOVE                                                                                 \
    {                                                                                          \
        "DELETE /v1.41/containers/c1?force=1&v=1",                                             \
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false                      \
    }
#define ONE(state)                                                                             \
    FAKE_JSON("200 OK", "[{\"Id\":\"c1\",\"Names\":[\"/cco-r\"],\"State\":\"" state            \
                        "\",\"Labels\":{}}]")

static struct context c;

/* Returns what name_free() returns for an engine with these rules. */
static bool is_free(const struct fake_rule *rules, struct fake *f)
{
    bool is;

    context_init(&c, NULL);
    fake_engine(&c.engine, f, rules);
    c.engine.probed = true;
    is = name_free(&c.ctx, "cco-r");
    context_release(&c);
    return is;
}

static void container_that_does_not_run_is_removed(void)
{
    static char reply[64];
    static const struct fake_rule rules[] = {{LIST, reply, false}, REMOVE, FAKE_END};
    const struct timespec pause = {.tv_nsec = 300000000};
    struct fake f;
    pid_t pid;

    (void)snprintf(reply, sizeof(reply), "@%s", in_tmp("list"));
    put_file(in_tmp("list"), ONE("created"));
    put_file(in_tmp("empty"), FAKE_JSON("200 OK", "[]"));
    pid = fork();
    if (pid == 0) {
        (void)nanosleep(&pause, NULL);
        _exit(rename(in_tmp("empty"), in_tmp("list")) < 0);
    }
    ok(is_free(rules, &f), "the name of a container that does not run becomes free");
    (void)waitpid(pid, NULL, 0);
    ok(fake_saw(&f, "DELETE /v1.41/containers/c1"), "the container is removed");
    fake_stop(&f);
}

static void other_containers_stay(void)
{
    static const struct fake_rule runs[] = {{LIST, ONE("running"), false}, REMOVE, FAKE_END};
    static const struct fake_rule unknown[] = {
        {LIST, FAKE_JSON("200 OK", "[]"), false}, REMOVE, FAKE_END};
    static const struct fake_rule refuses[] = {{LIST, ONE("exited"), false}, FAKE_END};
    struct fake f;

    ok(!is_free(runs, &f), "the name of a container that runs is not free");
    ok(!fake_asked(&f, "DELETE"), "the container stays");
    fake_stop(&f);
    ok(!is_free(refuses, &f), "nor is that of a container that cannot be removed");
    fake_stop(&f);
    ok(is_free(unknown, &f), "a name that is not listed may be free a moment later");
    fake_stop(&f);
}

int main(void)
{
    tmpdir_make();
    container_that_does_not_run_is_removed();
    other_containers_stay();
    tmpdir_remove();
    return done_testing();
}
