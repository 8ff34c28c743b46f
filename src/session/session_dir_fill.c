/* SPDX-License-Identifier: MIT */
#include "session/session_dir_fill.h"

#include "base/env.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "creds/aws_config.h"
#include "creds/claude_given.h"
#include "creds/claude_json.h"
#include "creds/exchange.h"
#include "creds/helper.h"
#include "creds/journal.h"
#include "creds/login.h"
#include "creds/login_copy.h"
#include "creds/parts.h"
#include "creds/settings_copy.h"
#include "creds/sso_token.h"
#include "creds/user_settings.h"
#include "trust/obeyed.h"
#include "wire/json_edit.h"

enum { USUAL_LOGIN = 16 << 10 };

struct filler {
    const char *dir;
    const struct plan *p;
    const struct facts *f;
    char *const *env;
    struct arena arena;
    struct journal j;
};

/* Returns the MCP servers of which the sandbox gets the logins. A project that is not trusted
 * names none. */
static const char *mcp_servers(struct filler *s)
{
    const struct facts *f = s->f;
    const char *path = path_join(&s->arena, f->cwd_physical, ".mcp.json");
    struct str shared = {0};
    struct err ignored = {0};
    const char *list = NULL;
    struct buf own;
    struct buf out;

    buf_init(&own, LIMIT_CLAUDE_JSON);
    buf_init(&out, LIMIT_FILE_SMALL / 4); /* the journal contains it in hex digits */
    if (f->claude_json.type == FACT_FILE) {
        (void)file_read(f->claude_json.physical, &own, &ignored);
    }
    if (!file_exists(path)) {
        path = path_join(&s->arena, f->project, ".mcp.json");
    }
    if (!s->p->trust.safe) {
        shared = file_text(path, LIMIT_FILE_SMALL, &s->arena);
        if (!trust_items_is_text(&f->trust_items, path, shared)) {
            shared = (struct str){0}; /* it has changed since the user trusted it */
        }
    }
    if (login_copy_servers(buf_str(&own), f->claude_root, shared, &out, &ignored) == 0) {
        list = arena_strdup(&s->arena, buf_c(&out));
    }
    buf_release(&out);
    buf_wipe(&own);
    return list;
}

/* Makes the copy of the login. The copy and its mark in the journal come from the same text, so
 * watch.h notices if the login is renewed after this. */
static int fill_login(struct filler *s, struct buf *out, struct err *e)
{
    struct buf text;
    int rc = -1;

    login_store(&s->f->login, &s->j.store);
    s->j.has_store = true;
    s->j.with_refresh = s->p->login.with_refresh;
    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, USUAL_LOGIN);
    if (store_read(&s->j.store, &text, e) == 0) {
        s->j.servers = mcp_servers(s);
        rc = login_copy(buf_str(&text), s->j.servers, s->j.with_refresh, out, e);
        exchange_mark(buf_str(&text), s->j.with_refresh, s->j.given);
        if (rc < 0) {
            (void)err_wrap(e, "%s", s->f->login.detail);
        }
    }
    buf_wipe(&text);
    return rc;
}

/* Makes the copy of the key that the apiKeyHelper prints. `cco shell` is useful without a key,
 * so a helper that fails is an error only for a command that runs claude. */
static int fill_key(struct filler *s, struct buf *out, struct err *e)
{
    struct err own = {0};

    if (helper_write(s->dir, s->f->login.helper, helper_ttl_s(s->env), e) < 0) {
        return -1;
    }
    if (helper_run(s->f->login.helper, s->env, out, &own) < 0 && s->p->command.runs_claude) {
        *e = own;
        return err_hint(e, "Fix the helper in %s, or set ANTHROPIC_API_KEY.",
                        s->f->login.detail);
    }
    return 0;
}

/* Returns the key of the login LOGIN_API_KEY, and NULL for other logins: the value in the
 * environment, or a text in *key, which is empty before. */
static const char *key_of_user(struct filler *s, struct buf *key)
{
    const struct fact_login *l = &s->f->login;

    if (l->source != LOGIN_API_KEY) {
        return NULL;
    }
    if (l->settings == NULL) {
        return env_value(s->env, l->variable);
    }
    return user_settings_value(l->settings, l->variable, key) ? buf_c(key) : NULL;
}

static int fill_claude_json(struct filler *s, const struct plan_copy *st, struct str text,
                            struct buf *out, struct err *e)
{
    const enum login_source login = s->f->login.source;
    struct claude_given given = {
        .project = s->f->claude_root,
        .cwd = s->f->cwd_physical,
        .account = login == LOGIN_FILE || login == LOGIN_KEYCHAIN || login == LOGIN_OAUTH_TOKEN,
        .primary_key = login == LOGIN_PRIMARY_KEY,
    };
    struct buf key;
    struct buf part;
    struct buf step;
    int rc;

