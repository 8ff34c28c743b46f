/* SPDX-License-Identifier: MIT */
#include "cli/pager.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/list.h"
#include "base/log.h"
#include "base/proc.h"
#include "cli/app.h"
#include "cli/temp_file.h"

#include <string.h>
#include <unistd.h>

/* Sets *argv to the words of the pager's command line. There are none if the user wants none.
 */
static void find_words(struct app *app, struct strv *argv)
{
    struct str rest = str_c(env_exact(app->env, "PAGER"));

    if (rest.p == NULL) {
        strv_add(argv, &app->arena, "less");
    }
    for (rest = str_trim(rest); rest.len > 0; rest = str_trim(rest)) {
        size_t len = 0;

        while (len < rest.len && !str_is_blank(rest.p[len])) {
            len++;
        }
        strv_add(argv, &app->arena, arena_str(&app->arena, str_n(rest.p, len)));
        rest = str_drop(rest, len);
    }
    if (argv->count == 1 && strcmp(argv->v[0], "cat") == 0) {
        argv->count = 0;
    }
}

/* Returns the environment with LESS=FRX, unless LESS is set: less ends if the text fits on the
 * screen, shows bold text, and leaves the text on the screen. */
static char *const *with_less(struct app *app)
{
    struct strv env = {0};

    for (size_t i = 0; app->env[i] != NULL; i++) {
        strv_add(&env, &app->arena, app->env[i]);
    }
    if (env_exact(app->env, "LESS") == NULL) {
        strv_add(&env, &app->arena, "LESS=FRX");
    }
    return proc_argv(env.v, &app->arena);
}

/* Makes `text` the standard input of this process. A pager can seek in a file, and cco need not
 * stay to feed a pipe. */
static int become_input(struct app *app, struct str text, struct err *e)
{
    int fd = temp_file_open(app, e);
    int rc = -1;

    if (fd >= 0 && fd_write_all(fd, text.p, text.len, e) == 0) {
        rc = lseek(fd, 0, SEEK_SET) == 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO
                 ? 0
                 : err_sys(e, "standard input");
    }
    fd_close(&fd);
    return rc;
}

/* Becomes the pager. Returns only if that is not possible: *e then has the reason if it
 * deserves a warning, and is empty if the user wants no pager or less is not installed. */
static void become_pager(struct app *app, struct str text, struct err *e)
{
    struct strv argv = {0};
    const char *program;

    find_words(app, &argv);
    program = argv.count > 0 ? proc_find(argv.v[0], app->env, &app->arena) : NULL;
    if (program == NULL) {
        if (argv.count > 0 && env_exact(app->env, "PAGER") != NULL) {
            (void)err_set(e, ERR_NOT_FOUND, "PAGER: %s was not found", argv.v[0]);
        }
        return;
    }
    if (become_input(app, text, e) == 0) {
        sig_restore(&app->sig);
        (void)execve(program, proc_argv(argv.v, &app->arena), with_less(app));
        (void)err_sys(e, "PAGER: %s", program);
    }
}

int pager_print(struct app *app, struct str text, struct err *e)
{
    struct err none = {0};

    if (isatty(STDOUT_FILENO) == 1) {
        become_pager(app, text, &none);
        if (none.kind != ERR_NONE) {
            log_warn("%s", none.text);
        }
    }
    return app_write(app, text, e);
}
