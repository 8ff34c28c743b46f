/* SPDX-License-Identifier: MIT */
/* Tests which options a native sandbox cannot have on this machine, with and without
 * namespaces. */
#include "plan/build.h"

#include "plan_golden.h"

#define RUN "/run/user/1000/cco/cco-app-0123"

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
        .kind = SANDBOX_NATIVE, .api_minor = 44, .host_network_real = true};
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

static void paths_of_the_machine_can_be_hidden(void)
{
    is_int(with_path(ACCESS_HIDE, "/etc/company", FACT_DIR), 0,
           "hiding a directory of /etc is planned");
    ok(is_hidden("/etc/company"), "the directory of /etc is hidden");
    is_int(with_path(ACCESS_HIDE, "/opt", FACT_DIR), 0, "hiding /opt is planned");
    ok(is_hidden("/opt"), "/opt is hidden");
    is_int(with_path(ACCESS_HIDE, "/srv/claude/key", FACT_FILE), 0,
           "hiding a file beside claude is planned");
    ok(is_hidden("/srv/claude/key"), "the file beside claude is hidden");
    is_int(with_path(ACCESS_HIDE, "/srv/other", FACT_FILE), 0,
           "hiding a path that is not inside is planned");
    ok(!is_hidden("/srv/other"), "a path that is not inside needs no mount");
    ok(with_path(ACCESS_HIDE, "/usr", FACT_DIR) < 0 && e.kind == ERR_USAGE,
       "hiding /usr is refused: %s", e.text);
    is_int(with_path(ACCESS_READ, "/usr/share", FACT_DIR), 0,
           "--ro of a directory that is shown is planned");
    ok(!is_mounted("/usr/share"), "it needs no mount");
    with_root = true;
    is_int(with_path(ACCESS_READ, "/etc/key", FACT_FILE), 0,
           "for root, --ro of a file is planned");
    ok(is_mounted("/etc/key"), "for root, the file is mounted");
    with_root = false;
    machine();
    f.native.no_namespaces = "because";
    f.native.landlock_abi = 5;
    ok(native_shows(&(struct builder){.f = &f, .a = &arena, .p = &p}, "/etc/company"),
       "a path of /etc is shown");
    p.kind = SANDBOX_NATIVE;
    ok(native_needs(&(struct builder){.f = &f, .a = &arena, .p = &p}, "/bin") &&
           !native_needs(&(struct builder){.f = &f, .a = &arena, .p = &p}, "/opt"),
       "programs need /bin and not /opt");
}

static void subordinate_ids_and_network_are_checked(void)
{
    static const struct fact_range ranges[] = {{100000, 65536}};
    struct opts o = {.engine = ENGINE_NATIVE, .allow_userns = true, .subids = true};

    machine();
    ok(build(&o) < 0 && e.kind == ERR_NOT_FOUND && strstr(e.text, "newuidmap") != NULL,
       "--subids without newuidmap is refused: %s", e.text);
    f.native.newuidmap = f.native.newgidmap = "/usr/bin/map";
    f.native.subuids = f.native.subgids = ranges;
    f.native.subuid_count = 1;
    ok(build(&o) < 0 && strstr(e.text, "/etc/subgid") != NULL && e.hint[0] != '\0',
       "--subids without a range is refused: %s", e.text);
    f.native.subgid_count = 1;
    is_int(build(&o), 0, "--subids with programs and ranges is planned");
    ok(plan_is_native(&p) && p.network.mode == PLAN_NET_HOST && p.privileges.allow_userns &&
           p.privileges.subids,
       "the plan has the host's network, user namespaces and subordinate ids");
    o.network = NETWORK_NONE;
    is_int(build(&o), 0, "--network none is planned");
    ok(p.network.mode == PLAN_NET_NONE, "the plan has no network");
    f.engine.kind = SANDBOX_LOCAL_CONTAINER;
    is_int(build(&o), 0, "the same options are planned for a container");
    ok(!plan_is_native(&p) && !p.privileges.subids, "a container has no subordinate ids");
    ok(!native_shows(&(struct builder){.f = &f, .a = &arena, .p = &p}, "/etc"),
       "a container does not show the machine's /etc");
}

