/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "base/log.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "tty/raw.h"

#include <stdlib.h>

static int run_command(struct app *app, struct err *e)
{
    switch (app->opts.command) {
    case CMD_HELP:
        return cmd_help();
    case CMD_VERSION:
        return cmd_version();
    case CMD_INFO:
        return cmd_info(app, e);
    case CMD_SESSIONS:
        return cmd_sessions(app, e);
    case CMD_ATTACH:
        return cmd_attach(app, e);
    case CMD_STOP:
        return cmd_stop(app, e);
    case CMD_CLEANUP:
        return cmd_cleanup(app, e);
    case CMD_BACKUP_CREDS:
        return cmd_backup_creds(app, e);
    case CMD_RESTORE_CREDS:
        return cmd_restore_creds(app, e);
    case CMD_CLAUDE:
    case CMD_SHELL:
        break;
    }
    return cmd_run(app, e);
}

int app_main(int argc, char **argv, char **env)
{
    struct app app = {.env = env, .sig = {.fd = -1}};
    struct err e = {0};
    int status = -1;

    (void)atexit(tty_raw_restore); /* full only if we registered 32 functions */
    timing_start(&app.timing);
    conn_init(&app.engine.conn);
    if (sig_open(&app.sig, &e) == 0 &&
        options_parse(argc, argv, &app.arena, &app.opts, &e) == 0) {
        log_set_level(app.opts.quiet ? LOG_QUIET : app.opts.verbose ? LOG_VERBOSE : LOG_NORMAL);
        status = run_command(&app, &e);
    }
    if (status < 0) {
        status = exit_error(&e);
    }
    if (app.opts.timing) {
        timing_print(&app.timing);
    }
    engine_close(&app.engine);
    sig_close(&app.sig);
    arena_release(&app.arena);
    return status;
}
