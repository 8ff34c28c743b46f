/* SPDX-License-Identifier: MIT */
/* Breaks each invariant of a plan, and checks that plan_check() refuses it. */
#include "plan/plan.h"

#include "plan_golden.h"

static struct arena arena;
static struct facts f;
static struct plan p;

static void fresh(void)
{
    struct opts o = {0};
    struct err e = {0};

    plan_facts(&f, &arena);
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "a plan keeps the invariants");
}

static struct plan_tree *fresh_remote(void)
{
    struct opts o = {0};
    struct err e = {0};

    plan_facts(&f, &arena);
    case_remote(&o, &f, &arena);
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0 &&
           p.remote.tree_count > 1,
       "a plan with trees keeps the invariants");
    return &p.remote.trees[p.remote.tree_count - 1];
}

/* Returns the last mount of a file or directory of this machine. */
static struct plan_mount *last_bind(void)
{
    size_t at = p.files.mount_count - 1;

    while (at > 0 && p.files.mounts[at].kind != MOUNT_BIND) {
        at--;
    }
    return &p.files.mounts[at];
}

static void refused(const char *name)
{
    struct err e = {0};

    ok(plan_check(&p, &f, &e) < 0 && e.kind == ERR_REFUSED, "refused: %s (%s)", name, e.text);
}

static void mounts_keep_their_invariants(void)
{
    static const char *const targets[] = {
        "/",   "/proc",   "/proc/1", "/sys/fs", "/dev",       "/cco-init",
        "rel", "/a/../b", "/a//b",   "/a/",     "/run/cco/x", "/run",
    };

    static const char *const needed[] = {"/proc",   "/proc/1", "/sys",
                                         "/sys/fs", "/dev",    "/cco-init"};

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        fresh();
        p.files.mounts[p.files.mount_count - 1].target = targets[i];
        refused(targets[i]);
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        struct err e = {0};

        fresh();
        p.files.mounts[p.files.mount_count - 1].target = needed[i];
        ok(plan_check(&p, &f, &e) < 0 && strstr(e.text, "over what the sandbox needs") != NULL,
           "a mount over %s is refused: %s", needed[i], e.text);
    }
    fresh();
    p.files.mounts[1].target = p.files.mounts[0].target;
    refused("two mounts with one target");
    fresh();
    p.files.mounts[p.files.mount_count - 1].target = "/home/ann";
    refused("a parent after its child");
    fresh();
    last_bind()->source = "/home/ann/src/app/link";
    refused("a source inside the project");
    fresh();
    last_bind()->source = "/home/ann/.claude";
    refused("a mount of claude's whole directory");
    fresh();
    last_bind()->source = "/home/ann";
    refused("a mount of the home");
    fresh();
    last_bind()->source = "/home/ann/.claude/settings.json";
    last_bind()->read_only = false;
    refused("writable settings");
    fresh();
    last_bind()->source = "/home/ann/.claude/.credentials.json";
    refused("a mount of the login");
}

static struct fact_program program;

static void fresh_native(void)
{
    struct opts o = {0};
    struct err e = {0};

    plan_facts(&f, &arena);
    native_cases[0].change(&o, &f, &arena);
    program = (struct fact_program){.path = "/home/ann/node-22", .is_dir = true};
    f.native.programs = &program;
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "a native plan keeps the invariants %s", e.text);
}

static void native_sandboxes_use_no_engine(void)
{
    static const char *const shown[] = {
        "/home/ann", "/home", "/home/ann/.claude", "/", "/home/ann/.local/share/cco", "rel"};

    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        fresh_native();
        program.path = shown[i];
        refused(shown[i]);
    }
    fresh_native();
    p.privileges.sudo = true;
    refused("a native sandbox with sudo");
    fresh_native();
    p.network.mode = PLAN_NET_BRIDGE;
    refused("a native sandbox with a bridge");
    fresh_native();
    p.image.ref = "x";
    refused("a native sandbox with an image");
    fresh_native();
    p.files.mounts[0].kind = MOUNT_VOLUME;
    refused("a native sandbox with a volume");
    fresh_native();
    p.kind = SANDBOX_LANDLOCK_ONLY;
    p.privileges.allow_userns = true;
    refused("user namespaces in a sandbox without namespaces");
    fresh();
    p.kind = SANDBOX_LANDLOCK_ONLY;
    refused("an image in a sandbox without namespaces");
}

static void trees_keep_their_invariants(void)
{
    static const char *const never_sent[] = {"/",
                                             "rel",
                                             "/a/../b",
                                             "/home",
                                             "/home/ann",
                                             "/home/ann/.claude",
                                             "/home/ann/.claude/.credentials.json"};

    for (size_t i = 0; i < sizeof(never_sent) / sizeof(never_sent[0]); i++) {
        fresh_remote()->local_path = never_sent[i];
        refused(never_sent[i]);
    }
    fresh_remote()->remote_path = "/";
    refused("a tree whose remote path is /");
    fresh_remote()->remote_path = "rel";
    refused("a tree whose remote path is relative");
    fresh_remote()->id = p.remote.trees[0].id;
    refused("two trees with one id");
    *fresh_remote() = (struct plan_tree){
        .id = "x", .local_path = "/home/ann/.claude/hooks", .remote_path = "/x", .pull = true};
    refused("a tree of hooks that is pulled");
}

static void secrets_have_no_fixed_value(void)
{
    static const char *const names[] = {"A_KEY", "A_TOKEN", "SECRET_A", "A_PASSWORD", "AUTH_A"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        fresh();
        p.env.vars[0] = (struct plan_var){.name = names[i], .from = ENV_FIXED, .value = "x"};
        p.env.count = 1;
        refused(names[i]);
    }
}

int main(void)
{
    plan_goldens();
    mounts_keep_their_invariants();
    trees_keep_their_invariants();
    secrets_have_no_fixed_value();
    fresh();
    p.env.vars[1].name = p.env.vars[0].name;
    refused("two variables with one name");
    fresh();
    p.env.vars[0] = (struct plan_var){.name = "A_TOKEN", .from = ENV_FIXED, .value = "x"};
    refused("a fixed value for the name of a secret");
    fresh();
    p.env.vars[0] = (struct plan_var){.name = "A", .from = ENV_HOST, .value = "x"};
    refused("a reference with a value");
    fresh();
    p.env.vars[0] = (struct plan_var){.name = "CC", .from = ENV_DOTENV};
    f.trust = TRUST_NEW;
    refused("a variable that needs the user's trust");
    f.trust = TRUST_NOTHING;
    fresh();
    p.command.argv.count = 0;
    refused("a plan without a command");
    fresh();
    p.command.workdir = "x";
    refused("a relative working directory");
    native_sandboxes_use_no_engine();
    arena_release(&arena);
    return done_testing();
}
