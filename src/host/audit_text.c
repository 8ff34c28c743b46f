/* SPDX-License-Identifier: MIT */
/* The text form of a snapshot:
 *
 *   {"audit":3,"table":HEX,"home":NAME|null,"overflow":NAME|null,
 *    "trees":[[NAME,is_git,ID],...],"leads":[[NAME,NAME,rule],...],"linked":HEX,
 *    "dirs":HEX,"cut":0|1,
 *    "entries":[[NAME,rule,kind,harmless,mode,size,digest,stamp,NAME|null],...]}
 *
 * A NAME can contain any bytes except NUL, but JSON allows only UTF-8. So all bytes other than
 * printable ASCII are written as %XX, and so are the blank, '%', '"' and '\\'. "linked"
 * and "dirs" have 16 digits for each number. */
#include "host/audit.h"

#include "base/list.h"
#include "base/num.h"
#include "host/audit_table.h"
#include "wire/json.h"

#include <string.h>

enum { FORMAT = 3, STAMP_MAX = 128, NAME_TEXT_MAX = 64 << 10, STATE_HEX = 16 };

enum column { PATH, RULE, KIND, HARMLESS, MODE, SIZE, DIGEST, STAMP, TARGET, COLUMNS };

static bool is_unescaped(unsigned char c)
{
    return c > 0x20 && c < 0x7f && c != '%' && c != '"' && c != '\\';
}

static void put_name(struct json_w *w, struct buf *scratch, const char *name)
{
    if (name == NULL) {
        json_w_null(w);
        return;
    }
    buf_reset(scratch);
    for (; *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;

        if (is_unescaped(c)) {
            (void)buf_add_byte(scratch, c);
        } else {
            (void)buf_addf(scratch, "%%%02X", c);
        }
    }
    if (scratch->overflowed) {
        w->failed = true;
    }
    json_w_str(w, buf_str(scratch));
}

static void put_scope(struct json_w *w, struct buf *scratch, const struct audit_scope *scope)
{
    json_w_key(w, "home");
    put_name(w, scratch, scope->home);
    json_w_key(w, "trees");
    json_w_array(w);
    for (size_t i = 0; i < scope->tree_count; i++) {
        json_w_array(w);
        put_name(w, scratch, scope->trees[i].path);
        json_w_u64(w, scope->trees[i].is_git ? 1 : 0);
        json_w_c(w, scope->trees[i].id);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_key(w, "leads");
    json_w_array(w);
    for (size_t i = 0; i < scope->lead_count; i++) {
        json_w_array(w);
        put_name(w, scratch, scope->leads[i].shown);
        put_name(w, scratch, scope->leads[i].path);
        json_w_u64(w, scope->leads[i].rule);
        json_w_end(w);
    }
    json_w_end(w);
}

static void put_entry(struct json_w *w, struct buf *scratch, const struct audit_entry *entry)
{
    json_w_array(w);
    put_name(w, scratch, entry->path);
    json_w_u64(w, entry->rule);
    json_w_u64(w, (uint64_t)entry->kind);
    json_w_u64(w, entry->harmless ? 1 : 0);
    json_w_u64(w, entry->mode);
    json_w_u64(w, entry->size);
    json_w_c(w, entry->digest);
    json_w_c(w, entry->stamp);
    put_name(w, scratch, entry->target);
    json_w_end(w);
}

/* Writes the 64-bit numbers that begin each of `count` items of `size` bytes as one string of
 * digits, because there can be very many. */
static void put_states(struct json_w *w, const char *key, const void *items, size_t count,
                       size_t size)
{
    static const char hex[] = "0123456789abcdef";
    struct buf text;

    buf_init(&text, AUDIT_TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        char *at = buf_reserve(&text, STATE_HEX);
        uint64_t state;

        if (at == NULL) {
            break;
        }
        memcpy(&state, (const char *)items + i * size, sizeof(state));
        for (size_t k = 0; k < STATE_HEX; k++) {
            at[k] = hex[(state >> (4 * (STATE_HEX - 1 - k))) & 15];
        }
        buf_commit(&text, STATE_HEX);
    }
    w->failed = w->failed || text.overflowed;
    json_w_key(w, key);
    json_w_str(w, buf_str(&text));
    buf_release(&text);
}

int audit_encode(const struct audit *s, struct buf *out, struct err *e)
{
    struct json_w w;
    struct buf scratch;
    char table[SHA256_HEX];

    buf_init(&scratch, NAME_TEXT_MAX);
    audit_table_digest(table);
    json_w_init(&w, out, 0);
    json_w_object(&w);
    json_w_member_u64(&w, "audit", FORMAT);
    json_w_member(&w, "table", table);
    json_w_key(&w, "overflow");
    put_name(&w, &scratch, s->overflow);
    put_scope(&w, &scratch, &s->scope);
    put_states(&w, "linked", s->linked, s->linked_count, sizeof(s->linked[0]));
    put_states(&w, "dirs", s->dirs, s->dir_count, sizeof(s->dirs[0]));
    json_w_member_u64(&w, "cut", s->dirs_cut ? 1 : 0);
    json_w_key(&w, "entries");
    json_w_array(&w);
    for (size_t i = 0; i < s->count; i++) {
        put_entry(&w, &scratch, &s->entries[i]);
    }
    json_w_end(&w);
    json_w_end(&w);
    buf_release(&scratch);
    return json_done(&w) < 0 ? err_set(e, ERR_LIMIT, "audit: the snapshot is too large") : 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Sets *out to the text of a JSON string, without its quotes. Escapes of JSON are not decoded,
 * because audit_encode() writes none. Returns false if v is not a string. */
static bool plain(struct json v, struct str *out)
{
    if (v.type != JSON_STRING || v.raw.len < 2) {
        return false;
    }
    *out = str_n(v.raw.p + 1, v.raw.len - 2);
    return true;
}

/* Returns the name that v stands for, in the arena. Returns NULL if v is not a name, or if
 * put_name() would have written the name in another way. */
static const char *get_name(struct json v, struct arena *a)
{
    struct str in;
    char *name;
    size_t len = 0;

    if (!plain(v, &in) || in.len == 0 || in.len > NAME_TEXT_MAX) {
        return NULL;
    }
    name = arena_alloc(a, in.len + 1);
    while (in.len > 0) {
        unsigned char c = (unsigned char)in.p[0];
        bool escaped = c == '%';

        if (escaped) {
            int high = in.len > 2 ? hex_digit(in.p[1]) : -1;
            int low = in.len > 2 ? hex_digit(in.p[2]) : -1;

            c = high >= 0 && low >= 0 ? (unsigned char)(high * 16 + low) : 0;
        }
        if (c == 0 || is_unescaped(c) == escaped) {
            return NULL;
        }
        name[len++] = (char)c;
        in = str_drop(in, escaped ? 3 : 1);
    }
    return name;
}

static bool get_number(struct json v, uint64_t max, uint64_t *out)
{
    return json_u64(v, out) && *out <= max;
}

/* Parses a name or null. */
static bool get_optional(struct json v, struct arena *a, const char **out)
{
    *out = v.type == JSON_STRING ? get_name(v, a) : NULL;
    return v.type == JSON_NULL || *out != NULL;
}

static bool get_digest(struct json v, char out[SHA256_HEX])
{
    struct str text = {0};

    if (!plain(v, &text) || (text.len != 0 && text.len != SHA256_HEX - 1)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("0123456789abcdef", text.p[i]) == NULL) {
            return false;
        }
        out[i] = text.p[i];
    }
    out[text.len] = '\0';
    return true;
}

static bool get_stamp(struct json v, struct arena *a, const char **out)
{
    struct str text = {0};

    if (!plain(v, &text) || text.len > STAMP_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("0123456789 .-", text.p[i]) == NULL) {
            return false;
        }
    }
    *out = arena_str(a, text);
    return true;
}

