/* SPDX-License-Identifier: MIT */
/* What becomes of the mounts where the engine does not see this machine's files. Whole plans
 * are golden (test_plan.c); here is what they must never have, whatever the options. */
#include "plan/plan.h"

#include "plan_golden.h"

static struct arena arena;
static struct opts o;
static struct facts f;
static struct plan p;

static void plan_it(void (*change)(void))
{
    struct err e = {0};

    o = (struct opts){0};
    plan_facts(&f, &arena);
    f.engine.kind = SANDBOX_REMOTE_CONTAINER;
    if (change != NULL) {
        change();
    }
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0, "planned: %s",
       e.text);
}

static const struct plan_tree *tree(const char *id)
{
    for (size_t i = 0; i < p.remote.tree_count; i++) {
        if (strcmp(p.remote.trees[i].id, id) == 0) {
            return &p.remote.trees[i];
        }
    }
    return NULL;
}

static const struct plan_file *sent(const char *where)
{
    for (size_t i = 0; i < p.remote.file_count; i++) {
        const struct plan_file *file = &p.remote.files[i];

        if (strcmp(file->link != NULL ? file->link : file->path, where) == 0) {
            return file;
        }
    }
    return NULL;
}

static const struct plan_mount *mount_at(const char *target)
{
    for (size_t i = 0; i < p.files.mount_count; i++) {
        if (strcmp(p.files.mounts[i].target, target) == 0) {
            return &p.files.mounts[i];
        }
    }
    return NULL;
}

/* Volumes outlive the session, on a disk of somebody else's. */
static void secrets(void)
{
    const struct plan_mount *m;

    plan_it(NULL);
    ok(p.kind == SANDBOX_REMOTE_CONTAINER, "such a plan says so");
    for (size_t i = 0; i < p.files.mount_count; i++) {
        ok(p.files.mounts[i].kind != MOUNT_BIND, "no path of this machine is mounted: %s",
           p.files.mounts[i].target);
    }
    m = mount_at("/home/ann/.claude");
    ok(m != NULL && m->kind == MOUNT_TMPFS, "claude's directory is memory");
    ok(sent("/home/ann/.claude/.credentials.json") != NULL, "the login goes there");
    is_str(p.remote.login_file, "/home/ann/.claude/.credentials.json", "a renewed one, too");
    ok(sent("/home/ann/.claude/settings.json") != NULL, "and settings");
    ok(strncmp(sent("/home/ann/.claude.json")->path, "/run/cco/", 9) == 0,
       "claude's own state is in memory, with a link to it");
    ok(strncmp(sent("/home/ann/.gitconfig")->path, "/run/cco/", 9) == 0,
       "so are git's settings");
    ok(mount_at("/run/cco")->kind == MOUNT_TMPFS, "which is what the run directory is");
}

static void state(void)
{
    const struct plan_tree *t;

    plan_it(NULL);
    t = tree("claude-projects");
    ok(t != NULL && t->push && t->pull, "conversations are synchronized both ways");
    is_str(t != NULL ? t->local_path : NULL, "/home/ann/.claude/projects/-home-ann-src-app",
           "those of this project");
    t = tree("claude-file-history");
    ok(t != NULL && !t->push && t->pull, "of other state only what is new comes back");
    t = tree("claude-hooks");
    ok(t != NULL && t->push && !t->pull, "what the host obeys never comes back");
    ok(tree("claude-agents") == NULL, "what the host does not have is not sent");
    ok(tree("claude-todos") != NULL && tree("claude-todos")->make_local,
       "but for what will come back");
}

static void odd_project(void)
{
    f.cwd_physical = "/srv/p \xc3\xa9.\xf0\x9f\x98\x80/x_1";
}

static void long_project(void)
{
    f.cwd_physical = arena_printf(&arena, "/srv/%0250d", 1);
}

static void longest_name(void)
{
    f.cwd_physical = arena_printf(&arena, "/srv/%0195d", 1);
}

static void too_long_name(void)
{
    f.cwd_physical = arena_printf(&arena, "/srv/%0196d", 1);
}

static void names(void)
{
    plan_it(odd_project);
    is_str(tree("claude-projects")->local_path, "/home/ann/.claude/projects/-srv-p------x-1",
           "a conversation's directory is called as claude calls it");
    plan_it(longest_name);
    ok(tree("claude-projects") != NULL, "of up to 200 bytes");
    plan_it(too_long_name);
    ok(tree("claude-projects") == NULL, "and no more");
    plan_it(long_project);
    ok(tree("claude-projects") == NULL, "unless the name would be cut");
    is_str(p.remote.left_out.v[0],
           "earlier conversations of this project: its path is too long", "which is said");
}

/* All of the user's directories are mapped, the data of cco and of the session among them. */
static void all_mapped(void)
{
    static const struct fact_path_map maps[] = {{"/home/ann", "/v/ann", true, false},
                                                {"/run/user/1000", "/v/run", true, false}};

    f.engine.path_maps = maps;
    f.engine.path_map_count = 2;
}

static void private_copies_are_sent(void)
{
    plan_it(all_mapped);
    for (size_t i = 0; i < p.files.mount_count; i++) {
        ok(strncmp(p.files.mounts[i].source, "/v/run/cco/", 11) != 0,
           "no copy is a mount, even if the engine sees it: %s", p.files.mounts[i].target);
    }
    ok(sent("/home/ann/.claude/.credentials.json") != NULL, "the login goes there");
}

