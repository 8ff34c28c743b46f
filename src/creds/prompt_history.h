/* SPDX-License-Identifier: MIT */
/* Exchanges the lines of claude's prompt history (history.jsonl) that belong to one project
 * between the host's file and the file of the project's sandboxes. Each line is a JSON object;
 * its member `project` is the directory in which the prompt was typed. */
#ifndef CREDS_PROMPT_HISTORY_H
#define CREDS_PROMPT_HISTORY_H

#include <stdint.h>

#include "base/err.h"

struct prompt_history {
    int host, own;         /* the open directories that contain the two files; borrowed */
    const char *host_path; /* the path of the host's directory, for claude's lock */
    const char *project;
};

/* Appends the project's lines of each file that the other one lacks. Only the last 2 MiB of a
 * file are examined. To the host go only lines after the first *seen bytes of the sandboxes'
 * file, and only lines of at most 64 KiB; claude's lock on the host's file is held meanwhile.
 * Sets *seen to the size of the sandboxes' file. No link is followed. Returns 0 on success,
 * also if a file is missing, and -1 on error, with *seen unchanged. Blocks while claude holds
 * the lock, for three seconds at most. */
int prompt_history_exchange(const struct prompt_history *h, uint64_t *seen, struct err *e);

#endif
