/* SPDX-License-Identifier: MIT */
/* Prepares the sandbox before the command runs. Runs as root inside the sandbox, but with
 * b->landlock_only as the user who runs cco: then everything outside the home and the run
 * directory belongs to the host and is not changed. */
#ifndef INIT_SETUP_H
#define INIT_SETUP_H

#include "base/err.h"
#include "wire/boot.h"

/* Does what the boot file asks for, in this order:
 *
 * - writes the user and the group into passwd(5) and group(5). A read-only /etc is not an
 *   error: programs then see the user as a number;
 * - with b->keep_root, lets the user use sudo without a password: a rule of sudoers(5), and an
 *   entry of shadow(5) if that file exists. ERR_NOT_FOUND means that the image does not contain
 *   sudo. A read-only /etc is an error here;
 * - makes the home and b->dirs, which the user owns then. If the image has the home as a link
 *   on the root's own file system, the link's target is the home;
 * - writes b->copies and b->files, which the user owns then, and makes b->links;
 * - sets the time zone if the image has it, and names the host in /etc/hosts (init/hosts.h).
 *   Failures of these are ignored.
 *
 * With b->landlock_only skips the first two and the last. Returns 0 on success. Returns -1 on
 * error, and leaves what was done before. */
int setup_user(const struct boot *b, struct err *e);

/* Returns the user's shell: that of the boot file if it can be executed, else /bin/sh. Borrowed
 * from b. */
const char *setup_shell(const struct boot *b);

#endif
