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

    ok(tells(&web, BR_ERR_X509_NOT_TRUSTED, ERR_REFUSED, "nobody this system trusts") &&
           strstr(e.hint, "SSL_CERT_FILE") != NULL,
       "the system's authorities");
    ok(tells(&engine, BR_ERR_X509_NOT_TRUSTED, ERR_REFUSED, "/c/ca.pem") &&
           strstr(e.hint, "ca.pem") != NULL,
       "those of a file");
    ok(tells(&web, BR_ERR_X509_EXPIRED, ERR_REFUSED, "expired") && e.hint[0] != '\0',
       "expired");
    ok(tells(&web, BR_ERR_X509_BAD_SERVER_NAME, ERR_REFUSED, "another host name") &&
           e.hint[0] != '\0',
       "another name");
    ok(tells(&web, alert + 70, ERR_FORMAT, "TLS 1.2") && e.hint[0] != '\0',
       "a newer version only");
    ok(tells(&web, alert + 40, ERR_FORMAT, "no cipher"), "no cipher");
    ok(tells(&engine, alert + 42, ERR_FORMAT, "alert 42"), "not asked, it is not about us");
    for (int i = 40; i <= 51; i++) {
        if (i != 47 && i != 50) {
            ok(tells(&asked, alert + i, ERR_REFUSED, "there is none") &&
                   strstr(e.hint, "cert.pem") != NULL,
               "asked, alert %d: we have none", i);
        }
    }
    ok(tells(&asked, alert + 47, ERR_FORMAT, "alert 47"),
       "of these, illegal parameter is not about us");
    asked.certificate = "/c/cert.pem";
    ok(tells(&asked, alert + 42, ERR_REFUSED, "does not accept the certificate in /c/cert.pem"),
       "ours is refused");
    ok(tells(&asked, alert + 45, ERR_REFUSED, "expired"), "as expired");
    ok(tells(&asked, alert + 44, ERR_REFUSED, "revoked"), "as revoked");
    ok(tells(&asked, alert + 48, ERR_REFUSED, "who signed it"), "as a stranger's");
    ok(tells(&other, BR_ERR_BAD_VERSION, ERR_FORMAT, "no TLS"), "another protocol");
    ok(tells(&web, BR_ERR_X509_LIMIT_EXCEEDED, ERR_REFUSED, "broken"), "any other certificate");
    ok(tells(&web, BR_ERR_UNEXPECTED, ERR_FORMAT, "protocol"), "any other record");
    return done_testing();
}
