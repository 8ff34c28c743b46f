/* SPDX-License-Identifier: MIT */
/* test_proxy.c tests networks. */
#include "net/no_proxy.h"

#include "tap.h"

int main(void)
{
    static const struct {
        const char *list, *host;
        uint16_t port;
        bool want;
    } rows[] = {
        {"", "h", 443, false},
        {"*", "h", 443, true},
        {"x,*", "h", 443, true},
        {"h", "h", 443, true},
        {"H.Example", "h.example", 443, true},
        {"example", "h.example", 443, true},
        {".example", "h.example", 443, true},
        {".example", "example", 443, true},
        {"*.example", "h.example", 443, true},
        {"xample", "h.example", 443, false},
        {"h.example", "example", 443, false},
        {"a, b\tc ,d", "b", 443, true},
        {"a, b\tc ,d", "c", 443, true},
        {"a, b\tc ,d", "d", 443, true},
        {"a, b\tc ,d", "e", 443, false},
        {"h:443", "h", 443, true},
        {"h:444", "h", 443, false},
        {"h:", "h", 443, false},
        {"::1", "::1", 443, true},
        {"[::1]", "::1", 443, true},
        {"[::1]:443", "::1", 443, true},
        {"[::1]:444", "::1", 443, false},
        {"[::1", "::1", 443, false},
        {"[", "h", 443, false},
        {",,.,*.,", "h", 443, false},
        {"1.2.3.4", "1.2.3.4", 443, true},
        {"3.4", "1.2.3.4", 443, true},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ok(no_proxy_names(str_c(rows[i].list), rows[i].host, rows[i].port) == rows[i].want,
           "'%s' and %s:%u", rows[i].list, rows[i].host, rows[i].port);
    }
    return done_testing();
}
