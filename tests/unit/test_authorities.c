/* SPDX-License-Identifier: MIT */
#include "net/authorities.h"

#include "base/file.h"
#include "certificates.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"
#include "trust/pins.h"

#include <stdlib.h>
#include <unistd.h>

static size_t count_of(const char *pem, size_t len)
{
    struct authorities *t = authorities_new();
    size_t n;

    authorities_add(t, str_n(pem, len));
    n = authorities_count(t);
    authorities_free(t);
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
    is_int((long long)count_of(both, strlen(both)), 2,
           "two certificates are read, with text around them");
    for (size_t i = 0; i < len; i++) {
        if (authority_pem[i] == '\n') {
            crlf[n++] = '\r';
        }
        crlf[n++] = authority_pem[i];
    }
    is_int((long long)count_of(crlf, n), 1, "lines may end with CR LF");
    is_int((long long)count_of("", 0), 0, "an empty text has no certificate");
    is_int((long long)count_of("-----BEGIN CERTIFICATE-----\n", 28), 0,
           "a begin line alone is not a certificate");
    is_int((long long)count_of(both, strlen(both) - 30), 1,
           "an incomplete certificate is skipped");
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
    ok(most <= 1, "changed and cut texts contain at most one certificate");
}

/* Returns the number of authorities that authorities_load() reads with two variables, and -1 on
 * error. */
static long long load(const char *first, const char *second, struct err *e)
{
    static char a[300];
    static char b[300];
    static char *env[] = {a, b, NULL};
    struct authorities *t;
    long long n = -1;

    (void)snprintf(a, sizeof(a), "%s", first);
    (void)snprintf(b, sizeof(b), "%s", second);
    err_reset(e);
    t = authorities_load(env, e);
    if (t != NULL) {
        n = (long long)authorities_count(t);
    }
    authorities_free(t);
    return n;
}

/* The directory is also the home, so that its ledger is used. */
static void a_file_that_an_agent_could_write(const char *dir, const char *file)
{
    char home[220];
    char state[220];
    char named[220];
    char extra[220];
    struct err e = {0};

    (void)snprintf(home, sizeof(home), "HOME=%s", dir);
    (void)snprintf(state, sizeof(state), "%s/.local/state/cco", dir);
    (void)snprintf(named, sizeof(named), "NODE_EXTRA_CA_CERTS=%s", file);
    (void)snprintf(extra, sizeof(extra), "SSL_CERT_DIR=%s", dir);
    ok(load(named, home, &e) > 0, "nothing is recorded: %s", e.text);
    ok(ledger_record(state, &dir, 1, &e) == 0, "the directory is recorded: %s", e.text);
    ok(load(named, home, &e) == -1 && e.kind == ERR_REFUSED && strstr(e.text, "cco trust"),
       "a file of certificates that an agent could write is refused: %s", e.text);
    ok(load(extra, home, &e) == -1 && e.kind == ERR_REFUSED, "and a directory: %s", e.text);
    ok(pin_make(state, file, &e) == 0 && load(named, home, &e) > 0, "a pinned file is used: %s",
       e.text);
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
    ok(file_write_new(file, str_c(authority_pem), 0600, &e) == 0,
       "a file with a certificate is written %s", e.text);
    is_int(load(named, "X=", &e), 1, "SSL_CERT_FILE names a file");
    is_int(load(in_dir, "X=", &e), 1, "SSL_CERT_DIR names directories");
    is_int(load(named, in_dir, &e), 2, "both variables are used");
    is_int(load(named, extra, &e), 2, "the file of NODE_EXTRA_CA_CERTS is added");
    is_int(load(missing, extra, &e), -1, "a missing file is an error");
    ok(strstr(e.text, "SSL_CERT_FILE: ") == e.text, "the message names the variable: %s",
       e.text);
    is_int(load("SSL_CERT_DIR=/nowhere/at/all", extra, &e), -1,
           "a missing directory is an error");
    is_int(load("SSL_CERT_FILE=/dev/null", extra, &e), -1,
           "a device instead of a file is an error");
    a_file_that_an_agent_could_write(dir, file);
    (void)unlink(file);
    ok(file_write_new(file, str_c("nobody\n"), 0600, &e) == 0,
       "a file without a certificate is written");
    is_int(load(named, "X=", &e), -1, "having no authorities is an error");
    ok(e.kind == ERR_NOT_FOUND && strstr(e.hint, "ca-certificates") != NULL,
       "it is reported with a hint: %s %s", e.text, e.hint);
    (void)unlink(file);
}

static void built_in_authorities_are_usable(void)
{
    struct authorities *t = authorities_built_in();

    is_int((long long)authorities_count(t), 12, "every certificate of vendor/roots is usable");
    authorities_free(t);
}

int main(void)
{
    tmpdir_make();
    texts();
    built_in_authorities_are_usable();
    places(tmpdir);
    tmpdir_remove();
    return done_testing();
}
