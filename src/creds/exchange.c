/* SPDX-License-Identifier: MIT */
#include "creds/exchange.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/rewrite.h"
#include "base/secret.h"
#include "creds/backup.h"
#include "creds/journal.h"
#include "creds/login_copy.h"
#include "wire/json.h"
#include "wire/json_edit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TOKEN_MAX = 8 << 10,
    USUAL_SIZE = 32 << 10,
    TRIES = 10,
    /* A result of the functions below: the copy has changed meanwhile, read both sides
     * again. */
    AGAIN = EXCHANGE_REFUSED + 1
};

/* One side of the exchange: the text of its login file, and the login in it. */
struct side {
    struct buf text;
    struct json login; /* points into `text`; JSON_NONE: it contains no login */
};

struct both {
    const char *dir; /* the session directory */
    struct arena arena;
    struct journal j;
    const char *copy;      /* path of the sandbox's copy */
    struct side host, box; /* the host's store, and the sandbox's copy */
};

static void side_init(struct side *s)
{
    buf_init(&s->text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&s->text, USUAL_SIZE); /* growing would leave copies in memory */
    s->login = (struct json){0};
}

static void side_reset(struct side *s)
{
    buf_wipe(&s->text);
    side_init(s);
}

/* Finds the login in the text of a side. */
static void look_into(struct side *s)
{
    struct err e = {0};
    struct json root;

    s->login = (struct json){0};
    if (json_parse(buf_str(&s->text), &root, &e) == 0) {
        s->login = json_get(root, "claudeAiOauth");
    }
}

/* Reads both sides. A side that is being written at the moment may contain no login; the next
 * exchange, after its writer has closed it, reads it again. */
static int look(struct both *b, struct err *e)
{
    struct err own = {0};

    side_reset(&b->host);
    side_reset(&b->box);
    if (b->j.with_refresh) {
        if (file_read(b->copy, &b->box.text, &own) < 0) {
            side_reset(&b->box); /* missing or too large: it counts as unchanged */
        }
        look_into(&b->box);
        err_reset(&own);
    }
    if (store_read(&b->j.store, &b->host.text, &own) < 0 && own.kind != ERR_NOT_FOUND) {
        *e = own;
        return -1;
    }
    look_into(&b->host);
    return 0;
}

/* Writes the string v to `out`. Returns whether it looks like a token that claude writes:
 * printable ASCII without blanks. */
static bool token(struct json v, struct buf *out)
{
    buf_reset(out);
    if (v.type != JSON_STRING || json_string(v, out) < 0 || out->len == 0) {
        return false;
    }
    for (size_t i = 0; i < out->len; i++) {
        unsigned char c = (unsigned char)buf_data(out)[i];

        if (c <= ' ' || c > '~') {
            return false;
        }
    }
    return true;
}

/* Writes the SHA-256 that identifies the state of one side (journal.given); "" if it contains
 * no login. */
static void identify(const struct both *b, const struct side *s, char out[SHA256_HEX])
{
    struct sha256 h;
    struct buf refresh;

    out[0] = '\0';
    sha256_init(&h);
    if (!b->j.with_refresh) {
        if (s->login.type != JSON_NONE) {
            sha256_add(&h, buf_data(&s->text), s->text.len);
            sha256_hex(&h, out);
        }
        return;
    }
    buf_init(&refresh, TOKEN_MAX);
    (void)buf_reserve(&refresh, TOKEN_MAX);
    if (token(json_get(s->login, "refreshToken"), &refresh)) {
        sha256_add(&h, buf_data(&refresh), refresh.len);
        sha256_hex(&h, out);
    }
    buf_wipe(&refresh);
}

/* Returns whether the login is complete. A login that the server has revoked is not, because
 * claude empties its tokens. */
static bool is_whole(struct json login)
{
    struct buf text;
    int64_t expires = 0;
    bool whole;

    buf_init(&text, TOKEN_MAX);
    (void)buf_reserve(&text, TOKEN_MAX);
    whole = login.type == JSON_OBJECT && token(json_get(login, "accessToken"), &text) &&
            token(json_get(login, "refreshToken"), &text) &&
            json_i64(json_get(login, "expiresAt"), &expires) && expires > 0;
    buf_wipe(&text);
    return whole;
}

static bool same_string(struct json a, struct json b, const char *key)
{
    struct buf x;
    struct buf y;
    bool same;

    a = json_get(a, key);
    b = json_get(b, key);
    if (a.type != JSON_STRING || b.type != JSON_STRING) {
        return a.type == b.type;
    }
    buf_init(&x, TOKEN_MAX);
    buf_init(&y, TOKEN_MAX);
    same =
        json_string(a, &x) == 0 && json_string(b, &y) == 0 && str_eq(buf_str(&x), buf_str(&y));
    buf_release(&x);
    buf_release(&y);
    return same;
}

