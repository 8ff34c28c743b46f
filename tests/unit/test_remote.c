/* SPDX-License-Identifier: MIT */
/* Tests how mounts are replaced if the engine does not see this machine's files. test_plan.c
 * compares whole plans; this file tests what holds with all options. */
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
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "the plan is built: %s", e.text);
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

/* Secrets are only in memory, because volumes outlive the session on a disk of another
 * machine. */
static void secrets_are_only_in_memory(void)
{
    const struct plan_mount *m;

    plan_it(NULL);
    ok(p.kind == SANDBOX_REMOTE_CONTAINER, "the kind is SANDBOX_REMOTE_CONTAINER");
    for (size_t i = 0; i < p.files.mount_count; i++) {
        ok(p.files.mounts[i].kind != MOUNT_BIND, "no path of this machine is mounted: %s",
           p.files.mounts[i].target);
    }
    m = mount_at("/home/ann/.claude");
    ok(m != NULL && m->kind == MOUNT_TMPFS, "claude's directory is in memory");
    ok(sent("/home/ann/.claude/.credentials.json") != NULL, "the login is sent");
    is_str(p.login.inside, "/home/ann/.claude/.credentials.json",
           "a renewed login is sent there, too");
    ok(sent("/home/ann/.claude/settings.json") != NULL, "the settings are sent");
    ok(strncmp(sent("/home/ann/.claude.json")->path, "/run/cco/", 9) == 0,
       ".claude.json is in memory, with a link to it");
    ok(strncmp(sent("/home/ann/.gitconfig")->path, "/run/cco/", 9) == 0,
       "git's settings are in memory, with a link to them");
    ok(mount_at("/run/cco")->kind == MOUNT_TMPFS, "the run directory is in memory");
}

static void claudes_state_is_synchronized_by_its_share(void)
{
    const struct plan_tree *t;

    plan_it(NULL);
    t = tree("claude-projects");
    ok(t != NULL && t->push && t->pull, "conversations are synchronized both ways");
    is_str(t != NULL ? t->local_path : NULL, "/home/ann/.claude/projects/-home-ann-src-app",
           "only the conversations of this project are synchronized");
    t = tree("claude-file-history");
    ok(t != NULL && t->push && t->pull, "so are the parts of this project's conversations");
    is_str(t != NULL ? t->local_path : NULL,
           "/home/ann/.local/share/cco/claude/app-1a2b3c4d/file-history",
           "which are in cco's own directory");
    t = tree("claude-hooks");
    ok(t != NULL && t->push && !t->pull, "a locked entry is only pushed");
    ok(tree("claude-agents") == NULL, "a locked entry that the host lacks is not sent");
    ok(tree("claude-todos") != NULL && tree("claude-todos")->make_local,
       "an entry that this machine lacks is created");
}

/* Maps all directories of the user, including the data of cco and of the session. */
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
           "a private copy is not a mount, even if the engine sees it: %s",
           p.files.mounts[i].target);
    }
    ok(sent("/home/ann/.claude/.credentials.json") != NULL, "the login is sent");
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

static void directions_follow_the_options(void)
{
    plan_it(NULL);
    ok(tree("project")->push && tree("project")->pull && tree("project")->ignores,
       "the project is synchronized both ways, without what git ignores");
    plan_it(all_of_it);
    ok(!tree("project")->ignores, "--sync all includes what git ignores");
    plan_it(only_push);
    for (size_t i = 0; i < p.remote.tree_count; i++) {
        ok(p.remote.trees[i].push && !p.remote.trees[i].pull,
           "with --sync push nothing comes back: %s", p.remote.trees[i].id);
    }
    plan_it(nothing);
    is_int((long long)p.remote.tree_count, 0, "with --sync none nothing is synchronized");
    ok(mount_at("/home/ann/src/app")->kind == MOUNT_VOLUME,
       "with --sync none the volume is used unchanged");
}

static void nested(void)
{
    static struct fact_option_path option_paths[] = {
        {"/home/ann/src", "/home/ann/src", FACT_DIR, NULL, "1:2", NULL, NULL},
        {"/home/ann/src/app/b/c", "/home/ann/src/app/b/c", FACT_DIR, NULL, "1:3", NULL, NULL},
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

static void nested_and_hidden_paths_are_excluded(void)
{
    const struct plan_tree *outer = NULL;

    plan_it(nested);
    for (size_t i = 0; i < p.remote.tree_count; i++) {
        outer = strcmp(p.remote.trees[i].remote_path, "/home/ann/src") == 0 ? &p.remote.trees[i]
                                                                            : outer;
    }
    ok(outer != NULL && !outer->pull && strv_has(&outer->hidden, "app"),
       "a tree inside of another tree is excluded from it");
    ok(strv_has(&tree("project")->hidden, "b/c"), "a hidden path is excluded from its tree");
    ok(mount_at("/home/ann/src/app/b/c")->kind == MOUNT_TMPFS,
       "a hidden path in the volume is covered");
}

static void path_maps(void)
{
    static const struct fact_path_map all[] = {
        {"/home/ann", "/mnt/a", true, false},
        {"/home/ann/src", "/mnt/b/", true, false},
        {"/home/ann/src/app/node_modules", "/volumes/n", true, false},
        {"/home/ann/src/app/fixed", "/volumes/f", true, true},
        {"/home/ann/src/app/memory", NULL, false, false},
    };

    f.engine.path_maps = all;
    f.engine.path_map_count = 5;
}

static void agent(void)
{
    static const struct fact_path_map all[] = {{"/agent", "/run/host/agent", false, false}};

    f.engine.path_maps = all;
    f.engine.path_map_count = 1;
    f.ssh_agent = (struct fact_path){"/agent", "/agent", FACT_OTHER};
}

static void ssh_agent_is_left_out(void)
{
    bool found = false;

    plan_it(agent);
    ok(mount_at(PLAN_AGENT_DIR) == NULL && p.ssh_agent == NULL &&
           strv_has(&p.remote.left_out, "the ssh agent"),
       "an ssh agent is left out, also if the engine has its socket, and the user is informed");
    for (size_t i = 0; i < p.env.count; i++) {
        found = found || strcmp(p.env.vars[i].name, "SSH_AUTH_SOCK") == 0;
    }
    ok(!found, "SSH_AUTH_SOCK is not set without an agent");
}

static void mapped_paths_are_mounted(void)
{
    plan_it(path_maps);
    ok(tree("project") == NULL, "a path that the engine has is not sent");
    is_str(mount_at("/home/ann/src/app")->source, "/mnt/b/app", "the longest path map applies");
    is_str(mount_at("/home/ann/src/app/node_modules")->source, "/volumes/n",
           "an inner mount is added");
    ok(!mount_at("/home/ann/src/app/node_modules")->read_only &&
           mount_at("/home/ann/src/app/fixed")->read_only,
       "inner mounts are read-only as on this machine");
    ok(mount_at("/home/ann/src/app/memory") == NULL,
       "an inner mount that only this machine has is left out");
    ok(mount_at("/home/ann/.gitconfig") == NULL && sent("/home/ann/.gitconfig") != NULL,
       "a copy is sent, because the engine does not have it");
    ok(mount_at("/home/ann/.claude")->kind == MOUNT_TMPFS,
       "claude's directory stays in memory");
}

int main(void)
{
    plan_goldens();
    private_copies_are_sent();
    secrets_are_only_in_memory();
    claudes_state_is_synchronized_by_its_share();
    directions_follow_the_options();
    nested_and_hidden_paths_are_excluded();
    mapped_paths_are_mounted();
    ssh_agent_is_left_out();
    arena_release(&arena);
    return done_testing();
}
