/* SPDX-License-Identifier: MIT */
#include "engine/images.h"

#include "fake.h"
#include "progress.h"
#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>

static const struct fake_rule good[] = {
    {"POST /v1.41/build",
     FAKE_JSON("200 OK", "{\"stream\":\"Step 1/1 : FROM x\"}\r\n{\"aux\":{\"ID\":\"1\"}}"),
     false},
    FAKE_END,
};
static const struct fake_rule no_buildkit[] = {
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=2",
     FAKE_JSON("400 Bad Request", "{\"message\":\"buildkit is not supported by daemon\"}"),
     false},
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=1",
     FAKE_JSON("200 OK", "{\"stream\":\"ok\"}"), false},
    FAKE_END,
};
static const struct fake_rule failing[] = {
    {"POST /v1.41/build",
     FAKE_JSON("200 OK", "{\"errorDetail\":{\"message\":\"exit code: 9\"}}"), false},
    FAKE_END,
};
static const struct fake_rule refusing[] = {
    {"POST /v1.41/build", FAKE_JSON("500 Oops", "{\"message\":\"no space left on device\"}"),
     false},
    FAKE_END,
};
static const struct fake_rule vanishing[] = {{"POST /v1.41/build", NULL, false}, FAKE_END};
static const struct fake_rule silent[] = {
    {"POST /v1.41/build", "", false}, {"GET /_ping", "", false}, FAKE_END};

static const struct fake_rule containerd[] = {
    {"POST /v1.41/build", FAKE_JSON("200 OK", "{\"stream\":\"ok\"}"), false},
    FAKE_END,
};
static const struct fake_rule podman[] = {
    {"POST /v1.41/build", FAKE_JSON("200 OK", "{\"stream\":\"ok\"}"), false},
    FAKE_END,
};
/* The last step fails, and the steps before it can be built. */
static const struct fake_rule classic_step[] = {
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=1&t=cco%3Afailed-",
     FAKE_JSON("200 OK", "{\"stream\":\"Step 1/2 : FROM x\"}"), false},
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=1&t=cco%3Atag",
     FAKE_JSON("200 OK",
               "{\"stream\":\"Step 1/3 : FROM x\"}\n{\"stream\":\"Step 3/3 : RUN y\"}\n"
               "{\"errorDetail\":{\"message\":\"exit code: 9\"}}"),
     false},
    FAKE_END,
};

/* The same, and the tag moves from the image sha256:old to sha256:new during the second build.
 * The replies are files of the test. */
static char tag_reply[100], old_reply[100], build_reply[100];
static const struct fake_rule moving[] = {
    {"GET /v1.41/images/cco%3Afailed-", tag_reply, false},
    {"GET /v1.41/images/sha256%3Aold/json", old_reply, false},
    {"DELETE /v1.41/images/sha256%3Aold ",
     FAKE_JSON("200 OK", "[{\"Deleted\":\"sha256:old\"}]"), false},
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=1&t=cco%3Afailed-",
     build_reply, false},
    {"POST /v1.41/build?dockerfile=Dockerfile&rm=1&forcerm=1&version=1&t=cco%3Atag",
     FAKE_JSON("200 OK",
               "{\"stream\":\"Step 1/3 : FROM x\"}\n{\"stream\":\"Step 3/3 : RUN y\"}\n"
               "{\"errorDetail\":{\"message\":\"exit code: 9\"}}"),
     false},
    FAKE_END,
};

/* The user's Dockerfile; not set: that of image/. */
static struct str dockerfile;

static int build(const struct fake_rule *rules, const char *seen, struct err *e)
{
    struct fake f;
    struct arena a = {0};
    struct strv packages = {0};
    struct strv proxies = {0};
    struct strv build_args = {0};
    struct strv cache_from = {0};
    struct noted noted;
    struct engine en = {.ops = &docker_engine,
                        .address = "x",
                        .api_minor = 41,
                        .timeout_ms = rules == silent ? 50 : 5000,
                        .buildkit = rules != classic_step && rules != moving,
                        .podman = rules == podman,
                        .asks_registries = rules == containerd};
    const struct image_input in = {
        .base = "b",
        .packages = &packages,
        .build_args = &build_args,
        .cache_from = &cache_from,
        .dockerfile = dockerfile,
        .dockerfile_path = "/etc/Dockerfile",
        .exe = "/dev/null", /* this program contains the texts that the test looks for */
        .exe_digest = "77",
        .refresh = "9",
        .proxies = &proxies,
        .host_network = true};
    int rc;

    strv_add(&packages, &a, "p1");
    strv_add(&packages, &a, "p2");
    strv_add(&proxies, &a, "HTTP_PROXY=http://u:p@h");
    strv_add(&build_args, &a, "K=v=w");
    strv_add(&cache_from, &a, "cco:one");
    strv_add(&cache_from, &a, "cco:two");
    noted_init(&noted);
    *e = (struct err){0};
    fake_start(&f, rules);
    en.endpoint.path = f.socket;
    conn_init(&en.conn);
    rc = engine_build(&en, &in, "cco:tag", &noted.progress, e);
    if (seen != NULL) {
        ok(fake_saw(&f, seen + (seen[0] == '!')) == (seen[0] != '!'),
           "the request has the right content: %s", seen);
    }
    engine_close(&en);
    fake_stop(&f);
    buf_release(&noted.text);
    arena_release(&a);
    return rc;
}

