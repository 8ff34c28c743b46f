/* SPDX-License-Identifier: MIT */
/* Offers to renew a login that has expired or is about to expire. cco never renews a login
 * itself: it runs the claude of the host, which does it. */
#ifndef CLI_RENEW_H
#define CLI_RENEW_H

#include "cli/app.h"

enum {
    RENEW_SOON_MS = 10 * 60 * 1000, /* a login that expires within this time is renewed */
    RENEW_TIMEOUT_MS = 120 * 1000   /* of the wait for the lock, and of the run of claude */
};

/* Returns "has expired" or "expires within ten minutes" (RENEW_SOON_MS) if that is true of the
 * login at the time now_ms, in ms since 1970. Otherwise returns NULL, also if it is not known
 * when the login expires. */
const char *renew_reason(const struct fact_login *l, int64_t now_ms);

/* If the login in app->facts has expired or expires within RENEW_SOON_MS, is a
 * login that claude stored, and has a refresh token, asks the user whether to renew it. With
 * --yes it does not ask. If the answer is yes, runs the host's claude with a short prompt,
 * outside the project, while it holds the lock of claude's directory, which all cco processes
 * of this user share. Then searches for the login again and stores it in app->facts.login;
 * another cco may have renewed it meanwhile.
 *
 * Does nothing with --allow-oauth-refresh; without --yes if stdin or stderr is not a terminal;
 * or if PATH has no claude, or one inside the project, which is never run.
 *
 * Returns 0 on success, also if nothing was done, if the user declined, or if the login could
 * not be renewed, which causes a warning. The caller checks app->facts.login afterwards.
 * Returns -1 with ERR_CANCELED if a signal arrives at the question or while claude runs, and
 * with another error of prompt_yes() if it cannot ask. Blocks until the user answers, then up
 * to RENEW_TIMEOUT_MS for the lock and up to RENEW_TIMEOUT_MS for claude. */
int renew_offer(struct app *app, struct err *e);

#endif
