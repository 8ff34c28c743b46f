/* SPDX-License-Identifier: MIT */
#include "cli/exit.h"

#include "tap.h"

#include <signal.h>

int main(void)
{
    static const struct {
        enum err_kind kind;
        int code;
        int status;
    } table[] = {
        {ERR_USAGE, 0, 2},
        {ERR_SYS, 0, 125},
        {ERR_ENGINE, 404, 125},
        {ERR_TIMEOUT, 0, 125},
        {ERR_FORMAT, 0, 125},
        {ERR_REFUSED, 0, 125},
        {ERR_LIMIT, 0, 125},
        {ERR_EOF, 0, 125},
        {ERR_NOT_FOUND, 0, 125},
        {ERR_CANCELED, SIGINT, 130},
        {ERR_CANCELED, SIGTERM, 143},
        {ERR_CANCELED, SIGHUP, 129},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct err e = {.kind = table[i].kind, .code = table[i].code, .text = "t", .hint = "h"};

        ok(exit_status(&e) == table[i].status && exit_error(&e, false) == table[i].status,
           "kind %d, code %d: status %d", (int)table[i].kind, table[i].code, table[i].status);
    }
    return done_testing();
}
