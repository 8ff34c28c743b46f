/* SPDX-License-Identifier: MIT */
/* cco's own messages: always on stderr, each line whole in one write, "cco: " in front. The
 * level is one of the two file-scope states of the program, with how they look. While a
 * terminal is raw, lines end in CR LF (log_set_raw). Control bytes in a message are shown
 * escaped, so that a file name or an engine's text cannot drive the terminal. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf;

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

void log_set_level(enum log_level level);
void log_set_raw(bool raw);

/* What the terminal on stderr can do; nothing, until it is said. `colour`: the "cco:" of errors
 * is red, of warnings yellow. `utf8`: it shows UTF-8 (messages pass it on anyway, as they do
 * file names; see cli/progress.h). */
struct log_style {
    bool colour, utf8;
};
void log_set_style(struct log_style style);
struct log_style log_style(void);

/* True for a UTF-8 sequence of `len` bytes at the start of text that cannot be seen, but turns
 * or breaks the line it stands in. Messages show its bytes; whoever prints elsewhere what
 * others wrote has to see to it. */
bool log_is_steering(struct str text, size_t len);

/* Adds text as messages show it, for other output that must not drive a terminal: what is not
 * printable, line breaks too, as \xNN. */
void log_escape(struct buf *out, struct str text);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));   /* always */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));    /* unless quiet */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));    /* unless quiet */
void log_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* only verbose */

/* Always, and the line stays open: the answer is typed behind it. */
void log_question(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