/* Returns whether both logins belong to the same account. Newer versions of claude write the
 * ids of the account and of the organization, which decide. Older versions write only the plan
 * (subscription and rate limits), which is then compared. */
static bool same_account(struct json host, struct json box)
{
    static const char *const ids[] = {"accountUuid", "organizationUuid"};
    static const char *const plan[] = {"subscriptionType", "rateLimitTier"};
    bool known = false;

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (json_get(host, ids[i]).type == JSON_STRING) {
            known = true;
            if (!same_string(host, box, ids[i])) {
                return false;
            }
        }
    }
    for (size_t i = 0; !known && i < sizeof(plan) / sizeof(plan[0]); i++) {
        if (!same_string(host, box, plan[i])) {
            return false;
        }
    }
    return true;
}

/* Makes the new text of the host's login: the host's text with the copy's tokens and times of
 * expiry. Nothing else that the sandbox wrote is taken. */
static int with_new_tokens(const struct both *b, struct buf *out, struct err *e)
{
    static const char *const path[] = {"claudeAiOauth"};
    static const char *const keys[] = {"accessToken", "refreshToken", "expiresAt",
                                       "refreshTokenExpiresAt"};
    struct buf step;
    int rc = 0;

    buf_init(&step, LIMIT_CREDENTIALS);
    (void)buf_reserve(&step, USUAL_SIZE);
    (void)buf_add_str(out, buf_str(&b->host.text)); /* fits: it has the same limit */
    for (size_t i = 0; rc == 0 && i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct json v = json_get(b->box.login, keys[i]);
        const struct json_place place = {path, 1, keys[i]};

        if (i == 3 && v.type != JSON_NUMBER) {
            break;
        }
        buf_reset(&step);
        rc = json_set_member(buf_str(out), place, v.raw, &step, e);
        buf_reset(out);
        (void)buf_add_str(out, buf_str(&step));
    }
    buf_wipe(&step);
    return rc;
}

/* Records in the journal that both sides have the login of `s`. */
static int remember(struct both *b, const struct side *s, struct err *e)
{
    identify(b, s, b->j.given);
    return journal_write(b->dir, &b->j, e);
}

/* Writes the host's login into the copy. Returns AGAIN, with nothing changed, if the copy no
 * longer contains what look() read: the sandbox may have renewed it again while a backup was
 * synced. The new text must then be examined and not be overwritten. */
static int to_sandbox(struct both *b, struct err *e)
{
    struct buf text;
    int rc = -1;

    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, USUAL_SIZE);
    if (login_copy(buf_str(&b->host.text), b->j.servers, b->j.with_refresh, &text, e) == 0) {
        rc = b->j.with_refresh
                 ? rewrite_copy_of(b->copy, buf_str(&b->box.text), buf_str(&text), e)
                 : rewrite_copy(b->copy, buf_str(&text), e);
    }
    if (rc == 0) {
        rc = remember(b, &b->host, e) < 0 ? -1 : EXCHANGE_TO_SANDBOX;
    } else if (rc > 0) {
        rc = AGAIN;
    }
    buf_wipe(&text);
    return rc;
}

/* Applies the rule "the host's login wins": keeps the copy's login beside the backups, and
 * writes the host's login into the copy. `why` is the reason for the user. Returns `how` on
 * success. */
static int host_wins(struct both *b, const char *why, enum exchange how, struct err *e)
{
    const char *kept = backup_write(b->j.data_dir, BACKUP_CONFLICT, clock_wall() * 1000,
                                    buf_str(&b->box.text), &b->arena, e);

    int rc = kept == NULL ? -1 : to_sandbox(b, e);

    if (rc != EXCHANGE_TO_SANDBOX) {
        return rc;
    }
    journal_note(
        b->dir,
        arena_printf(&b->arena,
                     "login: %s. The login on this machine stays; the session's login is "
                     "kept in %s (to use it: cco restore-creds %s).",
                     why, kept, kept));
    return (int)how;
}

/* Writes the copy's tokens into the host's login, unless the copy has another account's
 * login. */
static int to_host(struct both *b, struct err *e)
{
    struct buf text;
    int rc = -1;

    if (!same_account(b->host.login, b->box.login)) {
        return host_wins(b, "the session logged in with another account", EXCHANGE_REFUSED, e);
    }
    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, USUAL_SIZE);
    if (with_new_tokens(b, &text, e) == 0 &&
        backup_write(b->j.data_dir, BACKUP_BEFORE_SYNC, clock_wall() * 1000,
                     buf_str(&b->host.text), &b->arena, e) != NULL &&
        store_write(&b->j.store, buf_str(&text), e) == 0 && remember(b, &b->box, e) == 0) {
        rc = EXCHANGE_TO_HOST;
    }
    buf_wipe(&text);
    return rc;
}

/* Applies the rules to the state of both sides. With `act` false it only finds out whether
 * there is anything to do. */
