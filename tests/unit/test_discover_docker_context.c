/* SPDX-License-Identifier: MIT */
#include "engine/discover_docker_context.h"

#include "base/hash.h"
#include "base/path.h"

#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

static const char *id_of(const char *name)
{
    static char hex[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, name, strlen(name));
    sha256_hex(&h, hex);
    return hex;
}

static void put_context(const char *name, const char *meta)
{
    put_below(arena_printf(&arena, "contexts/meta/%s/meta.json", id_of(name)), meta);
}

static void current(const char *config, const char *want, enum err_kind kind)
{
    const char *name = "untouched";
    struct err e = {0};

    put_below("config.json", config);
    (void)docker_context_current(tmpdir, &arena, &name, &e);
    is_str(name, want, config[0] == '[' ? "an array instead of an object" : config);
    ok(e.kind == kind, "the error has the expected kind: %s", e.text);
}

static void test_current(void)
{
    char deep[80] = "";
    const char *name = "untouched";
    struct err e = {0};

    ok(docker_context_current(tmpdir, &arena, &name, &e) == 0 && name == NULL,
       "without a config.json no context is current");
    current("{\"currentContext\":\"big\"}", "big", ERR_NONE);
    current("{\"auths\":{},\"currentContext\":\"default\"}", NULL, ERR_NONE);
    current("{\"currentContext\":\"\"}", NULL, ERR_NONE);
    current("{}", NULL, ERR_NONE);
    current("", NULL, ERR_NONE);
    current("\n", NULL, ERR_NONE);
    current("[]", NULL, ERR_NONE);
    current("{\"currentContext\":7}", NULL, ERR_NONE);
    current("{\"currentContext\":\"a\\u001b[2J\"}", NULL, ERR_FORMAT);
    current("{\"currentContext\":\"a b\"}", NULL, ERR_FORMAT);
    current("{\"currentContext\":", NULL, ERR_FORMAT);
    current("{\"currentContext\":\"\xff\"}", NULL, ERR_FORMAT);
    memset(deep, '[', sizeof(deep) - 1);
    current(deep, NULL, ERR_LIMIT);
    (void)file_remove_tree(in_tmp("config.json"), &e);
    ok(mkdir(in_tmp("config.json"), 0700) == 0 &&
           docker_context_current(tmpdir, &arena, &name, &e) < 0,
       "a directory in the place of config.json is an error: %s", e.text);
    (void)rmdir(in_tmp("config.json"));
}

static int load(const char *name, struct docker_context *out, struct err *e)
{
    *e = (struct err){0};
    return docker_context_load(tmpdir, name, &arena, out, e);
}

static void test_load(void)
{
    struct docker_context c;
    struct err e;

    ok(load("big", &c, &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a context is not found if there is none: %s", e.text);
    is_str(e.hint, "There are: default.",
           "the hint lists the default context, which has no file");
    put_context("big", "{\"Name\":\"big\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":"
                       "\"tcp://h:2376\",\"SkipTLSVerify\":false}}}");
    put_context("small", "{\"Name\":\"small\",\"Endpoints\":{\"docker\":{\"Host\":"
                         "\"ssh://h\",\"SkipTLSVerify\":true}}}");
    put_context("evil", "{\"Name\":\"\\u001b[2J\",\"Endpoints\":{\"docker\":{\"Host\":\"\"}}}");
    put_context("broken", "{\"Name\":");
    put_below("contexts/meta/file", "no directory");
    ok(load("other", &c, &e) < 0 && e.kind == ERR_NOT_FOUND, "another name is not found: %s",
       e.text);
    is_str(e.hint, "There are: default, big, small.",
           "the hint lists the names that can be shown");
    ok(load("../../etc", &c, &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a name is not used as a path");
    ok(load("a b", &c, &e) < 0 && e.kind == ERR_NOT_FOUND, "a name with a blank is not found");
    is_int(load("big", &c, &e), 0, "an existing context is loaded");
    is_str(c.host, "tcp://h:2376", "it has the address of its engine");
    ok(!c.tls.on && c.tls.ca == NULL, "it has no TLS");
    is_int(load("small", &c, &e), 0, "a context with SkipTLSVerify is loaded");
    ok(c.tls.on && !c.tls.verify, "it has TLS without verification");
    ok(load("evil", &c, &e) < 0 && e.kind == ERR_FORMAT,
       "a context without an address is refused: %s", e.text);
    ok(load("broken", &c, &e) < 0 && e.kind == ERR_FORMAT, "a broken meta.json is refused: %s",
       e.text);
}

static void test_tls(void)
{
    const char *dir = arena_printf(&arena, "contexts/tls/%s/docker", id_of("big"));
    struct docker_context c;
    struct err e;

    put_below(arena_printf(&arena, "%s/ca.pem", dir), "ca");
    is_int(load("big", &c, &e), 0, "a context with ca.pem is loaded");
    ok(c.tls.on && c.tls.verify && c.tls.cert == NULL && c.tls.key == NULL,
       "TLS is on, and the server is verified");
    is_str(c.tls.ca, arena_printf(&arena, "%s/%s/ca.pem", tmpdir, dir),
           "ca.pem is the authority");
    put_below(arena_printf(&arena, "%s/cert.pem", dir), "cert");
    ok(load("big", &c, &e) < 0 && e.kind == ERR_NOT_FOUND && e.hint[0] != '\0',
       "a certificate without its key is refused: %s", e.text);
    put_below(arena_printf(&arena, "%s/key.pem", dir), "key");
    is_int(load("big", &c, &e), 0, "a certificate with its key is loaded");
    ok(c.tls.cert != NULL && c.tls.key != NULL, "both files are set");
}

/* Every truncation and every bit flip gives a context with a host, or an error. */
static void test_mutations(void)
{
    static const char meta[] =
        "{\"Endpoints\":{\"docker\":{\"Host\":\"unix:///s\",\"SkipTLSVerify\":true}}}";
    char text[sizeof(meta)];
    struct docker_context c;
    unsigned refused = 0;

    for (size_t i = 0; i < sizeof(meta) - 1; i++) {
        struct err e = {0};

        refused += docker_context_read(str_n(meta, i), &arena, &c, &e) < 0;
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(text, meta, sizeof(text));
            text[i] = (char)(text[i] ^ (1 << bit));
            e = (struct err){0};
            if (docker_context_read(str_n(text, sizeof(meta) - 1), &arena, &c, &e) == 0 &&
                c.host == NULL) {
                ok(false, "an accepted text has a host");
            }
        }
    }
    is_int((long long)refused, (long long)(sizeof(meta) - 1),
           "every truncated text is refused");
}

int main(void)
{
    tmpdir_make();
    test_current();
    test_load();
    test_tls();
    test_mutations();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
