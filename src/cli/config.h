/* SPDX-License-Identifier: MIT */
/* The configuration file: defaults for options, under the same names, one `name = value` a line; `true` or `false` for
 * options without a value; blank lines and lines that begin with # are skipped. Options that may be repeated may stand
 * several times. Values run to the end of the line, without the blanks around them; nothing is expanded but "~/" at the
 * beginning of a path. Pure. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "plan/opts.h"

/* Sets *o (empty before) from the text of the file `path`; options_parse() then works on the same *o. ERR_USAGE names
 * path and line. */
int config_parse(struct str text, const char *path, const char *home, struct arena *a,
                 struct opts *o, struct err *e);

#endif
