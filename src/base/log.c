/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, LEAD_MAX = 31 };

#define RED "\033[31m"
#define YELLOW "\033[33m"
#define DIM "\033[2m"
#define PLAIN "\033[m"
#define ERASE "\033[K"

/* One of the two mutable states at file scope in this program; see log.h. */
static enum log_level level = LOG_NORMAL;
static bool raw;
static struct log_style look;
static char lead[LEAD_MAX];
static size_t lead_len;
static bool erases;

void log_set_level(enum log_level new_level)
{
    level = new_level;
}

void log_set_raw(bool is_raw)
{
    raw = is_raw;
}

void log_set_lead(struct str bytes, bool erases_rows)
{
    erases = erases_rows;
    lead_len = bytes.len < LEAD_MAX ? bytes.len : LEAD_MAX;
    if (lead_len > 0) {
        memcpy(lead, bytes.p, lead_len);
    }
}

void log_set_style(struct log_style style)
{
    look = style;
}

struct log_style log_style(void)
{
    return look;
}

/* Adds the first character of `text`, or its bytes as \xNN if it must not reach a terminal.
 * Returns the length of the character in bytes. */
static size_t add_char(struct buf *out, struct str text)
{
    unsigned char c = (unsigned char)text.p[0];
    size_t len = str_utf8_len(text);

    if (len == 0 || c < 0x20 || c == 0x7f ||
        (len == 2 && c == 0xc2 && (unsigned char)text.p[1] < 0xa0)) {
        (void)buf_addf(out, "\\x%02x", c);
        return 1;
    }
    if (str_is_steering(text, len)) {
        for (size_t i = 0; i < len; i++) {
            (void)buf_addf(out, "\\x%02x", (unsigned char)text.p[i]);
        }
    } else {
        (void)buf_add(out, text.p, len);
    }
    return len;
}

void log_escape(struct buf *out, struct str text)
{
    while (text.len > 0) {
        text = str_drop(text, add_char(out, text));
    }
}

/* Like log_escape(), but keeps line breaks and tabs, and indents the lines after a break. */
static void add_safe(struct buf *out, struct str text)
{
    while (text.len > 0) {
        size_t len = 1;

        if (text.p[0] == '\n') {
            (void)buf_add_c(out, erases ? ERASE : "");
            (void)buf_add_c(out, raw ? "\r\n     " : "\n     ");
        } else if (text.p[0] == '\t') {
            (void)buf_add_byte(out, '\t');
        } else {
            len = add_char(out, text);
        }
        text = str_drop(text, len);
    }
}

static void print(const char *colour, const char *end, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
static void print(const char *colour, const char *end, const char *fmt, va_list ap)
{
    const bool whole = colour != NULL && strcmp(colour, DIM) == 0; /* not only the name */
    char text[LINE_MAX_BYTES];
    struct buf out;

    (void)vsnprintf(text, sizeof(text), fmt, ap);
    buf_init(&out, 11 * LINE_MAX_BYTES + 64); /* one byte becomes at most ten */
    (void)buf_add(&out, lead, lead_len);
    lead_len = 0;
    if (look.colour && colour != NULL) {
        (void)buf_addf(&out, "%scco:%s ", colour, whole ? "" : PLAIN);
    } else {
        (void)buf_add_c(&out, "cco: ");
    }
    add_safe(&out, str_c(text));
    (void)buf_add_c(&out, whole && look.colour ? PLAIN : "");
    (void)buf_add_c(&out, erases ? ERASE : "");
    (void)buf_add_c(&out, end != NULL ? end : raw ? "\r\n" : "\n");
    /* An error cannot be reported anywhere. */
    (void)fd_write(STDERR_FILENO, buf_data(&out), out.len);
    buf_release(&out);
}

void log_error(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(RED, NULL, fmt, ap);
    va_end(ap);
}

void log_report(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(YELLOW, NULL, fmt, ap);
    va_end(ap);
}

void log_question(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(NULL, " ", fmt, ap);
    va_end(ap);
}

void log_warn(const char *fmt, ...)
{
    va_list ap;

    if (level >= LOG_NORMAL) {
        va_start(ap, fmt);
        print(YELLOW, NULL, fmt, ap);
        va_end(ap);
    }
}

void log_info(const char *fmt, ...)
{
    va_list ap;

    if (level >= LOG_NORMAL) {
        va_start(ap, fmt);
        print(NULL, NULL, fmt, ap);
        va_end(ap);
    }
}

void log_dim(const char *fmt, ...)
{
    va_list ap;

    if (level >= LOG_NORMAL) {
        va_start(ap, fmt);
        print(DIM, NULL, fmt, ap);
        va_end(ap);
    }
}

void log_verbose(const char *fmt, ...)
{
    va_list ap;

    if (level >= LOG_VERBOSE) {
        va_start(ap, fmt);
        print(NULL, NULL, fmt, ap);
        va_end(ap);
    }
}
