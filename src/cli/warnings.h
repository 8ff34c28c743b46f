/* SPDX-License-Identifier: MIT */
/* What the user is told before a session starts. */
#ifndef CLI_WARNINGS_H
#define CLI_WARNINGS_H

#include <stdbool.h>

struct app;
struct plan;
struct strv;

/* What the plan says, and what is to be said of the login where claude will need it. */
void warnings_tell(struct app *app, const struct plan *p);

/* Says that claude is not there to be run, and how to get it; false where it is, or is not
 * wanted. */
bool warnings_no_claude(const struct plan *p);

/* Pairs: what went to claude, and the option of cco's that it is like. */
void warnings_misspelled(const struct strv *l);

#endif
