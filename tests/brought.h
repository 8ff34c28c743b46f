/* SPDX-License-Identifier: MIT */
/* Facts of a home in a test's directory, and what a probe adds to them. */
#ifndef TESTS_BROUGHT_H
#define TESTS_BROUGHT_H

#include <string.h>

#include "base/path.h"
#include "plan/facts.h"
#include "tmpdir.h"
#include "trust/ledger.h"

static struct arena arena;
static struct facts f;

/* Sets the facts to the home "home", with the project code/app in it. An agent could have
 * written below `tree`, a path below the home. */
__attribute__((unused)) static void facts_begin(const char *tree)
{
    f = (struct facts){.home = arena_strdup(&arena, in_tmp("home")),
                       .project = arena_strdup(&arena, in_tmp("home/code/app")),
                       .state_dir = arena_strdup(&arena, in_tmp("state")),
                       .trees = arena_alloc(&arena, sizeof(struct ledger))};
    *f.trees = (struct ledger){0};
    ledger_add(f.trees, &arena, path_join(&arena, f.home, tree));
}

/* Returns the entry of f.brought for the path `name` of the home, or NULL. */
__attribute__((unused)) static const struct fact_brought *brought(const char *name)
{
    for (size_t i = 0; i < f.brought_count; i++) {
        if (strcmp(f.brought[i].target, path_join(&arena, f.home, name)) == 0) {
            return &f.brought[i];
        }
    }
    return NULL;
}

#endif
