/* SPDX-License-Identifier: MIT */
#include "engine/docker_transport.h"

#include "base/clock.h"
#include "engine/ssh_tunnel.h"
#include "net/authorities.h"
#include "net/tcp.h"
#include "net/tls.h"
#include "net/tls_identity.h"

#include <errno.h>
#include <stdlib.h>

struct transport {
    char *const *env;
    const char *runtime_dir;
    struct authorities
        *authorities;          /* owned; NULL: not read yet, or the server is not verified */
    struct identity *identity; /* owned; NULL: not read yet, or no certificate exists */
    bool loaded;               /* the certificates were read */
    struct tunnel *tunnel;     /* owned; NULL: not needed so far */
};

struct transport *transport_new(char *const *env, const char *runtime_dir)
{
    struct transport *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        abort();
    }
    t->env = env;
    t->runtime_dir = runtime_dir;
    return t;
}

const char *transport_dir(const struct transport *t)
{
    return t != NULL ? t->runtime_dir : NULL;
}

static void forget(struct transport *t)
{
    authorities_free(t->authorities);
    identity_free(t->identity);
    free(t);
}

void transport_free(struct transport *t)
{
    if (t != NULL) {
        tunnel_close(t->tunnel);
        forget(t);
    }
}

void transport_abandon(struct transport *t)
{
    if (t != NULL) {
        tunnel_abandon(t->tunnel);
        forget(t);
    }
}

/* Reads the authorities that verify the server. If the endpoint has a file of them, no other
 * authority is trusted for this engine. */
static int load_authorities(struct transport *t, const struct endpoint *ep, struct err *e)
{
    if (!ep->verify) {
        return 0;
    }
    if (ep->ca == NULL) {
        t->authorities = authorities_load(t->env, e);
        return t->authorities != NULL ? 0 : -1;
    }
    t->authorities = authorities_new();
    if (authorities_add_file(t->authorities, ep->ca, e) < 0) {
        return -1;
    }
    if (authorities_count(t->authorities) == 0) {
        (void)err_set(e, ERR_FORMAT, "%s: it contains no certificate that cco can use", ep->ca);
        return err_hint(e, "It must be a PEM file with RSA or ECDSA certificates.");
    }
    return 0;
}

static int load(struct transport *t, const struct endpoint *ep, struct err *e)
{
    if (t->loaded) {
        return 0;
    }
    if (load_authorities(t, ep, e) < 0) {
        authorities_free(t->authorities);
        t->authorities = NULL;
        return -1;
    }
    if (ep->cert != NULL && ep->key != NULL) {
        t->identity = identity_load(ep->cert, ep->key, e);
        if (t->identity == NULL) {
            authorities_free(t->authorities);
            t->authorities = NULL;
            return -1;
        }
    }
    t->loaded = true;
    return 0;
}

static int secure(struct transport *t, const struct endpoint *ep, struct conn *c,
                  const struct net_wait *w, struct err *e)
{
    struct tls_client who = {.host = ep->host, .now_s = clock_wall()};

    if (t == NULL) {
        return err_set(e, ERR_USAGE, "TLS is not possible without the user's environment");
    }
    if (load(t, ep, e) < 0) {
        return -1;
    }
    who.authorities = t->authorities;
    who.identity = t->identity;
    who.authority = ep->ca;
    who.certificate = t->identity != NULL ? ep->cert : NULL;
    return tls_start(c, &who, w, e);
}

static int connect_tcp(struct transport *t, const struct endpoint *ep, struct conn *c,
                       const struct net_wait *w, struct err *e)
{
    if (conn_tcp(c, ep->host, ep->port, w, e) < 0) {
        if (e->kind == ERR_SYS && e->errnum == ECONNREFUSED) {
            (void)err_hint(e,
                           "No program listens there: is the engine started, with this port?");
        } else if (e->kind == ERR_TIMEOUT) {
            (void)err_hint(e, "Is this machine's network up? Does a firewall block the port?");
        }
        return -1;
    }
    conn_keep_alive(c);
    if (ep->tls && secure(t, ep, c, w, e) < 0) {
        conn_close(c);
        return -1;
    }
    return 0;
}

int transport_connect(struct transport *t, const struct endpoint *ep, struct conn *c,
                      const struct net_wait *w, struct err *e)
{
    if (ep->kind == ENDPOINT_UNIX) {
        return conn_unix(c, ep->path, w, e);
    }
    if (ep->kind == ENDPOINT_TCP) {
        return connect_tcp(t, ep, c, w, e);
    }
    if (t == NULL) {
        return err_set(e, ERR_USAGE, "ssh is not possible without the user's environment");
    }
    if (t->tunnel == NULL) {
        const struct tunnel_setup setup = {ep, t->env, t->runtime_dir};

        t->tunnel = tunnel_open(&setup, w, e);
        if (t->tunnel == NULL) {
            return -1;
        }
    }
    return tunnel_connect(t->tunnel, c, w, e);
}
