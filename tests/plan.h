/* SPDX-License-Identifier: MIT */
/* The facts of a machine, and the cases whose plans are in tests/plan/. */
#ifndef TESTS_PLAN_H
#define TESTS_PLAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "plan/claude_state.h"
#include "plan/plan.h"

/* Sets *f to the facts of Ann's laptop: Docker, a login file, a few settings. */
__attribute__((unused)) static void plan_facts(struct facts *f, struct arena *a)
{
    static const char *const ca_names[] = {"NODE_EXTRA_CA_CERTS"};

    *f = (struct facts){
        .uid = 1000,
        .gid = 1000,
        .user = "ann",
        .home = "/home/ann",
        .home_physical = "/home/ann",
        .project = "/home/ann/src/app",
        .cwd_physical = "/home/ann/src/app",
        .claude_root = "/home/ann/src/app",
        .dotenv_dir = "/home/ann/src/app",
        .claude_dir = "/home/ann/.claude",
        .claude_path = "/home/ann/.claude",
        .claude_json = {"/home/ann/.claude.json", "/home/ann/.claude.json", FACT_FILE},
        .project_key = "app-1a2b3c4d",
        .owner_key = "0a0b0c0d",
        .data_dir = "/home/ann/.local/share/cco",
        .config_dir = "/home/ann/.config/cco",
        .state_dir = "/home/ann/.local/state/cco",
        .runtime_dir = "/run/user/1000/cco",
        .gitconfig = {"/home/ann/.gitconfig", "/home/ann/.gitconfig", FACT_FILE},
        .git_files = {{"/home/ann/.config/git/config", NULL, FACT_MISSING},
                      {"/home/ann/.config/git/ignore", NULL, FACT_MISSING},
                      {"/home/ann/.config/git/attributes", NULL, FACT_MISSING}},
        .known_hosts = {"/home/ann/.ssh/known_hosts", "/home/ann/.ssh/known_hosts", FACT_FILE},
        .ssh_agent = {"/run/user/1000/agent", "/run/user/1000/agent", FACT_OTHER},
        .ca_names = ca_names,
        .tz = "Europe/Berlin",
        .umask = 027,
        .stdin_tty = true,
        .stdout_tty = true,
        .stderr_tty = true,
        .rows = 40,
        .cols = 120,
        .version = "1.2.3",
        .exe = "/usr/local/bin/cco",
        .exe_digest = "11aa",
        .random = "0123456789abcdef",
        .now_ms = 1700000000000,
        .login = {.source = LOGIN_FILE,
                  .path = "/home/ann/.claude/.credentials.json",
                  .detail = "/home/ann/.claude/.credentials.json",
                  .expires_at_ms = 1700009999000},
        .base = "debian:trixie-slim",
        .image_digest = "d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1",
        .engine = {.address = "unix:///var/run/docker.sock",
                   .name = "Docker 28.5.2",
                   .api_minor = 44,
                   .host_network_real = true,
                   .buildkit = true,
                   .pids_limit = true},
        .image = {.present = true,
                  .id = "sha256:1",
                  .init_digest = "11aa",
                  .path_env = "/usr/bin"},
    };
    f->claude_state = arena_array(a, claude_state_count, sizeof(f->claude_state[0]));
    for (size_t i = 0; i < claude_state_count; i++) {
        bool there = strcmp(claude_state[i].name, "todos") != 0 &&
                     strcmp(claude_state[i].name, "agents") != 0;

        if (there) {
            f->claude_state[i].type = claude_state[i].is_dir ? FACT_DIR : FACT_FILE;
            f->claude_state[i].physical =
                arena_printf(a, "/home/ann/.claude/%s", claude_state[i].name);
        }
    }
    f->claude_project =
        (struct fact_state){FACT_DIR, "/home/ann/.claude/projects/-home-ann-src-app"};
    strv_add(&f->groups, a, "44:video");
    strv_add(&f->groups, a, "27:sudo");
    strv_add(&f->groups, a, "0");
    strv_add(&f->groups, a, "1002");
    f->nice = 5;
    strv_add(&f->ignored, a, "USR1");
    strv_add(&f->limits, a, "nofile 1024 524288");
    strv_add(&f->limits, a, "fsize unlimited unlimited");
    strv_add(&f->env_names, a, "ANTHROPIC_MODEL");
    strv_add(&f->env_names, a, "AWS_REGION");
    strv_add(&f->env_names, a, "HOME");
    strv_add(&f->env_names, a, "LC_ALL");
    strv_add(&f->env_names, a, "SECRET_OF_HOST");
    strv_add(&f->env_names, a, "TERM");
}

