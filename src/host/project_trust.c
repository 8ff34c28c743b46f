/* SPDX-License-Identifier: MIT */
#include "host/project_trust.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "host/git_outside.h"
#include "host/git_worktree.h"
#include "host/project_dotenv.h"
#include "plan/untrusted.h"
#include "trust/ledger.h"
#include "trust/lookup.h"
#include "trust/trust_files.h"
#include "trust/trust_settings.h"
#include "wire/json.h"

#include <string.h>

/* Returns whether the host's claude trusts the directory itself: the user has answered its
 * question there. A directory above that it trusts does not count, because new clones appear in
 * it. */
static bool host_trusts(const struct facts *f, const char *dir)
{
    struct err ignored = {0};
    struct json root = {0};
    struct json key = {0};
    struct json project = {0};
    struct json_iter it;
    struct buf text;
    bool trusts = false;

    if (f->claude_json.type != FACT_FILE || untrusted_why(f, f->claude_json.path) != NULL) {
        return false;
    }
    buf_init(&text, LIMIT_CLAUDE_JSON);
    if (file_read(f->claude_json.physical, &text, &ignored) == 0 &&
        json_parse(buf_str(&text), &root, &ignored) == 0) {
        it = json_iter(json_get(root, "projects"));
        while (json_next(&it, &key, &project)) {
            if (json_is(key, dir)) {
                trusts = json_true(json_get(project, "hasTrustDialogAccepted"));
            }
        }
    }
    buf_wipe(&text);
    return trusts;
}

/* Returns whether an earlier session could write to the directory. A damaged ledger means
 * yes. */
static bool was_writable(const struct facts *f, const char *dir, struct arena *a)
{
    struct ledger trees = {0};
    struct err ignored = {0};

    return ledger_read(f->state_dir, a, &trees, &ignored) < 0 ||
           !lookup_is_safe(a, &trees, dir);
}

static struct trust_project describe(const struct facts *f, const char *dir,
                                     const struct trust_items *t, bool prompting,
                                     struct arena *a)
{
    char *digest = arena_alloc(a, SHA256_HEX);
    struct trust_project p = {
        .state_dir = untrusted_why(f, f->state_dir) != NULL ? NULL : f->state_dir,
        .path = dir,
        .digest = digest,
        .unreadable = t->unreadable,
    };

    if (trust_items_any(t, prompting)) {
        trust_items_digest(t, digest);
        p.host_trusts = host_trusts(f, dir);
        p.was_writable = p.host_trusts && p.state_dir != NULL && was_writable(f, dir, a);
    }
    return p;
}

struct trust_project host_trust_project(const struct facts *f, bool prompting, struct arena *a)
{
    return describe(f, f->project, &f->trust_items, prompting, a);
}

/* Adds the items of the directories above the project that the directory `top` contains. */
static void add_parents(struct arena *a, struct facts *f, const char *top)
{
    const char *dir = f->project;

    while (strcmp(dir, top) != 0 && path_is_inside(dir, top)) {
        dir = path_dir(a, dir);
        trust_files(&f->trust_items, dir, path_join(a, dir, ""));
    }
}

/* Adds the items of the current directory and of the directories between it and the project,
 * with names relative to the project. */
static void add_below(struct arena *a, struct facts *f)
{
    const char *dir = f->cwd_physical;

    while (strcmp(dir, f->project) != 0 && path_is_inside(dir, f->project)) {
        trust_files(&f->trust_items, dir, path_join(a, dir + strlen(f->project) + 1, ""));
        dir = path_dir(a, dir);
    }
}

void host_project_trust(const struct opts *o, struct arena *a, struct facts *f)
{
    struct trust_project p;

    f->trust_items.a = a;
    trust_files(&f->trust_items, f->project, "");
    add_below(a, f);
    git_outside_find(f, f->project, f->git_common_dir, &f->git_outside, &f->trust_items,
                     &f->missing);
    for (size_t i = 0; i < f->option_path_count; i++) {
        const struct fact_option_path *found = &f->option_paths[i];

        if (found->type != FACT_DIR || o->paths[i].access == ACCESS_HIDE ||
            strcmp(found->physical, f->project) == 0) {
            continue;
        }
        if (path_is_inside(f->project, found->physical)) {
            add_parents(a, f, found->physical);
        } else if (o->paths[i].pass_on || o->paths[i].of_claude) {
            trust_files(&f->trust_items, found->physical, path_join(a, found->physical, ""));
        }
    }
    p = host_trust_project(f, o->chose_permissions, a);
    f->trust = trust_project_state(&p, a);
    if (f->trust != TRUST_NOTHING && o->trust == OPTS_TRUST_ALWAYS) {
        f->trust = TRUST_BY_OPTION;
    }
}

void host_trust_other(const struct facts *f, const char *dir, struct arena *a,
                      struct trust_items *t, struct trust_project *out)
{
    struct err ignored = {0};
    struct buf text;

    *t = (struct trust_items){.a = a};
    buf_init(&text, LIMIT_FILE_SMALL);
    if (host_dotenv(dir, &text, &ignored) == 0) {
        trust_dotenv(t, ".env", buf_str(&text));
    }
    buf_wipe(&text);
    trust_files(t, dir, "");
    git_outside_find(f, dir, git_worktree_common_dir(a, dir), &(struct git_outside){0}, t,
                     NULL);
    *out = describe(f, dir, t, true, a);
}
