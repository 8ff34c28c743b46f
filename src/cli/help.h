/* SPDX-License-Identifier: MIT */
/* Parts of what `cco help` prints, made from the tables of options and commands. Text is added
 * to a buf; a text that exceeds its maximum sets out->overflowed. Pure. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/markdown_text.h"
#include "cli/options.h"

/* Adds a line with two columns: what the user types, and what it does. */
void help_line(struct buf *out, const char *left, const char *right);

/* Adds a line for an option. The arena is for temporary text. */
void help_option_line(struct buf *out, const struct option *opt, struct arena *a);

/* Adds what `cco --help` prints: at most 40 lines of 80 columns. */
void help_overview(struct buf *out, struct arena *a);

/* Adds what `cco help options` prints: a line for each option, in groups. */
void help_options(struct buf *out, const struct markdown_look *look, struct arena *a);

/* Adds what `cco help --OPTION` prints. Returns 0 on success and -1 on error: ERR_FORMAT if the
 * option's text leaves the manual's subset of Markdown. */
int help_option(struct buf *out, const struct option *opt, const struct markdown_look *look,
                struct arena *a, struct err *e);

#endif