/* A plan, with its options, facts and arena, and a buffer to which it can be printed. */
struct planned {
    struct arena arena;
    struct opts o;
    struct facts f;
    struct plan p;
    struct err e;
    struct buf out;
};

/* Sets the options and the facts of Ann's laptop, and lets `change` change them unless it is
 * NULL. planned_build() builds the plan, and planned_release() frees everything. */
__attribute__((unused)) static void planned_init(struct planned *t,
                                                 void (*change)(struct opts *o, struct facts *f,
                                                                struct arena *a))
{
    memset(t, 0, sizeof(*t));
    buf_init(&t->out, LIMIT_REQUEST);
    plan_facts(&t->f, &t->arena);
    if (change != NULL) {
        change(&t->o, &t->f, &t->arena);
    }
}

/* Returns the result of plan_build(); the error is in t->e. */
__attribute__((unused)) static int planned_build(struct planned *t)
{
    return plan_build(&t->o, &t->f, &t->arena, &t->p, &t->e);
}

__attribute__((unused)) static void planned_release(struct planned *t)
{
    buf_release(&t->out);
    arena_release(&t->arena);
}

struct plan_case {
    const char *name; /* of the directory in tests/plan */
    void (*change)(struct opts *o, struct facts *f, struct arena *a);
    /* Makes the base case, to which the file contains the difference (golden.h). NULL: the file
     * contains the whole plan. */
    void (*base)(struct opts *o, struct facts *f, struct arena *a);
};

static void case_claude(struct opts *o, struct facts *f, struct arena *a)
{
    (void)f;
    strv_add(&o->args, a, "--model");
    strv_add(&o->args, a, "opus");
}

/* The option --gpg, and a running agent. */
static void share_gpg(struct opts *o, struct facts *f)
{
    o->gpg = true;
    f->gpg = (struct fact_gpg){
        .home = "/home/ann/.gnupg",
        .files = {{"/home/ann/.gnupg/pubring.kbx", "/home/ann/.gnupg/pubring.kbx", FACT_FILE}},
        .agent = {"/run/user/1000/gnupg/S.gpg-agent.extra",
                  "/run/user/1000/gnupg/S.gpg-agent.extra", FACT_OTHER}};
}

static void case_print(struct opts *o, struct facts *f, struct arena *a)
{
    static struct trust_item items[] = {
        {".env", "PATH: is run or looked up: ./bin", TRUST_DOTENV, false},
        {".mcp.json", "the MCP server a runs ./a", TRUST_CLAUDE, false},
    };

    f->trust = TRUST_CHANGED;
    f->trust_items = (struct trust_items){.list = items, .count = 2};
    f->stdin_tty = false;
    strv_add(&o->args, a, "-p");
    strv_add(&o->args, a, "say \"hi\"\n");
    strv_add(&o->env, a, "A=1");
    strv_add(&o->env, a, "SECRET_OF_HOST");
    strv_add(&o->env, a, "NOT_SET");
    o->network = NETWORK_NONE;
    share_gpg(o, f);
}

static void case_root(struct opts *o, struct facts *f, struct arena *a)
{
    (void)a;
    o->command = CMD_SHELL;
    f->uid = f->gid = 0;
    f->user = "root";
    f->home = f->home_physical = "/root";
    f->claude_dir = "/root/.claude";
    f->claude_json = (struct fact_path){"/root/.claude.json", NULL, FACT_MISSING};
    f->login = (struct fact_login){.source = LOGIN_API_KEY, .detail = "ANTHROPIC_API_KEY"};
    f->runtime_dir = "/tmp/cco-0";
    for (size_t i = 0; i < claude_state_count; i++) {
        f->claude_state[i] = (struct fact_state){FACT_MISSING, NULL};
    }
    f->claude_project =
        (struct fact_state){FACT_MISSING, "/root/.claude/projects/-home-ann-src-app"};
    f->ssh_agent.type = f->gitconfig.type = f->known_hosts.type = FACT_MISSING;
}