    buf_init(&key, LIMIT_FILE_SMALL);
    given.api_key = key_of_user(s, &key);
    buf_init(&part, LIMIT_CLAUDE_JSON);
    buf_init(&step, LIMIT_CLAUDE_JSON);
    rc = claude_given_copy(text, &given, &part, e);
    if (rc == 0) {
        rc = claude_json_copy(buf_str(&part), given.project, !s->p->trust.safe, &step, e);
    }
    if (rc == 0) {
        rc = claude_json_copy(buf_str(&step), given.cwd, !s->p->trust.safe, out, e);
    }
    buf_wipe(&step);
    buf_wipe(&part);
    buf_wipe(&key);
    if (rc < 0) {
        (void)err_wrap(e, "%s", st->source != NULL ? st->source : "claude.json");
        return err_hint(e, "Repair it, or move it away: claude makes a new one.");
    }
    return 0;
}

/* Makes the copy of the settings. */
static int fill_settings(struct filler *s, struct str text, struct buf *out, struct err *e)
{
    const struct fact_login *l = &s->f->login;
    const bool has_key = l->source == LOGIN_HELPER && !l->broken;

    return settings_copy(
        text,
        has_key ? arena_printf(&s->arena, "%s/files/" PLAN_API_KEY, plan_inner_dir(s->p))
                : NULL,
        out, e);
}

/* Makes the copy of an editor's file. claude removes a file whose process does not live, and
 * inside no process of the host has a number. Without one, claude asks the port. If the editor
 * has just ended, the copy is empty, and claude removes it. */
static void fill_ide(const struct plan_copy *st, struct buf *out)
{
    struct err ignored = {0};
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (obeyed_read(st->source, NULL, &text, &ignored) < 0 ||
        json_drop_key(buf_str(&text), "pid", out, &ignored) < 0) {
        buf_wipe(out);
    }
    buf_wipe(&text);
}

/* Makes a copy from a file of the host. */
static int fill_from(struct filler *s, const struct plan_copy *st, struct buf *out,
                     struct err *e)
{
    struct buf text;
    int rc = 0;

    if (st->kind == COPY_FILE) {
        if (st->text != NULL && buf_add_c(out, st->text) < 0) {
            return err_set(e, ERR_LIMIT, "%s: too large", st->source);
        }
        return obeyed_read(st->source, st->sha256, out, e);
    }
    buf_init(&text, LIMIT_CLAUDE_JSON);
    if (st->source != NULL) {
        rc = obeyed_read(st->source, st->sha256, &text, e);
    }
    if (rc == 0 && st->kind == COPY_AWS) {
        rc = aws_config_keep(buf_str(&text), st->text, out);
    } else if (rc == 0 && st->kind == COPY_SSO_TOKEN) {
        rc = sso_token_copy(buf_str(&text), out, e);
    } else if (rc == 0 && st->kind == COPY_SETTINGS) {
        rc = fill_settings(s, buf_str(&text), out, e);
    } else if (rc == 0) {
        rc = fill_claude_json(s, st, buf_str(&text), out, e);
    }
    buf_wipe(&text);
    return rc;
}

static int fill(struct filler *s, const struct plan_copy *st, struct buf *out, struct err *e)
{
    switch (st->kind) {
    case COPY_LOGIN:
        return fill_login(s, out, e);
    case COPY_API_KEY:
        return fill_key(s, out, e);
    case COPY_TEXT:
        return buf_add_c(out, st->text);
    case COPY_IDE:
        fill_ide(st, out);
        return 0;
    case COPY_FILE:
    case COPY_AWS:
    case COPY_SSO_TOKEN:
    case COPY_SETTINGS:
    case COPY_CLAUDE_JSON:
        break;
    }
    return fill_from(s, st, out, e);
}

static int write_copy(struct filler *s, const struct plan_copy *st, struct err *e)
{
    struct buf text;
    int rc = -1;

    buf_init(&text, LIMIT_CLAUDE_JSON);
    if (fill(s, st, &text, e) == 0) {
        rc = file_write_new(arena_printf(&s->arena, "%s/files/%s", s->dir, st->name),
                            buf_str(&text), st->mode, e);
    }
    buf_wipe(&text);
    return rc;
}

/* Brings the state of this project's conversations from the host. A session can do without. */
static void bring_parts(const struct journal *j)
{
    const struct parts parts = {j->cwd, j->transcripts, j->claude_dir, j->own};
    struct err e = {0};

    if (j->transcripts != NULL && parts_exchange(&parts, &e) < 0) {
        log_warn("%s", e.text);
    }
}

int session_dir_fill(const char *dir, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e)
{
    struct filler s = {
        .dir = dir,
        .p = p,
        .f = f,
        .env = env,
        .j = {.project = f->claude_root,
              .cwd = f->cwd_physical,
              .claude_json = f->claude_json.path,
              .data_dir = f->data_dir,
              .transcripts = f->claude_project.physical,
              .claude_dir = f->claude_dir,
              .memory = f->claude_memory.physical,
              .started_ms = f->now_ms,
              .converses = p->command.converses},
    };
    int rc = 0;

    s.j.own = path_join(&s.arena, path_join(&s.arena, f->data_dir, "claude"), f->project_key);

    for (size_t i = 0; rc == 0 && i < p->files.copy_count; i++) {
        rc = write_copy(&s, &p->files.copies[i], e);
    }
    if (rc == 0) {
        rc = journal_write(dir, &s.j, e);
    }
    if (rc == 0) {
        bring_parts(&s.j);
    }
    arena_release(&s.arena);
    return rc;
}
