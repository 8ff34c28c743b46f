/* SPDX-License-Identifier: MIT */
#include "plan/caches.h"

#include "base/path.h"
#include "plan/build.h"

/* A directory of the home in which tools keep what they have fetched or built. */
struct cache {
    const char *name; /* of the directory in caches_dir() */
    const char *path; /* relative to the home */
};

/* ~/.cache is that of go build, pip, uv, ccache, yarn and many others. None of these
 * directories contains settings, logins or installed programs. */
static const struct cache caches[] = {
    {"cache", ".cache"},
    {"npm", ".npm"},
    {"pnpm-store", ".local/share/pnpm/store"},
    {"go-mod", "go/pkg/mod"},
    {"cargo-registry", ".cargo/registry"},
    {"cargo-git", ".cargo/git"},
    {"gradle", ".gradle/caches"},
    {"maven", ".m2/repository"},
};

const char *caches_of_all(const struct facts *f, struct arena *a)
{
    return path_join(a, f->data_dir, "caches");
}

const char *caches_dir(const struct facts *f, struct arena *a)
{
    return path_join(a, caches_of_all(f, a), f->project_key);
}

/* Returns what the sandbox shows at `target`, above it or below it, or NULL if that is
 * nothing. */
static const char *shown_at(const struct builder *b, const char *target)
{
    const struct fact_native *n = b->p->native.facts;

    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        const char *other = b->p->files.mounts[i].target;

        if (path_is_inside(other, target) || path_is_inside(target, other)) {
            return other;
        }
    }
    for (size_t i = 0; n != NULL && i < n->program_count; i++) {
        if (path_is_inside(n->programs[i].path, target)) {
            return n->programs[i].path;
        }
    }
    return NULL;
}

void caches_build(struct builder *b)
{
    const char *dir = caches_dir(b->f, b->a);

    for (size_t i = 0; b->o->caches && i < sizeof(caches) / sizeof(caches[0]); i++) {
        const char *target = path_join(b->a, b->p->user.home, caches[i].path);
        const char *other = shown_at(b, target);

        if (other != NULL) {
            missing_add(&b->p->missing, b->a, arena_printf(b->a, "cache %s", target),
                        arena_printf(b->a, "--caches does not keep %s, because %s is shared",
                                     target, other));
            continue;
        }
        mounts_add_kept(b, path_join(b->a, dir, caches[i].name), target, true,
                        "--caches: a cache of build tools, kept for this project");
    }
}
