/* SPDX-License-Identifier: MIT */
#include "creds/sso_token.h"

#include "base/hash.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TIME_LEN = 19 /* of "2026-01-31T23:59:59" */, EXPIRY_MAX = 64 };

const char *sso_token_file(const char *session, struct arena *a)
{
    char hex[SHA1_HEX];

    sha1_hex(str_c(session), hex);
    return arena_printf(a, "%s.json", hex);
}

static bool has_text(struct json root, const char *key)
{
    const struct json value = json_get(root, key);

    return value.type == JSON_STRING && !json_is(value, "");
}

bool sso_token_is_valid(struct str text, int64_t now_ms)
{
    const time_t now_s = (time_t)(now_ms / 1000);
    struct err ignored = {0};
    struct json root = {0};
    struct tm tm = {0};
    char now[EXPIRY_MAX];
    struct buf expiry;
    bool valid = false;

    buf_init(&expiry, EXPIRY_MAX);
    /* Both times are in UTC, and have the same form up to the seconds. */
    if (gmtime_r(&now_s, &tm) != NULL && strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%S", &tm) &&
        json_parse(text, &root, &ignored) == 0 && has_text(root, "accessToken") &&
        json_string(json_get(root, "expiresAt"), &expiry) == 0 && expiry.len >= TIME_LEN) {
        valid = strncmp(buf_c(&expiry), now, TIME_LEN) > 0;
    }
    buf_release(&expiry);
    return valid;
}

int sso_token_copy(struct str text, struct buf *out, struct err *e)
{
    static const char *const kept[] = {"accessToken", "expiresAt", "region", "startUrl"};
    struct json root = {0};
    struct json_w w;

    if (json_parse(text, &root, e) < 0) {
        return -1;
    }
    if (!has_text(root, "accessToken")) {
        return err_set(e, ERR_FORMAT, "it contains no token of SSO");
    }
    json_w_init(&w, out, 0);
    json_w_object(&w);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (has_text(root, kept[i])) {
            json_w_key(&w, kept[i]);
            json_w_raw(&w, json_get(root, kept[i]).raw);
        }
    }
    json_w_end(&w);
    return json_done(&w) < 0 ? err_set(e, ERR_LIMIT, "the token of SSO is too large") : 0;
}
