/* SPDX-License-Identifier: MIT */
/* The state of one run of cco on the host, in place of global variables, and the functions that
 * the commands share. app_main() fills it, and the commands use it. */
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
    struct arena arena;         /* strings and lists of options, facts and plan */
    char *const *env;           /* the environment that main() got; borrowed */
    struct opts opts;           /* from configuration, environment and arguments */
    struct facts facts;         /* all zeros until app_probe() */
    struct sig sig;             /* the signals of this process; open while a command runs */
    struct engine engine;       /* not opened until app_engine() */
    struct timing timing;       /* for --timing */
    struct progress_view view;  /* shows the progress of long work on stderr */
    struct session_context ctx; /* pointers to the members above, for the room session */
    /* The error of the configuration file or of a variable that sets an option. The commands
     * help, version, completion and info run in spite of it, and info reports it. ERR_NONE:
     * there was none. All other commands fail with this error. */
    struct err config_error;
    const char *wrong_variable; /* the variable that config_error is about; NULL: a file */
    /* app_print() has begun to print the result. With --json an error is then not printed to
     * stdout, which would have two JSON values otherwise. */
    bool printed;
};

/* Sets the initial state: nothing is parsed, probed or opened. `env` is borrowed and must
 * outlive app. */
void app_init(struct app *app, char *const *env);

/* Is the whole program on the host: reads the configuration, parses the arguments, runs the
 * command, and prints the error if there is one. Returns the exit status. Blocks as long as the
 * command runs. If `cco help` starts a pager, does not return (cli/pager.h). */
int app_main(int argc, char **argv, char **env);

/* Sets app->opts to the defaults of the options in the configuration file. A missing file is
 * success, and a file to which the path leads through the current directory is ignored with a
 * warning. Returns 0 on success and -1 on error; app->opts then has a part of them. ERR_USAGE
 * names the line of the file; ERR_SYS and ERR_LIMIT mean that the file cannot be read. */
int app_config(struct app *app, struct err *e);

/* Sets app->facts to the facts of this machine, user and project (host/probe.h), with the login
 * that a session would use. Starts no program and asks no engine. Returns 0 on success and -1
 * on error. */
int app_probe(struct app *app, struct err *e);

/* Sets app->facts as host_probe() does, without a login, with facts.claude_pin, and
 * app->ctx.safe_env: the environment for the programs that cco starts. Returns 0 on success and
 * -1 on error. */
int app_find_facts(struct app *app, struct err *e);

/* Finds, opens and probes the engine as session_engine_open() does, after app_probe(). Returns
 * 0 on success and -1 on error. ERR_USAGE also means that the engine that --engine names lacks
 * the feature that the command needs; no engine is asked then. Blocks until the engine answers
 * or its timeout is over. */
int app_engine(struct app *app, struct err *e);

/* Writes `text` to standard output. Signals have their usual effect from then on, so that they
 * end or stop a process whose output nobody reads; only SIGPIPE stays blocked. A command calls
 * this or app_print() when its work is done. Returns 0 on success and -1 on error. Blocks until
 * everything is written. */
int app_write(struct app *app, struct str text, struct err *e);

/* Prints `out` to standard output as app_write() does, and releases it, also after an error.
 * Returns 0 on success and -1 on error. ERR_LIMIT means that `out` has exceeded its maximum;
 * nothing is printed then. Blocks until everything is written. */
int app_print(struct app *app, struct buf *out, struct err *e);

/* The commands. Each returns the exit status, or -1 with the error, which app_main() prints. */
int cmd_run(struct app *app, struct err *e); /* claude, and `cco shell` */
int cmd_info(struct app *app, struct err *e);
int cmd_sessions(struct app *app, struct err *e);
int cmd_attach(struct app *app, struct err *e);
int cmd_sync(struct app *app, struct err *e);
int cmd_stop(struct app *app, struct err *e);
int cmd_cleanup(struct app *app, struct err *e);
int cmd_trust(struct app *app, struct err *e);
int cmd_backup_creds(struct app *app, struct err *e);
int cmd_restore_creds(struct app *app, struct err *e);
int cmd_image_build(struct app *app, struct err *e);
int cmd_image_pull(struct app *app, struct err *e);
int cmd_image_save(struct app *app, struct err *e);
int cmd_image_load(struct app *app, struct err *e);
int cmd_image_list(struct app *app, struct err *e);
int cmd_image_prune(struct app *app, struct err *e);
int cmd_self_update(struct app *app, struct err *e);
int cmd_uninstall(struct app *app, struct err *e);
int cmd_completion(struct app *app, struct err *e);
int cmd_help(struct app *app, struct err *e);
int cmd_version(struct app *app, struct err *e);

#endif
