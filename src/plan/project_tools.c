/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

/* The Python of the image that cco builds (image/Dockerfile) on Debian trixie. */
#define IMAGE_PYTHON "3.13."

/* Returns whether the image has this Python, as far as that is known. */
static bool image_has(const struct builder *b, const char *dir, const char *version)
{
    const bool usual = strcmp(dir, "/usr/bin") == 0 || strcmp(dir, "/bin") == 0;

    if (plan_is_native(b->p)) {
        return false;
    }
    return usual && (!b->p->image.own || b->o->base != NULL ||
                     strncmp(b->f->base, "debian:trixie", 13) != 0 ||
                     strncmp(version, IMAGE_PYTHON, sizeof(IMAGE_PYTHON) - 1) == 0);
}

/* Returns whether a line may propose to share the directory. The project names it, so an agent
 * may have chosen it. */
static bool may_propose(struct builder *b, const char *dir, enum opts_access access)
{
    const struct opts_path o = {.access = access};
    const struct fact_option_path n = {.target = dir, .physical = dir, .type = FACT_DIR};

    return project_secrets(b->f, dir) == NULL && !project_is_system(dir) &&
           paths_forbidden(b, &o, &n) == NULL &&
           (access == ACCESS_READ || project_place(b, dir) == NULL);
}

static void add_venv(struct builder *b, const char *venv, const char *dir, const char *version)
{
    const char *prefix = path_dir(b->a, dir);
    const char *option =
        may_propose(b, prefix, ACCESS_READ)
            ? arena_printf(b->a, "Use --ro %s, or make", path_word(b->a, prefix))
            : "Make";

    if (paths_shown(b, dir) || image_has(b, dir, version)) {
        return;
    }
    missing_add(&b->p->missing, b->a, arena_printf(b->a, "venv %s %s %s", venv, dir, version),
                arena_printf(b->a,
                             "%s needs Python %s of %s, which is missing inside. %s "
                             "another environment inside (python3 -m venv)",
                             path_base(venv), version, dir, option));
}

void project_tools_build(struct builder *b)
{
    const struct strv *venvs = &b->f->venvs;

    for (size_t i = 0; i + 2 < venvs->count; i += 3) {
        add_venv(b, venvs->v[i], venvs->v[i + 1], venvs->v[i + 2]);
    }
    for (size_t i = 0; i < b->f->pnpm_stores.count; i++) {
        const char *store = b->f->pnpm_stores.v[i];

        const char *how =
            may_propose(b, store, ACCESS_WRITE)
                ? arena_printf(
                      b->a, "To share it, and so the packages of other projects: --add-dir %s",
                      path_word(b->a, store))
                : "A store in the project works on both sides: pnpm install --store-dir "
                  ".pnpm-store";

        if (!paths_shown(b, store) && project_secrets(b->f, store) == NULL) {
            missing_add(&b->p->missing, b->a, arena_printf(b->a, "pnpm %s", store),
                        arena_printf(b->a,
                                     "node_modules needs pnpm's store %s, which is missing "
                                     "inside. %s",
                                     store, how));
        }
    }
}
