/* SPDX-License-Identifier: MIT */
/* cco's own messages. Each one starts with "cco: " and is written to standard error with a
 * single write(2), so that the messages of several processes do not mix. A message ends with a
 * newline; while log_set_raw() says that the terminal is raw, with CR LF. If the text contains
 * newlines, the lines after the first are indented by five blanks. A text that is longer than
 * 4095 bytes is cut. Other control bytes than newlines and tabs are shown as \xNN, so that a
 * file name or the text of an engine cannot control the terminal. A message that cannot be
 * written is lost.
 *
 * The level, the raw flag, the lead and the style are one of the two mutable states at file
 * scope in this program. The other one is the terminal to restore (term). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf;

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

void log_set_level(enum log_level level); /* LOG_NORMAL at first */
void log_set_raw(bool raw);               /* false at first */

/* Prepares for messages behind another program's output on a terminal. `bytes` are written once
 * in front of the next message, unchanged, such as a line break; at most 31 bytes, more are
 * cut. If `erases`, each line of a message also erases the rest of its row (CSI K), because old
 * text may be there. */
void log_set_lead(struct str bytes, bool erases);

/* The abilities of the terminal on standard error. Both are false until log_set_style(). */
struct log_style {
    bool colour; /* shows colours: the "cco:" of errors becomes red, that of warnings yellow */
    bool utf8;   /* shows UTF-8; used by cli/progress.h. Messages may contain UTF-8 anyway. */
};
void log_set_style(struct log_style style);
struct log_style log_style(void);

/* Adds `text` to `out`, for output other than messages that must not control a terminal.
 * Printable characters of well-formed UTF-8 are added unchanged. All other bytes are added as
 * \xNN: control characters including line breaks and tabs, the characters of
 * str_is_steering(), and bytes that are not UTF-8. If the maximum of `out` is exceeded,
 * out->overflowed is set. */
void log_escape(struct buf *out, struct str text);

/* Print a message. log_error() and log_report() always do, log_warn() and log_info() unless the
 * level is LOG_QUIET, log_verbose() only if it is LOG_VERBOSE. */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints like log_info(), as a dim line if the terminal shows colours. */
void log_dim(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message at every level, with a blank instead of the newline at its end, so that the
 * user types the answer on the same line. */
void log_question(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