static void case_image(struct opts *o, struct facts *f, struct arena *a)
{
    o->image = "alpine:3";
    o->command = CMD_SHELL;
    strv_add(&o->args, a, "uname");
    strv_add(&o->args, a, "-a b");
    f->image = (struct fact_image){.present = true, .id = "sha256:2"};
}

static void case_desktop(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_path ca = {"/etc/corp.pem", "/etc/corp.pem", FACT_FILE};

    (void)o;
    (void)a;
    f->engine.desktop = true;
    f->engine.host_network_real = false;
    f->ca_files = &ca;
    f->ca_count = 1;
}

static void case_odd_paths(struct opts *o, struct facts *f, struct arena *a)
{
    (void)o;
    (void)a;
    f->project = f->cwd_physical = f->claude_root = f->dotenv_dir = "/srv/p: \xc3\xa9\n\"x\"";
    f->git_common_dir = "/srv/main/.git";
}

static void case_rootless(struct opts *o, struct facts *f, struct arena *a)
{
    (void)a;
    o->rebuild = true;
    f->engine.rootless = true;
    f->engine.host_network_real = false;
}

/* Rootless Podman of Debian 12 without cgroup v2. */
static void case_podman(struct opts *o, struct facts *f, struct arena *a)
{
    (void)a;
    o->command = CMD_SHELL;
    o->memory = 1 << 30;
    o->nano_cpus = 1500000000;
    o->docker = true;
    f->project = f->cwd_physical = f->claude_root = f->dotenv_dir = "/srv/a,source=/,b \"c\"";
    f->engine.address = "unix:///run/user/1000/podman/podman.sock";
    f->engine.socket = "/run/user/1000/podman/podman.sock";
    f->engine.name = "Podman 4.3.1";
    f->engine.api_minor = 41;
    f->engine.podman = true;
    f->engine.rootless = true;
    f->engine.buildkit = false;
    f->engine.pids_limit = false;
    f->engine.no_memory_limit = true;
    f->engine.no_cpu_limit = true;
}

static void case_packages(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_dotenv dotenv[] = {{"DB_PASSWORD", false, false},
                                          {"LC_ALL", true, false}};

    strv_add(&o->packages, a, "cowsay");
    strv_add(&o->packages, a, "figlet");
    f->dotenv = dotenv;
    f->dotenv_count = 2;
    f->image = (struct fact_image){0};
    f->engine.userns_remap = true;
    f->engine.live_restore = true;
    o->claude_subcommand = true;
    strv_add(&o->args, a, "mcp");
    strv_add(&o->args, a, "list");
}

/* A remote engine, with everything that it changes in a plan. */
static void case_remote(struct opts *o, struct facts *f, struct arena *a)
{
    static const struct fact_path_map path_maps[] = {
        {"/home/ann/shared", "/data/shared", true, false}};
    static struct fact_option_path option_paths[] = {
        {"/home/ann/lib", "/home/ann/lib", FACT_DIR, NULL, "1:2", NULL, NULL},
        {"/home/ann/shared/ref", "/home/ann/shared/ref", FACT_DIR, NULL, "1:3", NULL, NULL},
        {"/home/ann/.config/gh", "/home/ann/.config/gh", FACT_DIR, NULL, "1:4", NULL, NULL},
        {"/etc/mcp.json", "/etc/mcp.json", FACT_FILE, NULL, "1:5", NULL, NULL},
        {"/home/ann/src/app/private", "/home/ann/src/app/private", FACT_DIR, NULL, "1:6", NULL,
         NULL},
        {"/home/ann/src/app/.env", "/home/ann/src/app/.env", FACT_FILE, NULL, "1:7", NULL,
         NULL},
        {"/srv/log", NULL, FACT_MISSING, NULL, NULL, "/srv", NULL},
    };
    static struct opts_path paths[] = {
        {"../lib", ACCESS_WRITE, "--add-dir", true, false, false},
        {"~/shared/ref", ACCESS_READ, "--ro", false, false, false},
        {"~/.config/gh", ACCESS_READ, "--ro", false, false, false},
        {"/etc/mcp.json", ACCESS_READ, "--mcp-config", false, true, true},
        {"private", ACCESS_HIDE, "--deny", false, false, false},
        {".env", ACCESS_HIDE, "--deny", false, false, false},
        {"/srv/log", ACCESS_OUTPUT, "--debug-file", false, true, true},
    };

    case_desktop(o, f, a);
    f->engine.desktop = false;
    f->engine.kind = SANDBOX_REMOTE_CONTAINER;
    f->engine.remote_why = "the engine is reached over ssh";
    f->engine.path_maps = path_maps;
    f->engine.path_map_count = 1;
    f->git_common_dir = "/home/ann/src/main/.git";
    f->option_paths = option_paths;
    f->option_path_count = sizeof(option_paths) / sizeof(option_paths[0]);
    o->paths = paths;
    o->path_count = sizeof(paths) / sizeof(paths[0]);
    o->docker = true;
    o->allow_oauth_refresh = true;
}

