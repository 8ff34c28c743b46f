/* SPDX-License-Identifier: MIT */
#include "host/trees.h"

#include "base/file_id.h"
#include "base/path.h"
#include "plan/caches.h"
#include "plan/claude_state.h"
#include "trust/ledger.h"
#include "trust/lookup.h"

#include <string.h>
#include <sys/stat.h>

int trees_probe(const char *pwd, struct arena *a, struct facts *f, struct err *e)
{
    struct ledger *trees = arena_alloc(a, sizeof(*trees));
    char logical[FILE_ID_SIZE] = "";
    struct stat st;

    *trees = (struct ledger){0};
    f->trees = trees;
    if (ledger_read(f->state_dir, a, trees, e) < 0) {
        return -1;
    }
    if (pwd != NULL && pwd[0] == '/' && stat(pwd, &st) == 0) {
        file_id_text(&st, logical);
    }
    if (pwd != NULL && f->cwd_id != NULL && strcmp(f->cwd_id, logical) == 0) {
        const struct lookup l = lookup_path(a, trees, pwd, LOOKUP_NAMED);

        if (strcmp(pwd, f->cwd_physical) != 0 && strcmp(pwd, path_clean(a, pwd)) == 0) {
            f->cwd_named = arena_strdup(a, pwd);
        }
        if (l.tree != NULL) {
            f->cwd_why = arena_printf(
                a, "the link %s leads there, and an agent could have made it", l.link);
        }
    }
    return 0;
}

void trees_add_project(struct arena *a, struct facts *f)
{
    if (!path_is_inside(f->home_physical, f->project)) {
        ledger_add(f->trees, a, f->project);
    }
}

void trees_add_state(struct arena *a, struct facts *f)
{
    const char *own[] = {path_join(a, f->data_dir, "claude"), caches_of_all(f, a)};

    for (size_t i = 0; i < claude_state_count; i++) {
        if (claude_state[i].share == STATE_PROJECT || claude_state[i].share == STATE_PARTS) {
            ledger_add_below(f->trees, a, path_join(a, f->claude_dir, claude_state[i].name));
        }
    }
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        const char *data = lookup_physical(a, own[i]);

        if (data != NULL) {
            ledger_add_below(f->trees, a, data);
        }
    }
}
