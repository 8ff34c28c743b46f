/* SPDX-License-Identifier: MIT */
#include "engine/image_registry.h"

#include "base/buf.h"
#include "tap.h"
#include "wire/base64.h"

static struct arena arena;

static const char config[] =
    "{\"auths\":{\"ghcr.io\":{\"auth\":\"dXNlcjpwYTpzcw==\"},"
    "\"https://old.example/v1/\":{\"auth\":\"YTpi\"},"
    "\"https://index.docker.io/v1/\":{\"auth\":\"YTpi\",\"identitytoken\":\"tok\"},"
    "\"bad.example\":{\"auth\":\"%%\"},\"short.example\":{\"auth\":\"YQ==\"},"
    "\"empty.example\":{}},"
    "\"credHelpers\":{\"aws.example\":\"ecr-login\",\"evil.example\":\"../sh\"}}";

static void named(const char *ref, const char *want)
{
    ok(strcmp(registry_name(ref, &arena), want) == 0, "the login for %s is kept as %s", ref,
       want);
}

/* Compares the login in the engine's form, decoded, with `want`. */
static void is_login(const struct secret *s, const char *want, const char *name)
{
    struct buf text;
    struct err e = {0};

    buf_init(&text, 1000);
    ok(base64_decode(str_n(s->p, s->len), true, &text, &e) == 0, "the login is base64url %s",
       e.text);
    is_str(buf_c(&text), want, name);
    buf_release(&text);
}

static int look(const char *text, const char *name, const char **helper, struct secret *out,
                struct err *e)
{
    *e = (struct err){0};
    secret_release(out);
    return registry_look_up(str_c(text), name, &arena, helper, out, e);
}

static void file(void)
{
    struct secret s = {0};
    const char *helper = "?";
    struct err e;

    ok(look(config, "ghcr.io", &helper, &s, &e) == 0 && helper == NULL,
       "a login in the file needs no helper");
    is_login(&s, "{\"username\":\"user\",\"password\":\"pa:ss\",\"serveraddress\":\"ghcr.io\"}",
             "it has the engine's form");
    is_int(look(config, "old.example", &helper, &s, &e), 0,
           "a login with an old form of the key is found");
    is_login(&s, "{\"username\":\"a\",\"password\":\"b\",\"serveraddress\":\"old.example\"}",
             "it has the registry's name as its address");
    is_int(look(config, registry_name("x", &arena), &helper, &s, &e), 0,
           "a login for Docker Hub is found");
    is_login(&s,
             "{\"identitytoken\":\"tok\",\"serveraddress\":\"https://index.docker.io/v1/\"}",
             "a token is preferred to a password");
    ok(look(config, "other.example", &helper, &s, &e) == 0 && s.len == 0,
       "another registry has no login");
    ok(look(config, "empty.example", &helper, &s, &e) == 0 && s.len == 0,
       "an empty entry has no login");
    ok(look(config, "bad.example", &helper, &s, &e) < 0 && strstr(e.text, "base64") != NULL,
       "a login that is not base64 is an error: %s", e.text);
    ok(look(config, "short.example", &helper, &s, &e) < 0,
       "a login without a password is an error: %s", e.text);
    ok(look("{", "x", &helper, &s, &e) < 0 && e.kind == ERR_FORMAT,
       "a broken configuration is an error: %s", e.text);
    ok(look("[]", "x", &helper, &s, &e) == 0 && s.len == 0,
       "a document without logins has none");
    secret_release(&s);
}

static void helpers(void)
{
    struct secret s = {0};
    const char *helper = NULL;
    struct err e;

    is_int(look(config, "aws.example", &helper, &s, &e), 0,
           "a helper of one registry is found");
    is_str(helper, "docker-credential-ecr-login", "it is the name of the program");
    ok(look(config, "evil.example", &helper, &s, &e) < 0 && e.kind == ERR_REFUSED,
       "a helper with a path is refused: %s", e.text);
    ok(look("{\"credsStore\":\"\"}", "x", &helper, &s, &e) == 0 && helper == NULL,
       "an empty credsStore is not a helper");
    is_int(look("{\"credsStore\":\"desktop\"}", "x", &helper, &s, &e), 0,
           "a helper for all registries is found");
    is_str(helper, "docker-credential-desktop", "it is the name of the program");
    ok(registry_helper_said(
           str_c("{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"\\\"s\"}"), "x", &s,
           &e) == 0,
       "the reply of a helper is read");
    is_login(&s, "{\"username\":\"u\",\"password\":\"\\\"s\",\"serveraddress\":\"x\"}",
             "it is the login in the engine's form");
    ok(registry_helper_said(str_c("{\"Username\":\"<token>\",\"Secret\":\"t\"}"), "x", &s,
                            &e) == 0,
       "a reply with a token is read");
    is_login(&s, "{\"identitytoken\":\"t\",\"serveraddress\":\"x\"}",
             "it is an identity token");
    ok(registry_helper_said(str_c("{\"Username\":\"u\"}"), "x", &s, &e) < 0,
       "a reply without a secret is an error: %s", e.text);
    ok(registry_helper_said(str_c("credentials not found"), "x", &s, &e) < 0,
       "a reply that is not JSON is an error: %s", e.text);
    secret_release(&s);
}

int main(void)
{
    named("alpine", "https://index.docker.io/v1/");
    named("library/alpine:3", "https://index.docker.io/v1/");
    named("docker.io/library/alpine", "https://index.docker.io/v1/");
    named("ghcr.io/a/b:c", "ghcr.io");
    named("localhost/a", "localhost");
    named("box:5000/a@sha256:ff", "box:5000");
    file();
    helpers();
    arena_release(&arena);
    return done_testing();
}