/* Takes an array of exactly `count` members apart. */
static bool get_columns(struct json v, struct json *column, size_t count)
{
    struct json_iter it = json_iter(v);
    struct json extra;

    for (size_t i = 0; i < count; i++) {
        if (v.type != JSON_ARRAY || !json_next(&it, NULL, &column[i])) {
            return false;
        }
    }
    return !json_next(&it, NULL, &extra);
}

/* Parses one item of a list into *item, which has zeros. Returns false if it is not one. */
typedef bool item_fn(struct json v, struct arena *a, void *item);

struct items {
    void *v;
    size_t count;
};

/* Parses an array of items that have `size` bytes each. */
static bool get_items(struct json v, struct arena *a, size_t size, item_fn *get,
                      struct items *out)
{
    struct json_iter it = json_iter(v);
    struct json item;
    size_t cap = 0;

    *out = (struct items){0};
    if (v.type != JSON_ARRAY) {
        return false;
    }
    while (json_next(&it, NULL, &item)) {
        char *at;

        out->v = list_grow(a, out->v, out->count, &cap, size);
        at = (char *)out->v + size * out->count++;
        if (!get(item, a, at)) {
            return false;
        }
    }
    return true;
}

static bool get_entry(struct json v, struct arena *a, void *item)
{
    struct audit_entry *out = item;
    struct json column[COLUMNS];
    uint64_t rule;
    uint64_t kind;
    uint64_t mode;
    uint64_t harmless;

    if (!get_columns(v, column, COLUMNS) ||
        !get_number(column[RULE], audit_rule_count() - 1, &rule) ||
        !get_number(column[HARMLESS], 1, &harmless) ||
        !get_number(column[KIND], AUDIT_KINDS - 1, &kind) ||
        !get_number(column[MODE], 07777, &mode) ||
        !get_number(column[SIZE], UINT64_MAX, &out->size)) {
        return false;
    }
    out->rule = (unsigned)rule;
    out->kind = (enum audit_kind)kind;
    out->mode = (unsigned)mode;
    out->harmless = harmless == 1;
    out->path = get_name(column[PATH], a);
    return out->path != NULL && get_digest(column[DIGEST], out->digest) &&
           get_stamp(column[STAMP], a, &out->stamp) &&
           get_optional(column[TARGET], a, &out->target) &&
           (out->target != NULL) == (out->kind == AUDIT_LINK);
}

