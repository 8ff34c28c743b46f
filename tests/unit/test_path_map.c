/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static const struct fact_path_map all[] = {
    {"/w", "/ci/w", true, false},           {"/w/a", "/v/a", true, false},
    {"/w/a/b", "/v/b", true, false},        {"/w/fixed", "/v/f", true, true},
    {"/w/memory", NULL, false, false},      {"/w/secret/deep", "/v/s", true, false},
    {"/run/s", "/run/host/s", false, false}};

static struct arena arena;
static struct facts facts;
static struct plan plan;
static struct builder builder = {.f = &facts, .a = &arena, .p = &plan};

static void found(const char *path, const char *want, bool read_only, const char *name)
{
    bool got = false;

    is_str(path_map_find(&builder, path, &got), want, name);
    ok(got == read_only && path_map_see(&builder, path) == (want != NULL), "and in this way");
}

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < plan.files.mount_count; i++) {
        if (strcmp(plan.files.mounts[i].target, target) == 0) {
            return &plan.files.mounts[i];
        }
    }
    return NULL;
}

static void inner(void)
{
    struct plan_mount project;
    size_t count;

    project = *mounts_add(&builder, "/w", "/w", true, "the project");
    mounts_add(&builder, "/empty", "/w/secret", true, "hidden");
    mounts_add(&builder, "/w/a/b", "/w/a/b", true, "--ro")->read_only = true;
    count = plan.files.mount_count;
    path_map_inner(&builder, &project, "/w", count);
    is_str(at("/w/a")->source, "/v/a", "a mount inside is added");
    ok(!at("/w/a")->read_only && at("/w/a")->is_dir && at("/w/fixed")->read_only,
       "as it is here");
    ok(at("/w/memory") == NULL && at("/run/s") == NULL,
       "none that the engine does not have, or has at another path");
    ok(at("/w/secret/deep") == NULL, "none in what is hidden");
    is_str(at("/w/a/b")->source, "/w/a/b", "none in place of what was asked for");
    is_int((long long)plan.files.mount_count, (long long)count + 2, "no others");
    project.read_only = true;
    plan.files.mount_count = 0;
    path_map_inner(&builder, &project, "/w", 0);
    ok(at("/w/a/b") != NULL && at("/w/a/b")->read_only && at("/w/a")->read_only,
       "mounts in mounts, read-only where the outer one is");
}

int main(void)
{
    plan_goldens();
    facts.engine.path_maps = all;
    facts.engine.path_map_count = sizeof(all) / sizeof(all[0]);
    found("/w", "/ci/w", false, "a map itself");
    found("/w/x/y", "/ci/w/x/y", false, "what is below");
    found("/w/a/b/c", "/v/b/c", false, "the longest counts");
    found("/w/ab", "/ci/w/ab", false, "names are whole");
    found("/w/fixed/x", "/v/f/x", true, "read-only");
    found("/w/memory/x", NULL, false, "what is mounted over it is not there");
    found("/x", NULL, false, "nothing else is");
    found("/run/s", "/run/host/s", false, "files, too");
    inner();
    arena_release(&arena);
    return done_testing();
}
