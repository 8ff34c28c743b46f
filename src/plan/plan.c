/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "plan/build.h"
#include "wire/boot.h"

#include <string.h>

/* The API version of Docker 20.10, the first that accepts "host-gateway". */
enum { API_HOST_GATEWAY = 41 };

/* The size of /dev/shm in a container without --memory. Only files in it take memory.
 * The engine's default, 64 MiB, is too little for browsers and databases. */
static const uint64_t shm_default = 1024U << 20;

enum { DIGEST_SHORT = 12, PIDS_LIMIT = 8192 };

/* The capabilities that init needs until it drops them: to make the user and the home, to
 * become the user, to empty the bounding set, and to pass signals on to a process of the
 * user. */
static const char *const init_caps[] = {
    "CHOWN",   "DAC_OVERRIDE", "FOWNER",     "KILL", "SETGID",
    "SETPCAP", "SETUID",       "SYS_PTRACE", /* for PLAN_INIT_LIVE (engine/docker_exec.c) */
};

bool plan_is_native(const struct plan *p)
{
    return p->kind == SANDBOX_NATIVE || p->kind == SANDBOX_LANDLOCK_ONLY;
}

const char *plan_inner_dir(const struct plan *p)
{
    return p->kind == SANDBOX_LANDLOCK_ONLY ? p->run_dir : PLAN_RUN_DIR;
}

static void set_image(struct builder *b)
{
    const struct opts *o = b->o;
    const struct facts *f = b->f;
    struct plan *p = b->p;

    if (plan_is_native(p)) {
        p->image.ref = "";
        return;
    }
    p->image.own = o->image == NULL;
    p->image.ref = o->image;
    if (p->image.own) {
        p->image.ref =
            f->image_ref != NULL
                ? f->image_ref
                : arena_printf(b->a, "cco:%.*s", DIGEST_SHORT,
                               f->image_digest != NULL ? f->image_digest : "unknown");
        p->image.digest = f->image_digest;
        p->image.rebuild = o->rebuild;
        p->image.base = o->base != NULL ? o->base : f->base;
        p->image.packages = o->packages;
        p->image.build_args = o->build_args;
    }
    /* The labels of an image that is not cco's own are not trusted: its PID 1 must be this
     * build. */
    p->image.send_init = !p->image.own || f->image.init_digest == NULL ||
                         f->exe_digest == NULL ||
                         strcmp(f->image.init_digest, f->exe_digest) != 0;
}

/* Passes directories on to claude. claude's option takes all words behind it, but only one with
 * "=". */
static void add_dirs_for_claude(struct builder *b)
{
    const struct opts *o = b->o;

    for (size_t i = 0; i < o->path_count && i < b->f->option_path_count; i++) {
        if (o->paths[i].pass_on && b->f->option_paths[i].type == FACT_DIR &&
            trust_passes_dir(b, b->f->option_paths[i].physical)) {
            strv_add(&b->p->command.argv, b->a,
                     arena_printf(b->a, "--add-dir=%s", b->f->option_paths[i].target));
        }
    }
}

/* Checks the platform of an image that is present. */
static int check_image(struct builder *b, struct err *e)
{
    const struct fact_image *i = &b->f->image;
    const char *engine = b->f->engine.arch;

    if (!i->present) {
        return 0;
    }
    if (i->os != NULL && strcmp(i->os, "linux") != 0) {
        (void)err_set(e, ERR_USAGE, "--image %s: this image is for %s", b->p->image.ref, i->os);
        return err_hint(e, "cco runs Linux images; name another one.");
    }
    if (i->arch != NULL && engine != NULL && strcmp(i->arch, engine) != 0) {
        strv_add(
            &b->p->warnings, b->a,
            arena_printf(b->a,
                         "image %s is for %s, and this engine's machine is %s: its programs "
                         "run only if the machine emulates %s",
                         b->p->image.ref, i->arch, engine, i->arch));
    }
    return 0;
}

