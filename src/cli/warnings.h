/* SPDX-License-Identifier: MIT */
/* Prints the warnings before a session starts. */
#ifndef CLI_WARNINGS_H
#define CLI_WARNINGS_H

struct app;
struct err;
struct fact_native;
struct plan;
struct strv;

/* Prints the warnings of the plan, what the session lacks (missing_tell(), once for each
 * project and cause), the warning about a remote engine (remote_files_warn(), once in a row for
 * each project) and, if the plan runs claude, a warning if the login is missing, broken,
 * expired or about to expire. */
void warnings_tell(struct app *app, const struct plan *p);

/* Prints an error that says that this machine has no claude, why cco could not fetch it, and
 * the commands that install it. `n` is about this machine. */
void warnings_no_claude(const struct fact_native *n, const struct err *why);

/* Prints a warning for each option that was passed on to claude and resembles an option of cco.
 * `l` is opts.misspelled: pairs of the option as written and the name of cco's option. */
void warnings_misspelled(const struct strv *l);

#endif
