/* SPDX-License-Identifier: MIT */
/* The name host.docker.internal on engines that do not set it. Podman writes
 * host.containers.internal into /etc/hosts, and before version 4.7 it has no option for another
 * name. hosts(5) */
#ifndef INIT_HOSTS_H
#define INIT_HOSTS_H

#include "base/buf.h"
#include "base/err.h"

/* Adds to `out` the line for host.docker.internal that `text`, the content of a hosts(5) file,
 * lacks. The line has the address of host.containers.internal. Adds nothing if `text` contains
 * host.docker.internal already or does not contain host.containers.internal. Returns 0 on
 * success and -1 if out's maximum is exceeded. Pure. */
int hosts_alias(struct str text, struct buf *out);

/* Appends that line to the file at `path`. It writes in place, because the file is a mount. A
 * file that is missing or read-only is not changed; that is not an error. */
void hosts_name_host(const char *path);

#endif
