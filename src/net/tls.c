/* SPDX-License-Identifier: MIT */
#include "net/tls.h"

#include "base/fd.h"
#include "base/limits.h"
#include "base/secret.h"
#include "net/authorities.h"
#include "net/tls_ask.h"
#include "net/tls_identity.h"
#include "net/tls_peer.h"
#include "net/tls_tell.h"

#include <bearssl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    HOST_SIZE = 256,
    SEED_SIZE = 32,
    DAY_S = 86400,
    DAYS_TO_1970 = 719528, /* from the start of the year 0, where BearSSL's time begins */
    RSA_BYTES_MIN = 2048 / 8,
    /* The types of record with which a server may begin: RFC 5246, section 6.2.1. */
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22
};

struct tls {
    br_ssl_client_context client;
    struct tls_peer peer;
    struct tls_ask ask;
    const char *authority, *certificate;
    char host[HOST_SIZE];
    size_t received;     /* bytes from the peer, in total */
    unsigned char first; /* the first of them: the type of a record if the peer speaks TLS */
    bool mute;           /* writing has failed; earlier records of the peer can still be read */
    unsigned char io[BR_SSL_BUFSIZE_BIDI];
};

/* The cipher suites in the order of preference if the processor has no instructions for AES.
 * set_ciphers() moves ChaCha20 to the end if it has. */
static const uint16_t suites[] = {
    BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
};
enum { SUITES = sizeof(suites) / sizeof(suites[0]), SUITES_CHACHA = 2 };

static int tell(const struct tls *t, int number, struct err *e)
{
    const struct tls_story s = {
        .host = t->host,
        .authority = t->authority,
        .certificate = t->certificate,
        .asked = t->ask.asked,
        .other = t->received > 0 && t->first != RECORD_HANDSHAKE && t->first != RECORD_ALERT,
    };

    return tls_tell(&s, number, e);
}

static void set_hash(struct tls *t, int id, const br_hash_class *hash)
{
    br_ssl_engine_set_hash(&t->client.eng, id, hash);
    br_x509_minimal_set_hash(&t->peer.minimal, id, hash);
}

/* Selects the fastest implementations that this processor supports. None of them reveals
 * secrets by its timing. */
static void set_ciphers(br_ssl_engine_context *eng)
{
    const br_block_ctr_class *aes = br_aes_x86ni_ctr_get_vtable();
    br_ghash ghash = br_ghash_pclmul_get();
    br_chacha20_run chacha = br_chacha20_sse2_get();
    br_poly1305_run poly = br_poly1305_ctmulq_get();
    size_t first = aes != NULL && ghash != 0 ? (size_t)SUITES_CHACHA : 0;
    uint16_t order[SUITES];

    for (size_t i = 0; i < SUITES; i++) {
        order[i] = suites[(first + i) % SUITES];
    }
    br_ssl_engine_set_suites(eng, order, SUITES); /* it copies `order` */
    br_ssl_engine_set_aes_ctr(eng, aes != NULL ? aes : &br_aes_ct64_ctr_vtable);
    br_ssl_engine_set_ghash(eng, ghash != 0 ? ghash : br_ghash_ctmul64);
    br_ssl_engine_set_chacha20(eng, chacha != 0 ? chacha : br_chacha20_ct_run);
    br_ssl_engine_set_poly1305(eng, poly != 0 ? poly : br_poly1305_ctmul_run);
}

/* Initializes the client with only the algorithms that the suites need, so that no others are
 * linked: the program does not contain SHA-1 or CBC. */
static void set_up(struct tls *t, const struct tls_client *who)
{
    br_ssl_engine_context *eng = &t->client.eng;
    uint64_t now = who->now_s > 0 ? (uint64_t)who->now_s : 0;

    br_ssl_client_zero(&t->client);
    br_ssl_engine_set_versions(eng, BR_TLS12, BR_TLS12);
    br_ssl_engine_add_flags(eng, BR_OPT_NO_RENEGOTIATION);
    br_ssl_engine_set_ec(eng, &br_ec_prime_i31);
    br_ssl_engine_set_ecdsa(eng, br_ecdsa_i31_vrfy_asn1);
    br_ssl_engine_set_rsavrfy(eng, br_rsa_i31_pkcs1_vrfy);
    br_ssl_engine_set_prf_sha256(eng, br_tls12_sha256_prf);
    br_ssl_engine_set_prf_sha384(eng, br_tls12_sha384_prf);
    br_ssl_engine_set_gcm(eng, &br_sslrec_in_gcm_vtable, &br_sslrec_out_gcm_vtable);
    br_ssl_engine_set_chapol(eng, &br_sslrec_in_chapol_vtable, &br_sslrec_out_chapol_vtable);
    set_ciphers(eng);

    tls_peer_init(&t->peer, t->host, who->authorities == NULL);
    br_x509_minimal_init(&t->peer.minimal, &br_sha256_vtable,
                         who->authorities != NULL ? authorities_anchors(who->authorities)
                                                  : NULL,
                         who->authorities != NULL ? authorities_count(who->authorities) : 0);
    br_x509_minimal_set_rsa(&t->peer.minimal, br_rsa_i31_pkcs1_vrfy);
    br_x509_minimal_set_ecdsa(&t->peer.minimal, &br_ec_prime_i31, br_ecdsa_i31_vrfy_asn1);
    br_x509_minimal_set_minrsa(&t->peer.minimal, RSA_BYTES_MIN);
    br_x509_minimal_set_time(&t->peer.minimal, (uint32_t)(now / DAY_S + DAYS_TO_1970),
                             (uint32_t)(now % DAY_S));
    set_hash(t, br_sha256_ID, &br_sha256_vtable);
    set_hash(t, br_sha384_ID, &br_sha384_vtable);
    set_hash(t, br_sha512_ID, &br_sha512_vtable);
    br_ssl_engine_set_x509(eng, &t->peer.vtable);
    if (who->identity != NULL) {
        identity_offer(who->identity, &t->client);
    }
    tls_ask_init(&t->ask, &t->client);
    br_ssl_engine_set_buffer(eng, t->io, sizeof(t->io), 1);
}

