/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static struct arena arena;
static struct facts f;
static struct plan p;

static void build(void)
{
    struct opts o = {0};
    struct err e = {0};

    ok(plan_build(&o, &f, &arena, &p, &e) == 0, "the plan is built %s", e.text);
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

/* Returns true if init makes a copy at this path. */
static bool is_copied(const char *target)
{
    for (size_t i = 0; i < p.files.copy_count; i++) {
        if (p.files.copies[i].by_init && strcmp(p.files.copies[i].target, target) == 0) {
            return true;
        }
    }
    return false;
}

static void mounts_of_a_usual_machine(void)
{
    const struct plan_mount *m;

    plan_facts(&f, &arena);
    build();
    m = at("/home/ann/src/app");
    ok(m != NULL && !m->read_only && strcmp(m->source, "/home/ann/src/app") == 0,
       "the project is mounted at its own path, writable");
    m = at("/home/ann/.claude");
    ok(m != NULL && m->kind == MOUNT_TMPFS && m->size > 0 && !m->read_only,
       "~/.claude is memory of limited size");
    m = at("/home/ann/.claude/image-cache");
    ok(m != NULL && !m->read_only && m->make_source && m->placeholder == m->source &&
           strcmp(m->source, "/home/ann/.local/share/cco/claude/app-1a2b3c4d/image-cache") == 0,
       "the image cache is kept in cco's own directory for the project, and is not a link");
    m = at("/home/ann/.claude/todos");
    ok(m != NULL && !m->read_only && m->make_source && m->placeholder == m->source &&
           strcmp(m->source, "/home/ann/.local/share/cco/claude/app-1a2b3c4d/todos") == 0,
       "parts of conversations are in cco's own directory for the project");
    m = at("/home/ann/.claude/hooks");
    ok(m != NULL && m->read_only, "hooks are read-only");
    m = at("/home/ann/.claude/agents");
    ok(m != NULL && m->read_only && !m->make_source &&
           strcmp(m->source, "/run/user/1000/cco/cco-app-0123/empty") == 0,
       "a locked entry that the host lacks is an empty directory, and is not created on the "
       "host");
    ok(at("/home/ann/.claude/keybindings.json") == NULL &&
           is_copied("/home/ann/.claude/keybindings.json"),
       "a copied file that the host lacks is a copy in memory");
    ok(at("/home/ann/.claude/settings.json") == NULL &&
           is_copied("/home/ann/.claude/settings.json"),
       "settings are a copy in memory");
    ok(at("/home/ann/.claude/.credentials.json") == NULL &&
           is_copied("/home/ann/.claude/.credentials.json"),
       "the login is a copy in memory");
    is_str(p.login.inside, "/home/ann/.claude/.credentials.json",
           "init overwrites the copy of the login");
    m = at("/home/ann/.gitconfig");
    ok(m != NULL && m->read_only && strstr(m->source, "/files/gitconfig") != NULL,
       "git's settings are a read-only copy");
    ok(at("/home/ann/.ssh/known_hosts") != NULL && at("/home/ann/.ssh") == NULL,
       "known hosts are mounted, and keys are not");
    m = at(PLAN_AGENT_DIR);
    ok(m != NULL && m->kind == MOUNT_TMPFS && m->size > 0 && p.ssh_agent != NULL &&
           strcmp(p.ssh_agent, "/run/user/1000/agent") == 0,
       "init serves the ssh agent in a directory in memory");
    ok(strv_has(&p.user.dirs, "/home/ann/.ssh") && strv_has(&p.user.dirs, "/home/ann/src"),
       "directories above a mount are given to the user");
    ok(!strv_has(&p.user.dirs, "/home/ann/src/app"), "a mount is not given to the user");
    ok(strv_has(&p.user.dirs, "/home/ann/.claude"), "claude's directory is given to the user");
}

/* A login that the sandbox may renew, and a sandbox without namespaces. */
static void login_that_is_a_file_of_this_machine(void)
{
    struct opts o = {.allow_oauth_refresh = true};
    struct err e = {0};
    const struct plan_mount *m;

    plan_facts(&f, &arena);
    ok(plan_build(&o, &f, &arena, &p, &e) == 0, "the plan is built %s", e.text);
    m = at("/home/ann/.claude/.credentials.json");
    ok(m != NULL && strstr(m->source, "/files/credentials.json") != NULL && !m->read_only &&
           p.login.inside == NULL,
       "a login that the sandbox may renew is a file of this machine");
    o = (struct opts){0};
    plan_facts(&f, &arena);
    case_native_landlock_only(&o, &f, &arena);
    ok(plan_build(&o, &f, &arena, &p, &e) == 0, "the plan is built %s", e.text);
    ok(p.login.inside == NULL && !is_copied("/home/ann/.claude/.credentials.json"),
       "init does not write a login in a directory of the command without namespaces");
}

/* Without a login on this machine, a login that is made inside is kept. */
static void login_made_inside_is_kept(void)
{
    const struct plan_mount *m;

    plan_facts(&f, &arena);
    f.login.source = LOGIN_NONE;
    build();
    m = at("/home/ann/.claude/.credentials.json");
    ok(m != NULL && m->placeholder == m->source &&
           strstr(m->source, "/cco/claude/app-1a2b3c4d/.credentials.json") != NULL,
       "a login that is made inside is kept in cco's own directory for the project");
}

/* Several variables usually name one file, which is copied once. */
static void one_certificate_file_is_copied_once(void)
{
    static const char *const names[] = {"NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE",
                                        "CURL_CA_BUNDLE"};
    struct fact_path files[] = {
        {"/etc/ssl/all.pem", "/etc/ssl/all.pem", FACT_FILE},
        {"/etc/ssl/link.pem", "/etc/ssl/all.pem", FACT_FILE},
        {"/srv/own.pem", "/srv/own.pem", FACT_FILE},
    };
    const char *targets[3] = {0};
    size_t copies = 0;

    plan_facts(&f, &arena);
    f.ca_files = files;
    f.ca_names = names;
    f.ca_count = 3;
    build();
    for (size_t i = 0; i < p.files.copy_count; i++) {
        copies += strstr(p.files.copies[i].name, "ca-") != NULL;
    }
    for (size_t i = 0; i < p.env.count; i++) {
        for (size_t k = 0; k < 3; k++) {
            if (strcmp(p.env.vars[i].name, names[k]) == 0) {
                targets[k] = p.env.vars[i].value;
            }
        }
    }
    is_int((long long)copies, 2, "two files give two copies");
    ok(targets[0] != NULL && targets[1] != NULL && targets[2] != NULL &&
           strcmp(targets[0], targets[1]) == 0 && strcmp(targets[0], targets[2]) != 0,
       "every variable names the copy of its file");
}

static void ssh_keys_are_shared_on_request(void)
{
    struct opts o = {.ssh_keys = true};
    struct err e = {0};

    plan_facts(&f, &arena);
    f.ssh_dir = (struct fact_path){"/home/ann/.ssh", "/home/ann/.ssh", FACT_DIR};
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && at("/home/ann/.ssh") != NULL &&
           at("/home/ann/.ssh")->read_only && at("/home/ann/.ssh/known_hosts") == NULL,
       "--ssh-keys shows all of ~/.ssh, read-only");
    f.ssh_dir.type = FACT_MISSING;
    ok(plan_build(&o, &f, &arena, &p, &e) < 0 && e.kind == ERR_USAGE &&
           strstr(e.text, "--ssh-keys") != NULL && e.hint[0] != '\0',
       "--ssh-keys without ~/.ssh is refused: %s", e.text);
}

