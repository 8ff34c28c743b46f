/* SPDX-License-Identifier: MIT */
/* Prints the plan as JSON. The members have the order of struct plan. */
#include "plan/print.h"

#include <stdio.h>

static const char *const mount_kinds[] = {
    [MOUNT_BIND] = "bind", [MOUNT_VOLUME] = "volume", [MOUNT_TMPFS] = "memory"};

static const char *const copy_kinds[] = {[COPY_FILE] = "file",
                                         [COPY_TEXT] = "stand_in",
                                         [COPY_SETTINGS] = "settings",
                                         [COPY_API_KEY] = "api_key",
                                         [COPY_AWS] = "aws",
                                         [COPY_IDE] = "ide",
                                         [COPY_SSO_TOKEN] = "sso_token",
                                         [COPY_LOGIN] = "login",
                                         [COPY_CLAUDE_JSON] = "claude_json"};

static const char *const env_origins[] = {[ENV_FIXED] = "cco",
                                          [ENV_HOST] = "host",
                                          [ENV_DOTENV] = "env_file",
                                          [ENV_OPTION] = "option"};

static const char *const network_modes[] = {[PLAN_NET_HOST] = "host",
                                            [PLAN_NET_BRIDGE] = "bridge",
                                            [PLAN_NET_NONE] = "none",
                                            [PLAN_NET_OWN] = "own"};

static const char *const login_sources[] = {[LOGIN_NONE] = "none",
                                            [LOGIN_CLOUD] = "cloud",
                                            [LOGIN_AUTH_TOKEN] = "auth_token",
                                            [LOGIN_API_KEY] = "api_key",
                                            [LOGIN_HELPER] = "helper",
                                            [LOGIN_OAUTH_TOKEN] = "oauth_token",
                                            [LOGIN_KEYCHAIN] = "keychain",
                                            [LOGIN_FILE] = "file",
                                            [LOGIN_PRIMARY_KEY] = "primary_key"};

const char *plan_login_source(enum login_source source)
{
    return login_sources[source];
}

/* Prints only the names, because a value may be a password. */
static void print_build_args(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "build_args");
    json_w_array(w);
    for (size_t i = 0; i < p->image.build_args.count; i++) {
        struct str rest = str_c(p->image.build_args.v[i]);
        struct str name = {0};

        (void)str_cut(&rest, '=', &name);
        json_w_str(w, name);
    }
    json_w_end(w);
}

static void print_image(struct json_w *w, const struct plan *p, const struct facts *f)
{
    json_w_key(w, "image");
    json_w_object(w);
    json_w_member(w, "ref", p->image.ref);
    json_w_member_bool(w, "own", p->image.own);
    json_w_member_bool(w, "present", f->image.present);
    json_w_member_bool(w, "rebuild", p->image.rebuild);
    json_w_member(w, "digest", p->image.digest);
    json_w_member(w, "base", p->image.base);
    json_w_member_list(w, "packages", p->image.packages.v, p->image.packages.count);
    print_build_args(w, p);
    json_w_member_bool(w, "send_init", p->image.send_init);
    json_w_end(w);
}

/* Prints null in place of 0, which means no limit or no terminal. */
static void print_limit(struct json_w *w, const char *key, uint64_t value)
{
    if (value > 0) {
        json_w_member_u64(w, key, value);
    } else {
        json_w_member(w, key, NULL);
    }
}

static void print_command(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "command");
    json_w_object(w);
    json_w_member_list(w, "argv", p->command.argv.v, p->command.argv.count);
    json_w_member_bool(w, "login_shell", p->command.login_shell);
    json_w_member(w, "workdir", p->command.workdir);
    json_w_member_bool(w, "tty", p->command.tty);
    print_limit(w, "rows", p->command.rows);
    print_limit(w, "cols", p->command.cols);
    json_w_member(w, "terminal", p->command.safe_terminal ? "safe" : "full");
    json_w_end(w);
}

