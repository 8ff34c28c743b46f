/* SPDX-License-Identifier: MIT */
#include "wire/npm_config.h"

#include "base/env.h"
#include "wire/base64.h"

#include <string.h>

enum {
    VALUE_MAX = 8 << 10,   /* bytes of a value after its variables are replaced */
    BOTH_MAX = 16 << 10,   /* a user name and a password */
    NAME_MAX_LEN = 128,    /* bytes of the name of a variable */
    HEADER_MAX = 12 << 10, /* bytes of a login in the form of the field Authorization */
    KINDS = 4
};

static struct str unquoted(struct str s)
{
    const bool quoted =
        s.len >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.len - 1] == s.p[0];

    return quoted ? str_n(s.p + 1, s.len - 2) : s;
}

/* Returns the value without the comment at its end. */
static struct str uncommented(struct str s)
{
    const size_t hash = str_index(s, '#');
    const size_t semicolon = str_index(s, ';');

    if (s.len > 0 && (s.p[0] == '"' || s.p[0] == '\'')) {
        return unquoted(s);
    }
    return str_trim(str_n(s.p, hash < semicolon ? hash : semicolon));
}

/* Reads the next line "key = value" of the text. Returns false at the end of the text and at
 * the first "[section]", because what follows belongs to that section. */
static bool next_entry(struct str *text, struct str *key, struct str *value)
{
    while (text->len > 0) {
        struct str line = {0};

        (void)str_cut(text, '\n', &line);
        line = str_trim(line);
        if (str_starts(line, "[")) {
            return false;
        }
        if (line.len == 0 || line.p[0] == '#' || line.p[0] == ';' ||
            !str_cut(&line, '=', key)) {
            continue;
        }
        *key = unquoted(str_trim(*key));
        *value = uncommented(str_trim(line));
        if (key->len > 0 && memchr(value->p, '\0', value->len) == NULL) {
            return true;
        }
    }
    return false;
}

/* Adds `value` to out, with the values of the variables in place of ${NAME}. The text of a
 * variable that is not set stays, as with npm. Returns false if out has no room. */
static bool expand(struct str value, char *const *env, struct buf *out)
{
    while (value.len > 0) {
        const size_t end = str_starts(value, "${") ? str_index(value, '}') : value.len;
        char name[NAME_MAX_LEN];
        const char *is = NULL;

        if (end < value.len && end - 2 < sizeof(name)) {
            memcpy(name, value.p + 2, end - 2);
            name[end - 2] = '\0';
            is = env_exact(env, name);
        }
        if (is != NULL) {
            (void)buf_add_c(out, is);
            value = str_drop(value, end + 1);
        } else {
            (void)buf_add_byte(out, (unsigned char)value.p[0]);
            value = str_drop(value, 1);
        }
    }
    return !out->overflowed;
}

static void take(const char **member, struct str value, char *const *env, struct arena *a)
{
    struct buf text;

    if (*member != NULL) {
        return;
    }
    buf_init(&text, VALUE_MAX);
    if (expand(value, env, &text) && text.len > 0 && !str_eq_c(buf_str(&text), "null")) {
        *member = arena_str(a, buf_str(&text));
    }
    buf_release(&text);
}

static bool is_scoped_key(const struct npm_config *c, struct str key)
{
    const size_t len = strlen(c->scope);

    return str_starts(key, c->scope) && str_eq_c(str_drop(key, len), ":registry");
}

/* Returns the member for the key of a configuration file, or NULL. A variable may have '_' in
 * place of '-'. */
static const char **member_of(struct npm_config *c, struct str key)
{
    const struct {
        const char *key, *variable;
        const char **member;
    } members[] = {{"registry", "registry", &c->registry},
                   {"cafile", "cafile", &c->cafile},
                   {"https-proxy", "https_proxy", &c->https_proxy},
                   {"proxy", "proxy", &c->proxy},
                   {"noproxy", "noproxy", &c->noproxy}};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (str_eq_nocase(key, members[i].key) || str_eq_nocase(key, members[i].variable)) {
            return members[i].member;
        }
    }
    return is_scoped_key(c, key) ? &c->scoped : NULL;
}

void npm_config_variables(struct npm_config *c, char *const *env, struct arena *a)
{
    static const char prefix[] = "npm_config_";

    for (size_t i = 0; env[i] != NULL; i++) {
        struct str value = str_c(env[i]);
        struct str name = {0};
        const char **member;

        if (!str_cut(&value, '=', &name) || name.len < sizeof(prefix) ||
            !str_eq_nocase(str_n(name.p, sizeof(prefix) - 1), prefix)) {
            continue;
        }
        member = member_of(c, str_drop(name, sizeof(prefix) - 1));
        if (member != NULL) {
            take(member, value, env, a);
        }
    }
}

