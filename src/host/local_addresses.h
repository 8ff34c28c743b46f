/* SPDX-License-Identifier: MIT */
/* Finds the variables that name a server on this machine's localhost, such as a proxy. */
#ifndef HOST_LOCAL_ADDRESSES_H
#define HOST_LOCAL_ADDRESSES_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->local_variables to the names of those variables of `env` whose values are such
 * addresses (wire/loopback.h). The values are not kept. */
void local_addresses_probe(char *const *env, struct arena *a, struct facts *f);

#endif
