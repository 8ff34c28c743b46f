/* SPDX-License-Identifier: MIT */
/* From the plan to init's argument file: the one place where references to variables become values.
 * What it writes holds secrets. */
#ifndef CLI_BOOT_H
#define CLI_BOOT_H

#include "base/buf.h"
#include "base/err.h"
#include "plan/plan.h"

/* Adds the encoded file to out (which the caller wipes). `env` is the host's environment; the project's
 * .env is read again for its values. */
int boot_write(const struct plan *p, const struct opts *o, const struct facts *f,
               char *const *env, struct buf *out, struct err *e);

#endif
