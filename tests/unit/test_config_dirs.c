/* SPDX-License-Identifier: MIT */
#include "host/config_dirs.h"

#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"
#include "trust/pins.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char home[300];
static char *env[] = {home, NULL};

static void configuration_of_cco_is_found(void)
{
    struct config_file file = config_file("config", (char *[]){NULL}, &arena);
    const char *path = arena_strdup(&arena, in_tmp("home/.config/cco/config"));
    const char *tree = arena_strdup(&arena, in_tmp("tree"));
    struct err e = {0};

    ok(file.path == NULL && file.why == NULL, "without HOME no configuration is read");
    file = config_file("config", env, &arena);
    is_str(file.path, path, "the configuration is below the home directory");
    ok(file.why == NULL, "a missing file may be used");
    put_file(path, "");
    ok(config_file("config", env, &arena).why == NULL, "the user's own file may be used");
    (void)unlink(path);
    put_file(in_tmp("project/config"), "");
    ok(symlink(in_tmp("project/config"), path) == 0 &&
           config_file("config", env, &arena).why != NULL,
       "a file reached through a link into the project must not be used");
    (void)unlink(path);
    put_file(in_tmp("tree/config"), "");
    ok(symlink(in_tmp("tree/config"), path) == 0 &&
           config_file("config", env, &arena).why == NULL,
       "a file in a directory that no sandbox could write may be used");
    ok(ledger_record(in_tmp("home/.local/state/cco"), &tree, 1, &e) == 0 &&
           config_file("config", env, &arena).why != NULL,
       "a file in a recorded tree must not be used: %s", e.text);
    ok(pin_make(in_tmp("home/.local/state/cco"), path, &e) == 0, "it can be pinned");
    file = config_file("config", env, &arena);
    ok(file.why == NULL && file.sha256 != NULL, "a pinned file may be used, with its digest");
    put_file(in_tmp("home/.local/state/cco/trust/ledger"), "damaged");
    ok(config_file("config", env, &arena).why != NULL,
       "with a damaged ledger the file is not used");
    (void)unlink(path);
}

static void configuration_of_docker_is_found(void)
{
    const char *own = arena_strdup(&arena, in_tmp("home"));
    struct ledger trees = {0};
    const struct facts f = {.home = own,
                            .home_physical = own,
                            .state_dir = own,
                            .trees = &trees,
                            .project = arena_strdup(&arena, in_tmp("project")),
                            .cwd_physical = arena_strdup(&arena, in_tmp("project"))};
    const char *tree = arena_strdup(&arena, in_tmp("tree"));
    static const char *const links[] = {"ca.pem", "config.json", "contexts",
                                        "contexts/tls/a/docker/key.pem", "contexts/meta/a"};
    const char *why = "x";

    ledger_add(&trees, &arena, f.cwd_physical);
    is_str(docker_config_dir(env, &f, &arena, &why), in_tmp("home/.docker"),
           "Docker's directory is below the home directory");
    ok(why == NULL, "Docker's directory may be used");
    ledger_add(&trees, &arena, tree);
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        const char *dir = arena_printf(&arena, "%s/docker-%zu", tmpdir, i);
        const char *link = arena_printf(&arena, "%s/%s", dir, links[i]);
        char *const docker[] = {arena_printf(&arena, "DOCKER_CONFIG=%s", dir), home, NULL};

        for (const char *p = link + 1; (p = strchr(p, '/')) != NULL; p++) {
            (void)mkdir(arena_printf(&arena, "%.*s", (int)(p - link), link), 0700);
        }
        is_str(docker_config_dir(docker, &f, &arena, &why), dir, "the directory may be used");
        ok(symlink(tree, link) == 0 && docker_config_dir(docker, &f, &arena, &why) == NULL,
           "with the link %s into a tree it is refused: %s", links[i], why != NULL ? why : "");
    }
    put_file(in_tmp("project/config.json"), "{}");
    ok(symlink(in_tmp("project"), in_tmp("home/.docker")) == 0 &&
           docker_config_dir(env, &f, &arena, &why) == NULL && why != NULL,
       "a directory to which the way leads through the project is refused: %s",
       why != NULL ? why : "");
    ok(docker_config_dir(env, &(struct facts){0}, &arena, &why) == NULL && why == NULL,
       "without a home the directory and the reason are NULL");
}

int main(void)
{
    tmpdir_make();
    (void)snprintf(home, sizeof(home), "HOME=%s", in_tmp("home"));
    (void)mkdir(in_tmp("home"), 0700);
    (void)mkdir(in_tmp("home/.config"), 0700);
    (void)mkdir(in_tmp("home/.config/cco"), 0700);
    (void)mkdir(in_tmp("project"), 0700);
    (void)mkdir(in_tmp("tree"), 0700);
    (void)chdir(in_tmp("project"));
    configuration_of_cco_is_found();
    configuration_of_docker_is_found();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
