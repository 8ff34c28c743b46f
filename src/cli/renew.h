/* SPDX-License-Identifier: MIT */
/* A login that has expired or is about to: cco never renews one itself, but offers to have the
 * host's own claude do it. */
#ifndef CLI_RENEW_H
#define CLI_RENEW_H

#include "cli/app.h"

enum { RENEW_SOON_MS = 10 * 60 * 1000, RENEW_TIMEOUT_MS = 120 * 1000 };

/* Returns "has expired" or "expires within ten minutes" (RENEW_SOON_MS) for a login that does,
 * and NULL for another. */
const char *renew_reason(const struct fact_login *l, int64_t now_ms);

/* Where the login of app->facts ends within RENEW_SOON_MS and can be renewed: with --yes, or
 * once the person at the terminal agrees, runs the claude of this machine with a prompt of one
 * word, outside the project, under the lock that all cco processes of this user share;
 * app->facts.login is then what it found. One that lies in the project is not run. Nothing of
 * this is an error but a signal, ERR_CANCELED: what is still wrong is warned of by the caller.
 */
int renew_offer(struct app *app, struct err *e);

#endif
