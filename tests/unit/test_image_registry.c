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
    is_str(registry_name(ref, &arena), want, ref);
}

/* What the engine would get, decoded. */
static void is_login(const struct secret *s, const char *want, const char *name)
{
    struct buf text;
    struct err e = {0};

    buf_init(&text, 1000);
    ok(base64_decode(str_n(s->p, s->len), true, &text, &e) == 0, "base64 for URLs %s", e.text);
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

    ok(look(config, "ghcr.io", &helper, &s, &e) == 0 && helper == NULL, "a login");
    is_login(&s, "{\"username\":\"user\",\"password\":\"pa:ss\",\"serveraddress\":\"ghcr.io\"}",
             "as the engine wants it");
    is_int(look(config, "old.example", &helper, &s, &e), 0, "an old form of the key");
    is_login(&s, "{\"username\":\"a\",\"password\":\"b\",\"serveraddress\":\"old.example\"}",
             "is understood");
    is_int(look(config, registry_name("x", &arena), &helper, &s, &e), 0, "Docker Hub");
    is_login(&s,
             "{\"identitytoken\":\"tok\",\"serveraddress\":\"https://index.docker.io/v1/\"}",
             "a token counts more than a password");
    ok(look(config, "other.example", &helper, &s, &e) == 0 && s.len == 0, "nobody's registry");
    ok(look(config, "empty.example", &helper, &s, &e) == 0 && s.len == 0, "no login");
    ok(look(config, "bad.example", &helper, &s, &e) < 0 && strstr(e.text, "base64") != NULL,
       "%s", e.text);
    ok(look(config, "short.example", &helper, &s, &e) < 0, "%s", e.text);
    ok(look("{", "x", &helper, &s, &e) < 0 && e.kind == ERR_FORMAT, "%s", e.text);
    ok(look("[]", "x", &helper, &s, &e) == 0 && s.len == 0, "another document");
    secret_release(&s);
}

static void helpers(void)
{
    struct secret s = {0};
    const char *helper = NULL;
    struct err e;

    is_int(look(config, "aws.example", &helper, &s, &e), 0, "a helper of one registry");
    is_str(helper, "docker-credential-ecr-login", "its program");
    ok(look(config, "evil.example", &helper, &s, &e) < 0 && e.kind == ERR_REFUSED, "%s",
       e.text);
    ok(look("{\"credsStore\":\"\"}", "x", &helper, &s, &e) == 0 && helper == NULL, "none");
    is_int(look("{\"credsStore\":\"desktop\"}", "x", &helper, &s, &e), 0, "one for all");
    is_str(helper, "docker-credential-desktop", "its program");
    ok(registry_helper_said(
           str_c("{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"\\\"s\"}"), "x", &s,
           &e) == 0,
       "what it says");
    is_login(&s, "{\"username\":\"u\",\"password\":\"\\\"s\",\"serveraddress\":\"x\"}",
             "is the login");
    ok(registry_helper_said(str_c("{\"Username\":\"<token>\",\"Secret\":\"t\"}"), "x", &s,
                            &e) == 0,
       "a token");
    is_login(&s, "{\"identitytoken\":\"t\",\"serveraddress\":\"x\"}", "as such");
    ok(registry_helper_said(str_c("{\"Username\":\"u\"}"), "x", &s, &e) < 0, "%s", e.text);
    ok(registry_helper_said(str_c("credentials not found"), "x", &s, &e) < 0, "%s", e.text);
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
