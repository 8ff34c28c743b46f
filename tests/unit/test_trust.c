/* SPDX-License-Identifier: MIT */
#include "net/trust.h"

#include "base/file.h"
#include "certificates.h"
#include "tap.h"
#include "tmpdir.h"

#include <stdlib.h>
#include <unistd.h>

static size_t count_of(const char *pem, size_t len)
{
    struct trust *t = trust_new();
    size_t n;

    trust_add(t, str_n(pem, len));
    n = trust_count(t);
    trust_free(t);
    return n;
}

static void texts(void)
{
    static char both[4096];
    static char crlf[4096];
    size_t len = strlen(authority_pem);
    size_t n = 0;
    size_t most = 0;

    (void)snprintf(both, sizeof(both), "# a comment\n%s\nbetween\n%s", authority_pem,
                   authority_pem);
    is_int((long long)count_of(both, strlen(both)), 2, "two, and text around them");
    for (size_t i = 0; i < len; i++) {
        if (authority_pem[i] == '\n') {
            crlf[n++] = '\r';
        }
        crlf[n++] = authority_pem[i];
    }
    is_int((long long)count_of(crlf, n), 1, "lines that end in CR LF");
    is_int((long long)count_of("", 0), 0, "nothing");
    is_int((long long)count_of("-----BEGIN CERTIFICATE-----\n", 28), 0, "a beginning");
    is_int((long long)count_of(both, strlen(both) - 30), 1, "one that is cut");
    for (size_t i = 0; i < len; i++) {
        char *copy = malloc(len);

        if (copy == NULL) {
            abort();
        }
        memcpy(copy, authority_pem, len);
        copy[i] = (char)(copy[i] ^ 1);
        n = count_of(copy, len) + count_of(copy, i);
        most = n > most ? n : most;
        free(copy);
    }
    ok(most <= 1, "every changed byte and every cut is survived");
}

/* What trust_load() makes of two variables; -1: an error. */
static long long load(const char *first, const char *second, struct err *e)
{
    static char a[300];
    static char b[300];
    static char *env[] = {a, b, NULL};
    struct trust *t;
    long long n = -1;

    (void)snprintf(a, sizeof(a), "%s", first);
    (void)snprintf(b, sizeof(b), "%s", second);
    err_reset(e);
    t = trust_load(env, e);
    if (t != NULL) {
        n = (long long)trust_count(t);
    }
    trust_free(t);
    return n;
}

static void places(const char *dir)
{
    char file[200];
    char named[220];
    char missing[220];
    char in_dir[220];
    char extra[220];
    struct err e = {0};

    (void)snprintf(file, sizeof(file), "%s/one.pem", dir);
    (void)snprintf(named, sizeof(named), "SSL_CERT_FILE=%s", file);
    (void)snprintf(missing, sizeof(missing), "SSL_CERT_FILE=%s/none", dir);
    (void)snprintf(in_dir, sizeof(in_dir), "SSL_CERT_DIR=%s:", dir);
    (void)snprintf(extra, sizeof(extra), "NODE_EXTRA_CA_CERTS=%s", file);
    ok(file_write_new(file, str_c(authority_pem), 0600, &e) == 0, "a file %s", e.text);
    is_int(load(named, "X=", &e), 1, "SSL_CERT_FILE");
    is_int(load(in_dir, "X=", &e), 1, "SSL_CERT_DIR");
    is_int(load(named, in_dir, &e), 2, "both");
    is_int(load(named, extra, &e), 2, "NODE_EXTRA_CA_CERTS is added");
    is_int(load(missing, extra, &e), -1, "a file that is named must be there");
    ok(strstr(e.text, "SSL_CERT_FILE: ") == e.text, "and the message names the variable: %s",
       e.text);
    is_int(load("SSL_CERT_DIR=/nowhere/at/all", extra, &e), -1, "so must a directory");
    is_int(load("SSL_CERT_FILE=/dev/null", extra, &e), -1, "a file must be one");
    (void)unlink(file);
    ok(file_write_new(file, str_c("nobody\n"), 0600, &e) == 0, "a file without any");
    is_int(load(named, "X=", &e), -1, "is nobody to trust");
    ok(e.kind == ERR_NOT_FOUND && strstr(e.hint, "ca-certificates") != NULL, "%s %s", e.text,
       e.hint);
    (void)unlink(file);
}

int main(void)
{
    tmpdir_make();
    texts();
    places(tmpdir);
    tmpdir_remove();
    return done_testing();
}
