/* SPDX-License-Identifier: MIT */
#include "wire/loopback.h"

#include "base/num.h"
#include "wire/url.h"

#include <string.h>

/* Takes the authority of "SCHEME://AUTHORITY/..." or the whole text. Returns whether there was
 * a scheme. */
static bool take_authority(struct str value, struct str *out)
{
    const char *sign = memmem(value.p, value.len, "://", 3);
    size_t len = 0;
    size_t start = 0;

    *out = value;
    if (sign == NULL || sign == value.p) {
        return false;
    }
    *out = str_drop(value, (size_t)(sign - value.p) + 3);
    while (len < out->len && strchr("/?#", out->p[len]) == NULL) {
        len++;
        start = out->p[len - 1] == '@' ? len : start;
    }
    *out = str_n(out->p + start, len - start);
    return true;
}

bool loopback_is_address(struct str value)
{
    char host[URL_HOST_MAX + 1];
    struct url_host at = {0};
    uint64_t port = 0;
    const bool has_scheme = value.len > 0 && take_authority(value, &value);

    if (!url_split_host(value, &at) || at.host.len == 0 || at.host.len > URL_HOST_MAX ||
        (!has_scheme && (!at.has_port || !str_u64(at.port, 10, UINT16_MAX, &port)))) {
        return false;
    }
    for (size_t i = 0; i < at.host.len; i++) {
        host[i] = str_lower(at.host.p[i]);
    }
    host[at.host.len] = '\0';
    return url_is_loopback(host) || str_ends(str_c(host), ".localhost");
}
