/* SPDX-License-Identifier: MIT */
/* Two of the known sockets have absolute paths. If an engine of this machine is there, most of
 * the tests are skipped. */
#include "engine/discover_socket_candidates.h"

#include "base/clock.h"
#include "base/path.h"

#include "fake.h"
#include "tap.h"
#include "tmpdir.h"

static struct arena arena;
static struct engine en;
static struct err e;

static int find(int64_t timeout_ms)
{
    const struct engine_env env = {.xdg_runtime_dir = in_tmp("run"), .home = in_tmp("home")};
    int rc;

    en = (struct engine){.ops = &docker_engine, .timeout_ms = timeout_ms};
    e = (struct err){0};
    conn_init(&en.conn);
    rc = socket_candidates_find(&en, &env, &arena, &e);
    conn_close(&en.conn);
    return rc;
}

static const struct engine_passed *passed(const char *place)
{
    const char *address = arena_printf(&arena, "unix://%s%s", tmpdir, place);

    for (size_t i = 0; i < en.passed_count; i++) {
        if (strcmp(en.passed[i].address, address) == 0) {
            return &en.passed[i];
        }
    }
    return NULL;
}

static void is_passed(const char *place, const char *reason)
{
    const struct engine_passed *p = passed(place);

    is_str(p != NULL ? p->reason : NULL, reason, place);
}

static int listener(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(addr.sun_path, path, strlen(path) + 1);
    if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(fd, 4) < 0) {
        abort();
    }
    return fd;
}

static void place(const char *path, const char *target)
{
    const char *full = in_tmp(path);

    if (file_mkdirs(path_dir(&arena, full), 0700, &e) < 0 || symlink(target, full) < 0) {
        abort();
    }
}

static void test_none(void)
{
    ok(find(SOCKET_CANDIDATE_MS + 1000) < 0 && e.kind == ERR_NOT_FOUND && e.hint[0] != '\0',
       "an error is reported if no socket exists: %s", e.text);
    ok(strstr(e.text, "/run/podman/podman.sock") != NULL, "it lists the places");
    ok(en.passed_count == 9 && en.passed[0].quiet, "nine places were looked at");
    is_passed("/home/.rd/docker.sock", "not there");
    ok(file_mkdirs(in_tmp("home/.docker/run/docker.sock"), 0700, &e) == 0,
       "a directory is made in a known place");
    ok(find(SOCKET_CANDIDATE_MS + 1000) < 0 && e.kind == ERR_SYS &&
           strstr(e.hint, "not a socket") != NULL,
       "a directory is not a socket: %s", e.text);
    is_passed("/home/.docker/run/docker.sock", "not a socket");
}

/* The first places have a stale socket, a directory, a web server and a socket that does not
 * answer. */
static void test_others_first(void)
{
    static const struct fake_rule web[] = {
        {"", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true}};
    static const struct fake_rule docker[] = {{"HEAD /_ping", FAKE_PING, false}, FAKE_END};
    static struct fake other;
    static struct fake engine;
    int64_t start;
    int stale = listener(in_tmp("run/docker.sock"));
    int silent = listener(in_tmp("silent"));

    (void)close(stale);
    fake_start(&other, web);
    fake_start(&engine, docker);
    place("home/.colima/default/docker.sock", other.socket);
    place("home/.docker/desktop/docker.sock", in_tmp("silent"));
    place("home/.orbstack/run/docker.sock", engine.socket);
    place("run/podman/podman.sock", engine.socket);
    start = clock_ms();
    is_int(find(60000), 0, "an engine is found after places without one");
    ok(strstr(en.address, "/.orbstack/") != NULL, "it is the first that answers: %s",
       en.address);
    ok(en.ping.done && en.ping.minor == 41, "it has been pinged");
    ok(clock_ms() - start < 30000, "a silent socket does not delay it for long");
    is_passed("/run/docker.sock", "nobody listens");
    is_passed("/home/.colima/default/docker.sock", "no Docker engine");
    is_passed("/home/.docker/desktop/docker.sock", "no answer");
    ok(passed("/run/podman/podman.sock") == NULL, "later places are not looked at");
    (void)unlink(in_tmp("home/.orbstack/run/docker.sock"));
    is_int(find(SOCKET_CANDIDATE_MS + 1000), 0, "without this engine another one is found");
    ok(strstr(en.address, "/podman/") != NULL, "it is the next one in the order: %s",
       en.address);
    (void)unlink(in_tmp("run/podman/podman.sock"));
    start = clock_ms();
    ok(find(SOCKET_CANDIDATE_MS + 1000) < 0 && e.kind == ERR_TIMEOUT && e.hint[0] != '\0',
       "if no engine answers, the silent socket is asked again: %s", e.text);
    ok(clock_ms() - start >= 2 * SOCKET_CANDIDATE_MS + 1000,
       "this takes the whole timeout of the engine");
    ok(passed("/home/.docker/desktop/docker.sock") == NULL,
       "the silent socket is not listed as passed over");
    fake_stop(&other);
    fake_stop(&engine);
    (void)close(silent);
}

static void test_advice(void)
{
    static const struct {
        struct endpoint at;
        struct err e;
        const char *says; /* NULL: nothing */
    } cases[] = {
        {{.path = "/var/run/docker.sock"}, {.kind = ERR_SYS, .errnum = EACCES}, "usermod"},
        {{.path = "/run/podman/podman.sock"}, {.kind = ERR_SYS, .errnum = EACCES}, "--user"},
        {{.path = "/nowhere"}, {.kind = ERR_SYS, .errnum = ENOENT}, "DOCKER_HOST"},
        {{.path = "/etc"}, {.kind = ERR_SYS, .errnum = ECONNREFUSED}, "not a socket"},
        {{.path = "/s"}, {.kind = ERR_TIMEOUT}, "restart"},
        {{.path = "/s"}, {.kind = ERR_TIMEOUT, .hint = "known"}, "known"},
        {{.kind = ENDPOINT_SSH, .path = "/s"}, {.kind = ERR_TIMEOUT}, NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        en.endpoint = cases[i].at;
        e = cases[i].e;
        engine_advise(&en, &e);
        ok(cases[i].says == NULL ? e.hint[0] == '\0' : strstr(e.hint, cases[i].says) != NULL,
           "%s: %s", cases[i].at.path, e.hint);
    }
}

int main(void)
{
    tmpdir_make();
    test_advice();
    if (access("/var/run/docker.sock", F_OK) == 0 ||
        access("/run/podman/podman.sock", F_OK) == 0) {
        ok(true, "this machine has an engine # SKIP a known socket exists");
    } else if (mkdir(in_tmp("run"), 0700) == 0 && mkdir(in_tmp("home"), 0700) == 0) {
        test_none();
        test_others_first();
    }
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
