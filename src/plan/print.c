/* SPDX-License-Identifier: MIT */
/* The plan as JSON. Members stand in the order of struct plan. */
#include "plan/plan.h"

#include "wire/json.h"

static void member(struct json_w *w, const char *key, const char *value)
{
    json_w_key(w, key);
    json_w_c(w, value);
}

static void flag(struct json_w *w, const char *key, bool value)
{
    json_w_key(w, key);
    json_w_bool(w, value);
}

static void number(struct json_w *w, const char *key, uint64_t value)
{
    json_w_key(w, key);
    json_w_u64(w, value);
}

static void strings(struct json_w *w, const char *key, const struct strv *l)
{
    json_w_key(w, key);
    json_w_array(w);
    for (size_t i = 0; i < l->count; i++) {
        json_w_c(w, l->v[i]);
    }
    json_w_end(w);
}

static void print_image(struct json_w *w, const struct plan *p, const struct facts *f)
{
    json_w_key(w, "image");
    json_w_object(w);
    member(w, "ref", p->image);
    flag(w, "own", p->own_image);
    flag(w, "present", f->image.present);
    flag(w, "rebuild", p->rebuild);
    member(w, "digest", p->image_digest);
    member(w, "base", p->base);
    strings(w, "packages", &p->packages);
    flag(w, "send_init", p->send_init);
    json_w_end(w);
}

static void print_command(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "command");
    json_w_object(w);
    strings(w, "argv", &p->argv);
    flag(w, "login_shell", p->login_shell);
    member(w, "workdir", p->workdir);
    flag(w, "tty", p->tty);
    number(w, "rows", p->rows);
    number(w, "cols", p->cols);
    json_w_end(w);
}

static void print_user(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "user");
    json_w_object(w);
    member(w, "name", p->user);
    number(w, "uid", p->uid);
    number(w, "gid", p->gid);
    member(w, "home", p->home);
    member(w, "tz", p->tz);
    strings(w, "dirs", &p->dirs);
    json_w_end(w);
}

static void print_mounts(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "mounts");
    json_w_array(w);
    for (size_t i = 0; i < p->mount_count; i++) {
        const struct plan_mount *m = &p->mounts[i];

        json_w_object(w);
        member(w, "source", m->source);
        member(w, "target", m->target);
        member(w, "type", m->is_dir ? "directory" : "file");
        flag(w, "read_only", m->read_only);
        flag(w, "make_source", m->make_source);
        member(w, "why", m->why);
        json_w_end(w);
    }
    json_w_end(w);
}

static const char *stage_name(enum plan_stage_kind kind)
{
    switch (kind) {
    case STAGE_LOGIN:
        return "login";
    case STAGE_CLAUDE_JSON:
        return "claude.json";
    case STAGE_FILE:
        break;
    }
    return "file";
}

static void print_copies(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "copies");
    json_w_array(w);
    for (size_t i = 0; i < p->stage_count; i++) {
        const struct plan_stage *s = &p->stages[i];

        json_w_object(w);
        member(w, "kind", stage_name(s->kind));
        member(w, "source", s->source);
        member(w, "name", s->name);
        member(w, "target", s->target);
        flag(w, "by_init", s->by_init);
        member(w, "why", s->why);
        json_w_end(w);
    }
    json_w_end(w);
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
        member(w, "name", v->name);
        member(w, "from", env_origin(v->from));
        if (v->from == ENV_FIXED) {
            member(w, "value", v->value);
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
    case PLAN_NET_NONE:
        break;
    }
    return "none";
}

static void print_limits(struct json_w *w, const struct plan *p)
{
    json_w_key(w, "network");
    json_w_object(w);
    member(w, "mode", network_name(p->network));
    member(w, "why", p->network_why);
    flag(w, "host_gateway", p->host_gateway);
    json_w_end(w);
    json_w_key(w, "limits");
    json_w_object(w);
    number(w, "pids", p->pids_limit);
    strings(w, "init_capabilities", &p->cap_add);
    json_w_end(w);
    json_w_key(w, "labels");
    json_w_object(w);
    for (size_t i = 0; i < p->label_count; i++) {
        member(w, p->labels[i].name, p->labels[i].value);
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
    member(w, "source", login_name(p->login));
    member(w, "path", p->login_path);
    json_w_end(w);
}

int plan_print(const struct plan *p, const struct facts *f, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    member(&w, "name", p->name);
    member(&w, "engine", f->engine.address);
    print_image(&w, p, f);
    print_command(&w, p);
    print_user(&w, p);
    print_mounts(&w, p);
    print_copies(&w, p);
    print_env(&w, p);
    print_limits(&w, p);
    print_login(&w, p);
    member(&w, "run_dir", p->run_dir);
    strings(&w, "warnings", &p->warnings);
    json_w_end(&w);
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "the plan is too large to print");
    }
    return 0;
}
