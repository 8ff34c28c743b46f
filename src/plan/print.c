/* SPDX-License-Identifier: MIT */
/* The plan as JSON. Members stand in the order of struct plan. */
#include "plan/print.h"

/* Their names: a value may be a password. */
static void print_build_args(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "build_args");
    json_w_array(w);
    for (size_t i = 0; i < p->build_args.count; i++) {
        struct str rest = str_c(p->build_args.v[i]);
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
    json_w_member(w, "ref", p->image);
    json_w_member_bool(w, "own", p->own_image);
    json_w_member_bool(w, "present", f->image.present);
    json_w_member_bool(w, "rebuild", p->rebuild);
    json_w_member(w, "digest", p->image_digest);
    json_w_member(w, "base", p->base);
    json_w_member_list(w, "packages", p->packages.v, p->packages.count);
    print_build_args(w, p);
    json_w_member_bool(w, "send_init", p->send_init);
    json_w_end(w);
}

static void print_command(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "command");
    json_w_object(w);
    json_w_member_list(w, "argv", p->argv.v, p->argv.count);
    json_w_member_bool(w, "login_shell", p->login_shell);
    json_w_member(w, "workdir", p->workdir);
    json_w_member_bool(w, "tty", p->tty);
    json_w_member_u64(w, "rows", p->rows);
    json_w_member_u64(w, "cols", p->cols);
    json_w_end(w);
}

static void print_user(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "user");
    json_w_object(w);
    json_w_member(w, "name", p->user);
    json_w_member_u64(w, "uid", p->uid);
    json_w_member_u64(w, "gid", p->gid);
    json_w_member(w, "home", p->home);
    json_w_member(w, "tz", p->tz);
    json_w_member_list(w, "groups", p->groups.v, p->groups.count);
    json_w_member_bool(w, "sudo", p->sudo);
    if (p->userns != NULL) {
        json_w_member(w, "namespace", p->userns);
    }
    json_w_member_list(w, "dirs", p->dirs.v, p->dirs.count);
    json_w_end(w);
}

static const char *kind_name(enum plan_mount_kind kind)
{
    switch (kind) {
    case MOUNT_VOLUME:
        return "volume";
    case MOUNT_TMPFS:
        return "memory";
    case MOUNT_BIND:
        break;
    }
    return "bind";
}

static void print_mounts(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "mounts");
    json_w_array(w);
    for (size_t i = 0; i < p->mount_count; i++) {
        const struct plan_mount *m = &p->mounts[i];

        json_w_object(w);
        if (p->remote) {
            json_w_member(w, "kind", kind_name(m->kind));
        }
        json_w_member(w, "source", m->source);
        json_w_member(w, "target", m->target);
        json_w_member(w, "type", m->is_dir ? "directory" : "file");
        json_w_member_bool(w, "read_only", m->read_only);
        json_w_member_bool(w, "make_source", m->make_source);
        json_w_member_bool(w, "same_checked", m->id != NULL);
        json_w_member(w, "why", m->why);
        json_w_end(w);
    }
    json_w_end(w);
}

static const char *copy_name(enum plan_copy_kind kind)
{
    switch (kind) {
    case COPY_LOGIN:
        return "login";
    case COPY_CLAUDE_JSON:
        return "claude.json";
    case COPY_SETTINGS:
        return "settings";
    case COPY_API_KEY:
        return "api-key";
    case COPY_TEXT:
        return "stand-in";
    case COPY_FILE:
        break;
    }
    return "file";
}