static void print_user(struct json_w *w, const struct plan *p)
{
    char octal[8];

    json_w_key(w, "user");
    json_w_object(w);
    json_w_member(w, "name", p->user.name);
    json_w_member_u64(w, "uid", p->user.uid);
    json_w_member_u64(w, "gid", p->user.gid);
    json_w_member(w, "home", p->user.home);
    json_w_member(w, "tz", p->user.tz);
    (void)snprintf(octal, sizeof(octal), "%04o", p->user.umask & 07777U);
    json_w_member(w, "umask", octal);
    json_w_member_list(w, "limits", p->user.limits.v, p->user.limits.count);
    json_w_member_u64(w, "nice", p->user.nice);
    json_w_member_list(w, "ignored_signals", p->user.ignored.v, p->user.ignored.count);
    json_w_member_list(w, "groups", p->user.groups.v, p->user.groups.count);
    json_w_member_bool(w, "sudo", p->privileges.sudo);
    json_w_member(w, "namespace", p->container.userns);
    json_w_member_list(w, "dirs", p->user.dirs.v, p->user.dirs.count);
    json_w_end(w);
}

static void print_mounts(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "mounts");
    json_w_array(w);
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        json_w_object(w);
        json_w_member(w, "kind", mount_kinds[m->kind]);
        json_w_member(w, "source", m->source);
        json_w_member(w, "target", m->target);
        json_w_member(w, "type", m->is_dir ? "directory" : "file");
        json_w_member_bool(w, "read_only", m->read_only);
        json_w_member_bool(w, "make_source", m->make_source);
        json_w_member_bool(w, "same_checked", m->id != NULL);
        print_limit(w, "size", m->size);
        json_w_member(w, "why", m->why);
        json_w_end(w);
    }
    json_w_end(w);
}

static void print_copies(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "copies");
    json_w_array(w);
    for (size_t i = 0; i < p->files.copy_count; i++) {
        const struct plan_copy *s = &p->files.copies[i];

        json_w_object(w);
        json_w_member(w, "kind", copy_kinds[s->kind]);
        json_w_member(w, "source", s->source);
        json_w_member(w, "name", s->name);
        json_w_member(w, "target", s->target);
        json_w_member_bool(w, "by_init", s->by_init);
        json_w_member(w, "why", s->why);
        json_w_end(w);
    }
    json_w_end(w);
}

static void print_trees(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "trees");
    json_w_array(w);
    for (size_t i = 0; i < p->remote.tree_count; i++) {
        const struct plan_tree *t = &p->remote.trees[i];

        json_w_object(w);
        json_w_member(w, "id", t->id);
        json_w_member(w, "local_path", t->local_path);
        json_w_member(w, "remote_path", t->remote_path);
        json_w_member(w, "volume", t->volume);
        json_w_member_bool(w, "push", t->push);
        json_w_member_bool(w, "pull", t->pull);
        json_w_member_bool(w, "gitignore", t->ignores);
        json_w_member_list(w, "hidden", t->hidden.v, t->hidden.count);
        json_w_member(w, "why", t->why);
        json_w_end(w);
    }
    json_w_end(w);
}

static void print_links(struct json_w *w, const struct plan_link *links, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_w_object(w);
        json_w_member(w, "path", links[i].path);
        json_w_member(w, "target", links[i].target);
        json_w_end(w);
    }
}

/* Prints the trees and files that are sent to a remote engine (empty lists for any other
 * sandbox), and the links that init makes. */
