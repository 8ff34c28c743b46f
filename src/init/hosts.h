/* SPDX-License-Identifier: MIT */
/* The names in a container's hosts(5) file that some engines leave out: host.docker.internal,
 * and the machine's own name. Podman writes host.containers.internal, and before version 4.7 it
 * has no option for another name. Podman 5 leaves out the own name if the container uses the
 * machine's network; programs such as sudo and Python's getaddrinfo then fail or complain. */
#ifndef INIT_HOSTS_H
#define INIT_HOSTS_H

#include "base/buf.h"
#include "base/err.h"

/* Adds to `out` the lines that `text`, the content of a hosts(5) file, lacks.
 * host.docker.internal gets the address of host.containers.internal, if that is there. `own`,
 * the machine's name, gets 127.0.1.1, as on Debian; an empty `own` gets no line. Returns 0 on
 * success and -1 if out's maximum is exceeded. Pure. */
int hosts_missing(struct str text, struct str own, struct buf *out);

/* Appends those lines to the file at `path`; `own` is as above. It writes in place, because the
 * file is a mount. A file that is missing or read-only is not changed; that is not an error. */
void hosts_complete(const char *path, struct str own);

#endif