/* Returns whether claude would run with its screen if it got a terminal. */
static bool claude_converses(const struct builder *b)
{
    return b->p->command.runs_claude && !b->o->claude_subcommand &&
           !strv_has(&b->o->args, "-p") && !strv_has(&b->o->args, "--print");
}

static void set_claude_argv(struct builder *b)
{
    const struct opts *o = b->o;
    struct plan *p = b->p;

    p->command.runs_claude = true;
    /* The path at which claude was found, because a search of PATH could lead into the
     * project. */
    strv_add(&p->command.argv, b->a,
             plan_is_native(p) && p->native.facts->claude != NULL ? p->native.facts->claude
                                                                  : "claude");
    trust_claude_args(b);
    if (!o->claude_subcommand) {
        if (!o->chose_permissions) {
            strv_add(&p->command.argv, b->a, "--dangerously-skip-permissions");
        }
        if (o->verbose) {
            strv_add(&p->command.argv, b->a, "--verbose");
        }
        if (o->name != NULL) {
            strv_add(&p->command.argv, b->a, "--name");
            strv_add(&p->command.argv, b->a, o->name);
        }
        add_dirs_for_claude(b);
    }
    for (size_t i = 0; i < o->args.count; i++) {
        strv_add(&p->command.argv, b->a, o->args.v[i]);
    }
}

/* Returns whether the command gets a terminal of its own. If only standard error is not a
 * terminal outside, a command with its own screen or prompt gets one nevertheless, so that its
 * session can be left; so does a command on a remote engine, where the user's terminal could
 * not follow the modes of a side terminal. */
static bool has_own_terminal(const struct builder *b)
{
    const struct facts *f = b->f;

    if (b->o->detach || !f->stdin_tty || !f->stdout_tty) {
        return b->o->detach;
    }
    return f->stderr_tty || b->p->kind == SANDBOX_REMOTE_CONTAINER ||
           b->p->command.login_shell || claude_converses(b);
}

static void set_command(struct builder *b)
{
    const struct opts *o = b->o;
    struct plan *p = b->p;

    if (o->command != CMD_SHELL) {
        set_claude_argv(b);
    } else if (o->args.count == 0) {
        p->command.login_shell = true;
        strv_add(&p->command.argv, b->a, "sh");
    } else if (o->args.count == 1) {
        strv_add(&p->command.argv, b->a, "sh");
        strv_add(&p->command.argv, b->a, "-c");
        if (o->args.v[0][0] == '-' || o->args.v[0][0] == '+') {
            strv_add(&p->command.argv, b->a, "--"); /* sh would take it for an option */
        }
        strv_add(&p->command.argv, b->a, o->args.v[0]);
    } else {
        p->command.argv = o->args;
    }
    p->command.workdir = b->f->cwd_physical;
    p->command.tty = has_own_terminal(b);
    if (!p->command.tty) {
        p->command.side = (b->f->stdin_tty ? BOOT_SIDE_IN : 0U) |
                          (b->f->stdout_tty ? BOOT_SIDE_OUT : 0U) |
                          (b->f->stderr_tty ? BOOT_SIDE_ERR : 0U);
    }
    p->command.rows = p->command.tty ? b->f->rows : 0;
    p->command.cols = p->command.tty ? b->f->cols : 0;
    p->command.converses = p->command.tty && claude_converses(b);
    p->command.safe_terminal = o->terminal == OPTS_TERMINAL_SAFE;
}

/* The user inside is the user outside, so that new files belong to the user. */
static void set_ids(struct builder *b)
{
    const struct fact_engine *en = &b->f->engine;
    struct plan *p = b->p;

    p->user.uid = b->f->uid;
    p->user.gid = b->f->gid;
    if (en->own_userns != NULL) {
        p->container.userns = en->own_userns[0] != '\0' ? en->own_userns : NULL;
    } else if (en->rootless && en->podman) {
        p->container.userns = "keep-id";
    } else if (en->rootless) {
        /* The engine's root is the user, and the engine offers no other mapping. */
        p->user.uid = p->user.gid = 0;
    } else if (en->userns_remap) {
        p->container.userns = "host";
    }
}