static unsigned state_of(const struct tls *t)
{
    return br_ssl_engine_current_state(&t->client.eng);
}

/* Sends the encrypted records. Returns 1 if none is left, 0 if the caller must wait for
 * POLLOUT, and -1 on error. */
static int send_records(struct tls *t, int fd, struct err *e)
{
    size_t len;
    unsigned char *p;

    while ((p = br_ssl_engine_sendrec_buf(&t->client.eng, &len)) != NULL) {
        ssize_t n = fd_write(fd, p, len);

        if (n < 0) {
            t->mute = errno != EAGAIN;
            return t->mute ? err_sys(e, "write to %s", t->host) : 0;
        }
        br_ssl_engine_sendrec_ack(&t->client.eng, (size_t)n);
    }
    return 1;
}

enum got {
    GOT_BYTES,
    GOT_NOTHING,
    GOT_CLOSE, /* TLS's close message */
    GOT_END,   /* the end of the stream without such a message */
    GOT_ERROR
};

/* Reads once, and at most the rest of the current record. A complete record is therefore never
 * left in the buffer, where poll(2) would not report it. */
static enum got receive(struct tls *t, int fd, struct err *e)
{
    size_t len = 0;
    unsigned char *p = br_ssl_engine_recvrec_buf(&t->client.eng, &len);
    ssize_t n;

    if (p == NULL) {
        /* After a close message, the engine reads nothing until its answer is sent. An answer
         * that cannot be sent must not keep the connection open. */
        return t->mute ? GOT_CLOSE : GOT_NOTHING;
    }
    n = fd_read(fd, p, len);
    if (n == 0) {
        return GOT_END;
    }
    if (n < 0) {
        if (errno == EAGAIN) {
            return GOT_NOTHING;
        }
        (void)err_sys(e, "read from %s", t->host);
        return GOT_ERROR;
    }
    t->first = t->received == 0 ? p[0] : t->first;
    t->received += (size_t)n;
    br_ssl_engine_recvrec_ack(&t->client.eng, (size_t)n);
    return GOT_BYTES;
}

/* A write has failed with *e, because the peer has closed the connection. Reads the records
 * that it sent before, and replaces *e if a record is an alert with the reason. */
static int hear_out(struct tls *t, int fd, struct err *e)
{
    struct err ignored = {0}; /* the error of the write is reported */

    while ((state_of(t) & BR_SSL_CLOSED) == 0 && receive(t, fd, &ignored) == GOT_BYTES) {
    }
    if ((state_of(t) & BR_SSL_CLOSED) != 0) {
        return tell(t, br_ssl_engine_last_error(&t->client.eng), e);
    }
    return -1;
}

/* Performs one step of the handshake. Returns 1 if it is complete, 0 if more steps are needed,
 * and -1 on error. */
static int shake(struct tls *t, int fd, const struct net_wait *w, struct err *e)
{
    unsigned state = state_of(t);

    if ((state & BR_SSL_CLOSED) != 0) {
        return tell(t, br_ssl_engine_last_error(&t->client.eng), e);
    }
    if ((state & BR_SSL_SENDREC) != 0) {
        int sent = send_records(t, fd, e);

        return sent == 0 ? net_wait(w, fd, POLLOUT, e) : sent < 0 ? hear_out(t, fd, e) : 0;
    }
    if ((state & BR_SSL_SENDAPP) != 0) {
        return 1;
    }
    switch (receive(t, fd, e)) {
    case GOT_BYTES:
        if (t->received <= LIMIT_TLS_HANDSHAKE) {
            return 0;
        }
        return err_set(e, ERR_LIMIT,
                       "TLS with %s: its handshake is longer than the limit of %d bytes",
                       t->host, LIMIT_TLS_HANDSHAKE);
    case GOT_NOTHING:
        return net_wait(w, fd, POLLIN, e);
    case GOT_CLOSE:
    case GOT_END:
        return err_set(e, ERR_EOF, "TLS with %s: it closed the connection during the handshake",
                       t->host);
    case GOT_ERROR:
    default:
        return -1;
    }
}

