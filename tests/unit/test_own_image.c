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
    ok(app_probe(app, &e) == 0, "facts %s", e.text);
}

static void close_app(struct app *app)
{
    engine_close(&app->engine);
    arena_release(&app->arena);
}

static void inputs(void)
{
    struct app app;
    struct image_input in;

    open_app(&app);
    in = own_image_input(&app.ctx);
    ok(in.proxies->count == 1 && strcmp(in.proxies->v[0], "HTTPS_PROXY=http://p:1") == 0,
       "proxies for builds");
    is_str(in.refresh, "", "the newest claude only with --rebuild");
    is_str(in.base, "debian:trixie-slim", "the usual base");
    app.opts.rebuild = true;
    app.opts.base = "other";
    strv_add(&app.opts.build_args, &app.arena, "B=1");
    strv_add(&app.opts.build_args, &app.arena, "A=1");
    strv_add(&app.opts.build_args, &app.arena, "B=2");
    in = own_image_input(&app.ctx);
    ok(in.refresh[0] != '\0', "then the layer is another one");
    is_str(in.base, "other", "another base");
    ok(in.build_args->count == 2 && strcmp(in.build_args->v[0], "A=1") == 0 &&
           strcmp(in.build_args->v[1], "B=2") == 0,
       "the last of each build argument, sorted");
    close_app(&app);
}

static const char *identity(struct app *app, struct err *e)
{
    *e = (struct err){0};
    return own_image_identify(&app->ctx, e) == 0 ? app->facts.image_digest : NULL;
}

/* ~/.config/cco/Dockerfile, and what an agent could make of it. */
static void dockerfile(void)
{
    struct app app;
    const char *plain;
    const char *own;
    struct err e;

    open_app(&app);
    plain = identity(&app, &e);
    ok(plain != NULL && app.ctx.dockerfile == NULL, "no Dockerfile of the user's %s", e.text);
    (void)mkdir(in_tmp("home/.config"), 0700);
    (void)mkdir(in_tmp("home/.config/cco"), 0700);
    put_file(in_tmp("home/.config/cco/Dockerfile"), "FROM mine\n");
    own = identity(&app, &e);
    ok(own != NULL && strcmp(own, plain) != 0, "one makes another image %s", e.text);
    ok(own_image_input(&app.ctx).dockerfile.len == 10, "it is what is built");
    put_file(in_tmp("home/.config/cco/Dockerfile"), " \n");
    ok(identity(&app, &e) == NULL && e.hint[0] != '\0', "an empty one: %s", e.text);
    (void)unlink(in_tmp("home/.config/cco/Dockerfile"));
    put_file(in_tmp("home/project/planted"), "FROM evil\n");
    ok(symlink(in_tmp("home/project/planted"), in_tmp("home/.config/cco/Dockerfile")) == 0 &&
           identity(&app, &e) == NULL && e.kind == ERR_REFUSED,
       "one that leads through the project: %s", e.text);
    (void)unlink(in_tmp("home/.config/cco/Dockerfile"));
    close_app(&app);
}

#define D32(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define NONE FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}")

static char own_target[80], loaded_target[80], own_json[400], loaded_json[400];

/* The engine has images at the tags of this machine's inputs, with these labels. */
static void find(const char *digest, const char *inputs_label, bool rebuild, bool found,
                 bool loaded)
{
    const struct fake_rule rules[] = {CLI_PING,
                                      CLI_INFO,
                                      {own_target, own_json, false},
                                      {loaded_target, loaded_json, false},
                                      FAKE_END};
    struct app app;
    struct fake f;
    struct err e = {0};

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
    ok(app_engine(&app, &e) == 0 && own_image_find(&app.ctx, &e) == 0, "looked %s", e.text);
    ok(app.facts.image.present == found, "%s", found ? "one serves" : "none serves");
    ok((app.facts.image_ref != NULL) == loaded, "%s",
       loaded ? "the one that was loaded" : "by its own tag");
    close_app(&app);
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    (void)snprintf(env[2], sizeof(env[2]), "HOME=%s", in_tmp("home"));
    (void)snprintf(env[4], sizeof(env[4]), "XDG_RUNTIME_DIR=%s", in_tmp("run"));
    ok(chdir(in_tmp("home/project")) == 0, "a project");
    inputs();
    dockerfile();
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
