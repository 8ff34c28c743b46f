/* SPDX-License-Identifier: MIT */
/* Plans for machines that let nobody mount. */
#include "plan/build.h"

#include "plan.h"
#include "tap.h"

#define RUN "/run/user/1000/cco/cco-app-0123"

static struct arena arena;
static struct facts f;
static struct plan p;
static struct err e;

static void machine(unsigned abi)
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

static int build(const struct opts *o)
{
    return plan_build(o, &f, &arena, &p, &e) < 0 || plan_check(&p, &f, &e) < 0 ? -1 : 0;
}

static const struct plan_mount *at(const char *target)
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

static void a_session(void)
{
    struct opts o = {.engine = ENGINE_NATIVE};
    const struct plan_mount *m;

    machine(7);
    is_int(build(&o), 0, "planned");
    ok(p.kind == SANDBOX_LANDLOCK_ONLY, "without namespaces");
    is_str(p.user.home, RUN "/home", "the home is the session's");
    is_str(variable("HOME"), RUN "/home", "and told");
    is_str(variable("TMPDIR"), RUN "/tmp", "so is the place for temporary files");
    is_str(plan_inner_dir(&p), RUN, "the run directory is where it is");
    m = at("/home/ann/src/app");
    ok(m != NULL && !m->read_only, "the project, where it is");
    ok(at(RUN "/home/.claude") == NULL && strv_has(&p.user.dirs, RUN "/home/.claude"),
       "claude's directory is a plain one");
    m = at(RUN "/home/.claude/projects");
    ok(m != NULL && m->placeholder == NULL &&
           strcmp(m->source, "/home/ann/.claude/projects") == 0,
       "with what is shared in it");
    ok(at(RUN "/home/.gitconfig") != NULL, "git's settings");
    ok(at("/run/cco-ssh-agent") == NULL && variable("SSH_AUTH_SOCK") == NULL,
       "no agent: its socket is out of reach");
    ok(at(PLAN_RUN_DIR) == NULL, "and nothing at the usual place");
    is_str(variable("PATH"), "/home/ann/.local/bin:/usr/bin:/bin:/home/ann/src/app/bin",
           "PATH has what can be run");
    is_int((long long)p.warnings.count, 1, "what is given up is one line");
    ok(strstr(p.warnings.v[0], "user.max_user_namespaces is 0") != NULL &&
           strchr(p.warnings.v[0], '\n') == NULL && strstr(p.warnings.v[0], "ended") == NULL,
       "with the reason: %s", p.warnings.v[0]);
    machine(3);
    is_int(build(&o), 0, "an older kernel");
    ok(strstr(p.warnings.v[0], "your processes ended") != NULL, "gives up more");
}

static void refused(const struct opts *o, const char *word)
{
    machine(7);
    ok(build(o) < 0 && e.kind == ERR_REFUSED && strstr(e.text, word) != NULL &&
           strstr(e.text, "max_user_namespaces") != NULL && e.hint[0] != '\0',
       "%s", e.text);
}

static void option_paths(enum opts_access access, const char *target, const char *physical,
                         const char *option)
{
    static struct opts_path path;
    static struct fact_option_path fact;
    struct opts o = {.engine = ENGINE_NATIVE, .paths = &path, .path_count = 1};

    machine(7);
    path = (struct opts_path){.path = target, .access = access, .option = option};
    fact = (struct fact_option_path){
        .target = target, .physical = physical, .type = FACT_DIR, .id = "1:1"};
    f.option_paths = &fact;
    f.option_path_count = 1;
    (void)build(&o);
}

static void options(void)
{
    refused(&(struct opts){.engine = ENGINE_NATIVE, .network = NETWORK_NONE}, "--network none");
    refused(&(struct opts){.engine = ENGINE_NATIVE, .allow_userns = true}, "--allow-userns");
    option_paths(ACCESS_HIDE, "/home/ann/src/app/secret", "/home/ann/src/app/secret", "--deny");
    ok(e.kind == ERR_REFUSED && strstr(e.text, "--deny") != NULL, "%s", e.text);
    option_paths(ACCESS_READ, "/home/ann/src/app/vendor", "/home/ann/src/app/vendor", "--ro");
    ok(e.kind == ERR_REFUSED && strstr(e.text, "writing") != NULL, "%s", e.text);
    option_paths(ACCESS_READ, "/srv/data", "/srv/data", "--ro");
    ok(e.kind == ERR_NONE && at("/srv/data") != NULL && at("/srv/data")->read_only,
       "what is apart from the rest can be read only: %s", e.text);
    option_paths(ACCESS_WRITE, "/srv/link", "/srv/data", "--add-dir");
    ok(e.kind == ERR_NONE && at("/srv/link") != NULL,
       "links of this machine lead where they do");
}

int main(void)
{
    a_session();
    options();
    arena_release(&arena);
    return done_testing();
}
