/* SPDX-License-Identifier: MIT */
/* The keys of a sandbox's ~/.claude.json that may go into the host's file, as one table in the
 * form of wire/json_merge.h. The host keeps its own value of every key that is not listed.
 * Plain numbers are an exception: they are taken under any key, because a counter cannot be
 * executed. The table matches the session's project by the merge's member `name`; it changes no
 * other project. Pure: the table is constant data. */
#ifndef CREDS_CLAUDE_KEYS_H
#define CREDS_CLAUDE_KEYS_H

#include "wire/json_merge.h"

extern const struct json_rules claude_keys;

#endif
