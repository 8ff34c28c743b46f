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
    ok(got == read_only && path_map_see(&builder, path) == (want != NULL),
       "the path is found or not, and read_only is right");
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

static void inner_mounts_are_added(void)
{
    struct plan_mount project;
    size_t count;

    project = *mounts_add(&builder, "/w", "/w", true, "the project");
    mounts_add(&builder, "/empty", "/w/secret", true, "hidden");
    mounts_add(&builder, "/w/a/b", "/w/a/b", true, "--ro")->read_only = true;
    count = plan.files.mount_count;
    path_map_inner(&builder, &project, "/w", count);
    is_str(at("/w/a")->source, "/v/a", "an inner mount is added");
    ok(!at("/w/a")->read_only && at("/w/a")->is_dir && at("/w/fixed")->read_only,
       "inner mounts are read-only as on this machine");
    ok(at("/w/memory") == NULL && at("/run/s") == NULL,
       "paths that the engine does not have, or has elsewhere, are not added");
    ok(at("/w/secret/deep") == NULL, "nothing is added below a hidden path");
    is_str(at("/w/a/b")->source, "/w/a/b", "a mount of an option is not replaced");
    is_int((long long)plan.files.mount_count, (long long)count + 2,
           "no other mounts are added");
    project.read_only = true;
    plan.files.mount_count = 0;
    path_map_inner(&builder, &project, "/w", 0);
    ok(at("/w/a/b") != NULL && at("/w/a/b")->read_only && at("/w/a")->read_only,
       "inner mounts are read-only if the outer mount is");
}

int main(void)
{
    plan_goldens();
    facts.engine.path_maps = all;
    facts.engine.path_map_count = sizeof(all) / sizeof(all[0]);
    found("/w", "/ci/w", false, "the path of a map is found");
    found("/w/x/y", "/ci/w/x/y", false, "a path below a map is found");
    found("/w/a/b/c", "/v/b/c", false, "the longest map applies");
    found("/w/ab", "/ci/w/ab", false, "only whole components match");
    found("/w/fixed/x", "/v/f/x", true, "a path in a read-only map is read-only");
    found("/w/memory/x", NULL, false, "a path that the engine does not have is not found");
    found("/x", NULL, false, "a path outside of all maps is not found");
    found("/run/s", "/run/host/s", false, "a file is found");
    inner_mounts_are_added();
    arena_release(&arena);
    return done_testing();
}
