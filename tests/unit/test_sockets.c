/* SPDX-License-Identifier: MIT */
/* Local sockets of this machine's programs in a plan. */
#include "plan/plan.h"

#include "base/path.h"
#include "plan.h"
#include "tap.h"

#include <string.h>

#define APP "/home/ann/src/app"

static struct arena arena;
static struct facts f;
static struct plan p;
static struct opts o;
static struct err e;

static void reset(void)
{
    plan_facts(&f, &arena);
    o = (struct opts){0};
    e = (struct err){0};
}

static int build(void)
{
    return plan_build(&o, &f, &arena, &p, &e);
}

/* Returns whether the path is covered by an empty file that can only be read. */
static bool hidden(const char *target)
{
    for (size_t i = 0; i < p.files.mount_count; i++) {
        const struct plan_mount *m = &p.files.mounts[i];

        if (strcmp(m->target, target) == 0) {
            return m->read_only && !m->is_dir && strcmp(path_base(m->source), "hidden") == 0;
        }
    }
    return false;
}

static bool warned(const char *text)
{
    for (size_t i = 0; i < p.warnings.count; i++) {
        if (strstr(p.warnings.v[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

static void sockets_in_the_project_are_hidden(void)
{
    reset();
    strv_add(&f.live_sockets, &arena, APP "/tmux/default");
    strv_add(&f.live_sockets, &arena, APP "/tmux/default");
    strv_add(&f.live_sockets, &arena, "/home/ann/src/application/s");
    strv_add(&f.live_sockets, &arena, "/home/ann/main/.git/s");
    f.git_common_dir = "/home/ann/main/.git";
    strv_add(&f.live_sockets, &arena, "/tmp/s");
    ok(build() == 0 && hidden(APP "/tmux/default"), "a socket in the project is hidden %s",
       e.text);
    ok(warned(APP "/tmux/default, /home/ann/main/.git/s: hidden"), "a warning names it");
    ok(warned("--ro PATH"), "and the option that shows it");
    ok(hidden("/home/ann/main/.git/s"), "a socket in the repository of a worktree is hidden");
    ok(!hidden("/home/ann/src/application/s") && !hidden("/tmp/s"), "others are not there");
}

static void sockets_in_named_directories_are_hidden(void)
{
    struct fact_option_path facts[] = {
        {.target = "/data", .physical = "/data", .type = FACT_DIR, .id = "1:1"},
        {.target = "/data/x", .physical = "/data/x", .type = FACT_DIR, .id = "1:2"},
    };
    struct opts_path paths[] = {{.path = "/data", .access = ACCESS_READ, .option = "--ro"},
                                {.path = "/data/x", .access = ACCESS_HIDE, .option = "--deny"}};

    reset();
    f.option_paths = facts;
    f.option_path_count = o.path_count = 2;
    o.paths = paths;
    strv_add(&f.live_sockets, &arena, "/data/s");
    strv_add(&f.live_sockets, &arena, "/data/x/s");
    ok(build() == 0 && hidden("/data/s"), "also if the directory can only be read %s", e.text);
    ok(!hidden("/data/x/s") && !warned("/data/x/s"), "what is hidden anyway needs nothing");
}

static void socket_that_the_user_names_is_shown(void)
{
    struct fact_option_path fact = {
        .target = APP "/s", .physical = APP "/s", .type = FACT_OTHER, .id = "1:1"};
    struct opts_path path = {.path = "s", .access = ACCESS_READ, .option = "--ro"};

    reset();
    f.option_paths = &fact;
    f.option_path_count = o.path_count = 1;
    o.paths = &path;
    ok(build() < 0 && e.kind == ERR_USAGE, "a device cannot be named: %s", e.text);
    strv_add(&f.live_sockets, &arena, APP "/s");
    e = (struct err){0};
    ok(build() == 0 && !hidden(APP "/s") && !warned("hidden"), "a socket can %s", e.text);
    path.access = ACCESS_WRITE;
    ok(build() == 0 && hidden(APP "/s"), "--add-dir of a part of the project shows no socket");
    path.access = ACCESS_READ;
    fact.target = fact.physical = "/run/docker.sock";
    strv_add(&f.live_sockets, &arena, "/run/docker.sock");
    e = (struct err){0};
    ok(build() < 0 && e.kind == ERR_USAGE, "a socket elsewhere cannot be named: %s", e.text);
}

static void too_many_sockets_are_refused(void)
{
    reset();
    for (int i = 0; i < 257; i++) {
        strv_add(&f.live_sockets, &arena, arena_printf(&arena, APP "/s%d", i));
    }
    ok(build() < 0 && e.kind == ERR_REFUSED && e.hint[0] != '\0', "refused: %s", e.text);
    f.live_sockets.count = 256;
    ok(build() == 0 && hidden(APP "/s255") && warned("and 253 more"), "fewer are hidden");
}

static void other_kinds_of_sandboxes(void)
{
    static const struct fact_path_map map[] = {{APP, "/elsewhere", true, false}};

    reset();
    f.engine.kind = SANDBOX_REMOTE_CONTAINER;
    strv_add(&f.live_sockets, &arena, APP "/s");
    ok(build() == 0 && !warned("hidden"), "a remote engine does not have the socket %s",
       e.text);
    f.engine.path_maps = map;
    f.engine.path_map_count = 1;
    ok(build() == 0 && warned(APP "/s: hidden"), "unless it has the directory");
}

int main(void)
{
    sockets_in_the_project_are_hidden();
    sockets_in_named_directories_are_hidden();
    socket_that_the_user_names_is_shown();
    too_many_sockets_are_refused();
    other_kinds_of_sandboxes();
    arena_release(&arena);
    return done_testing();
}
