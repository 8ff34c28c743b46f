/* SPDX-License-Identifier: MIT */
#include "host/project_key.h"

#include "tap.h"

static struct arena arena;

static void owners(void)
{
    const char *ann = owner_key(&arena, "ann", 1000);

    ok(strlen(ann) == 8 && strspn(ann, "0123456789abcdef") == 8,
       "an owner's key has 8 hex digits");
    is_str(owner_key(&arena, "ann", 1000), ann, "the same owner has the same key");
    ok(strcmp(owner_key(&arena, "ann", 1001), ann) != 0 &&
           strcmp(owner_key(&arena, "bob", 1000), ann) != 0,
       "another name or uid has another key");
}

static void projects(void)
{
    const char *app = project_key(&arena, "/home/ann/app");
    const char *cut = project_key(&arena, "/a234567890123456789012345678901234567890");

    ok(strncmp(app, "app-", 4) == 0 && strlen(app) == 4 + 16 &&
           strspn(app + 4, "0123456789abcdef") == 16,
       "a project's key is its name and 16 hex digits: %s", app);
    is_str(project_key(&arena, "/home/ann/app"), app, "the same project has the same key");
    ok(strcmp(project_key(&arena, "/home/bob/app"), app) != 0,
       "another directory of the same name has another key");
    ok(strncmp(project_key(&arena, "/x/a b\n\xff.c_d-"), "a_b__.c_d--", 11) == 0,
       "bytes that are not allowed in a key are replaced");
    ok(strlen(cut) == 32 + 1 + 16, "a long name is cut: %s", cut);
}

int main(void)
{
    owners();
    projects();
    arena_release(&arena);
    return done_testing();
}