static void case_remote_push(struct opts *o, struct facts *f, struct arena *a)
{
    case_root(o, f, a);
    f->engine.kind = SANDBOX_REMOTE_CONTAINER;
    o->sync = OPTS_SYNC_PUSH;
    o->sync_all = true;
}

/* cco runs as an ordinary user in a container of rootless Podman. The project is below a mount,
 * and other mounts are inside of it. */
static void case_container(struct opts *o, struct facts *f, struct arena *a)
{
    static const struct fact_path_map path_maps[] = {
        {"/home/ann/src", "/var/ci/jobs", true, false},
        {"/home/ann/src/app/cache", "/var/lib/volumes/c/_data", true, false},
        {"/home/ann/src/app/tools", "/opt/tools", true, true},
        {"/home/ann/src/app/tmp", NULL, false, false},
        {"/run/docker.sock", "/run/user/1000/podman/podman.sock", false, false}};

    case_podman(o, f, a);
    f->project = f->cwd_physical = f->claude_root = f->dotenv_dir = "/home/ann/src/app";
    f->engine.socket = path_maps[4].remote_path;
    f->engine.kind = SANDBOX_REMOTE_CONTAINER;
    f->engine.remote_why = "cco runs in a container of this engine";
    f->engine.path_maps = path_maps;
    f->engine.path_map_count = sizeof(path_maps) / sizeof(path_maps[0]);
    f->engine.own_network = "container:5c9a3b157ee3";
    f->engine.own_userns = "";
}

/* Ann's laptop without an engine. Claude's own installer has installed claude, and there are no
 * limits. */
static void case_native(struct opts *o, struct facts *f, struct arena *a)
{
    static const struct fact_program programs[] = {
        {.path = "/home/ann/.local/share/claude/versions/2.1",
         .link = "/home/ann/.local/bin/claude",
         .target = "/home/ann/.local/share/claude/versions/2.1"}};
    struct fact_top *tops = arena_array(a, 4, sizeof(*tops));

    tops[0] = (struct fact_top){.name = "bin", .link = "usr/bin"};
    tops[1] = (struct fact_top){.name = "etc"};
    tops[2] = (struct fact_top){.name = "opt"};
    tops[3] = (struct fact_top){.name = "usr"};
    o->engine = ENGINE_NATIVE;
    f->engine = (struct fact_engine){
        .address = PLAN_NATIVE,
        .name = "cco's own sandbox",
        .kind = SANDBOX_NATIVE,
        .api_minor = 44,
        .host_network_real = true,
        .no_memory_limit = true,
        .no_cpu_limit = true,
        .no_limit_why = "no control group is yours",
    };
    f->native = (struct fact_native){
        .tops = tops,
        .top_count = 4,
        .claude = "/home/ann/.local/bin/claude",
        .programs = programs,
        .program_count = 1,
        .path_env = "/home/ann/.local/bin:/usr/bin:/bin",
    };
}