static void hiding_without_namespaces_is_refused(void)
{
    struct fact_option_path fact = {"/home/ann/src/app/secret",
                                    "/home/ann/src/app/secret",
                                    FACT_DIR,
                                    NULL,
                                    "1:1",
                                    NULL,
                                    NULL};
    struct opts_path deny = {.path = "secret", .access = ACCESS_HIDE, .option = "--deny"};
    struct opts o = {0};
    struct err e = {0};

    plan_facts(&f, &arena);
    case_native_landlock_only(&o, &f, &arena);
    o.paths = &deny;
    f.option_paths = &fact;
    o.path_count = f.option_path_count = 1;
    ok(plan_build(&o, &f, &arena, &p, &e) < 0 && e.kind == ERR_REFUSED,
       "without namespaces, --deny in the project is refused: %s", e.text);
}

static void paths_that_an_agent_may_have_made_are_not_shared(void)
{
    plan_facts(&f, &arena);
    for (size_t i = 0; i < claude_state_count; i++) {
        if (strcmp(claude_state[i].name, "hooks") == 0 ||
            strcmp(claude_state[i].name, "CLAUDE.md") == 0) {
            f.claude_state[i].type = FACT_OTHER; /* a fifo */
        }
    }
    f.gitconfig.physical = "/home/ann/src/app/gitconfig";
    f.untrusted = &(struct fact_untrusted){f.ssh_agent.path, "why", false};
    f.untrusted_count = 1;
    build();
    ok(at("/home/ann/.gitconfig") == NULL, "a path that leads into the project is not shared");
    ok(at("/run/cco-ssh-agent") == NULL, "a path that leads through the project is not shared");
    ok(p.warnings.count == 1 && strstr(p.warnings.v[0], "/home/ann/.gitconfig") != NULL &&
           strstr(p.warnings.v[0], f.ssh_agent.path) != NULL,
       "one warning names these paths");
    ok(at("/home/ann/.claude/hooks") != NULL && at("/home/ann/.claude/hooks")->read_only &&
           strstr(at("/home/ann/.claude/hooks")->source, "/empty") != NULL &&
           is_copied("/home/ann/.claude/CLAUDE.md"),
       "a locked or copied entry of another type is replaced by an empty one");
    f.login.broken = true;
    build();
    ok(!is_copied("/home/ann/.claude/.credentials.json"), "a broken login is not copied");
    f.engine.desktop = true;
    build();
    ok(at("/run/cco-ssh-agent") == NULL,
       "for an engine in a virtual machine, the agent's socket is not mounted");
    f.git_common_dir = "/srv/main/.git";
    build();
    ok(at("/srv/main/.git") != NULL, "the repository of a worktree is mounted");
    f.brought = (struct fact_brought[]){
        {{"/home/ann/inc", "/home/ann/inc", FACT_FILE}, "/home/ann/inc", "git's settings"},
        {{"/srv/hooks", "/srv/hooks", FACT_DIR}, "/srv/hooks", "git's hooks"},
        {{"/home/ann/x", "/home/ann/x", FACT_FILE}, "/srv/main/.git", "twice"}};
    f.brought_count = 3;
    build();
    ok(at("/home/ann/inc") != NULL && at("/home/ann/inc")->read_only &&
           strstr(at("/home/ann/inc")->source, "/files/") != NULL,
       "a file that settings name is a copy");
    ok(at("/srv/hooks") != NULL && at("/srv/hooks")->read_only, "a directory is read-only");
    ok(strcmp(at("/srv/main/.git")->why, "twice") != 0, "a path is shown once");
    f.signing.commits = true;
    build();
    ok(p.missing.count == 1 && strstr(p.missing.list[0].text, "gpg") != NULL,
       "signing with gpg is missing");
    f.signing.ssh = true;
    build();
    ok(p.missing.count == 1 && strstr(p.missing.list[0].text, "no ssh agent") != NULL,
       "so is signing with ssh without an agent");
    f.cwd_physical = "/home/ann/src/app/lib/x";
    build();
    ok(at("/home/ann/src/app") != NULL && at(f.cwd_physical) == NULL,
       "in a subdirectory, the whole project is mounted");
    is_str(p.command.workdir, f.cwd_physical, "the command runs in the current directory");
}

int main(void)
{
    plan_goldens();
    mounts_of_a_usual_machine();
    login_that_is_a_file_of_this_machine();
    login_made_inside_is_kept();
    one_certificate_file_is_copied_once();
    ssh_keys_are_shared_on_request();
    hiding_without_namespaces_is_refused();
    paths_that_an_agent_may_have_made_are_not_shared();
    for (size_t i = 0; i < p.files.mount_count; i++) {
        for (size_t k = i + 1; k < p.files.mount_count; k++) {
            size_t len = strlen(p.files.mounts[k].target);

            if (strncmp(p.files.mounts[i].target, p.files.mounts[k].target, len) == 0 &&
                p.files.mounts[i].target[len] == '/') {
                ok(false, "parents come before children: %s", p.files.mounts[i].target);
            }
        }
    }
    arena_release(&arena);
    return done_testing();
}
