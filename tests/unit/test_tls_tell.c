/* SPDX-License-Identifier: MIT */
#include "net/tls_tell.h"

#include "tap.h"

#include <bearssl.h>

static struct err e;

static bool tells(const struct tls_story *s, int number, enum err_kind kind, const char *part)
{
    err_reset(&e);
    return tls_tell(s, number, &e) == -1 && e.kind == kind && strstr(e.text, part) != NULL;
}

int main(void)
{
    const struct tls_story web = {.host = "h"};
    const struct tls_story engine = {.host = "h", .authority = "/c/ca.pem"};
    struct tls_story asked = {.host = "h", .authority = "/c/ca.pem", .asked = true};
    const struct tls_story other = {.host = "h", .other = true};
    const int alert = BR_ERR_RECV_FATAL_ALERT;

    ok(tells(&web, BR_ERR_X509_NOT_TRUSTED, ERR_REFUSED, "that this system trusts") &&
           strstr(e.hint, "SSL_CERT_FILE") != NULL,
       "an untrusted certificate leads to the authorities of the system");
    ok(tells(&engine, BR_ERR_X509_NOT_TRUSTED, ERR_REFUSED, "/c/ca.pem") &&
           strstr(e.hint, "ca.pem") != NULL,
       "or to those of the engine's file");
    ok(tells(&web, BR_ERR_X509_EXPIRED, ERR_REFUSED, "expired") && e.hint[0] != '\0',
       "an expired certificate is reported with a hint");
    ok(tells(&web, BR_ERR_X509_BAD_SERVER_NAME, ERR_REFUSED, "another host name") &&
           e.hint[0] != '\0',
       "a certificate for another name is reported with a hint");
    ok(tells(&web, alert + 70, ERR_FORMAT, "TLS 1.2") && e.hint[0] != '\0',
       "a server that refuses TLS 1.2 is reported with a hint");
    ok(tells(&web, alert + 40, ERR_FORMAT, "no cipher"),
       "handshake_failure means that no cipher is common");
    ok(tells(&engine, alert + 42, ERR_FORMAT, "alert 42"),
       "an alert is not about the client's certificate if the server requested none");
    for (int i = 40; i <= 51; i++) {
        if (i != 47 && i != 50) {
            ok(tells(&asked, alert + i, ERR_REFUSED, "there is none") &&
                   strstr(e.hint, "cert.pem") != NULL,
               "if the server requested one, alert %d means that the certificate is missing",
               i);
        }
    }
    ok(tells(&asked, alert + 47, ERR_FORMAT, "alert 47"),
       "illegal_parameter is not about the client's certificate");
    asked.certificate = "/c/cert.pem";
    ok(tells(&asked, alert + 42, ERR_REFUSED, "does not accept the certificate in /c/cert.pem"),
       "the client's certificate is refused");
    ok(tells(&asked, alert + 45, ERR_REFUSED, "expired"), "because it has expired");
    ok(tells(&asked, alert + 44, ERR_REFUSED, "revoked"), "because it was revoked");
    ok(tells(&asked, alert + 48, ERR_REFUSED, "unknown authority"),
       "because its authority is unknown");
    ok(tells(&other, BR_ERR_BAD_VERSION, ERR_FORMAT, "does not speak TLS"),
       "bytes of another protocol are recognized");
    ok(tells(&web, BR_ERR_X509_LIMIT_EXCEEDED, ERR_REFUSED, "invalid"),
       "other errors of a certificate have a general message");
    ok(tells(&web, BR_ERR_UNEXPECTED, ERR_FORMAT, "protocol"),
       "other errors of the protocol have a general message");
    return done_testing();
}
