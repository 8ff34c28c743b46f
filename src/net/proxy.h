/* SPDX-License-Identifier: MIT */
/* The way out through an HTTP proxy: which one the environment names for a URL, and a tunnel through it. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/conn.h"
#include "wire/weburl.h"

struct proxy {
    bool use;
    const char *variable; /* that named it, for messages */
    struct weburl url;
};

/* HTTPS_PROXY, https_proxy, ALL_PROXY, all_proxy: the first that is set counts, unless NO_PROXY or no_proxy names the
 * host (weburl_no_proxy(); or the network of an address: "10.0.0.0/8", "fd00::/8"), or it is this machine. ERR_FORMAT names the variable, without its value: that may hold a password. */
int proxy_find(char *const *env, const struct weburl *to, struct arena *a, struct proxy *out,
               struct err *e);

/* Connects to the proxy and asks it for a connection to the host of `to`: what c carries then is theirs.
 * ERR_REFUSED: the proxy says no. RFC 9110 section 9.3.6 */
int proxy_connect(const struct proxy *p, struct conn *c, const struct weburl *to,
                  const struct net_wait *w, struct err *e);

#endif
