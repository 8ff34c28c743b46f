/* SPDX-License-Identifier: MIT */
#include "host/safe_env.h"

#include "base/str.h"
#include "trust/lookup.h"

/* Variables whose values are lists of paths, or one path. */
static const char *const names[] = {
    "PATH",     "LD_LIBRARY_PATH", "NODE_PATH",           "PYTHONPATH",
    "PERL5LIB", "SSH_ASKPASS",     "NODE_EXTRA_CA_CERTS",
};

static bool is_listed(struct str name)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_c(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* Returns "NAME=VALUE" without the entries of the value that must not be used, and NULL if none
 * is left. */
static char *filter(struct str name, struct str value, struct arena *a, const struct facts *f)
{
    char *out = NULL;

    while (value.len > 0) {
        struct str entry = {0};
        const char *path;

        (void)str_cut(&value, ':', &entry);
        path = arena_str(a, entry);
        if (path[0] == '/' && lookup_is_safe(a, f->trees, path)) {
            out = out == NULL ? arena_printf(a, "%.*s=%s", (int)name.len, name.p, path)
                              : arena_printf(a, "%s:%s", out, path);
        }
    }
    return out;
}

char *const *host_safe_env(char *const *env, struct arena *a, const struct facts *f)
{
    char **out;
    size_t count = 0;

    while (env[count] != NULL) {
        count++;
    }
    out = arena_array(a, count + 1, sizeof(*out));
    count = 0;
    for (size_t i = 0; env[i] != NULL; i++) {
        struct str value = str_c(env[i]);
        struct str name = {0};

        if (str_cut(&value, '=', &name) && is_listed(name)) {
            char *kept = filter(name, value, a, f);

            if (kept != NULL) {
                out[count++] = kept;
            }
        } else {
            out[count++] = env[i];
        }
    }
    return out;
}
