/* SPDX-License-Identifier: MIT */
#include "host/git_logins.h"

#include "base/env.h"
#include "base/str.h"
#include "plan/passed.h"

#include <string.h>
#include <strings.h>

/* Returns whether the text contains a URL with a password, or a name that can be a token. The
 * user in ssh://git@HOST is not a secret. */
static bool has_login(const char *text)
{
    for (const char *at = strstr(text, "://"); at != NULL; at = strstr(at + 3, "://")) {
        const char *authority = at + 3;
        const size_t len = strcspn(authority, "/ \t\n");
        const char *sign = memchr(authority, '@', len);
        const bool is_ssh = at - text >= 3 && strncasecmp(at - 3, "ssh", 3) == 0;

        if (sign != NULL &&
            (!is_ssh || memchr(authority, ':', (size_t)(sign - authority)) != NULL)) {
            return true;
        }
    }
    return false;
}

static bool is_key(const char *section, const char *key, const char *of, const char *name)
{
    return strcasecmp(section, of) == 0 && strcasecmp(key, name) == 0;
}

/* Returns whether a setting can contain a password. */
static bool is_login(const char *section, const char *key, const char *whole, const char *value)
{
    return strcasecmp(section, "credential") == 0 ||
           is_key(section, key, "http", "extraheader") ||
           is_key(section, key, "http", "cookiefile") ||
           is_key(section, key, "sendemail", "smtppass") ||
           is_key(section, key, "imap", "pass") ||
           (strcasecmp(key, "proxy") == 0 && strchr(value, '@') != NULL) || has_login(whole) ||
           has_login(value);
}

void git_logins_probe(char *const *env, struct arena *a, struct facts *f)
{
    const size_t prefix = strlen(PASSED_GIT_KEY);

    for (size_t i = 0; env[i] != NULL; i++) {
        struct str rest = str_c(env[i]);
        struct str name = {0};
        const char *number;
        const char *value;
        const char *section;
        const char *key;

        if (strncmp(env[i], PASSED_GIT_KEY, prefix) != 0 || !str_cut(&rest, '=', &name)) {
            continue;
        }
        number = arena_str(a, str_drop(name, prefix));
        value = env_value(env, arena_printf(a, PASSED_GIT_VALUE "%s", number));
        section = arena_str(a, str_n(rest.p, strcspn(rest.p, ".")));
        key = strrchr(rest.p, '.');
        key = key != NULL ? key + 1 : "";
        if (value != NULL && number[strspn(number, "0123456789")] == '\0' &&
            is_login(section, key, rest.p, value)) {
            strv_add(&f->git_logins, a, number);
            strv_add(&f->git_logins, a, arena_printf(a, "%s.%s", section, key));
        }
    }
}