static void landlock_machine(unsigned abi)
{
    static struct fact_top tops[] = {{.name = "bin", .link = "usr/bin"}, {.name = "usr"}};
    static const struct fact_program programs[] = {
        {.path = "/home/ann/.local/share/claude/2.1",
         .link = "/home/ann/.local/bin/claude",
         .target = "/home/ann/.local/share/claude/2.1"}};

    plan_facts(&f, &arena);
    f.engine.kind = SANDBOX_NATIVE;
    f.native.tops = tops;
    f.native.top_count = 2;
    f.native.programs = programs;
    f.native.program_count = 1;
    f.native.path_env =
        "/home/ann/.pyenv/shims:/home/ann/.local/bin:/usr/bin:/bin:/home/ann/src/app/bin";
    f.native.no_namespaces = "user.max_user_namespaces is 0";
    f.native.landlock_abi = abi;
    e = (struct err){0};
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

static const char *variable(const char *name)
{
    for (size_t i = 0; i < p.env.count; i++) {
        if (strcmp(p.env.vars[i].name, name) == 0) {
            return p.env.vars[i].value;
        }
    }
    return NULL;
}

static void session_without_namespaces_is_planned(void)
{
    struct opts o = {.engine = ENGINE_NATIVE};
    const struct plan_mount *m;

    landlock_machine(7);
    is_int(build(&o), 0, "a plan without namespaces is built");
    ok(p.kind == SANDBOX_LANDLOCK_ONLY, "the kind is SANDBOX_LANDLOCK_ONLY");
    is_str(p.user.home, RUN "/home", "the home is in the session's directory");
    is_str(variable("HOME"), RUN "/home", "HOME is that home");
    is_str(variable("TMPDIR"), RUN "/tmp", "TMPDIR is in the session's directory");
    is_str(plan_inner_dir(&p), RUN, "the run directory has its own path");
    m = mount_at("/home/ann/src/app");
    ok(m != NULL && !m->read_only, "the project is at its own path");
    ok(mount_at(RUN "/home/.claude") == NULL && strv_has(&p.user.dirs, RUN "/home/.claude"),
       "claude's directory is a directory of the home, not a mount");
    m = mount_at(RUN "/home/.claude/projects/-home-ann-src-app");
    ok(m != NULL && m->placeholder == NULL &&
           strcmp(m->source, "/home/ann/.claude/projects/-home-ann-src-app") == 0,
       "shared entries are mounts without a placeholder");
    ok(mount_at(RUN "/home/.gitconfig") != NULL, "git's settings are in the home");
    ok(mount_at("/run/cco-ssh-agent") == NULL && variable("SSH_AUTH_SOCK") == NULL,
       "the ssh agent is not shared");
    ok(mount_at(PLAN_RUN_DIR) == NULL, "/run/cco is not mounted");
    is_str(variable("PATH"), "/home/ann/.local/bin:/usr/bin:/bin:/home/ann/src/app/bin",
           "PATH has the directories that can be reached");
    is_int((long long)p.warnings.count, 1, "there is one warning");
    ok(strstr(p.warnings.v[0], "user.max_user_namespaces is 0") != NULL &&
           strchr(p.warnings.v[0], '\n') == NULL && strstr(p.warnings.v[0], "can end") == NULL,
       "the warning is one line and has the reason: %s", p.warnings.v[0]);
    landlock_machine(3);
    is_int(build(&o), 0, "the plan is built for an older kernel");
    ok(strstr(p.warnings.v[0], "can end your processes") != NULL,
       "on an older kernel the warning also says that the agent can end processes");
}

static void refused(const struct opts *o, const char *word)
{
    landlock_machine(7);
    ok(build(o) < 0 && e.kind == ERR_REFUSED && strstr(e.text, word) != NULL &&
           strstr(e.text, "max_user_namespaces") != NULL && e.hint[0] != '\0',
       "%s is refused: %s", word, e.text);
}

static void build_with_path(enum opts_access access, const char *target, const char *physical,
                            const char *option)
{
    static struct opts_path path;
    static struct fact_option_path fact;
    struct opts o = {.engine = ENGINE_NATIVE, .paths = &path, .path_count = 1};

    landlock_machine(7);
    path = (struct opts_path){.path = target, .access = access, .option = option};
    fact = (struct fact_option_path){
        .target = target, .physical = physical, .type = FACT_DIR, .id = "1:1"};
    f.option_paths = &fact;
    f.option_path_count = 1;
    (void)build(&o);
}

static void options_that_need_namespaces_are_refused(void)
{
    refused(&(struct opts){.engine = ENGINE_NATIVE, .network = NETWORK_NONE}, "--network none");
    refused(&(struct opts){.engine = ENGINE_NATIVE, .allow_userns = true}, "--allow-userns");
    landlock_machine(7);
    f.native.newuidmap = f.native.newgidmap = "/usr/bin/map";
    f.native.subuid_count = f.native.subgid_count = 1;
    ok(build(&(struct opts){.engine = ENGINE_NATIVE, .subids = true}) < 0 &&
           e.kind == ERR_REFUSED && strstr(e.text, "--subids") != NULL,
       "--subids is refused: %s", e.text);
    build_with_path(ACCESS_HIDE, "/home/ann/src/app/secret", "/home/ann/src/app/secret",
                    "--deny");
    ok(e.kind == ERR_REFUSED && strstr(e.text, "--deny") != NULL, "--deny is refused: %s",
       e.text);
    build_with_path(ACCESS_READ, "/home/ann/src/app/vendor", "/home/ann/src/app/vendor",
                    "--ro");
    ok(e.kind == ERR_REFUSED && strstr(e.text, "made read-only") != NULL,
       "--ro below the project is refused: %s", e.text);
    build_with_path(ACCESS_READ, "/srv/data", "/srv/data", "--ro");
    ok(e.kind == ERR_NONE && mount_at("/srv/data") != NULL && mount_at("/srv/data")->read_only,
       "--ro of a directory outside of other mounts is planned: %s", e.text);
    build_with_path(ACCESS_WRITE, "/srv/link", "/srv/data", "--add-dir");
    ok(e.kind == ERR_NONE && mount_at("/srv/link") != NULL,
       "--add-dir of a link is mounted at the link");
}

int main(void)
{
    plan_goldens();
    paths_of_the_machine_can_be_hidden();
    subordinate_ids_and_network_are_checked();
    session_without_namespaces_is_planned();
    options_that_need_namespaces_are_refused();
    arena_release(&arena);
    return done_testing();
}