static int seed(struct tls *t, struct err *e)
{
    unsigned char bytes[SEED_SIZE];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
        return err_sys(e, "get random bytes");
    }
    br_ssl_engine_inject_entropy(&t->client.eng, bytes, sizeof(bytes));
    secret_wipe(bytes, sizeof(bytes));
    return 0;
}

int tls_start(struct conn *c, const struct tls_client *who, const struct net_wait *w,
              struct err *e)
{
    struct tls *t;
    int rc = 0;

    if (strlen(who->host) >= HOST_SIZE) {
        return err_set(e, ERR_LIMIT, "TLS: the host's name is too long");
    }
    if (c->in.len > 0) {
        return err_set(e, ERR_FORMAT, "TLS with %s: it sent bytes before the handshake",
                       who->host);
    }
    t = calloc(1, sizeof(*t));
    if (t == NULL) {
        abort();
    }
    memcpy(t->host, who->host, strlen(who->host) + 1);
    t->authority = who->authority;
    t->certificate = who->certificate;
    set_up(t, who);
    c->tls = t; /* conn_close() frees it, even after an error */
    if (seed(t, e) < 0) {
        return -1;
    }
    if (br_ssl_client_reset(&t->client, tls_peer_name(&t->peer, t->host), 0) == 0) {
        return tell(t, br_ssl_engine_last_error(&t->client.eng), e);
    }
    while (rc == 0) {
        rc = shake(t, c->fd, w, e);
    }
    if (rc < 0 && e->kind == ERR_TIMEOUT) {
        return err_wrap(e, "TLS with %s", t->host);
    }
    return rc < 0 ? -1 : 0;
}

/* Moves decrypted bytes to c->in. Returns true if there were any. */
static bool take_decrypted(struct conn *c)
{
    br_ssl_engine_context *eng = &c->tls->client.eng;
    size_t len;
    const unsigned char *p;
    bool any = false;

    while (buf_room(&c->in) > 0 && (p = br_ssl_engine_recvapp_buf(eng, &len)) != NULL) {
        len = len < buf_room(&c->in) ? len : buf_room(&c->in);
        (void)buf_add(&c->in, p, len); /* there is room */
        br_ssl_engine_recvapp_ack(eng, len);
        any = true;
    }
    return any;
}

int tls_read(struct conn *c, struct err *e)
{
    struct tls *t = c->tls;
    struct err unsent = {0};
    enum got got;

    for (;;) {
        if (take_decrypted(c)) {
            return 1;
        }
        if (!t->mute) {
            /* Sends pending alerts. If that fails, reading returns the reason. */
            (void)send_records(t, c->fd, &unsent);
        }
        if ((state_of(t) & BR_SSL_CLOSED) != 0) {
            int number = br_ssl_engine_last_error(&t->client.eng);

            c->eof = true;
            return number == BR_ERR_OK ? 1 : tell(t, number, e);
        }
        got = receive(t, c->fd, e);
        switch (got) {
        case GOT_BYTES:
            break;
        case GOT_NOTHING:
            return 0;
        case GOT_CLOSE:
        case GOT_END:
            c->eof = true;
            c->cut = got == GOT_END;
            return 1;
        case GOT_ERROR:
        default:
            return -1;
        }
    }
}

int tls_write(struct conn *c, struct str *data, struct err *e)
{
    struct tls *t = c->tls;
    br_ssl_engine_context *eng = &t->client.eng;

    for (;;) {
        size_t room = 0;
        unsigned char *p;
        int sent;

        if ((state_of(t) & BR_SSL_CLOSED) != 0) {
            int number = br_ssl_engine_last_error(eng);

            errno = EPIPE; /* the error of a connection without TLS in this state */
            return number == BR_ERR_OK ? err_sys(e, "write to %s", t->host)
                                       : tell(t, number, e);
        }
        p = data->len > 0 ? br_ssl_engine_sendapp_buf(eng, &room) : NULL;
        if (p != NULL) {
            room = room < data->len ? room : data->len;
            memcpy(p, data->p, room);
            br_ssl_engine_sendapp_ack(eng, room);
            *data = str_drop(*data, room);
        }
        br_ssl_engine_flush(eng, 0);
        sent = send_records(t, c->fd, e);
        if (sent <= 0 || data->len == 0) {
            return sent;
        }
    }
}

short tls_events(const struct tls *t)
{
    return (short)(POLLIN | (!t->mute && (state_of(t) & BR_SSL_SENDREC) != 0 ? POLLOUT : 0));
}

bool tls_has_bytes(const struct tls *t)
{
    return (state_of(t) & BR_SSL_RECVAPP) != 0;
}

void tls_abandon(struct tls *t)
{
    tls_peer_release(&t->peer);
    secret_wipe(t, sizeof(*t));
    free(t);
}

void tls_free(struct tls *t, int fd)
{
    struct err ignored = {0}; /* the connection ends in any case */

    if (fd >= 0 && (state_of(t) & BR_SSL_SENDAPP) != 0) {
        br_ssl_engine_close(&t->client.eng);
        (void)send_records(t, fd, &ignored);
    }
    tls_abandon(t);
}
