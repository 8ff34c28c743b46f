/* SPDX-License-Identifier: MIT */
/* The configuration file sets defaults of options. Each line is `NAME = VALUE` with the name of
 * an option whose row says in_config; a flag has the value true or false. Blank lines and lines
 * that begin with # are skipped. A repeatable option may stand on several lines. A value ends
 * at the end of the line; blanks around it do not belong to it. Nothing in it is expanded,
 * except "~/" at the beginning of a path. Pure. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "plan/opts.h"

/* Sets *o, which must be empty, from `text`, the content of the file `path`. `home` is the
 * absolute path of the user's home directory. `path` is borrowed (o->config_file); other
 * strings are copied into the arena. The caller passes the same *o to options_parse()
 * afterwards. Returns 0 on success and -1 on error. ERR_USAGE means that a line is wrong; the
 * text names the file, the line and the problem. *o then contains a part of the options. */
int config_parse(struct str text, const char *path, const char *home, struct arena *a,
                 struct opts *o, struct err *e);

#endif
