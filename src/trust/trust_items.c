/* SPDX-License-Identifier: MIT */
#include "trust/trust_items.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/log.h"
#include "trust/trust_env.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1 << 10 };

static void hash_part(struct trust_items *t, struct str s)
{
    const uint64_t len = s.len; /* so that no two lists of parts have the same bytes */

    sha256_add(&t->hash, &len, sizeof(len));
    sha256_add(&t->hash, s.p, s.len);
}

static void hash_item(struct trust_items *t, const struct trust_found *f)
{
    if (!t->hashed) {
        sha256_init(&t->hash);
        t->hashed = true;
    }
    hash_part(t, str_c(f->file));
    hash_part(t, f->name);
    hash_part(t, f->content);
}

/* Returns the place for a new item in the list, and NULL if it is full. Directories outside of
 * the project come before all else, so that other items cannot hide them. */
static struct trust_item *place(struct trust_items *t, enum trust_part part)
{
    size_t at = t->count;

    if (part == TRUST_GIT) {
        at = 0;
        while (at < t->count && t->list[at].part == TRUST_GIT) {
            at++;
        }
    }
    if (t->count == TRUST_ITEMS_MAX) {
        t->more++;
        if (at == t->count) {
            return NULL;
        }
        t->count--;
    }
    t->list = list_grow(t->a, t->list, t->count, &t->cap, sizeof(*t->list));
    memmove(t->list + at + 1, t->list + at, (t->count - at) * sizeof(*t->list));
    t->count++;
    return t->list + at;
}

void trust_items_add(struct trust_items *t, const struct trust_found *f, const char *fmt, ...)
{
    char raw[LINE_MAX_BYTES];
    struct buf text;
    struct buf file;
    struct trust_item *item;
    va_list args;

    hash_item(t, f);
    item = place(t, f->part);
    if (item == NULL) {
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(raw, sizeof(raw), fmt, args);
    va_end(args);
    buf_init(&text, sizeof(raw) * 4);
    log_escape(&text, str_c(raw));
    buf_init(&file, (size_t)LIMIT_PATH * 4);
    log_escape(&file, str_c(f->file));
    *item = (struct trust_item){.file = arena_str(t->a, buf_str(&file)),
                                .text = arena_str(t->a, buf_str(&text)),
                                .part = f->part,
                                .if_prompting = f->if_prompting};
    buf_release(&text);
    buf_release(&file);
}

void trust_items_unreadable(struct trust_items *t, const char *file, const char *why)
{
    t->unreadable = true;
    trust_items_add(t,
                    &(struct trust_found){.file = file,
                                          .part = TRUST_CLAUDE,
                                          .name = str_c("unreadable"),
                                          .content = str_c(why)},
                    "cannot be examined: %s", why);
}

static void digest_of(struct str text, char out[SHA256_HEX])
{
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, text.p, text.len);
    sha256_hex(&h, out);
}

void trust_items_text(struct trust_items *t, const char *path, struct str text)
{
    char *digest = arena_alloc(t->a, SHA256_HEX);

    digest_of(text, digest);
    strv_add(&t->texts, t->a, arena_strdup(t->a, path));
    strv_add(&t->texts, t->a, digest);
}

bool trust_items_is_text(const struct trust_items *t, const char *path, struct str text)
{
    char digest[SHA256_HEX];

    digest_of(text, digest);
    for (size_t i = 0; i + 1 < t->texts.count; i += 2) {
        if (strcmp(t->texts.v[i], path) == 0 && strcmp(t->texts.v[i + 1], digest) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns true if the text can only be the name and the password of a URL. What a shell would
 * run must not be hidden, as in "true://;command@harmless". */
static bool is_login(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.p[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            strchr("-._~%+=:@", c) == NULL) {
            return false;
        }
    }
    return true;
}

/* Returns the URL or text without what stands before '@' in its authority. */
static struct str without_login(struct trust_items *t, struct str s)
{
    struct str rest = s;
    struct str scheme = {0};
    struct str authority = {0};
    struct str login = {0};
    const char *begin;

    if (!str_cut(&rest, ':', &scheme) || !str_starts(rest, "//")) {
        return s;
    }
    rest = str_drop(rest, 2);
    authority = str_n(rest.p, str_index(rest, '/'));
    begin = authority.p;
    while (str_index(authority, '@') < authority.len) {
        (void)str_cut(&authority, '@', &login);
    }
    return login.p == NULL || !is_login(str_n(begin, (size_t)(authority.p - begin)))
               ? s
               : str_c(arena_printf(t->a, "%.*s://...@%.*s", (int)scheme.len, scheme.p,
                                    (int)(rest.len - (size_t)(authority.p - rest.p)),
                                    authority.p));
}

const char *trust_items_short(struct trust_items *t, struct str s)
{
    size_t len = s.len;
    struct str shown = s;

    if (memchr(s.p != NULL ? s.p : "", '\0', s.len) == NULL && s.len <= LINE_MAX_BYTES) {
        shown = without_login(t, s);
        len = shown.len;
    }
    if (len <= TRUST_TEXT_MAX) {
        return arena_str(t->a, shown);
    }
    shown = str_n(shown.p, TRUST_TEXT_MAX);
    shown.len -= str_utf8_cut(shown);
    return arena_printf(t->a, "%.*s... (%zu bytes)", (int)shown.len, shown.p, s.len);
}

void trust_items_variable(struct trust_items *t, const struct trust_found *f,
                          const char *prefix, struct str value)
{
    const struct trust_env_rule *rule = trust_env_rule(f->name);
    const char *name;

    if (rule == NULL) {
        return;
    }
    name = trust_items_short(t, f->name);
    if (rule->shows_value) {
        trust_items_add(t, f, "%s%s: %s %s", prefix, name, rule->effect,
                        trust_items_short(t, value));
    } else {
        trust_items_add(t, f, "%s%s: %s", prefix, name, rule->effect);
    }
}

bool trust_items_any(const struct trust_items *t, bool prompting)
{
    for (size_t i = 0; i < t->count; i++) {
        if (prompting || !t->list[i].if_prompting) {
            return true;
        }
    }
    return t->more > 0;
}

void trust_items_digest(const struct trust_items *t, char out[SHA256_HEX])
{
    out[0] = '\0';
    if (t->hashed) {
        sha256_hex(&t->hash, out);
    }
}