/* Leaves out limits that the engine cannot enforce: Docker would refuse or ignore them, Podman
 * would ignore them. */
static void set_limits(struct builder *b)
{
    const struct fact_engine *en = &b->f->engine;
    const struct opts *o = b->o;
    struct plan *p = b->p;
    const char *why = en->rootless ? " (a rootless one needs cgroup v2)" : "";
    const struct {
        const char *option;
        bool lost;
    } asked[] = {
        {"--memory", o->memory > 0 && en->no_memory_limit},
        {"--cpus", o->nano_cpus > 0 && en->no_cpu_limit},
        {"--pids", o->pids > 0 && !en->pids_limit},
    };

    if (en->no_limit_why != NULL) {
        why = arena_printf(b->a, " (%s)", en->no_limit_why);
    }
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        if (asked[i].lost) {
            strv_add(&p->warnings, b->a,
                     arena_printf(b->a, "%s: %s cannot limit that%s; there is no limit",
                                  asked[i].option,
                                  plan_is_native(p) ? "this sandbox" : "this engine", why));
        }
    }
    /* Docker up to 20.10 removes a running AutoRemove container when the engine restarts. Only
     * a session with a terminal survives such a restart. */
    p->container.kept = en->live_restore && p->command.tty;
    p->limits.memory = en->no_memory_limit ? 0 : o->memory;
    p->limits.nano_cpus = en->no_cpu_limit ? 0 : o->nano_cpus;
    if (p->kind == SANDBOX_LANDLOCK_ONLY && o->shm_size > 0) {
        strv_add(
            &p->warnings, b->a,
            "--shm-size: without namespaces /dev/shm is this machine's, and keeps its size");
    } else if (o->shm_size > 0 || plan_is_native(p)) {
        p->limits.shm = o->shm_size;
    } else {
        p->limits.shm = p->limits.memory > 0 ? p->limits.memory / 2 : shm_default;
    }
    if (en->pids_limit) {
        p->limits.pids = o->pids > 0 ? o->pids : PIDS_LIMIT;
    }
}

static void set_user(struct builder *b)
{
    struct plan *p = b->p;

    set_ids(b);
    user_groups_build(b);
    p->user.name = b->f->user;
    p->user.home =
        p->kind == SANDBOX_LANDLOCK_ONLY ? path_join(b->a, p->run_dir, "home") : b->f->home;
    p->user.tz = b->f->tz;
    p->user.umask = b->f->umask;
    p->user.ignored = b->f->ignored;
    p->user.nice = b->f->nice;
    if (p->kind != SANDBOX_REMOTE_CONTAINER) { /* the limits of another machine are its own */
        p->user.limits = b->f->limits;
    }
    for (size_t i = 0; i < sizeof(init_caps) / sizeof(init_caps[0]); i++) {
        strv_add(&p->container.cap_add, b->a, init_caps[i]);
    }
    p->container.podman = b->f->engine.podman;
    p->privileges.sudo = b->o->sudo;
    p->network.ports = b->o->ports;
    p->network.port_count = b->o->port_count;
}

static void set_network(struct builder *b)
{
    const struct fact_engine *en = &b->f->engine;
    const char *own = en->own_network;
    const bool real = own != NULL
                          ? strcmp(own, "host") == 0
                          : en->host_network_real && b->p->kind != SANDBOX_REMOTE_CONTAINER;
    struct plan *p = b->p;

    switch (b->o->network) {
    case NETWORK_NONE:
        p->network.mode = PLAN_NET_NONE;
        p->network.why = "--network none";
        return;
    case NETWORK_BRIDGE:
        p->network.mode = PLAN_NET_BRIDGE;
        p->network.why = "--network bridge";
        break;
    case NETWORK_HOST:
        p->network.mode = PLAN_NET_HOST;
        p->network.why = "--network host";
        if (!real) {
            strv_add(&p->warnings, b->a,
                     "--network host: with this engine that is not this machine's network");
        }
        return;
    case NETWORK_AUTO:
        if (own != NULL && !real) {
            p->network.mode = PLAN_NET_OWN;
            p->network.engine_mode = own;
            p->network.why = "the sandbox joins the network of the container in which cco runs";
            return;
        }
        p->network.mode = real ? PLAN_NET_HOST : PLAN_NET_BRIDGE;
        p->network.why = plan_is_native(p) ? "a native sandbox uses this machine's network"
                         : real
                             ? "the engine shares this machine's network"
                             : "host networking does not reach this machine with this engine";
        break;
    }
    p->network.host_gateway = p->network.mode == PLAN_NET_BRIDGE &&
                              (en->api_minor == 0 || en->api_minor >= API_HOST_GATEWAY);
}