static void print_remote(struct json_w *w, const struct plan *p)
{
    print_trees(w, p);
    json_w_key(w, "sent");
    json_w_array(w);
    for (size_t i = 0; i < p->remote.file_count; i++) {
        json_w_object(w);
        json_w_member(w, "source", p->remote.files[i].source);
        json_w_member(w, "path", p->remote.files[i].path);
        json_w_member(w, "link", p->remote.files[i].link);
        json_w_member(w, "why", p->remote.files[i].why);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_key(w, "links");
    json_w_array(w);
    print_links(w, p->remote.links, p->remote.link_count);
    print_links(w, p->files.links, p->files.link_count);
    json_w_end(w);
    json_w_member_list(w, "left_out", p->remote.left_out.v, p->remote.left_out.count);
}

static void print_env(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "env");
    json_w_array(w);
    for (size_t i = 0; i < p->env.count; i++) {
        const struct plan_var *v = &p->env.vars[i];

        json_w_object(w);
        json_w_member(w, "name", v->name);
        json_w_member(w, "from", env_origins[v->from]);
        json_w_member(w, "value", v->from == ENV_FIXED ? v->value : NULL);
        json_w_member(w, "why", v->why);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_member_list(w, "env_left_out", p->env.left_out.v, p->env.left_out.count);
}

static void print_limits(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "network");
    json_w_object(w);
    json_w_member(w, "mode", network_modes[p->network.mode]);
    json_w_member(w, "why", p->network.why);
    json_w_member_bool(w, "host_gateway", p->network.host_gateway);
    json_w_key(w, "ports");
    json_w_array(w);
    for (size_t i = 0; i < p->network.port_count; i++) {
        json_w_object(w);
        json_w_member(w, "ip", p->network.ports[i].ip);
        json_w_member_u64(w, "host", p->network.ports[i].host);
        json_w_member_u64(w, "inside", p->network.ports[i].inside);
        json_w_member(w, "protocol", p->network.ports[i].protocol);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
    json_w_key(w, "limits");
    json_w_object(w);
    print_limit(w, "pids", p->limits.pids);
    print_limit(w, "memory", p->limits.memory);
    print_limit(w, "nano_cpus", p->limits.nano_cpus);
    print_limit(w, "shm_size", p->limits.shm);
    json_w_member_list(w, "init_capabilities", p->container.cap_add.v,
                       p->container.cap_add.count);
    json_w_end(w);
    json_w_member_bool(w, "removes_itself", !p->container.kept);
    json_w_key(w, "labels");
    json_w_object(w);
    for (size_t i = 0; i < p->container.label_count; i++) {
        json_w_member(w, p->container.labels[i].name, p->container.labels[i].value);
    }
    json_w_end(w);
}

static void print_login(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "login");
    json_w_object(w);
    json_w_member(w, "source", plan_login_source(p->login.source));
    json_w_member(w, "path", p->login.path);
    json_w_member_bool(w, "with_refresh", p->login.with_refresh);
    json_w_end(w);
}

static void print_trust(struct json_w *w, const struct plan *p, const struct facts *f)
{
    json_w_key(w, "trust");
    json_w_object(w);
    json_w_member(w, "state", trust_state_word(p->trust.state));
    json_w_member_bool(w, "safe_start", p->trust.safe);
    json_w_key(w, "items");
    json_w_array(w);
    for (size_t i = 0; i < f->trust_items.count; i++) {
        json_w_object(w);
        json_w_member(w, "file", f->trust_items.list[i].file);
        json_w_member(w, "text", f->trust_items.list[i].text);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_member_u64(w, "more", f->trust_items.more);
    json_w_end(w);
}

void print_missing(struct json_w *w, const struct missing *m)
{
    json_w_key(w, "missing");
    json_w_array(w);
    for (size_t i = 0; i < m->count; i++) {
        json_w_object(w);
        json_w_member(w, "cause", m->list[i].cause);
        json_w_member(w, "text", m->list[i].text);
        json_w_end(w);
    }
    json_w_end(w);
}

int plan_print(const struct plan *p, const struct facts *f, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member(&w, "name", p->name);
    json_w_member(&w, "engine", f->engine.address);
    if (plan_is_native(p)) {
        json_w_member(&w, "image", NULL);
        print_native(&w, p);
    } else {
        print_image(&w, p, f);
        json_w_member(&w, "native", NULL);
    }
    print_command(&w, p);
    print_user(&w, p);
    print_mounts(&w, p);
    print_copies(&w, p);
    print_remote(&w, p);
    print_env(&w, p);
    print_limits(&w, p);
    print_login(&w, p);
    print_trust(&w, p, f);
    json_w_member(&w, "ssh_agent", p->ssh_agent);
    json_w_member(&w, "run_dir", p->run_dir);
    json_w_member_list(&w, "warnings", p->warnings.v, p->warnings.count);
    print_missing(&w, &p->missing);
    json_w_end(&w);
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "the plan is too large to print");
    }
    return 0;
}
