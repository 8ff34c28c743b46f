/* SPDX-License-Identifier: MIT */
/* What of the machine's own can be hidden. */
#include "plan/build.h"

#include "plan.h"
#include "tap.h"

static struct arena arena;
static struct facts f;
static struct plan p;
static struct err e;

static void machine(void)
{
    static struct fact_top tops[] = {
        {.name = "bin", .link = "usr/bin"}, {.name = "etc"}, {.name = "opt"}, {.name = "usr"}};
    static const struct fact_program programs[] = {{.path = "/srv/claude", .is_dir = true}};

    plan_facts(&f, &arena);
    f.engine = (struct fact_engine){
        .kind = SANDBOX_NATIVE, .api_minor = 44, .host_network_real = true, .os_type = "linux"};
    f.native.tops = tops;
    f.native.top_count = 4;
    f.native.programs = programs;
    f.native.program_count = 1;
    f.native.resolv_conf = "/run/resolv.conf";
    e = (struct err){0};
}

static int build(const struct opts *o)
{
    return plan_build(o, &f, &arena, &p, &e) < 0 || plan_check(&p, &f, &e) < 0 ? -1 : 0;
}

static bool with_root;

static int with_path(enum opts_access access, const char *path, enum fact_type type)
{
    static struct opts_path option_paths;
    static struct fact_option_path fact;
    struct opts o = {.engine = ENGINE_NATIVE, .paths = &option_paths, .path_count = 1};

    machine();
    f.uid = with_root ? 0 : f.uid;
    option_paths = (struct opts_path){
        .path = path, .access = access, .option = access == ACCESS_HIDE ? "--deny" : "--ro"};
    fact =
        (struct fact_option_path){.target = path, .physical = path, .type = type, .id = "1:1"};
    f.option_paths = &fact;
    f.option_path_count = 1;
    return build(&o);
}

static bool is_mounted(const char *path)
{
    bool found = false;

    for (size_t i = 0; i < p.files.mount_count; i++) {
        found = found || strcmp(p.files.mounts[i].target, path) == 0;
    }
    return found;
}

static bool is_hidden(const char *path)
{
    for (size_t i = 0; i < p.files.mount_count; i++) {
        if (strcmp(p.files.mounts[i].target, path) == 0) {
            return p.files.mounts[i].read_only && strcmp(p.files.mounts[i].why, "--deny") == 0;
        }
    }
    return false;
}

static void what_the_machine_shows_can_be_hidden(void)
{
    is_int(with_path(ACCESS_HIDE, "/etc/company", FACT_DIR), 0, "a directory of /etc");
    ok(is_hidden("/etc/company"), "is hidden");
    is_int(with_path(ACCESS_HIDE, "/opt", FACT_DIR), 0, "what may be missing");
    ok(is_hidden("/opt"), "is hidden");
    is_int(with_path(ACCESS_HIDE, "/srv/claude/key", FACT_FILE), 0, "beside claude");
    ok(is_hidden("/srv/claude/key"), "is hidden");
    is_int(with_path(ACCESS_HIDE, "/srv/other", FACT_FILE), 0, "what is not inside");
    ok(!is_hidden("/srv/other"), "needs nothing");
    ok(with_path(ACCESS_HIDE, "/usr", FACT_DIR) < 0 && e.kind == ERR_USAGE,
       "what nothing runs without stays: %s", e.text);
    is_int(with_path(ACCESS_READ, "/usr/share", FACT_DIR), 0, "what can be read anyway");
    ok(!is_mounted("/usr/share"), "is not mounted once more");
    with_root = true;
    is_int(with_path(ACCESS_READ, "/etc/key", FACT_FILE), 0, "what only root may read");
    ok(is_mounted("/etc/key"), "is there where it is asked for");
    with_root = false;
    machine();
    f.native.no_namespaces = "because";
    f.native.landlock_abi = 5;
    ok(unengined_shows(&(struct builder){.f = &f, .a = &arena, .p = &p}, "/etc/company"),
       "shown");
}

static void one_user_and_the_machines_network(void)
{
    static const struct fact_range ranges[] = {{100000, 65536}};
    struct opts o = {.engine = ENGINE_NATIVE, .allow_userns = true, .subids = true};

    machine();
    ok(build(&o) < 0 && e.kind == ERR_NOT_FOUND && strstr(e.text, "newuidmap") != NULL,
       "--subids without its programs: %s", e.text);
    f.native.newuidmap = f.native.newgidmap = "/usr/bin/map";
    f.native.subuids = f.native.subgids = ranges;
    f.native.subuid_count = 1;
    ok(build(&o) < 0 && strstr(e.text, "/etc/subgid") != NULL && e.hint[0] != '\0',
       "without ranges: %s", e.text);
    f.native.subgid_count = 1;
    is_int(build(&o), 0, "planned");
    ok(plan_is_native(&p) && p.network.mode == PLAN_NET_HOST && p.privileges.allow_userns &&
           p.privileges.subids,
       "as asked for");
    o.network = NETWORK_NONE;
    is_int(build(&o), 0, "no network");
    ok(p.network.mode == PLAN_NET_NONE, "is planned");
    f.engine.kind = SANDBOX_LOCAL_CONTAINER;
    is_int(build(&o), 0, "by an engine");
    ok(!plan_is_native(&p) && !p.privileges.subids, "ids are the engine's");
    ok(!unengined_shows(&(struct builder){.f = &f, .a = &arena, .p = &p}, "/etc"),
       "and so is /etc");
}

int main(void)
{
    what_the_machine_shows_can_be_hidden();
    one_user_and_the_machines_network();
    arena_release(&arena);
    return done_testing();
}
