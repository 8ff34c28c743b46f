/* SPDX-License-Identifier: MIT */
#include "net/authorities.h"

#include "base/arena.h"
#include "base/env.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "net/built_in.h"
#include "trust/obeyed.h"
#include "wire/pem.h"

#include <bearssl.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PEM_FILE_MAX = 8 << 20,
    NAME_MAX_LEN = 16 << 10,
    ANCHORS_MAX = 4096,
    FILES_MAX = 4096 /* files that are read in one directory */
};

struct authorities {
    struct arena arena; /* holds `v` and the names and keys in it */
    br_x509_trust_anchor *v;
    size_t count, cap;
};

static const char *const usual_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Alpine, Arch */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* the same, newer */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/var/lib/ca-certificates/ca-bundle.pem",            /* the same, newer */
    "/etc/ssl/cert.pem",                                 /* Alpine, BSD, macOS */
    "/etc/ssl/certs/ca-bundle.crt",                      /* NixOS */
};
static const char usual_dir[] = "/etc/ssl/certs";

struct authorities *authorities_new(void)
{
    struct authorities *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        abort();
    }
    return t;
}

struct authorities *authorities_built_in(void)
{
    struct authorities *t = authorities_new();

    for (size_t i = 0; i < built_in_files_count; i++) {
        authorities_add(t, str_n((const char *)built_in_files[i].data, built_in_files[i].len));
    }
    return t;
}

void authorities_free(struct authorities *t)
{
    if (t != NULL) {
        arena_release(&t->arena);
        free(t);
    }
}

size_t authorities_count(const struct authorities *t)
{
    return t->count;
}

const void *authorities_anchors(const struct authorities *t)
{
    return t->v;
}

static void add_name(void *ctx, const void *p, size_t len)
{
    (void)buf_add(ctx, p, len); /* the caller checks `overflowed` at the end */
}

static unsigned char *copy(struct authorities *t, const unsigned char *p, size_t len)
{
    unsigned char *mem = arena_alloc(&t->arena, len + 1);

    memcpy(mem, p, len);
    return mem;
}

/* Copies a public key to *out. Returns false if net/tls.c does not support its kind. */
static bool take_key(struct authorities *t, const br_x509_pkey *key, br_x509_pkey *out)
{
    *out = *key;
    switch (key->key_type) {
    case BR_KEYTYPE_RSA:
        out->key.rsa.n = copy(t, key->key.rsa.n, key->key.rsa.nlen);
        out->key.rsa.e = copy(t, key->key.rsa.e, key->key.rsa.elen);
        return true;
    case BR_KEYTYPE_EC:
        out->key.ec.q = copy(t, key->key.ec.q, key->key.ec.qlen);
        return true;
    default:
        return false;
    }
}

static void take_certificate(struct authorities *t, struct str der)
{
    br_x509_decoder_context decoder;
    const br_x509_pkey *key;
    br_x509_trust_anchor anchor = {0};
    struct buf name;

    buf_init(&name, NAME_MAX_LEN);
    br_x509_decoder_init(&decoder, add_name, &name);
    br_x509_decoder_push(&decoder, der.p, der.len);
    key = br_x509_decoder_get_pkey(&decoder);
    if (key != NULL && !name.overflowed && t->count < ANCHORS_MAX &&
        take_key(t, key, &anchor.pkey)) {
        anchor.dn.data = copy(t, (const unsigned char *)buf_data(&name), name.len);
        anchor.dn.len = name.len;
        /* A certificate that is not an authority's is trusted for itself only. This is the case
         * of a self-signed server. */
        anchor.flags = br_x509_decoder_isCA(&decoder) ? BR_X509_TA_CA : 0;
        t->v = list_grow(&t->arena, t->v, t->count, &t->cap, sizeof(*t->v));
        t->v[t->count++] = anchor;
    }
    buf_release(&name);
}

void authorities_add(struct authorities *t, struct str pem)
{
    struct pem block;

    pem_init(&block);
    while (pem_next(&pem, &block)) {
        if (str_eq_c(block.label, "CERTIFICATE")) {
            take_certificate(t, buf_str(&block.der));
        }
    }
    pem_release(&block);
}

int authorities_add_file(struct authorities *t, const char *path, struct err *e)
{
    struct buf pem;
    int rc;

    buf_init(&pem, PEM_FILE_MAX);
    rc = file_read(path, &pem, e);
    if (rc == 0) {
        authorities_add(t, buf_str(&pem));
    }
    buf_release(&pem);
    return rc;
}

