/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/log.h"
#include "cli/ask_habit.h"
#include "cli/exit.h"
#include "cli/option_value.h"
#include "cli/style.h"
#include "term/raw.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_command(struct app *app, struct err *e)
{
    const struct command *c = command_of(app->opts.command);

    if (app->opts.command == CMD_VERSION) {
        return cmd_version(app, e);
    }
    return c != NULL ? c->run(app, e) : cmd_run(app, e);
}

/* Returns whether the command runs in spite of an error in the configuration. */
static bool needs_no_config(const struct opts *o)
{
    return o->command == CMD_HELP || o->command == CMD_VERSION ||
           o->command == CMD_COMPLETION || o->command == CMD_INFO;
}

/* Sets the options that environment variables set. A CI job can set these where it cannot
 * change the command line or a file. */
static int options_of_environment(struct app *app, struct err *e)
{
    for (size_t i = 0; i < option_count; i++) {
        struct setting s = {.opt = &option_table[i],
                            .source = SETTING_VARIABLE,
                            .o = &app->opts,
                            .arena = &app->arena};

        s.value = s.opt->env != NULL ? env_value(app->env, s.opt->env) : NULL;
        if (s.value != NULL && option_set(&s, e) < 0) {
            app->wrong_variable = s.opt->env;
            return -1;
        }
    }
    return 0;
}

static int parse(struct app *app, int argc, char **argv, struct err *e)
{
    struct err broken = {0};
    int rc = app_config(app, &broken);

    if (rc == 0) {
        rc = options_of_environment(app, &broken);
    }
    if (rc < 0) {
        app->opts = (struct opts){0};
    }
    if (options_parse(argc, argv, &app->arena, &app->opts, e) < 0) {
        return -1;
    }
    app->config_error = broken;
    if (rc < 0 && !needs_no_config(&app->opts)) {
        *e = broken;
        return -1;
    }
    return 0;
}

static void set_level(struct app *app)
{
    log_set_level(app->opts.quiet ? LOG_QUIET : app->opts.verbose ? LOG_VERBOSE : LOG_NORMAL);
    app->view.quiet = app->opts.quiet;
}

/* Parses the command line. If it has a word that the user did not mean as a prompt, parses the
 * command line that the user chose instead. Returns 0 on success and -1 on error. */
static int parse_as_meant(struct app *app, int argc, char **argv, struct err *e)
{
    int rc = parse(app, argc, argv, e);

    if (rc == 0) {
        set_level(app);
        rc = ask_habit(app, &argc, &argv, e);
    }
    if (rc == 1) {
        app->opts = (struct opts){0};
        rc = parse(app, argc, argv, e);
        set_level(app);
    }
    return rc;
}

void app_init(struct app *app, char *const *env)
{
    *app = (struct app){.env = env, .sig = {.fd = -1}};
    conn_init(&app->engine.conn);
    progress_view_init(&app->view, env_value(env, "TERM"));
    app->ctx = (struct session_context){
        .env = env,
        .safe_env = env, /* until app_find_facts() */
        .arena = &app->arena,
        .opts = &app->opts,
        .facts = &app->facts,
        .sig = &app->sig,
        .engine = &app->engine,
        .timing = &app->timing,
        .progress = &app->view.progress,
    };
}

int app_write(struct app *app, struct str text, struct err *e)
{
    sig_restore_but_pipe(&app->sig);
    return fd_write_all(STDOUT_FILENO, text.p, text.len, e);
}

int app_print(struct app *app, struct buf *out, struct err *e)
{
    int rc = -1;

    if (out->overflowed) {
        (void)err_set(e, ERR_LIMIT, "the output exceeds its limit");
    } else {
        app->printed = true;
        rc = app_write(app, buf_str(out), e);
    }
    buf_release(out);
    return rc;
}

/* Returns whether the option is on the command line, which may be wrong, before "--". */
static bool has_option(int argc, char *const *argv, const char *option)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], option) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns whether an error is printed as JSON, too: if the result would be JSON, and if no
 * result was printed. The parser stops at a mistake, and `parsed` is false then. */
static bool prints_json(const struct app *app, bool parsed, int argc, char *const *argv)
{
    const struct opts *o = &app->opts;
    const bool plans = o->command == CMD_CLAUDE || o->command == CMD_SHELL;
    const bool json = o->json || (!parsed && has_option(argc, argv, "--json"));
    const bool dry = o->dry_run || (!parsed && has_option(argc, argv, "--dry-run"));

    return (json || (plans && dry)) && !app->printed;
}

/* Reports what standard output did not accept of a result that was printed through stdio. A
 * closed pipe is not worth a message, as in `cco stop --all | head`. Returns the exit status.
 */
static int end_of_output(int status, struct err *e)
{
    errno = 0;
    if ((fflush(stdout) == 0 && ferror(stdout) == 0) || errno == EPIPE) {
        return status;
    }
    if (errno != 0) {
        (void)err_sys(e, "write");
    } else { /* an earlier call has failed */
        (void)err_set(e, ERR_SYS, "standard output does not take what cco prints");
    }
    return exit_error(e, false);
}

int app_main(int argc, char **argv, char **env)
{
    struct app app;
    struct err *e; /* not on the stack, which has a limit for each function */
    bool parsed = false;
    int status = -1;

    app_init(&app, env);
    e = arena_alloc(&app.arena, sizeof(*e));
    (void)atexit(tty_raw_restore); /* fails only if 32 functions are registered already */
    log_set_style(style_find(env, STDERR_FILENO));
    timing_start(&app.timing);
    if (sig_open(&app.sig, e) == 0 && parse_as_meant(&app, argc, argv, e) == 0) {
        parsed = true;
        status = run_command(&app, e);
    }
    if (status < 0) {
        status = exit_error(e, prints_json(&app, parsed, argc, argv));
    }
    status = end_of_output(status, e);
    if (app.opts.timing) {
        timing_print(&app.timing);
    }
    engine_close(&app.engine);
    sig_close(&app.sig);
    arena_release(&app.arena);
    return status;
}