/* Parses all entries. They must be in strictly ascending order of paths, because audit_diff()
 * relies on it. */
static bool get_entries(struct json v, struct arena *a, struct audit *out)
{
    struct items all;

    if (!get_items(v, a, sizeof(out->entries[0]), get_entry, &all) || all.count > AUDIT_MAX) {
        return false;
    }
    out->entries = all.v;
    out->count = all.count;
    for (size_t i = 1; i < out->count; i++) {
        if (strcmp(out->entries[i - 1].path, out->entries[i].path) >= 0) {
            return false;
        }
    }
    return true;
}

static bool get_tree(struct json v, struct arena *a, void *item)
{
    struct audit_tree *tree = item;
    struct json column[3];
    struct str id = {0};
    uint64_t is_git = 0;

    if (!get_columns(v, column, 3) || !get_number(column[1], 1, &is_git) ||
        !plain(column[2], &id) || id.len > STAMP_MAX) {
        return false;
    }
    tree->path = get_name(column[0], a);
    tree->is_git = is_git == 1;
    tree->id = arena_str(a, id);
    return tree->path != NULL && tree->path[0] == '/';
}

static bool get_lead(struct json v, struct arena *a, void *item)
{
    struct audit_lead *lead = item;
    struct json column[3];
    uint64_t rule = 0;

    if (!get_columns(v, column, 3) || !get_number(column[2], audit_rule_count() - 1, &rule)) {
        return false;
    }
    lead->shown = get_name(column[0], a);
    lead->path = get_name(column[1], a);
    lead->rule = (unsigned)rule;
    return lead->shown != NULL && lead->path != NULL && lead->path[0] == '/';
}

static bool get_scope(struct json root, struct arena *a, struct audit_scope *scope)
{
    struct items trees;
    struct items leads;

    if (!get_optional(json_get(root, "home"), a, &scope->home) ||
        !get_items(json_get(root, "trees"), a, sizeof(scope->trees[0]), get_tree, &trees) ||
        !get_items(json_get(root, "leads"), a, sizeof(scope->leads[0]), get_lead, &leads)) {
        return false;
    }
    scope->trees = trees.v;
    scope->tree_count = trees.count;
    scope->leads = leads.v;
    scope->lead_count = leads.count;
    return scope->tree_count > 0;
}

/* Parses the states, which must be in ascending order. */
static bool get_states(struct json v, struct arena *a, uint64_t **out, size_t *count)
{
    struct str text = {0};

    if (!plain(v, &text) || text.len % STATE_HEX != 0) {
        return false;
    }
    *out = arena_array(a, text.len / STATE_HEX + 1, sizeof(**out));
    while (text.len > 0) {
        uint64_t state = 0;

        if (!str_u64(str_n(text.p, STATE_HEX), 16, UINT64_MAX, &state) ||
            (*count > 0 && (*out)[*count - 1] > state)) {
            return false;
        }
        (*out)[(*count)++] = state;
        text = str_drop(text, STATE_HEX);
    }
    return true;
}

static bool get_lists(struct json root, struct arena *a, struct audit *out)
{
    uint64_t *states = NULL;
    uint64_t cut = 0;

    if (!get_states(json_get(root, "linked"), a, &states, &out->linked_count) ||
        !get_states(json_get(root, "dirs"), a, &out->dirs, &out->dir_count) ||
        !get_number(json_get(root, "cut"), 1, &cut)) {
        return false;
    }
    out->dirs_cut = cut == 1;
    out->linked = arena_array(a, out->linked_count + 1, sizeof(out->linked[0]));
    for (size_t i = 0; i < out->linked_count; i++) {
        out->linked[i].state = states[i];
    }
    return true;
}

int audit_decode(struct str text, struct arena *a, struct audit *out, struct err *e)
{
    char table[SHA256_HEX];
    struct json root;
    uint64_t format = 0;

    *out = (struct audit){0};
    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "audit");
    }
    audit_table_digest(table);
    if (!json_u64(json_get(root, "audit"), &format) || format != FORMAT ||
        !json_is(json_get(root, "table"), table)) {
        return err_set(e, ERR_FORMAT,
                       "audit: the snapshot was written by another version of cco");
    }
    if (!get_scope(root, a, &out->scope) || !get_lists(root, a, out) ||
        !get_optional(json_get(root, "overflow"), a, &out->overflow) ||
        !get_entries(json_get(root, "entries"), a, out)) {
        *out = (struct audit){0};
        return err_set(e, ERR_FORMAT, "audit: the text is not a snapshot");
    }
    return 0;
}