void npm_config_file(struct npm_config *c, struct str text, char *const *env, struct arena *a)
{
    struct str key = {0};
    struct str value = {0};

    while (next_entry(&text, &key, &value)) {
        const char **member = member_of(c, key);

        if (member != NULL) {
            take(member, value, env, a);
        }
    }
}

const char *npm_config_registry(const struct npm_config *c, struct arena *a)
{
    const char *address = c->scoped != NULL     ? c->scoped
                          : c->registry != NULL ? c->registry
                                                : NPM_REGISTRY;

    return arena_printf(a, "%s%s", address, str_ends(str_c(address), "/") ? "" : "/");
}

/* Returns how many bytes of the registry's address "host/path/" the key's address covers, and 0
 * if the key is for another registry. */
static size_t covers(struct str key, const char *place)
{
    const size_t len = strlen(place);

    if (!str_starts(key, "//")) {
        return 0;
    }
    key = str_drop(key, 2);
    if (str_ends(key, "/")) {
        key.len--;
    }
    return key.len > 0 && key.len < len && memcmp(key.p, place, key.len) == 0 &&
                   place[key.len] == '/'
               ? key.len
               : 0;
}

/* The values of a login, as they are written in the file. */
struct login {
    size_t covered[KINDS];
    struct str value[KINDS];
};

enum kind { KIND_TOKEN, KIND_AUTH, KIND_USER, KIND_PASSWORD };

static void find_login(struct str text, const char *place, struct login *l)
{
    static const char *const names[KINDS] = {"_authToken", "_auth", "username", "_password"};
    struct str key = {0};
    struct str value = {0};

    while (next_entry(&text, &key, &value)) {
        for (size_t i = 0; i < KINDS; i++) {
            const size_t len = strlen(names[i]);
            size_t covered;

            if (!str_ends(key, names[i]) || key.len <= len || key.p[key.len - len - 1] != ':') {
                continue;
            }
            covered = covers(str_n(key.p, key.len - len - 1), place);
            if (covered > l->covered[i]) {
                l->covered[i] = covered;
                l->value[i] = value;
            }
        }
    }
}

/* Adds "Basic " and the base64 form of "user:password" to out; the file has the password in
 * base64. */
static bool add_basic(const struct login *l, char *const *env, struct buf *out)
{
    struct buf value;
    struct buf both;
    struct err ignored = {0};
    bool good;

    buf_init(&value, VALUE_MAX);
    buf_init(&both, BOTH_MAX);
    /* Reserved at once, because a buffer that grows does not wipe its old storage. */
    (void)buf_reserve(&value, VALUE_MAX);
    (void)buf_reserve(&both, BOTH_MAX);
    good = expand(l->value[KIND_USER], env, &both) && buf_add_byte(&both, ':') == 0 &&
           expand(l->value[KIND_PASSWORD], env, &value) &&
           base64_decode(buf_str(&value), false, &both, &ignored) == 0 &&
           buf_add_c(out, "Basic ") == 0 && base64_encode(buf_str(&both), false, out) == 0;
    buf_wipe(&value);
    buf_wipe(&both);
    return good;
}

bool npm_config_login(struct str text, char *const *env, const struct url *url, struct buf *out)
{
    struct login l = {{0}, {{0}}};
    struct arena a = {0};
    bool found = false;

    find_login(text, arena_printf(&a, "%s%s", url_authority(url, &a), url->path), &l);
    (void)buf_reserve(out, buf_room(out) < HEADER_MAX ? buf_room(out) : HEADER_MAX);
    if (l.covered[KIND_TOKEN] > 0) {
        found = buf_add_c(out, "Bearer ") == 0 && expand(l.value[KIND_TOKEN], env, out);
    } else if (l.covered[KIND_AUTH] > 0) {
        found = buf_add_c(out, "Basic ") == 0 && expand(l.value[KIND_AUTH], env, out);
    } else if (l.covered[KIND_USER] > 0 && l.covered[KIND_PASSWORD] > 0) {
        found = add_basic(&l, env, out);
    }
    arena_release(&a);
    return found && memchr(buf_data(out), '\n', out->len) == NULL &&
           memchr(buf_data(out), '\r', out->len) == NULL;
}
