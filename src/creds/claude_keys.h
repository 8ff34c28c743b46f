/* SPDX-License-Identifier: MIT */
/* Which keys of a sandbox's ~/.claude.json go into the host's: one table in the form of
 * wire/json_merge.h. The host keeps its value of a key that is not listed, except plain
 * numbers, because a counter cannot be executed. The project of the session is the merge's
 * `name`; no other project is changed. Pure. */
#ifndef CREDS_CLAUDE_KEYS_H
#define CREDS_CLAUDE_KEYS_H

#include "wire/json_merge.h"

extern const struct json_rules claude_keys;

#endif
