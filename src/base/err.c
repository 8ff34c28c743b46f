/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* If the text fills its array, it may end within a UTF-8 sequence. Removes such an incomplete
 * sequence. */
static void cut(char *text, size_t size)
{
    size_t i = strlen(text);

    if (i + 1 < size) {
        return;
    }
    while (i > 0 && ((unsigned char)text[i - 1] & 0xc0) == 0x80) {
        i--;
    }
    if (i > 0 && ((unsigned char)text[i - 1] & 0x80) != 0 &&
        str_utf8_len(str_c(text + i - 1)) != strlen(text + i - 1)) {
        text[i - 1] = '\0';
    }
}

static void format(char *out, size_t size, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
static void format(char *out, size_t size, const char *fmt, va_list ap)
{
    (void)vsnprintf(out, size, fmt, ap);
    cut(out, size);
}

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
    va_list ap;

    e->kind = kind;
    e->errnum = 0;
    e->code = 0;
    e->hint[0] = '\0';
    va_start(ap, fmt);
    format(e->text, sizeof(e->text), fmt, ap);
    va_end(ap);
    return -1;
}

int err_sys(struct err *e, const char *fmt, ...)
{
    int keep = errno;
    size_t len;
    va_list ap;

    e->kind = ERR_SYS;
    e->errnum = keep;
    e->code = 0;
    e->hint[0] = '\0';
    va_start(ap, fmt);
    format(e->text, sizeof(e->text), fmt, ap);
    va_end(ap);
    len = strlen(e->text);
    (void)snprintf(e->text + len, sizeof(e->text) - len, ": %s", strerror(keep));
    cut(e->text, sizeof(e->text));
    errno = keep;
    return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
    char inner[ERR_TEXT_MAX];
    size_t len;
    va_list ap;

    memcpy(inner, e->text, sizeof(inner));
    inner[sizeof(inner) - 1] = '\0';
    va_start(ap, fmt);
    format(e->text, sizeof(e->text), fmt, ap);
    va_end(ap);
    len = strlen(e->text);
    (void)snprintf(e->text + len, sizeof(e->text) - len, ": %s", inner);
    cut(e->text, sizeof(e->text));
    return -1;
}

int err_hint(struct err *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    format(e->hint, sizeof(e->hint), fmt, ap);
    va_end(ap);
    return -1;
}

int err_of_path(struct err *e, const char *what, const char *path)
{
    switch (e->errnum) {
    case EACCES:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENOENT:
    case ENOTDIR:
    case EPERM:
    case EROFS:
        return err_set(e, ERR_USAGE, "%s %s: %s", what, path, strerror(e->errnum));
    default:
        return err_wrap(e, "%s", what);
    }
}

void err_reset(struct err *e)
{
    *e = (struct err){0};
}