static int decide(struct both *b, bool act, struct err *e)
{
    char host[SHA256_HEX];
    char box[SHA256_HEX];
    bool box_changed;

    identify(b, &b->host, host);
    if (host[0] == '\0') {
        return EXCHANGE_NOTHING;
    }
    box[0] = '\0';
    if (b->j.with_refresh && is_whole(b->box.login)) {
        identify(b, &b->box, box);
    }
    box_changed = box[0] != '\0' && strcmp(box, b->j.given) != 0;
    if (strcmp(host, b->j.given) == 0) {
        return !box_changed ? EXCHANGE_NOTHING : act ? to_host(b, e) : EXCHANGE_TO_HOST;
    }
    if (!act) {
        return EXCHANGE_TO_SANDBOX;
    }
    if (box_changed && strcmp(host, box) == 0) {
        /* Both sides are equal: an earlier exchange was interrupted before it wrote the
         * journal. */
        return remember(b, &b->host, e) < 0 ? -1 : EXCHANGE_NOTHING;
    }
    if (box_changed) {
        return host_wins(b, "it was renewed both on this machine and in the session",
                         EXCHANGE_KEPT, e);
    }
    return to_sandbox(b, e);
}

/* Reads both sides under the lock, and applies the rules; repeats that after AGAIN. */
static int exchange_locked(struct both *b, struct err *e)
{
    struct store_lock lock;
    int rc = -1;

    store_lock_init(&lock);
    if (store_lock(&b->j.store, &lock, e) == 0) {
        rc = AGAIN;
        for (int i = 0; rc == AGAIN && i < TRIES; i++) {
            rc = look(b, e) < 0 ? -1 : decide(b, true, e);
        }
        if (rc == AGAIN) {
            rc = err_set(e, ERR_TIMEOUT, "the sandbox keeps changing its copy");
        }
    }
    store_unlock(&lock);
    return rc;
}

/* Reads the session's journal. Without one, b->j.has_store is false. */
static int open_both(struct both *b, const char *dir, char *const *env, struct err *e)
{
    struct err own = {0};

    *b = (struct both){.dir = dir};
    buf_init(&b->host.text, LIMIT_CREDENTIALS);
    buf_init(&b->box.text, LIMIT_CREDENTIALS);
    b->copy = path_join(&b->arena, dir, JOURNAL_LOGIN);
    if (journal_read(dir, &b->arena, &b->j, &own) < 0 && own.kind != ERR_NOT_FOUND) {
        *e = own;
        return -1;
    }
    b->j.store.env = env;
    return 0;
}

static void close_both(struct both *b)
{
    buf_wipe(&b->host.text);
    buf_wipe(&b->box.text);
    arena_release(&b->arena);
}

int exchange(const char *dir, char *const *env, struct err *e)
{
    struct both b;
    int rc = open_both(&b, dir, env, e);

    if (rc == 0 && b.j.has_store) {
        rc = look(&b, e) < 0 ? -1 : decide(&b, !b.j.with_refresh, e);
        if (rc > 0 && b.j.with_refresh) {
            rc = exchange_locked(&b, e);
        }
    }
    close_both(&b);
    return rc < 0 ? err_wrap(e, "exchange the login") : rc;
}

/* Returns whether the sandbox has renewed its copy of the login. */
static bool is_due(struct both *b)
{
    struct err ignored = {0}; /* only the copy matters here, which look() reads first */
    char box[SHA256_HEX] = "";

    (void)look(b, &ignored);
    if (is_whole(b->box.login)) {
        identify(b, &b->box, box);
    }
    return box[0] != '\0' && strcmp(box, b->j.given) != 0;
}

int exchange_finish(const char *dir, char *const *env, struct err *e)
{
    struct both b;
    int rc = open_both(&b, dir, env, e);

    if (rc == 0 && b.j.has_store && b.j.with_refresh) {
        rc = is_due(&b) ? exchange_locked(&b, e) : EXCHANGE_NOTHING;
        store_lock_sweep(&b.j.store); /* its cco may have been killed while it held them */
    }
    close_both(&b);
    return rc < 0 ? err_wrap(e, "exchange the login") : rc;
}

bool exchange_trim(const char *dir)
{
    struct arena a = {0};
    const char *copy = path_join(&a, dir, JOURNAL_LOGIN);
    struct stat st;
    bool large = lstat(copy, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > LIMIT_CREDENTIALS;

    if (large && truncate(copy, 0) < 0) { /* the next write of the sandbox causes a new try */
        large = false;
    }
    arena_release(&a);
    return large;
}

void exchange_mark(struct str text, bool with_refresh, char out[SHA256_HEX])
{
    struct both b = {.j = {.with_refresh = with_refresh}};

    buf_init(&b.host.text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&b.host.text, text.len);
    (void)buf_add_str(&b.host.text, text);
    look_into(&b.host);
    identify(&b, &b.host, out);
    buf_wipe(&b.host.text);
}
