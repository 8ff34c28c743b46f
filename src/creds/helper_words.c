/* SPDX-License-Identifier: MIT */
#include "creds/helper_words.h"

#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "trust/lookup.h"

#include <string.h>

static const char *path_of(struct str word, char *const *env, const char *home, struct arena *a)
{
    static const char *const homes[] = {"~/", "$HOME/", "${HOME}/"};
    const char *text = arena_str(a, word);

    for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
        if (str_starts(word, homes[i])) {
            return path_join(a, home, text + strlen(homes[i]));
        }
    }
    return strchr(text, '/') != NULL ? path_join(a, home, text) : proc_find(text, env, a);
}

const char *helper_untrusted(const char *command, char *const *env, const char *home,
                             const struct ledger *trees, struct arena *a)
{
    static const char separators[] = " \t\r\n'\"`;|&<>()=,";

    while (*command != '\0') {
        size_t len = strcspn(command, separators);
        const char *path = len > 0 ? path_of(str_n(command, len), env, home, a) : NULL;

        if (path != NULL && file_exists(path) && !lookup_is_safe(a, trees, path)) {
            return path;
        }
        command += len;
        command += strspn(command, separators);
    }
    return NULL;
}
