/* SPDX-License-Identifier: MIT */
/* The sandbox's private copy of ~/.claude.json: the host's, with those first-run questions answered that
 * make no sense inside a sandbox (the warning about full autonomy, trust in the project's directory).
 * Everything else, onboarding and approved keys included, stays as the host has it. */
#ifndef CREDS_CLAUDE_JSON_H
#define CREDS_CLAUDE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Adds the copy to out. `text` is the host's file, may be empty. ERR_FORMAT where it is no JSON object. */
int claude_json_copy(struct str text, const char *project, struct buf *out, struct err *e);

#endif
