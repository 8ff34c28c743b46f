/* SPDX-License-Identifier: MIT */
/* `cco backup-creds` and `cco restore-creds`: copy the login that claude stored to a backup,
 * and put a backup back. Both work on the stored login even if variables name another login.
 * Their output and their questions never contain a token. */
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/json_out.h"
#include "cli/prompt.h"
#include "creds/backup.h"
#include "creds/login.h"
#include "creds/store.h"
#include "host/probe.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

enum { USUAL_SIZE = LIMIT_CREDENTIALS / 64 };

static int find_store(struct app *app, struct store *store, struct err *e)
{
    struct facts *f = &app->facts;

    if (app_find_facts(app, e) < 0 ||
        login_find_stored(app->ctx.safe_env, f->home, &app->arena, &f->login, e) < 0) {
        return -1;
    }
    login_store(&f->login, store);
    return 0;
}

/* Returns "expires TIME", "expired TIME" or "expiry unknown". */
static const char *expiry(struct app *app, int64_t expires_at_ms)
{
    if (expires_at_ms <= 0) {
        return "expiry unknown";
    }
    return arena_printf(&app->arena, "%s %s",
                        expires_at_ms <= app->facts.now_ms ? "expired" : "expires",
                        backup_time(expires_at_ms / 1000, true, &app->arena));
}

static const char *const json_kinds[] = {[BACKUP_PLAIN] = "backup",
                                         [BACKUP_BEFORE_SYNC] = "before_sync",
                                         [BACKUP_BEFORE_RESTORE] = "before_restore",
                                         [BACKUP_CONFLICT] = "conflict"};

static void add_backup(struct json_w *w, const struct backup *b)
{
    json_w_object(w);
    json_w_member(w, "path", b->path);
    json_out_time(w, "created", b->time_s);
    json_w_member(w, "kind", json_kinds[b->kind]);
    json_w_member_u64(w, "size", b->size);
    json_w_member_bool(w, "valid", b->valid);
    json_out_time(w, "expires_at", b->expires_at_ms / 1000);
    json_w_end(w);
}

static int print_list(struct app *app, const struct backup *all, size_t count, struct err *e)
{
    struct buf out;
    struct json_w w;

    buf_init(&out, LIMIT_REQUEST);
    if (app->opts.json) {
        json_w_init(&w, &out, 2);
        json_w_array(&w);
        for (size_t i = 0; i < count; i++) {
            add_backup(&w, &all[i]);
        }
        json_w_end(&w);
        (void)buf_add_byte(&out, '\n'); /* app_print() reports if it did not fit */
        return app_print(app, &out, e);
    }
    for (size_t i = 0; i < count; i++) {
        const struct backup *b = &all[i];

        (void)buf_addf(&out, "%s  %-14s  %s\n    %s\n",
                       backup_time(b->time_s, true, &app->arena),
                       b->kind == BACKUP_PLAIN ? "backup" : backup_kind_name(b->kind),
                       b->valid ? expiry(app, b->expires_at_ms) : "contains no login", b->path);
    }
    if (count == 0) {
        (void)buf_add_c(&out, "no backups\n");
    }
    return app_print(app, &out, e);
}

static int list(struct app *app, struct err *e)
{
    struct backup *all = NULL;
    size_t count = 0;

    if (app_find_facts(app, e) < 0 ||
        backup_list(app->facts.data_dir, &app->arena, &all, &count, e) < 0) {
        return -1;
    }
    return print_list(app, all, count, e);
}

static int nothing_stored(struct app *app, struct err *e)
{
    struct fact_login used = {0};

    if (login_find(app->ctx.safe_env, app->facts.home, &app->arena, &used, e) < 0) {
        return -1;
    }
    if (used.source != LOGIN_NONE) {
        (void)err_set(e, ERR_NOT_FOUND, "no login is stored: claude uses %s", used.detail);
        return err_hint(e, "Claude has stored nothing that could be backed up.");
    }
    (void)err_set(e, ERR_NOT_FOUND, "no login is stored");
    return err_hint(e, "Log in with claude on this machine first.");
}

static int print_written(struct app *app, const char *path, struct str text, struct err *e)
{
    struct backup b = {.path = path,
                       .time_s = app->facts.now_ms / 1000,
                       .size = text.len,
                       .valid = true,
                       .expires_at_ms = app->facts.login.expires_at_ms};
    struct buf out;
    struct json_w w;

    buf_init(&out, LIMIT_FILE_SMALL);
    if (app->opts.json) {
        json_w_init(&w, &out, 2);
        add_backup(&w, &b);
        (void)buf_add_byte(&out, '\n');
    } else {
        (void)buf_addf(&out, "%s\n", path);
    }
    return app_print(app, &out, e);
}

int cmd_backup_creds(struct app *app, struct err *e)
{
    struct store store;
    struct buf text;
    const char *path = NULL;
    int rc = -1;

    if (app->opts.list) {
        return list(app, e);
    }
    if (find_store(app, &store, e) < 0) {
        return -1;
    }
    if (app->facts.login.source == LOGIN_NONE) {
        return nothing_stored(app, e);
    }
    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, USUAL_SIZE);
    if (store_read(&store, &text, e) < 0) {
        goto out;
    }
    if (login_check(buf_str(&text), e) < 0) {
        (void)err_wrap(e, "%s", store_name(&store, &app->arena));
        (void)err_hint(e, "Run claude on this machine and log in.");
        goto out;
    }
    if (app->facts.login.broken) {
        log_warn("%s: %s", app->facts.login.detail, app->facts.login.why);
    }
    path = backup_write(app->facts.data_dir, BACKUP_PLAIN, app->facts.now_ms, buf_str(&text),
                        &app->arena, e);
    if (path != NULL) {
        rc = print_written(app, path, buf_str(&text), e);
    }
