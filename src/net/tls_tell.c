/* SPDX-License-Identifier: MIT */
#include "net/tls_tell.h"

#include <bearssl.h>
#include <stddef.h>

/* RFC 5246 section 7.2; 116 is of RFC 8446 */
enum {
    ALERT_HANDSHAKE_FAILURE = 40,
    ALERT_NO_CERTIFICATE = 41,
    ALERT_BAD_CERTIFICATE = 42,
    ALERT_UNSUPPORTED_CERTIFICATE = 43,
    ALERT_CERTIFICATE_REVOKED = 44,
    ALERT_CERTIFICATE_EXPIRED = 45,
    ALERT_CERTIFICATE_UNKNOWN = 46,
    ALERT_UNKNOWN_CA = 48,
    ALERT_ACCESS_DENIED = 49,
    ALERT_DECRYPT_ERROR = 51,
    ALERT_PROTOCOL_VERSION = 70,
    ALERT_UNRECOGNIZED_NAME = 112,
    ALERT_CERTIFICATE_REQUIRED = 116
};

static const struct {
    int number;
    enum err_kind kind;
    const char *text; /* behind "TLS with HOST: " */
    const char *hint;
} problems[] = {
    {BR_ERR_X509_EXPIRED, ERR_REFUSED,
     "its certificate has expired, or is not valid yet, by this machine's clock",
     "Check the date here; if that is right, the server's certificate must be renewed."},
    {BR_ERR_X509_BAD_SERVER_NAME, ERR_REFUSED, "its certificate is for another host name",
     "Use a name or an address that is among the certificate's alternative names, or ask who "
     "runs the server."},
    {BR_ERR_X509_BAD_SIGNATURE, ERR_REFUSED, "the signature of its certificate is wrong",
     "Somebody may be between you and the server: do not go on from this network."},
    {BR_ERR_X509_NOT_CA, ERR_REFUSED,
     "its certificate was signed by one that may not sign certificates", NULL},
    {BR_ERR_X509_DN_MISMATCH, ERR_REFUSED, "its certificates do not make a chain",
     "The server sends the wrong intermediate certificates."},
    {BR_ERR_X509_EMPTY_CHAIN, ERR_REFUSED, "it sends no certificate", NULL},
    {BR_ERR_X509_WEAK_PUBLIC_KEY, ERR_REFUSED, "its certificate has a key that is too short",
     NULL},
    {BR_ERR_X509_UNSUPPORTED, ERR_REFUSED,
     "its certificate has a key or a signature of a kind that cco does not know",
     "cco knows RSA to 4096 bits, and ECDSA on P-256, P-384 and P-521, with SHA-256 or "
     "better."},
    {BR_ERR_BAD_SIGNATURE, ERR_REFUSED, "it does not hold the key of its certificate",
     "Somebody may be between you and the server: do not go on from this network."},
    {BR_ERR_UNSUPPORTED_VERSION, ERR_FORMAT, "it speaks a version of TLS that cco does not",
     "cco speaks TLS 1.2: allow that on the server."},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_PROTOCOL_VERSION, ERR_FORMAT,
     "it refuses TLS 1.2, the version that cco speaks", "Allow TLS 1.2 on the server."},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_HANDSHAKE_FAILURE, ERR_FORMAT,
     "it shares no cipher with cco",
     "cco speaks TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305: allow one on the "
     "server."},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_UNRECOGNIZED_NAME, ERR_REFUSED,
     "it does not know this host name", "Check the name."},
    {BR_ERR_BAD_MAC, ERR_FORMAT, "a record was changed on its way", NULL},
    {BR_ERR_TOO_LARGE, ERR_FORMAT, "it sends a record that is longer than TLS allows", NULL},
    {BR_ERR_NO_RANDOM, ERR_SYS, "this system gives no random numbers", NULL},
};

static int not_trusted(const struct tls_story *s, struct err *e)
{
    if (s->authority == NULL) {
        (void)err_set(e, ERR_REFUSED,
                      "TLS with %s: nobody this system trusts has signed its certificate",
                      s->host);
        return err_hint(
            e, "If the server is yours, or a proxy of your network stands between, name "
               "the authority's PEM file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS.");
    }
    (void)err_set(e, ERR_REFUSED, "TLS with %s: nobody in %s has signed its certificate",
                  s->host, s->authority);
    return err_hint(
        e, "Get the ca.pem that belongs to this server from whoever runs it (a "
           "certificate that signed itself is its own). If it was right before, somebody "
           "may be between you and the server.");
}

/* What servers say when it is about our certificate. They do not all mean the same by the
 * numbers. */
static bool is_about_us(int alert)
{
    return alert == ALERT_HANDSHAKE_FAILURE || alert == ALERT_DECRYPT_ERROR ||
           alert == ALERT_CERTIFICATE_REQUIRED ||
           (alert >= ALERT_NO_CERTIFICATE && alert <= ALERT_CERTIFICATE_UNKNOWN) ||
           alert == ALERT_UNKNOWN_CA || alert == ALERT_ACCESS_DENIED;
}

static int refused_us(const struct tls_story *s, int alert, struct err *e)
{
    const char *why = alert == ALERT_CERTIFICATE_EXPIRED   ? ", which has expired"
                      : alert == ALERT_CERTIFICATE_REVOKED ? ", which was revoked"
                      : alert == ALERT_UNKNOWN_CA          ? ": it does not know who signed it"
                                                           : "";

    if (s->certificate == NULL) {
        (void)err_set(e, ERR_REFUSED,
                      "TLS with %s: it wants a certificate of ours, and there is none",
                      s->host);
        return err_hint(e,
                        "Put the cert.pem and key.pem that the engine's owner gives you beside "
                        "ca.pem, where DOCKER_CERT_PATH or the context has it.");
    }
    (void)err_set(e, ERR_REFUSED, "TLS with %s: it does not accept the certificate in %s%s",
                  s->host, s->certificate, why);
    return err_hint(
        e, "Has it expired (openssl x509 -noout -enddate -in cert.pem)? Then, or if another "
           "authority signed it, whoever runs the engine has to give you a new pair.");
}

int tls_tell(const struct tls_story *s, int number, struct err *e)
{
    int alert = number - BR_ERR_RECV_FATAL_ALERT;

    if (s->other) {
        (void)err_set(e, ERR_FORMAT, "TLS with %s: what it sends is no TLS", s->host);
        return err_hint(e, "Is that the right port?");
    }
    if (number == BR_ERR_X509_NOT_TRUSTED) {
        return not_trusted(s, e);
    }
    if (s->asked && is_about_us(alert)) {
        return refused_us(s, alert, e);
    }
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        if (problems[i].number == number) {
            (void)err_set(e, problems[i].kind, "TLS with %s: %s", s->host, problems[i].text);
            return problems[i].hint != NULL ? err_hint(e, "%s", problems[i].hint) : -1;
        }
    }
    if (number > BR_ERR_RECV_FATAL_ALERT && number < BR_ERR_SEND_FATAL_ALERT) {
        return err_set(e, ERR_FORMAT, "TLS with %s: it gives up with alert %d", s->host, alert);
    }
    if (number >= BR_ERR_X509_OK && number <= BR_ERR_X509_NOT_TRUSTED) {
        return err_set(e, ERR_REFUSED, "TLS with %s: its certificate is broken (BearSSL: %d)",
                       s->host, number);
    }
    return err_set(e, ERR_FORMAT, "TLS with %s: it breaks the protocol (BearSSL: %d)", s->host,
                   number);
}
