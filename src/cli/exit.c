/* SPDX-License-Identifier: MIT */
#include "cli/exit.h"

#include "base/exit_status.h"
#include "base/log.h"

int exit_error(const struct err *e)
{
    if (e->kind == ERR_CANCELED && e->code > 0) {
        log_info("%s", e->text);
        return EXIT_SIGNAL + e->code;
    }
    if (e->hint[0] != '\0') {
        log_error("%s\n%s", e->text, e->hint);
    } else {
        log_error("%s", e->text);
    }
    return e->kind == ERR_USAGE ? EXIT_USAGE : EXIT_CCO;
}
