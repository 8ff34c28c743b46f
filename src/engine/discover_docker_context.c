/* SPDX-License-Identifier: MIT */
#include "engine/discover_docker_context.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "wire/json.h"

#include <dirent.h>
#include <string.h>

enum { NAME_MAX_LEN = 255, NAMES_READ = 100, NAMES_SHOWN = 10 };

static const char *id_of(const char *name, struct arena *a)
{
    char hex[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, name, strlen(name));
    sha256_hex(&h, hex);
    return arena_strdup(a, hex);
}

/* Returns whether cco accepts the name of a context. Names appear in messages, so that they
 * must not contain control characters. */
static bool is_name(const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f) {
            return false;
        }
    }
    return len > 0 && len <= NAME_MAX_LEN;
}

int docker_context_current(const char *dir, struct arena *a, const char **name, struct err *e)
{
    const char *path = path_join(a, dir, "config.json");
    struct err own = {0};
    struct json root;
    struct buf text;
    int rc = 0;

    *name = NULL;
    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &own) < 0) {
        if (own.kind != ERR_NOT_FOUND) {
            *e = own;
            rc = -1;
        }
        goto out;
    }
    if (str_trim(buf_str(&text)).len == 0) {
        goto out;
    }
    if (json_parse(buf_str(&text), &root, e) < 0) {
        rc = err_wrap(e, "%s", path);
        goto out;
    }
    *name = json_string_dup(json_get(root, "currentContext"), a);
    if (*name != NULL && ((*name)[0] == '\0' || strcmp(*name, "default") == 0)) {
        *name = NULL;
    }
    if (*name != NULL && !is_name(*name)) {
        *name = NULL;
        rc = err_set(e, ERR_FORMAT, "%s: currentContext is not the name of a context", path);
    }
out:
    buf_wipe(&text); /* config.json may contain logins */
    return rc;
}

int docker_context_read(struct str meta, struct arena *a, struct docker_context *out,
                        struct err *e)
{
    struct json root;
    struct json endpoint;

    *out = (struct docker_context){.host = NULL};
    if (json_parse(meta, &root, e) < 0) {
        return -1;
    }
    endpoint = json_path(root, "Endpoints.docker");
    out->host = json_string_dup(json_get(endpoint, "Host"), a);
    if (out->host == NULL || out->host[0] == '\0') {
        return err_set(e, ERR_FORMAT, "the context names no Docker engine");
    }
    out->tls.on = json_true(json_get(endpoint, "SkipTLSVerify"));
    out->tls.verify = !out->tls.on;
    return 0;
}

static const char *file_in(const char *dir, const char *name, struct arena *a)
{
    const char *path = path_join(a, dir, name);

    return file_exists(path) ? path : NULL;
}

int docker_context_files(const char *dir, struct arena *a, struct endpoint_tls *out,
                         struct err *e)
{
    out->ca = file_in(dir, "ca.pem", a);
    out->cert = file_in(dir, "cert.pem", a);
    out->key = file_in(dir, "key.pem", a);
    if ((out->cert == NULL) != (out->key == NULL)) {
        (void)err_set(e, ERR_NOT_FOUND, "%s: %s exists, but %s does not", dir,
                      out->cert != NULL ? "cert.pem" : "key.pem",
                      out->cert != NULL ? "key.pem" : "cert.pem");
        return err_hint(e, "cert.pem is the client's certificate and key.pem its key: TLS "
                           "needs both or neither.");
    }
    return 0;
}

static int read_meta(const char *dir, const char *id, struct buf *out, struct err *e)
{
    struct arena a = {0};
    int rc = file_read(arena_printf(&a, "%s/contexts/meta/%s/meta.json", dir, id), out, e);

    arena_release(&a);
    return rc;
}

static void add_name(const char *dir, const char *id, struct strv *names, struct arena *a)
{
    struct err ignored = {0};
    struct json root;
    struct buf text;
    const char *name;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (read_meta(dir, id, &text, &ignored) == 0 &&
        json_parse(buf_str(&text), &root, &ignored) == 0) {
        name = json_string_dup(json_get(root, "Name"), a);
        if (name != NULL && is_name(name)) {
            strv_add(names, a, name);
        }
    }
    buf_release(&text);
}

/* Returns the names of the contexts in `dir` for a message: "default, big, small". The
 * directory is not trusted, so that only a limited number of entries is read. */
static const char *names_in(const char *dir, struct arena *a)
{
    DIR *all = opendir(path_join(a, dir, "contexts/meta"));
    const char *list = "default";
    struct strv names = {0};
    const struct dirent *entry;
    size_t read = 0;

    while (all != NULL && read++ < NAMES_READ && (entry = readdir(all)) != NULL) {
        if (entry->d_name[0] != '.') {
            add_name(dir, entry->d_name, &names, a);
        }
    }
    if (all != NULL) {
        (void)closedir(all);
    }
    strv_sort(&names);
    for (size_t i = 0; i < names.count && i < NAMES_SHOWN; i++) {
        list = arena_printf(a, "%s, %s", list, names.v[i]);
    }
    return names.count > NAMES_SHOWN ? arena_printf(a, "%s, ...", list) : list;
}

int docker_context_load(const char *dir, const char *name, struct arena *a,
                        struct docker_context *out, struct err *e)
{
    const char *id = is_name(name) ? id_of(name, a) : NULL;
    struct endpoint_tls files = {0};
    struct err own = {0};
    struct buf text;
    int rc = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (id == NULL || (read_meta(dir, id, &text, &own) < 0 && own.kind == ERR_NOT_FOUND)) {
        (void)err_set(e, ERR_NOT_FOUND, "no such context exists in %s", dir);
        (void)err_hint(e, "There are: %s.", names_in(dir, a));
        goto out;
    }
    if (own.kind != ERR_NONE) {
        *e = own;
        goto out;
    }
    if (docker_context_read(buf_str(&text), a, out, e) < 0) {
        (void)err_wrap(e, "%s/contexts/meta/%s/meta.json", dir, id);
        goto out;
    }
    if (docker_context_files(arena_printf(a, "%s/contexts/tls/%s/docker", dir, id), a, &files,
                             e) < 0) {
        goto out;
    }
    out->tls.on = out->tls.on || files.ca != NULL || files.cert != NULL;
    out->tls.ca = files.ca;
    out->tls.cert = files.cert;
    out->tls.key = files.key;
    rc = 0;
out:
    buf_release(&text);
    return rc;
}
