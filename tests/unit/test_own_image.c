/* SPDX-License-Identifier: MIT */
#include "session/own_image.h"

#include "cli.h"
#include "cli/options.h"
#include "tap.h"

static char env[5][300] = {"HTTPS_PROXY=http://p:1", "ANTHROPIC_API_KEY=k", "", "", ""};
static char *envp[] = {env[0], env[1], env[2], env[3], env[4], NULL};

static void open_app(struct app *app)
{
    struct err e = {0};

    app_init(app, envp);
    (void)snprintf(env[3], sizeof(env[3]), "DOCKER_HOST=%s", cli_docker_host);
    ok(app_probe(app, &e) == 0, "facts are probed %s", e.text);
}

static void close_app(struct app *app)
{
    engine_close(&app->engine);
    arena_release(&app->arena);
}

static void inputs_follow_from_options_and_environment(void)
{
    struct app app;
    struct image_input in;

    open_app(&app);
    in = own_image_input(&app.ctx);
    ok(in.proxies->count == 1 && strcmp(in.proxies->v[0], "HTTPS_PROXY=http://p:1") == 0,
       "only the proxies of the environment are inputs");
    is_str(in.refresh, "", "without --rebuild the layer of claude is not refreshed");
    is_str(in.base, "debian:trixie-slim", "the usual base is used");
    app.opts.rebuild = true;
    app.opts.base = "other";
    strv_add(&app.opts.build_args, &app.arena, "B=1");
    strv_add(&app.opts.build_args, &app.arena, "A=1");
    strv_add(&app.opts.build_args, &app.arena, "B=2");
    in = own_image_input(&app.ctx);
    ok(in.refresh[0] != '\0', "with --rebuild the layer of claude is refreshed");
    is_str(in.base, "other", "--base sets the base");
    ok(in.build_args->count == 2 && strcmp(in.build_args->v[0], "A=1") == 0 &&
           strcmp(in.build_args->v[1], "B=2") == 0,
       "the last of each build argument counts, and they are sorted");
    close_app(&app);
}

static const char *identity(struct app *app, struct err *e)
{
    *e = (struct err){0};
    return own_image_identify(&app->ctx, e) == 0 ? app->facts.image_digest : NULL;
}

/* The user's Dockerfile, ~/.config/cco/Dockerfile, and files that an agent could put there. */
static void dockerfile_of_the_user_is_used(void)
{
    struct app app;
    const char *plain;
    const char *own;
    struct err e;

    open_app(&app);
    plain = identity(&app, &e);
    ok(plain != NULL && app.ctx.dockerfile == NULL,
       "without a Dockerfile of the user's, cco's own is used %s", e.text);
    (void)mkdir(in_tmp("home/.config"), 0700);
    (void)mkdir(in_tmp("home/.config/cco"), 0700);
    put_file(in_tmp("home/.config/cco/Dockerfile"), "FROM mine\n");
    own = identity(&app, &e);
    ok(own != NULL && strcmp(own, plain) != 0,
       "a Dockerfile of the user's changes the digest %s", e.text);
    ok(own_image_input(&app.ctx).dockerfile.len == 10, "the user's Dockerfile is built");
    put_file(in_tmp("home/.config/cco/Dockerfile"), " \n");
    ok(identity(&app, &e) == NULL && e.hint[0] != '\0', "an empty Dockerfile is refused: %s",
       e.text);
    (void)unlink(in_tmp("home/.config/cco/Dockerfile"));
    put_file(in_tmp("home/project/planted"), "FROM evil\n");
    ok(symlink(in_tmp("home/project/planted"), in_tmp("home/.config/cco/Dockerfile")) == 0 &&
           identity(&app, &e) == NULL && e.kind == ERR_REFUSED &&
           strstr(e.text, "cco trust") != NULL,
       "a Dockerfile that leads through the project is refused: %s", e.text);
    (void)unlink(in_tmp("home/.config/cco/Dockerfile"));
    close_app(&app);
}

#define D32(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define NONE FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}")

static char own_target[80], loaded_target[80], own_json[400], loaded_json[400];

/* Checks which image is found. The engine has images with the tags of this machine's inputs and
 * with these labels ("=": the right one; NULL: no image). */
static void find(const char *digest, const char *inputs_label, bool rebuild, bool found,
                 bool loaded)
{
    const struct fake_rule rules[] = {CLI_PING,
                                      CLI_INFO,
                                      {own_target, own_json, false},
                                      {loaded_target, loaded_json, false},
                                      FAKE_END};
    static struct app app;
    struct fake f;
    static struct err e;

    err_reset(&e);
    open_app(&app);
    app.opts.rebuild = rebuild;
    (void)identity(&app, &e);
    (void)snprintf(own_target, sizeof(own_target), "GET /v1.41/images/cco%%3A%.12s/json",
                   app.facts.image_digest);
    (void)snprintf(loaded_target, sizeof(loaded_target),
                   "GET /v1.41/images/cco%%3Aloaded-%.12s/json", app.facts.image_inputs);
    (void)snprintf(own_json, sizeof(own_json),
                   digest == NULL ? NONE
                                  : FAKE_JSON("200 OK", "{\"Id\":\"1\",\"Config\":{\"Labels\":{"
                                                        "\"cco.digest\":\"%s\"}}}"),
                   digest != NULL && digest[0] == '=' ? app.facts.image_digest : digest);
    (void)snprintf(
        loaded_json, sizeof(loaded_json),
        inputs_label == NULL ? NONE
                             : FAKE_JSON("200 OK", "{\"Id\":\"2\",\"Config\":{\"Labels\":{"
                                                   "\"cco.inputs\":\"%s\"}}}"),
        inputs_label != NULL && inputs_label[0] == '=' ? app.facts.image_inputs : inputs_label);
    cli_engine(&f, rules);
    close_app(&app);
    open_app(&app);
    app.opts.rebuild = rebuild;
    ok(app_engine(&app, &e) == 0 && own_image_find(&app.ctx, &e) == 0,
       "images are looked up %s", e.text);
    ok(app.facts.image.present == found, "%s", found ? "an image fits" : "no image fits");
    ok((app.facts.image_ref != NULL) == loaded, "%s",
       loaded ? "the image that was loaded is chosen" : "no loaded image is chosen");
    close_app(&app);
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    (void)snprintf(env[2], sizeof(env[2]), "HOME=%s", in_tmp("home"));
    (void)snprintf(env[4], sizeof(env[4]), "XDG_RUNTIME_DIR=%s", in_tmp("run"));
    ok(chdir(in_tmp("home/project")) == 0, "the project is the current directory");
    inputs_follow_from_options_and_environment();
    dockerfile_of_the_user_is_used();
    find("=", NULL, false, true, false);
    find("=", "=", false, true, false);
    find(NULL, "=", false, true, true);
    find(NULL, "=", true, false, false);
    find(NULL, NULL, false, false, false);
    find(D32("0"), NULL, false, false, false);
    find(NULL, D32("0"), false, false, false);
    tmpdir_remove();
    return done_testing();
}
