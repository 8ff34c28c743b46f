/* SPDX-License-Identifier: MIT */
#include "cli/exit.h"

#include "base/exit_status.h"
#include "base/fd.h"
#include "base/log.h"
#include "cli/json_out.h"

#include <unistd.h>

enum { JSON_MAX = 64 << 10 };

int exit_status(const struct err *e)
{
    if (e->kind == ERR_CANCELED && e->code > 0) {
        return EXIT_SIGNAL + e->code;
    }
    return e->kind == ERR_USAGE ? EXIT_USAGE : EXIT_CCO;
}

static void print_json(const struct err *e)
{
    struct err ignored = {0}; /* the message is on stderr already */
    struct buf out;
    struct json_w w;

    buf_init(&out, JSON_MAX);
    json_w_init(&w, &out, 2);
    json_w_object(&w);
    json_out_error(&w, e, exit_status(e));
    json_w_end(&w);
    (void)buf_add_byte(&out, '\n');
    (void)fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, &ignored);
    buf_release(&out);
}

int exit_error(const struct err *e, bool json)
{
    if (exit_status(e) > EXIT_SIGNAL) {
        log_info("%s", e->text);
    } else if (e->hint[0] != '\0') {
        log_error("%s\n%s", e->text, e->hint);
    } else {
        log_error("%s", e->text);
    }
    if (json) {
        print_json(e);
    }
    return exit_status(e);
}
