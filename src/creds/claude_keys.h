/* SPDX-License-Identifier: MIT */
/* What of a sandbox's ~/.claude.json goes into the host's: one table, read as wire/json_merge.h says. A key that
 * nobody listed is the host's, but for plain numbers: a counter cannot be executed. The project of the session is
 * the merge's `name`; no other one is touched. Pure. */
#ifndef CREDS_CLAUDE_KEYS_H
#define CREDS_CLAUDE_KEYS_H

#include "wire/json_merge.h"

extern const struct json_rules claude_keys;

#endif