/* Builds while the tag moves to the image `now`, and the earlier image has the tags `tags`. */
static void build_moving(const char *now, const char *tags, const char *seen)
{
    static char text[300];
    struct err e = {0};
    pid_t pid;

    (void)snprintf(tag_reply, sizeof(tag_reply), "@%s", in_tmp("tag"));
    (void)snprintf(old_reply, sizeof(old_reply), "@%s", in_tmp("old"));
    (void)snprintf(build_reply, sizeof(build_reply), "@%s", in_tmp("build"));
    put_file(in_tmp("tag"), FAKE_JSON("200 OK", "{\"Id\":\"sha256:old\"}"));
    (void)snprintf(text, sizeof(text), FAKE_JSON("200 OK", "{\"Id\":\"%s\"}"), now);
    put_file(in_tmp("next"), text);
    (void)snprintf(text, sizeof(text),
                   FAKE_JSON("200 OK", "{\"Id\":\"sha256:old\",\"RepoTags\":%s}"), tags);
    put_file(in_tmp("old"), text);
    (void)unlink(in_tmp("build"));
    if (mkfifo(in_tmp("build"), 0600) < 0) {
        abort();
    }
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        FILE *reply = fopen(in_tmp("build"), "we"); /* waits until the engine reads it */

        (void)rename(in_tmp("next"), in_tmp("tag"));
        (void)fputs(FAKE_JSON("200 OK", "{\"stream\":\"Step 1/2 : FROM x\"}"), reply);
        (void)fclose(reply);
        _exit(0);
    }
    ok(build(moving, seen, &e) < 0 && strstr(e.hint, "cco:failed-") != NULL,
       "the failed step is reported: %s", e.text);
    (void)waitpid(pid, NULL, 0);
}

static void earlier_failed_image_is_removed(void)
{
    tmpdir_make();
    build_moving("sha256:new", "[]", "DELETE /v1.41/images/sha256%3Aold ");
    build_moving("sha256:new", "[\"mine:1\"]", "!DELETE");
    build_moving("sha256:old", "[]", "!DELETE");
    tmpdir_remove();
}

int main(void)
{
    struct err e;

    (void)signal(SIGPIPE, SIG_IGN);
    is_int(build(good, "version=2&t=cco%3Atag&networkmode=host&buildargs=", &e), 0,
           "an image is built with BuildKit and a tag");
    is_int(build(good, "%22PACKAGES%22%3A%22p1%20p2%22%2C%22CLAUDE_REFRESH%22%3A%229%22", &e),
           0, "packages and the refresh are build arguments");
    is_int(build(good, "%22cco.init%22%3A%2277%22", &e), 0, "the digest of cco is a label");
    is_int(build(good, "Dockerfile\0", &e), 0, "the context has a Dockerfile");
    is_int(build(no_buildkit, "version=1", &e), 0,
           "an engine without BuildKit uses the classic builder");
    ok(build(failing, NULL, &e) < 0 && e.kind == ERR_ENGINE &&
           strstr(e.text, "exit code: 9") != NULL,
       "a failed build is an error: %s", e.text);
    is_int(build(good, "BUILDKIT_INLINE_CACHE%22%3A%221%22%2C%22K%22%3A%22v%3Dw%22%2C%22HTTP_P",
                 &e),
           0, "the user's arguments and the proxies are build arguments");
    is_int(build(good, "&cachefrom=%5B%22cco%3Aone%22%2C%22cco%3Atwo%22%5D", &e), 0,
           "images for the cache are sent");
    is_int(build(no_buildkit, "!version=1&INLINE_CACHE", &e), 0,
           "the classic builder does not get BuildKit's argument");
    is_int(build(podman, "!cachefrom", &e), 0, "Podman gets no images for the cache");
    is_int(build(containerd, "!cachefrom", &e), 0,
           "an engine that asks registries gets none either");
    ok(build(classic_step, "labels=%7B%22cco%22%3A%221%22%7D", &e) < 0 &&
           strcmp(e.text, "build: exit code: 9") == 0,
       "a failed step is an error: %s", e.text);
    ok(strstr(e.hint, "cco --image cco:failed-") != NULL && strstr(e.hint, " shell") != NULL,
       "the hint says how to open a shell before it: %s", e.hint);
    dockerfile = str_c("FROM x\nARG P\nRUN y\n");
    ok(build(classic_step, "FROM x\nARG P\n", &e) < 0 &&
           strcmp(e.text, "build: /etc/Dockerfile: exit code: 9") == 0,
       "the error names the user's Dockerfile: %s", e.text);
    is_int(build(good, "!cco.init", &e), 0,
           "an image of the user's Dockerfile has no label about cco");
    dockerfile = str_c("FROM x\n");
    ok(build(classic_step, "!cco%3Afailed", &e) < 0 && e.hint[0] == '\0',
       "the error has no hint if the first step fails");
    dockerfile = str_c(NULL);
    earlier_failed_image_is_removed();
    ok(build(refusing, NULL, &e) < 0 && strstr(e.text, "no space left") != NULL,
       "a refused build is an error: %s", e.text);
    ok(build(vanishing, NULL, &e) < 0 && e.kind != ERR_NONE,
       "an engine that closes the connection is an error: %s", e.text);
    ok(build(silent, NULL, &e) < 0 && e.kind == ERR_TIMEOUT &&
           strstr(e.text, "stopped answering") != NULL,
       "an engine that is silent and answers no ping is given up: %s", e.text);
    return done_testing();
}
