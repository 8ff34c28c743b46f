/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include "tap.h"

#include <errno.h>

int main(void)
{
    struct err e = {0};
    char big[2 * ERR_TEXT_MAX];

    is_int(err_set(&e, ERR_LIMIT, "%d of %d", 5, 3), -1, "err_set() returns -1");
    is_str(e.text, "5 of 3", "err_set() formats the text");
    is_int(err_hint(&e, "Do %s.", "this"), -1, "err_hint() returns -1");
    is_int(err_wrap(&e, "layer %d", 2), -1, "err_wrap() returns -1");
    is_str(e.text, "layer 2: 5 of 3", "err_wrap() inserts its text before the existing text");
    ok(e.kind == ERR_LIMIT && strcmp(e.hint, "Do this.") == 0, "kind and hint are unchanged");
    errno = ENOENT;
    (void)err_sys(&e, "open %s", "x");
    ok(e.kind == ERR_SYS && e.errnum == ENOENT && errno == ENOENT && e.hint[0] == '\0',
       "err_sys() keeps errno and empties the hint");
    is_str(e.text, "open x: No such file or directory", "err_sys() adds the text of errno");
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    (void)err_set(&e, ERR_FORMAT, "%s", big);
    is_int((long long)strlen(e.text), ERR_TEXT_MAX - 1, "a text that does not fit is cut");
    (void)err_wrap(&e, "%s", big);
    is_int((long long)strlen(e.text), ERR_TEXT_MAX - 1,
           "a wrapped text that does not fit is cut");
    (void)err_hint(&e, "%s", big);
    is_int((long long)strlen(e.hint), ERR_HINT_MAX - 1, "a hint that does not fit is cut");
    memset(big, 'x', ERR_TEXT_MAX - 3);
    memcpy(big + ERR_TEXT_MAX - 3, "\xc3\xa9\xc3\xa9", 5);
    (void)err_set(&e, ERR_FORMAT, "%s", big);
    ok(strlen(e.text) == ERR_TEXT_MAX - 1 && strcmp(e.text + ERR_TEXT_MAX - 3, "\xc3\xa9") == 0,
       "a character that still fits is not cut");
    errno = ENOENT;
    (void)err_sys(&e, "/x/temporary");
    is_int(err_of_path(&e, "save", "x"), -1, "err_of_path() returns -1");
    ok(e.kind == ERR_USAGE && strcmp(e.text, "save x: No such file or directory") == 0,
       "an unusable path of the command line is an error of usage: %s", e.text);
    errno = ENOSPC;
    (void)err_sys(&e, "/x/temporary");
    (void)err_of_path(&e, "save", "x");
    ok(e.kind == ERR_SYS && strncmp(e.text, "save: /x/temporary: ", 20) == 0,
       "a full disk is not: %s", e.text);
    err_reset(&e);
    ok(e.kind == ERR_NONE && e.text[0] == '\0' && e.hint[0] == '\0' && e.errnum == 0,
       "err_reset() empties the error");
    return done_testing();
}
