/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"

void tool_settings_build(struct builder *b)
{
    const char *list = "";
    const char *first = NULL;

    for (size_t i = 0; i < b->f->tool_settings.count; i++) {
        struct str program = str_c(b->f->tool_settings.v[i]);
        struct str name = {0};
        const char *path;

        (void)str_cut(&program, ' ', &name);
        path = path_join(b->a, b->p->user.home, arena_str(b->a, name));
        if (paths_shown(b, path)) {
            continue;
        }
        list = arena_printf(b->a, "%s%s~/%s (%.*s)", list, first != NULL ? ", " : "",
                            arena_str(b->a, name), (int)program.len, program.p);
        first = first != NULL ? first : path;
    }
    if (first != NULL) {
        missing_add(&b->p->missing, b->a, arena_printf(b->a, "settings %s", list),
                    arena_printf(b->a,
                                 "these settings are missing inside: %s. To share such a file, "
                                 "and a login that it contains: --ro %s",
                                 list, path_word(b->a, first)));
    }
}
