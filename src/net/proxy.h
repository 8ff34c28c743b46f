/* SPDX-License-Identifier: MIT */
/* Connections through an HTTP proxy: finds the proxy that the environment names for a URL, and
 * opens a tunnel through it. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/conn.h"
#include "wire/url.h"

struct proxy {
    bool use;             /* false: connect without a proxy */
    const char *variable; /* the variable that names the proxy, for messages */
    struct url url;       /* its address; valid if `use` is true */
};

/* Finds the proxy for `to`: the value of the first of HTTPS_PROXY, https_proxy, ALL_PROXY and
 * all_proxy that is set (an empty variable counts as unset). No proxy is used if `to` is this
 * machine (a loopback address), or if NO_PROXY or no_proxy names it (net/no_proxy.h). The
 * strings of *out live in the arena and in `env`. Returns 0 on success and -1 on error.
 * ERR_FORMAT means that the value is not [http://][USER:PASSWORD@]HOST:PORT; a proxy that is
 * reached by https is not supported. The message names the variable without its value, which
 * may contain a password. */
int proxy_find(char *const *env, const struct url *to, struct arena *a, struct proxy *out,
               struct err *e);

/* Connects c to the proxy and requests a tunnel to the host and port of `to`. Afterwards every
 * byte on c is exchanged with that host. Returns 0 on success and -1 on error; the caller then
 * closes c. ERR_REFUSED means that the proxy refused the tunnel, ERR_FORMAT that the user name
 * or password in the proxy's URL cannot be used. The other errors are those of conn_tcp() and
 * call_head(). Blocks until the deadline of w at most. RFC 9110, section 9.3.6. */
int proxy_connect(const struct proxy *p, struct conn *c, const struct url *to,
                  const struct net_wait *w, struct err *e);

#endif
