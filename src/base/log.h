/* SPDX-License-Identifier: MIT */
/* cco's own messages: always on stderr, each line whole in one write, "cco: " in front. The level
 * is one of the two file-scope states of the program. While a terminal is raw, lines end in
 * CR LF (log_set_raw). Control bytes in a message are shown escaped, so that a file name or an
 * engine's text cannot drive the terminal. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

void log_set_level(enum log_level level);
enum log_level log_level(void);
void log_set_raw(bool raw);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));   /* always */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));    /* unless quiet */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));    /* unless quiet */
void log_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* only verbose */

#endif