static void print_copies(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "copies");
    json_w_array(w);
    for (size_t i = 0; i < p->copy_count; i++) {
        const struct plan_copy *s = &p->copies[i];

        json_w_object(w);
        json_w_member(w, "kind", copy_name(s->kind));
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
    for (size_t i = 0; i < p->tree_count; i++) {
        const struct plan_tree *t = &p->trees[i];

        json_w_object(w);
        json_w_member(w, "id", t->id);
        json_w_member(w, "here", t->here);
        json_w_member(w, "there", t->there);
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

/* Of an engine that does not see this machine's files. */
static void print_remote(struct json_w *w, const struct plan *p)
{
    if (!p->remote) {
        return;
    }
    print_trees(w, p);
    json_w_key(w, "sent");
    json_w_array(w);
    for (size_t i = 0; i < p->file_count; i++) {
        json_w_object(w);
        json_w_member(w, "source", p->files[i].source);
        json_w_member(w, "path", p->files[i].path);
        json_w_member(w, "link", p->files[i].link);
        json_w_member(w, "why", p->files[i].why);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_key(w, "links");
    json_w_array(w);
    for (size_t i = 0; i < p->link_count; i++) {
        json_w_object(w);
        json_w_member(w, "path", p->links[i].path);
        json_w_member(w, "target", p->links[i].target);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_member_list(w, "left_out", p->left_out.v, p->left_out.count);
}

static const char *env_origin(enum plan_env_from from)
{
    switch (from) {
    case ENV_HOST:
        return "host";
    case ENV_DOTENV:
        return ".env";
    case ENV_OPTION:
        return "--env";
    case ENV_FIXED:
        break;
    }
    return "cco";
}

static void print_env(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "env");
    json_w_array(w);
    for (size_t i = 0; i < p->env_count; i++) {
        const struct plan_env *v = &p->env[i];

        json_w_object(w);
        json_w_member(w, "name", v->name);
        json_w_member(w, "from", env_origin(v->from));
        if (v->from == ENV_FIXED) {
            json_w_member(w, "value", v->value);
        }
        json_w_end(w);
    }
    json_w_end(w);
}

static const char *network_name(enum plan_network n)
{
    switch (n) {
    case PLAN_NET_HOST:
        return "host";
    case PLAN_NET_BRIDGE:
        return "bridge";
    case PLAN_NET_OWN:
        return "own";
    case PLAN_NET_NONE:
        break;
    }
    return "none";
}

static void print_limits(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "network");
    json_w_object(w);
    json_w_member(w, "mode", network_name(p->network));
    json_w_member(w, "why", p->network_why);
    json_w_member_bool(w, "host_gateway", p->host_gateway);
    json_w_key(w, "ports");
    json_w_array(w);
    for (size_t i = 0; i < p->port_count; i++) {
        json_w_object(w);
        json_w_member(w, "ip", p->ports[i].ip);
        json_w_member_u64(w, "host", p->ports[i].host);
        json_w_member_u64(w, "inside", p->ports[i].inside);
        json_w_member(w, "protocol", p->ports[i].protocol);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
    json_w_key(w, "limits");
    json_w_object(w);
    json_w_member_u64(w, "pids", p->pids_limit);
    json_w_member_u64(w, "memory", p->memory);
    json_w_member_u64(w, "nano_cpus", p->nano_cpus);
    json_w_member_list(w, "init_capabilities", p->cap_add.v, p->cap_add.count);
    json_w_end(w);
    json_w_member_bool(w, "removes_itself", !p->kept);
    json_w_key(w, "labels");
    json_w_object(w);
    for (size_t i = 0; i < p->label_count; i++) {
        json_w_member(w, p->labels[i].name, p->labels[i].value);
    }
    json_w_end(w);
}

static const char *login_name(enum login_source source)
{
    switch (source) {
    case LOGIN_CLOUD:
        return "cloud";
    case LOGIN_AUTH_TOKEN:
        return "auth-token";
    case LOGIN_API_KEY:
        return "api-key";
    case LOGIN_HELPER:
        return "helper";
    case LOGIN_KEYCHAIN:
        return "keychain";
    case LOGIN_OAUTH_TOKEN:
        return "oauth-token";
    case LOGIN_FILE:
        return "file";
    case LOGIN_NONE:
        break;
    }
    return "none";
}

static void print_login(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "login");
    json_w_object(w);
    json_w_member(w, "source", login_name(p->login));
    json_w_member(w, "path", p->login_path);
    json_w_member_bool(w, "with_refresh", p->with_refresh);
    json_w_end(w);
}

int plan_print(const struct plan *p, const struct facts *f, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member(&w, "name", p->name);
    json_w_member(&w, "engine", f->engine.address);
    if (p->native != NULL) {
        json_w_member(&w, "image", NULL);
        print_native(&w, p);
    } else {
        print_image(&w, p, f);
    }
    print_command(&w, p);
    print_user(&w, p);
    print_mounts(&w, p);
    print_copies(&w, p);
    print_remote(&w, p);
    print_env(&w, p);
    print_limits(&w, p);
    print_login(&w, p);
    json_w_member(&w, "run_dir", p->run_dir);
    json_w_member_list(&w, "warnings", p->warnings.v, p->warnings.count);
    json_w_end(&w);
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "the plan is too large to print");
    }
    return 0;
}
