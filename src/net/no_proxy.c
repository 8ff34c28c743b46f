/* SPDX-License-Identifier: MIT */
#include "net/no_proxy.h"

#include "base/num.h"
#include "wire/url.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

enum { V4_LEN = 4, V6_LEN = 16 };

/* Removes ":PORT" from *entry. Returns false if the entry names another port or is
 * malformed. */
static bool take_port(struct str *entry, uint16_t port)
{
    struct url_host at = {0};
    uint64_t n = 0;

    if (!url_split_host(*entry, &at)) {
        return false;
    }
    if (!at.bracketed && str_index(at.port, ':') < at.port.len) {
        return true; /* an IPv6 address without brackets */
    }
    *entry = at.host;
    return !at.has_port || (str_u64(at.port, 10, UINT16_MAX, &n) && n == port);
}

static bool names_host(struct str entry, const char *host)
{
    size_t len = strlen(host);

    entry = str_drop(entry, str_starts(entry, "*") ? 1 : 0);
    entry = str_drop(entry, str_starts(entry, ".") ? 1 : 0);
    if (entry.len == 0 || entry.len > len || !str_eq_nocase(entry, host + len - entry.len)) {
        return false;
    }
    return entry.len == len || host[len - entry.len - 1] == '.';
}

/* Writes the bytes of an IP address to `out`. Returns their number (4 or 16), and 0 if the text
 * is not an address. */
static size_t read_address(const char *text, unsigned char out[V6_LEN])
{
    if (inet_pton(AF_INET, text, out) == 1) {
        return V4_LEN;
    }
    return inet_pton(AF_INET6, text, out) == 1 ? V6_LEN : 0;
}

/* Returns true if the network `entry`, such as "10.0.0.0/8", contains the address. */
static bool in_network(struct str entry, const unsigned char *address, size_t len)
{
    unsigned char network[V6_LEN];
    char text[INET6_ADDRSTRLEN];
    struct str bits = entry;
    struct str name = {0};
    uint64_t n = 0;

    if (!str_cut(&bits, '/', &name) || name.len == 0 || name.len >= sizeof(text)) {
        return false;
    }
    memcpy(text, name.p, name.len);
    text[name.len] = '\0';
    if (read_address(text, network) != len || !str_u64(bits, 10, len * 8, &n)) {
        return false;
    }
    return memcmp(network, address, n / 8) == 0 &&
           (n % 8 == 0 || (network[n / 8] ^ address[n / 8]) >> (8 - n % 8) == 0);
}

bool no_proxy_names(struct str list, const char *host, uint16_t port)
{
    unsigned char address[V6_LEN];
    size_t len = read_address(host, address);

    while (list.len > 0) {
        size_t end = 0;
        struct str entry;

        while (end < list.len && strchr(", \t", list.p[end]) == NULL) {
            end++;
        }
        entry = str_n(list.p, end);
        list = str_drop(list, end + 1);
        if (str_eq_c(entry, "*") || (len > 0 && in_network(entry, address, len)) ||
            (take_port(&entry, port) && names_host(entry, host))) {
            return true;
        }
    }
    return false;
}