static bool is_certificate_name(const char *name)
{
    struct str s = str_c(name);

    return str_ends(s, ".pem") || str_ends(s, ".crt") ||
           (s.len == 10 && s.p[8] == '.' && s.p[9] == '0'); /* c_rehash(1): HHHHHHHH.0 */
}

/* Adds the files of a directory. Several names in it are often links to the same file; an
 * authority may be in the list twice. */
static int add_dir(struct authorities *t, const char *path, struct err *e)
{
    struct arena a = {0};
    struct err ignored = {0}; /* a file that cannot be read: a dead link, another user's file */
    const struct dirent *entry;
    size_t files = 0;
    DIR *d = opendir(path);

    if (d == NULL) {
        return err_sys(e, "%s", path);
    }
    while ((entry = readdir(d)) != NULL && files < FILES_MAX) {
        if (is_certificate_name(entry->d_name)) {
            (void)authorities_add_file(t, path_join(&a, path, entry->d_name), &ignored);
            files++;
        }
    }
    (void)closedir(d);
    arena_release(&a);
    return 0;
}

/* Looks up a file or directory, and refuses it if an agent could have written it and the user
 * has not pinned it. */
static int check(char *const *env, const char *path, struct arena *a, struct obeyed *out,
                 struct err *e)
{
    char *cwd = path[0] != '/' ? getcwd(NULL, 0) : NULL;
    const char *full = cwd != NULL ? path_join(a, cwd, path) : path;

    free(cwd);
    return obeyed_find_by_env(a, env, full, out, e);
}

static int add_dirs(struct authorities *t, char *const *env, const char *list, struct err *e)
{
    struct arena a = {0};
    struct str rest = str_c(list);
    struct str dir = {0};
    struct obeyed unused;
    int rc = 0;

    while (rc == 0 && rest.len > 0) {
        (void)str_cut(&rest, ':', &dir);
        if (dir.len > 0) {
            const char *path = arena_str(&a, dir);

            rc = check(env, path, &a, &unused, e) < 0 ? -1 : add_dir(t, path, e);
        }
    }
    arena_release(&a);
    return rc;
}

static void add_usual(struct authorities *t)
{
    struct err ignored = {0}; /* after an error the next place is tried */

    for (size_t i = 0; i < sizeof(usual_files) / sizeof(usual_files[0]); i++) {
        if (authorities_add_file(t, usual_files[i], &ignored) == 0 && t->count > 0) {
            return;
        }
    }
    (void)add_dir(t, usual_dir, &ignored);
}

static int add_checked_file(struct authorities *t, char *const *env, const char *path,
                            struct err *e)
{
    struct arena a = {0};
    struct obeyed o = {0};
    struct buf pem;
    int rc = -1;

    buf_init(&pem, PEM_FILE_MAX);
    if (check(env, path, &a, &o, e) == 0) {
        rc = obeyed_read(o.physical != NULL ? o.physical : path, o.sha256, &pem, e);
    }
    if (rc == 0) {
        authorities_add(t, buf_str(&pem));
    }
    buf_release(&pem);
    arena_release(&a);
    return rc;
}

/* Adds the file or the directories that the variable names. Does nothing if it is not set. */
static int add_named(struct authorities *t, char *const *env, const char *variable, bool dirs,
                     struct err *e)
{
    const char *value = env_value(env, variable);
    int rc = 0;

    if (value != NULL && dirs) {
        rc = add_dirs(t, env, value, e);
    } else if (value != NULL) {
        rc = add_checked_file(t, env, value, e);
    }
    return rc < 0 ? err_wrap(e, "%s", variable) : 0;
}

struct authorities *authorities_load(char *const *env, struct err *e)
{
    const char *file = env_value(env, "SSL_CERT_FILE");
    const char *dirs = env_value(env, "SSL_CERT_DIR");
    struct authorities *t = authorities_new();

    if (file == NULL && dirs == NULL) {
        add_usual(t);
    }
    if (add_named(t, env, "SSL_CERT_FILE", false, e) < 0 ||
        add_named(t, env, "SSL_CERT_DIR", true, e) < 0 ||
        add_named(t, env, "NODE_EXTRA_CA_CERTS", false, e) < 0) {
        authorities_free(t);
        return NULL;
    }
    if (t->count == 0) {
        authorities_free(t);
        (void)err_set(e, ERR_NOT_FOUND, "no certificate authorities found on this system");
        (void)err_hint(
            e, "Install the package ca-certificates, or name a PEM file in SSL_CERT_FILE.");
        return NULL;
    }
    return t;
}
