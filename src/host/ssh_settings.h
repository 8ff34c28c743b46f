/* SPDX-License-Identifier: MIT */
/* The files that the user's ~/.ssh/config includes and names. cco runs no ssh: it reads the
 * settings itself. ssh_config(5). */
#ifndef HOST_SSH_SETTINGS_H
#define HOST_SSH_SETTINGS_H

#include "base/arena.h"
#include "plan/facts.h"

enum { SSH_SETTINGS_DEPTH = 16 /* files that include each other: as in ssh */ };

/* Adds to f->brought what ~/.ssh/config leads to: included settings (Include, also with a
 * pattern as the last component of a path), files of host keys (UserKnownHostsFile), and public
 * keys and certificates (IdentityFile, CertificateFile). A file counts only if the ledger
 * allows it (host/look.h); a file with a private key never counts. Paths with other variables
 * than "~" do not count. f->ssh_config and f->home must be set. Blocks only as the file system
 * does. */
void ssh_settings_probe(struct arena *a, struct facts *f);

#endif
