/* SPDX-License-Identifier: MIT */
/* Everything one run of cco has: no globals. Filled by app_main, used by the commands. */
#ifndef CLI_APP_H
#define CLI_APP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sig.h"
#include "base/timing.h"
#include "cli/progress.h"
#include "engine/engine.h"
#include "plan/facts.h"
#include "plan/opts.h"
#include "session/session_context.h"
#include "session/session_engine.h"

struct app {
    struct arena arena; /* options, facts, plan */
    char *const *env;   /* as main got it */
    struct opts opts;
    struct facts facts;
    struct sig sig;
    struct engine engine;
    struct timing timing;
    struct progress_view view;  /* shows work that takes long */
    struct session_context ctx; /* of all this: what sessions work with */
    struct err config_error;    /* of `info`, which tells it among other things */
    bool printed; /* app_print() began to print the result, so no JSON object of an error
                     follows */
};

/* Sets the initial state: nothing is parsed, probed or opened. `env` is borrowed. */
void app_init(struct app *app, char *const *env);

/* The whole program but for `cco init`: parses, runs the command, prints an error if there is
 * one. Returns the exit status. */
int app_main(int argc, char **argv, char **env);

/* Defaults of the options, from the configuration file. ERR_USAGE names its line. */
int app_config(struct app *app, struct err *e);

/* The facts of this machine and the login. */
int app_probe(struct app *app, struct err *e);

/* session_engine_open(), but refuses commands that the chosen engine does not have the feature
 * for. app_probe comes first. */
int app_engine(struct app *app, struct err *e);

/* Prints `out` to the standard output and releases it. ERR_LIMIT if it has exceeded its
 * maximum; then nothing is printed. */
int app_print(struct app *app, struct buf *out, struct err *e);

/* The commands. Each returns the exit status, or -1 with the error. */
int cmd_run(struct app *app, struct err *e); /* claude and shell */
int cmd_info(struct app *app, struct err *e);
int cmd_sessions(struct app *app, struct err *e);
int cmd_attach(struct app *app, struct err *e);
int cmd_sync(struct app *app, struct err *e);
int cmd_stop(struct app *app, struct err *e);
int cmd_cleanup(struct app *app, struct err *e);
int cmd_backup_creds(struct app *app, struct err *e);
int cmd_restore_creds(struct app *app, struct err *e);
int cmd_image_build(struct app *app, struct err *e);
int cmd_image_pull(struct app *app, struct err *e);
int cmd_image_save(struct app *app, struct err *e);
int cmd_image_load(struct app *app, struct err *e);
int cmd_image_list(struct app *app, struct err *e);
int cmd_image_prune(struct app *app, struct err *e);
int cmd_self_update(struct app *app, struct err *e);
int cmd_completion(struct app *app, struct err *e);
int cmd_help(struct app *app, struct err *e);
int cmd_version(void);

#endif
