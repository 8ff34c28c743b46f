/* SPDX-License-Identifier: MIT */
#include "cli/json_out.h"

#include "wire/timestamp.h"

void json_out_u64(struct json_w *w, const char *key, uint64_t value, bool known)
{
    if (known) {
        json_w_member_u64(w, key, value);
    } else {
        json_w_member(w, key, NULL);
    }
}

void json_out_bool(struct json_w *w, const char *key, bool value, bool known)
{
    if (known) {
        json_w_member_bool(w, key, value);
    } else {
        json_w_member(w, key, NULL);
    }
}

void json_out_time(struct json_w *w, const char *key, int64_t seconds)
{
    char text[TIMESTAMP_SIZE];

    if (seconds > 0) {
        timestamp_write(seconds, text);
    }
    json_w_member(w, key, seconds > 0 ? text : NULL);
}

void json_out_text(struct json_w *w, const char *key, const char *text)
{
    json_w_member(w, key, text != NULL && text[0] != '\0' ? text : NULL);
}

void json_out_error(struct json_w *w, const struct err *e, int status)
{
    static const char *const kinds[] = {
        [ERR_NONE] = NULL,         [ERR_SYS] = "system",
        [ERR_USAGE] = "usage",     [ERR_LIMIT] = "limit",
        [ERR_FORMAT] = "format",   [ERR_EOF] = "end_of_file",
        [ERR_TIMEOUT] = "timeout", [ERR_CANCELED] = "canceled",
        [ERR_ENGINE] = "engine",   [ERR_NOT_FOUND] = "not_found",
        [ERR_REFUSED] = "refused",
    };

    if (e->kind == ERR_NONE) {
        json_w_member(w, "error", NULL);
        return;
    }
    json_w_key(w, "error");
    json_w_object(w);
    json_w_member_u64(w, "status", (uint64_t)status);
    json_w_member(w, "kind", kinds[e->kind]);
    json_out_text(w, "message", e->text);
    json_out_text(w, "hint", e->hint);
    json_w_end(w);
}