static void add_label(struct builder *b, const char *name, const char *value)
{
    struct plan *p = b->p;

    p->container.labels = list_grow(b->a, p->container.labels, p->container.label_count,
                                    &p->container.label_cap, sizeof(p->container.labels[0]));
    p->container.labels[p->container.label_count++] = (struct plan_label){name, value};
}

static void set_labels(struct builder *b)
{
    struct plan *p = b->p;

    add_label(b, PLAN_LABEL, "1");
    add_label(b, PLAN_LABEL_PROJECT, b->f->project);
    add_label(b, PLAN_LABEL_SESSION, p->name);
    if (p->privileges.sudo) {
        add_label(b, PLAN_LABEL_SUDO, "1");
    }
    if (p->kind == SANDBOX_REMOTE_CONTAINER) {
        /* Users of other machines may have the same uid there. */
        add_label(b, PLAN_LABEL_OWNER, b->f->owner_key);
    }
    add_label(b, PLAN_LABEL_UID, arena_printf(b->a, "%llu", (unsigned long long)b->f->uid));
}

static enum sandbox_kind kind_of(const struct facts *f)
{
    return f->engine.kind == SANDBOX_NATIVE && f->native.no_namespaces != NULL
               ? SANDBOX_LANDLOCK_ONLY
               : f->engine.kind;
}

/* Escapes the warnings from this one on, so that a name in them cannot begin a line. */
static void escape_warnings(struct builder *b, size_t from)
{
    for (size_t i = from; i < b->p->warnings.count; i++) {
        b->p->warnings.v[i] = plan_one_line(b->a, b->p->warnings.v[i]);
    }
}

int plan_build(const struct opts *o, const struct facts *f, struct arena *a, struct plan *p,
               struct err *e)
{
    struct builder b = {.o = o, .f = f, .a = a, .p = p};
    size_t escaped;

    *p = (struct plan){.kind = kind_of(f)};
    for (size_t i = 0; i < f->warnings.count; i++) {
        strv_add(&p->warnings, a, f->warnings.v[i]);
    }
    p->missing = missing_copy(&f->missing, a);
    p->name = name_build(&b);
    p->run_dir = path_join(a, f->runtime_dir, p->name);
    p->login.source = f->login.source;
    p->login.path = f->login.path;
    p->native.facts = plan_is_native(p) ? &f->native : NULL;
    p->privileges.allow_userns = o->allow_userns;
    p->privileges.subids = o->subids && plan_is_native(p);
    p->login.with_refresh = o->allow_oauth_refresh && p->kind != SANDBOX_REMOTE_CONTAINER;
    trust_build(&b);
    set_image(&b);
    if (check_image(&b, e) < 0) {
        return -1;
    }
    set_command(&b);
    set_user(&b);
    set_limits(&b);
    set_network(&b);
    set_labels(&b);
    if ((plan_is_native(p) && native_check_options(&b, e) < 0) || mounts_build(&b, e) < 0) {
        return -1;
    }
    project_links_build(&b);
    project_tools_build(&b);
    tool_settings_build(&b);
    escape_warnings(&b, 0);
    unshared_warn(&b); /* escapes each of its lines */
    escaped = p->warnings.count;
    trust_warn(&b);
    env_build(&b);
    escape_warnings(&b, escaped);
    local_addresses_build(&b);
    shell_setup_build(&b);
    return 0;
}
