/* SPDX-License-Identifier: MIT */
/* host.docker.internal where the engine has another name for this machine: Podman writes host.containers.internal into
 * /etc/hosts, and knows neither the other name nor, before 4.7, a way to ask for it. hosts(5) */
#ifndef INIT_HOSTS_H
#define INIT_HOSTS_H

#include "base/buf.h"
#include "base/err.h"

/* Adds to out the line that `text`, such a file, lacks: nothing where it has host.docker.internal, or no
 * host.containers.internal. -1 past out's max. Pure. */
int hosts_alias(struct str text, struct buf *out);

/* The same for the file, appended in place: it is a mount. A file that is missing or read-only stays as it is. */
void hosts_name_host(const char *path);

#endif
