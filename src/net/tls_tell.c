/* SPDX-License-Identifier: MIT */
#include "net/tls_tell.h"

#include <bearssl.h>
#include <stddef.h>

/* The numbers of alerts: RFC 5246, section 7.2; 116 is defined by RFC 8446. */
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
    const char *text; /* printed after "TLS with HOST: " */
    const char *hint; /* NULL: none */
} problems[] = {
    {BR_ERR_X509_EXPIRED, ERR_REFUSED,
     "its certificate has expired, or is not valid yet, by this machine's clock",
     "Check the date of this machine. If it is right, the server's certificate must be "
     "renewed."},
    {BR_ERR_X509_BAD_SERVER_NAME, ERR_REFUSED, "its certificate is for another host name",
     "Use a name or an address that is among the certificate's alternative names, or ask the "
     "operator of the server."},
    {BR_ERR_X509_BAD_SIGNATURE, ERR_REFUSED, "the signature of its certificate is wrong",
     "The connection may be intercepted: do not continue on this network."},
    {BR_ERR_X509_NOT_CA, ERR_REFUSED,
     "its certificate was signed with a certificate that is not an authority's", NULL},
    {BR_ERR_X509_DN_MISMATCH, ERR_REFUSED, "its certificates do not form a chain",
     "The server sends the wrong intermediate certificates."},
    {BR_ERR_X509_EMPTY_CHAIN, ERR_REFUSED, "it sends no certificate", NULL},
    {BR_ERR_X509_WEAK_PUBLIC_KEY, ERR_REFUSED, "its certificate has a key that is too short",
     NULL},
    {BR_ERR_X509_UNSUPPORTED, ERR_REFUSED,
     "its certificate has a key or a signature of a kind that cco does not support",
     "cco supports RSA up to 4096 bits, and ECDSA on P-256, P-384 and P-521, with SHA-256, "
     "SHA-384 or SHA-512."},
    {BR_ERR_BAD_SIGNATURE, ERR_REFUSED, "it does not have the key of its certificate",
     "The connection may be intercepted: do not continue on this network."},
    {BR_ERR_UNSUPPORTED_VERSION, ERR_FORMAT,
     "it speaks a version of TLS that cco does not support", "Allow TLS 1.2 on the server."},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_PROTOCOL_VERSION, ERR_FORMAT,
     "it refuses TLS 1.2, the version that cco speaks", "Allow TLS 1.2 on the server."},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_HANDSHAKE_FAILURE, ERR_FORMAT,
     "it has no cipher in common with cco",
     "Allow TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305 on the server."},
    {BR_ERR_RECV_FATAL_ALERT + ALERT_UNRECOGNIZED_NAME, ERR_REFUSED,
     "it does not know this host name", "Check the name."},
    {BR_ERR_BAD_MAC, ERR_FORMAT, "a record was changed on the way", NULL},
    {BR_ERR_TOO_LARGE, ERR_FORMAT, "it sends a record that is longer than TLS allows", NULL},
    {BR_ERR_NO_RANDOM, ERR_SYS, "this system provides no random numbers", NULL},
};

static int not_trusted(const struct tls_story *s, struct err *e)
{
    if (s->authority == NULL) {
        (void)err_set(e, ERR_REFUSED,
                      "TLS with %s: its certificate is not signed by an authority that this "
                      "system trusts",
                      s->host);
        return err_hint(
            e, "If the server is yours, or a proxy of your network decrypts TLS, name the "
               "PEM file of the authority in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS.");
    }
    (void)err_set(e, ERR_REFUSED,
                  "TLS with %s: its certificate is not signed by an authority in %s", s->host,
                  s->authority);
    return err_hint(
        e, "Get the right ca.pem from the operator of the server (for a self-signed "
           "certificate it is the certificate itself). If ca.pem was right before, the "
           "connection may be intercepted.");
}

/* Returns true for the alerts that servers send if they do not accept the client's certificate
 * or get none. Servers differ in which of them they use. */
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
                      : alert == ALERT_UNKNOWN_CA          ? ": unknown authority"
                                                           : "";

    if (s->certificate == NULL) {
        (void)err_set(e, ERR_REFUSED,
                      "TLS with %s: it requires a client certificate, and there is none",
                      s->host);
        return err_hint(e, "Get cert.pem and key.pem from the operator of the engine, and put "
                           "them beside ca.pem: DOCKER_CERT_PATH or the context names that "
                           "directory.");
    }
    (void)err_set(e, ERR_REFUSED, "TLS with %s: it does not accept the certificate in %s%s",
                  s->host, s->certificate, why);
    return err_hint(
        e, "Check when it expires: openssl x509 -noout -enddate -in cert.pem. If it has "
           "expired, or another authority signed it, get a new pair from the operator of the "
           "engine.");
}

int tls_tell(const struct tls_story *s, int number, struct err *e)
{
    int alert = number - BR_ERR_RECV_FATAL_ALERT;

    if (s->other) {
        (void)err_set(e, ERR_FORMAT, "TLS with %s: it does not speak TLS", s->host);
        return err_hint(e, "Check the port.");
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
        return err_set(e, ERR_FORMAT, "TLS with %s: it ended the connection with alert %d",
                       s->host, alert);
    }
    if (number >= BR_ERR_X509_OK && number <= BR_ERR_X509_NOT_TRUSTED) {
        return err_set(e, ERR_REFUSED, "TLS with %s: its certificate is invalid (BearSSL: %d)",
                       s->host, number);
    }
    return err_set(e, ERR_FORMAT, "TLS with %s: it violates the protocol (BearSSL: %d)",
                   s->host, number);
}
