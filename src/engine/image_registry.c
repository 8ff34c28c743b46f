/* SPDX-License-Identifier: MIT */
#include "engine/image_registry.h"

#include "base/buf.h"
#include "base/limits.h"
#include "wire/base64.h"
#include "wire/json.h"

#include <string.h>

#define DOCKER_HUB "https://index.docker.io/v1/"
#define TOKEN_USER "<token>" /* the user name with which a helper returns a token as Secret */

enum { HELPER_NAME_MAX = 64, LOGIN_MAX = 256 << 10 };

const char *registry_name(const char *ref, struct arena *a)
{
    struct str rest = str_c(ref);
    struct str host = {0};

    if (!str_cut(&rest, '/', &host) ||
        (str_index(host, '.') == host.len && str_index(host, ':') == host.len &&
         !str_eq_c(host, "localhost")) ||
        str_eq_c(host, "docker.io") || str_eq_c(host, "index.docker.io")) {
        return DOCKER_HUB;
    }
    return arena_str(a, host);
}

/* Initializes a buffer that has room for a secret, because a buffer that grows leaves copies of
 * its content in memory. */
static void secret_buf(struct buf *b, size_t len)
{
    buf_init(b, LOGIN_MAX);
    (void)buf_reserve(b, len);
}

/* Writes a login to `out` in the engine's form: `token`, or the user and the password if
 * `token` is empty. */
static int pack(struct str user, struct str password, struct str token, const char *name,
                struct secret *out, struct err *e)
{
    struct buf text;
    struct buf coded;
    struct json_w w;
    int rc = -1;

    secret_buf(&text, 6 * (user.len + password.len + token.len) + LIMIT_PATH);
    secret_buf(&coded, 12 * (user.len + password.len + token.len) + LIMIT_PATH);
    json_w_init(&w, &text, 0);
    json_w_object(&w);
    if (token.len > 0) {
        json_w_key(&w, "identitytoken");
        json_w_str(&w, token);
    } else {
        json_w_key(&w, "username");
        json_w_str(&w, user);
        json_w_key(&w, "password");
        json_w_str(&w, password);
    }
    json_w_member(&w, "serveraddress", name);
    json_w_end(&w);
    if (json_done(&w) < 0 || base64_encode(buf_str(&text), true, &coded) < 0) {
        (void)err_set(e, ERR_LIMIT, "the login for %s is too long", name);
    } else {
        secret_set(out, buf_str(&coded));
        rc = 0;
    }
    buf_wipe(&text);
    buf_wipe(&coded);
    return rc;
}

static bool is_helper(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= HELPER_NAME_MAX && name[0] != '.' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
               len;
}

/* Returns whether a key of the configuration names the registry `name`. Docker has written
 * several forms of keys: "https://ghcr.io/v2/" is a key of "ghcr.io". */
static bool names(struct json key, const char *name, struct arena *a)
{
    const char *text = json_string_dup(key, a);
    struct str s = str_c(text);
    struct str host = {0};

    if (text == NULL || strcmp(text, name) == 0) {
        return text != NULL;
    }
    s = str_drop(s, str_starts(s, "https://") ? 8 : str_starts(s, "http://") ? 7 : 0);
    (void)str_cut(&s, '/', &host);
    return str_eq_c(host, name);
}

static struct json entry_of(struct json list, const char *name, struct arena *a)
{
    struct json_iter it = json_iter(list);
    struct json key;
    struct json value;

    while (json_next(&it, &key, &value)) {
        if (names(key, name, a)) {
            return value;
        }
    }
    return (struct json){0};
}

static int read_entry(struct json entry, const char *name, struct secret *out, struct err *e)
{
    struct json coded = json_get(entry, "auth");
    struct buf token;
    struct buf text;
    struct buf plain;
    struct str password;
    struct str user = {0};
    int rc = 0;

    secret_buf(&token, entry.raw.len);
    secret_buf(&text, entry.raw.len);
    secret_buf(&plain, entry.raw.len);
    if (json_string(json_get(entry, "identitytoken"), &token) == 0 && token.len > 0) {
        rc = pack(str_c(NULL), str_c(NULL), buf_str(&token), name, out, e);
    } else if (json_string(coded, &text) == 0 && text.len > 0) {
        if (base64_decode(buf_str(&text), false, &plain, e) < 0) {
            rc = err_set(e, ERR_FORMAT, "the login for %s is not base64", name);
            goto out;
        }
        password = buf_str(&plain);
        if (!str_cut(&password, ':', &user)) {
            rc = err_set(e, ERR_FORMAT, "the login for %s has no password", name);
            goto out;
        }
        rc = pack(user, password, str_c(NULL), name, out, e);
    }
out:
    buf_wipe(&token);
    buf_wipe(&text);
    buf_wipe(&plain);
    return rc;
}

int registry_look_up(struct str config, const char *name, struct arena *a, const char **helper,
                     struct secret *out, struct err *e)
{
    struct json root;
    const char *program;

    *helper = NULL;
    if (json_parse(config, &root, e) < 0) {
        return -1;
    }
    program = json_string_dup(entry_of(json_get(root, "credHelpers"), name, a), a);
    if (program == NULL || program[0] == '\0') {
        program = json_string_dup(json_get(root, "credsStore"), a);
    }
    if (program != NULL && program[0] != '\0') {
        if (!is_helper(program)) {
            return err_set(e, ERR_REFUSED, "credHelpers or credsStore does not name a program");
        }
        *helper = arena_printf(a, "docker-credential-%s", program);
    }
    return read_entry(entry_of(json_get(root, "auths"), name, a), name, out, e);
}

int registry_helper_said(struct str reply, const char *name, struct secret *out, struct err *e)
{
    struct json root;
    struct buf user;
    struct buf password;
    int rc = -1;

    if (json_parse(reply, &root, e) < 0) {
        return -1;
    }
    secret_buf(&user, reply.len);
    secret_buf(&password, reply.len);
    if (json_string(json_get(root, "Username"), &user) < 0 ||
        json_string(json_get(root, "Secret"), &password) < 0) {
        (void)err_set(e, ERR_FORMAT, "it printed no Username and Secret");
    } else if (str_eq_c(buf_str(&user), TOKEN_USER)) {
        rc = pack(str_c(NULL), str_c(NULL), buf_str(&password), name, out, e);
    } else {
        rc = pack(buf_str(&user), buf_str(&password), str_c(NULL), name, out, e);
    }
    buf_wipe(&user);
    buf_wipe(&password);
    return rc;
}
