/* SPDX-License-Identifier: MIT */
#include "host/config_dirs.h"

#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char home[300];
static char *env[] = {home, NULL};

static void configuration_of_cco_is_found(void)
{
    bool planted = true;
    const char *path;

    ok(config_file("config", (char *[]){NULL}, &arena, &planted) == NULL && !planted,
       "without HOME no configuration is read");
    path = config_file("config", env, &arena, &planted);
    is_str(path, in_tmp("home/.config/cco/config"),
           "the configuration is below the home directory");
    ok(!planted, "a missing file is not planted");
    put_file(in_tmp("home/.config/cco/config"), "");
    ok(config_file("config", env, &arena, &planted) != NULL && !planted,
       "the user's own file is not planted");
    (void)unlink(in_tmp("home/.config/cco/config"));
    put_file(in_tmp("project/config"), "");
    ok(symlink(in_tmp("project/config"), in_tmp("home/.config/cco/config")) == 0 &&
           config_file("config", env, &arena, &planted) != NULL && planted,
       "a file reached through a link into the project is planted");
}

static void configuration_of_docker_is_found(void)
{
    const char *own = arena_strdup(&arena, in_tmp("home"));
    const struct facts f = {.home = own,
                            .home_physical = own,
                            .cwd_physical = arena_strdup(&arena, in_tmp("project"))};
    const char *why = "x";

    is_str(docker_config_dir(env, &f, &arena, &why), in_tmp("home/.docker"),
           "Docker's directory is below the home directory");
    ok(why == NULL, "Docker's directory may be used");
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
    (void)chdir(in_tmp("project"));
    configuration_of_cco_is_found();
    configuration_of_docker_is_found();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
