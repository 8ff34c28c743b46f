/* SPDX-License-Identifier: MIT */
/* The name host.docker.internal on engines that do not set it: Podman writes
 * host.containers.internal into /etc/hosts, and before 4.7 it has no option for another name.
 * hosts(5) */
#ifndef INIT_HOSTS_H
#define INIT_HOSTS_H

#include "base/buf.h"
#include "base/err.h"

/* Adds to out the line that `text`, the content of such a file, lacks: nothing if it has
 * host.docker.internal or does not have host.containers.internal. Returns 0 on success and -1
 * if out's maximum is exceeded. Pure. */
int hosts_alias(struct str text, struct buf *out);

/* Appends that line to the file, in place because the file is a mount. A file that is missing
 * or read-only stays as it is. */
void hosts_name_host(const char *path);

#endif
