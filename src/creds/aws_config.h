/* SPDX-License-Identifier: MIT */
/* Reads the configuration and credentials files of AWS (~/.aws/config, ~/.aws/credentials):
 * sections "[NAME]" with lines "KEY = VALUE". AWS SDKs and Tools Reference Guide, "Shared
 * config and credentials files". Pure. The texts may be anything,
 * and may contain secrets. */
#ifndef CREDS_AWS_CONFIG_H
#define CREDS_AWS_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Returns the first value of a key of a profile, in the arena, and NULL if there is none. The
 * profile `name` is the section "NAME" or "profile NAME". A section of another kind has its
 * kind in its name: "sso-session NAME". */
const char *aws_config_value(struct str text, const char *name, const char *key,
                             struct arena *a);

/* Returns whether the text has such a section. */
bool aws_config_has(struct str text, const char *name);

/* Adds the sections `names`, which are separated by line breaks, to out, which
 * the caller wipes. Returns 0 on success and -1 if out's maximum is exceeded; out may then
 * contain a part. */
int aws_config_keep(struct str text, const char *names, struct buf *out);

#endif