out:
    buf_wipe(&text);
    return rc;
}

/* Returns the path of the backup to restore: the argument, otherwise the newest backup that the
 * user made and that contains a login. NULL on error. */
static const char *choose(struct app *app, struct err *e)
{
    struct backup *all = NULL;
    size_t count = 0;

    if (app->opts.args.count > 0) {
        return app->opts.args.v[0];
    }
    if (backup_list(app->facts.data_dir, &app->arena, &all, &count, e) < 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].kind != BACKUP_PLAIN) {
            continue;
        }
        if (all[i].valid) {
            return all[i].path;
        }
        log_warn("%s: ignored, it contains no login", all[i].path);
    }
    (void)err_set(e, ERR_NOT_FOUND, "%s/backups has no backup that you made",
                  app->facts.data_dir);
    (void)err_hint(e, count > 0 ? "Name a file that cco backup-creds --list shows."
                                : "Make one with cco backup-creds.");
    return NULL;
}

static int read_backup(const char *path, struct buf *text, struct err *e)
{
    if (file_read(path, text, e) < 0) {
        return -1;
    }
    if (login_check(buf_str(text), e) < 0) {
        (void)err_wrap(e, "%s does not contain a login", path);
        return err_hint(e, "cco backup-creds --list shows the backups.");
    }
    return 0;
}

static int ask(struct app *app, const char *path, struct str text, const char *store,
               struct err *e)
{
    struct login_shape shape;

    if (login_look(text, &app->arena, &shape, e) < 0) {
        return -1;
    }
    /* Text from a file goes through the log, which prints control bytes as escapes. */
    (app->opts.yes ? log_info : log_error)(
        "%s\nlogin%s%s, %s%s\nreplaces the login in %s", path,
        shape.subscription != NULL ? " of subscription " : "",
        shape.subscription != NULL ? shape.subscription : "",
        shape.ended ? "ended by the server" : expiry(app, shape.expires_at_ms),
        shape.ended || shape.can_refresh ? "" : ", cannot be renewed", store);
    return prompt_yes("restore this login?", app->opts.yes, &app->sig, e);
}

/* Reads the stored login; `text` is empty if there is none. Returns 0 on success and -1 on
 * error. */
static int read_current(const struct store *store, struct buf *text, struct err *e)
{
    struct err own = {0};

    buf_reset(text);
    if (store_read(store, text, &own) < 0 && own.kind != ERR_NOT_FOUND) {
        *e = own;
        return -1;
    }
    return 0;
}

/* Backs up what is stored now, even if it is not a login, and stores `text`. Sets *kept to the
 * path of the backup. The caller holds the lock of the store. Returns 0 on success and -1 on
 * error. */
static int replace(struct app *app, const struct store *store, struct str text,
                   const char **kept, struct err *e)
{
    struct buf current;
    int rc;

    buf_init(&current, LIMIT_CREDENTIALS);
    (void)buf_reserve(&current, USUAL_SIZE);
    rc = read_current(store, &current, e);
    if (rc == 0 && current.len > 0) {
        *kept = backup_write(app->facts.data_dir, BACKUP_BEFORE_RESTORE, app->facts.now_ms,
                             buf_str(&current), &app->arena, e);
        rc = *kept == NULL ? -1 : 0;
    }
    if (rc == 0) {
        rc = store_write(store, text, e);
        if (rc < 0 && *kept != NULL && e->hint[0] == '\0') {
            (void)err_hint(e, "The login that was there is in %s", *kept);
        }
    }
    buf_wipe(&current);
    return rc;
}

static int restore(struct app *app, const struct store *store, struct str text, struct err *e)
{
    struct store_lock lock;
    struct buf current;
    const char *kept = NULL;
    int rc;

    /* If the Keychain has to be unlocked, it asks here, and not while claude waits for the
     * lock. */
    buf_init(&current, LIMIT_CREDENTIALS);
    rc = read_current(store, &current, e);
    buf_wipe(&current);
    if (rc < 0 || store_lock(store, &lock, e) < 0) {
        return -1;
    }
    rc = replace(app, store, text, &kept, e);
    store_unlock(&lock);
    if (rc == 0) {
        (void)printf("restored %s\n", store_name(store, &app->arena));
        if (kept != NULL) {
            (void)printf("the login that was there is in %s\n", kept);
        }
    }
    return rc;
}

int cmd_restore_creds(struct app *app, struct err *e)
{
    struct store store;
    struct buf text;
    const char *path;
    int rc = -1;

    if (find_store(app, &store, e) < 0) {
        return -1;
    }
    path = choose(app, e);
    if (path == NULL) {
        return -1;
    }
    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, USUAL_SIZE);
    if (read_backup(path, &text, e) == 0) {
        rc = ask(app, path, buf_str(&text), store_name(&store, &app->arena), e);
        if (rc == 0) {
            log_info("nothing was changed");
        } else if (rc == 1) {
            rc = restore(app, &store, buf_str(&text), e);
        }
    }
    buf_wipe(&text);
    return rc;
}