static void case_native_root(struct opts *o, struct facts *f, struct arena *a)
{
    static const struct fact_hidden hidden[] = {{"/etc/shadow", false},
                                                {"/etc/ssl/private", true}};

    case_root(o, f, a);
    case_native(o, f, a);
    f->native.hidden = hidden;
    f->native.hidden_count = 2;
    f->native.adds_user = true;
    f->native.resolv_conf = "/run/systemd/resolve/stub-resolv.conf";
    f->native.no_engine = "no Docker engine found (looked at /var/run/docker.sock)";
    o->engine = ENGINE_AUTO;
}

/* A native sandbox on a machine that delegates a control group. */
static void case_native_limits(struct opts *o, struct facts *f, struct arena *a)
{
    static const struct fact_range ranges[] = {{100000, 65536}};

    case_native(o, f, a);
    f->engine.no_memory_limit = f->engine.no_cpu_limit = false;
    f->engine.pids_limit = true;
    f->engine.no_limit_why = NULL;
    f->native.tops[1].idmapped = true;
    f->native.newuidmap = "/usr/bin/newuidmap";
    f->native.newgidmap = "/usr/bin/newgidmap";
    f->native.subuids = f->native.subgids = ranges;
    f->native.subuid_count = f->native.subgid_count = 1;
    o->memory = 1 << 30;
    o->nano_cpus = 1500000000;
    o->network = NETWORK_NONE;
    o->allow_userns = true;
    o->subids = true;
    share_gpg(o, f);
}

/* A native sandbox without a control group. Options hide paths of the machine and share
 * others. */
static void case_native_paths(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_option_path option_paths[] = {
        {"/home/ann/lib", "/home/ann/lib", FACT_DIR, NULL, "1:2", NULL, NULL},
        {"/home/ann/.config/gh", "/home/ann/.config/gh", FACT_DIR, NULL, "1:3", NULL, NULL},
        {"/usr/share/doc", "/usr/share/doc", FACT_DIR, NULL, "1:4", NULL, NULL},
        {"/etc/company", "/etc/company", FACT_DIR, NULL, "1:5", NULL, NULL},
        {"/home/ann/src/app/private", "/home/ann/src/app/private", FACT_DIR, NULL, "1:6", NULL,
         NULL},
        {"/srv/elsewhere", "/srv/elsewhere", FACT_DIR, NULL, "1:7", NULL, NULL},
    };
    static struct opts_path paths[] = {
        {"../lib", ACCESS_WRITE, "--add-dir", true, false, false},
        {"~/.config/gh", ACCESS_READ, "--ro", false, false, false},
        {"/usr/share/doc", ACCESS_READ, "--ro", false, false, false},
        {"/etc/company", ACCESS_HIDE, "--deny", false, false, false},
        {"private", ACCESS_HIDE, "--deny", false, false, false},
        {"/srv/elsewhere", ACCESS_HIDE, "--deny", false, false, false},
    };

    case_native(o, f, a);
    f->option_paths = option_paths;
    f->option_path_count = sizeof(option_paths) / sizeof(option_paths[0]);
    o->paths = paths;
    o->path_count = sizeof(paths) / sizeof(paths[0]);
    o->memory = 1 << 30;
    o->pids = 100;
}

static void case_native_landlock_only(struct opts *o, struct facts *f, struct arena *a)
{
    case_native(o, f, a);
    f->native.no_namespaces = "user.max_user_namespaces is 0";
    f->native.landlock_abi = 4;
}

/* These cases have no request to an engine, so test_docker_spec does not use them. */
__attribute__((unused)) static const struct plan_case native_cases[] = {
    {"native", case_native, NULL},
    {"native-root", case_native_root, case_native},
    {"native-limits", case_native_limits, case_native},
    {"native-paths", case_native_paths, case_native},
    {"native-landlock-only", case_native_landlock_only, case_native},
};

__attribute__((unused)) static const struct plan_case plan_cases[] = {
    {"claude", case_claude, NULL},
    {"print", case_print, case_claude},
    {"root-shell", case_root, case_claude},
    {"image", case_image, case_claude},
    {"desktop", case_desktop, case_claude},
    {"odd-paths", case_odd_paths, case_claude},
    {"rootless", case_rootless, case_claude},
    {"packages", case_packages, case_claude},
    {"podman", case_podman, case_claude},
    {"container", case_container, case_claude},
    {"remote", case_remote, NULL},
    {"remote-push", case_remote_push, case_remote},
};

#endif