static void only_push(void)
{
    o.sync = OPTS_SYNC_PUSH;
}

static void nothing(void)
{
    o.sync = OPTS_SYNC_NONE;
}

static void all_of_it(void)
{
    o.sync_all = true;
}

static void ways(void)
{
    plan_it(NULL);
    ok(tree("project")->push && tree("project")->pull && tree("project")->ignores,
       "the project is synchronized both ways, without what git ignores");
    plan_it(all_of_it);
    ok(!tree("project")->ignores, "all: with it");
    plan_it(only_push);
    for (size_t i = 0; i < p.remote.tree_count; i++) {
        ok(p.remote.trees[i].push && !p.remote.trees[i].pull, "push: nothing comes back: %s",
           p.remote.trees[i].id);
    }
    plan_it(nothing);
    is_int((long long)p.remote.tree_count, 0, "none: nothing is sent");
    ok(mount_at("/home/ann/src/app")->kind == MOUNT_VOLUME, "the volume is used as it is");
}

static void nested(void)
{
    static struct fact_option_path option_paths[] = {
        {"/home/ann/src", "/home/ann/src", FACT_DIR, false, "1:2", NULL},
        {"/home/ann/src/app/b/c", "/home/ann/src/app/b/c", FACT_DIR, false, "1:3", NULL},
    };
    static struct opts_path paths[] = {
        {"..", ACCESS_READ, "--ro", false, false, false},
        {"b/c", ACCESS_HIDE, "--deny", false, false, false},
    };

    f.option_paths = option_paths;
    f.option_path_count = 2;
    o.paths = paths;
    o.path_count = 2;
}

static void nesting(void)
{
    const struct plan_tree *outer = NULL;

    plan_it(nested);
    for (size_t i = 0; i < p.remote.tree_count; i++) {
        outer = strcmp(p.remote.trees[i].remote_path, "/home/ann/src") == 0 ? &p.remote.trees[i]
                                                                            : outer;
    }
    ok(outer != NULL && !outer->pull && strv_has(&outer->hidden, "app"),
       "a directory in another one is sent on its own");
    ok(strv_has(&tree("project")->hidden, "b/c"), "what is hidden is not sent");
    ok(mount_at("/home/ann/src/app/b/c")->kind == MOUNT_TMPFS,
       "and an old copy of it is covered");
}

static void path_maps(void)
{
    static const struct fact_path_map all[] = {
        {"/home/ann", "/mnt/a", true, false},
        {"/home/ann/src", "/mnt/b/", true, false},
        {"/home/ann/src/app/node_modules", "/volumes/n", true, false},
        {"/home/ann/src/app/fixed", "/volumes/f", true, true},
        {"/home/ann/src/app/memory", NULL, false, false},
        {"/home/ann/.gitconfig", NULL, false, false},
    };

    f.engine.path_maps = all;
    f.engine.path_map_count = 6;
}

static void agent(void)
{
    static const struct fact_path_map all[] = {{"/agent", "/run/host/agent", false, false}};

    f.engine.path_maps = all;
    f.engine.path_map_count = 1;
    f.ssh_agent = (struct fact_path){"/agent", "/agent", FACT_OTHER};
}

static void no_agent(void)
{
    agent();
    f.engine.path_map_count = 0;
}

static void agents(void)
{
    bool option_paths = false;

    plan_it(agent);
    ok(mount_at("/run/cco-ssh-agent") != NULL &&
           strcmp(mount_at("/run/cco-ssh-agent")->source, "/run/host/agent") == 0 &&
           !strv_has(&p.remote.left_out, "the ssh agent"),
       "an agent that the engine has as well is there");
    plan_it(no_agent);
    ok(mount_at("/run/cco-ssh-agent") == NULL && strv_has(&p.remote.left_out, "the ssh agent"),
       "another is left out, which is said");
    for (size_t i = 0; i < p.env.count; i++) {
        option_paths = option_paths || strcmp(p.env.vars[i].name, "SSH_AUTH_SOCK") == 0;
    }
    ok(!option_paths, "and no variable leads to it");
}

static void mapping(void)
{
    plan_it(path_maps);
    ok(tree("project") == NULL, "what the engine sees is not sent");
    is_str(mount_at("/home/ann/src/app")->source, "/mnt/b/app", "the longest name counts");
    is_str(mount_at("/home/ann/src/app/node_modules")->source, "/volumes/n",
           "what is mounted inside comes along");
    ok(!mount_at("/home/ann/src/app/node_modules")->read_only &&
           mount_at("/home/ann/src/app/fixed")->read_only,
       "and stays as it is");
    ok(mount_at("/home/ann/src/app/memory") == NULL,
       "what only this machine has is not there inside");
    ok(mount_at("/home/ann/.gitconfig") == NULL && p.remote.file_count > 0,
       "or sent, where it can be");
    ok(mount_at("/home/ann/.claude")->kind == MOUNT_TMPFS, "claude's directory stays memory");
}

int main(void)
{
    plan_goldens();
    private_copies_are_sent();
    secrets();
    state();
    names();
    ways();
    nesting();
    mapping();
    agents();
    arena_release(&arena);
    return done_testing();
}
