/* SPDX-License-Identifier: MIT */
/* Prints the part of a plan that only a native sandbox has, in place of the image. */
#include "plan/print.h"

#include "base/path.h"

static void print_tops(struct json_w *w, const struct fact_native *n, struct arena *a)
{
    json_w_key(w, "system");
    json_w_array(w);
    for (size_t i = 0; i < n->top_count; i++) {
        json_w_object(w);
        json_w_member(w, "path", path_join(a, "/", n->tops[i].name));
        json_w_member(w, "link", n->tops[i].link);
        json_w_member_bool(w, "idmapped", n->tops[i].idmapped);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_key(w, "hidden");
    json_w_array(w);
    for (size_t i = 0; i < n->hidden_count; i++) {
        json_w_c(w, n->hidden[i].path);
    }
    json_w_end(w);
}

static void print_programs(struct json_w *w, const struct fact_native *n)
{
    json_w_member(w, "claude", n->claude);
    json_w_key(w, "programs");
    json_w_array(w);
    for (size_t i = 0; i < n->program_count; i++) {
        json_w_object(w);
        json_w_member(w, "path", n->programs[i].path);
        json_w_member(w, "link", n->programs[i].link);
        json_w_end(w);
    }
    json_w_end(w);
}

/* Prints the ranges that are mapped besides the user's own id. */
static void print_ranges(struct json_w *w, const char *name, const struct fact_range *ranges,
                         size_t count)
{
    json_w_key(w, name);
    json_w_array(w);
    for (size_t i = 0; i < count; i++) {
        json_w_object(w);
        json_w_member_u64(w, "first", ranges[i].first);
        json_w_member_u64(w, "count", ranges[i].count);
        json_w_end(w);
    }
    json_w_end(w);
}

static void print_confinement(struct json_w *w, const struct plan *p)
{
    static const char *const names[] = {"user", "mount", "pid", "ipc", "uts", "cgroup", "net"};
    const size_t all = sizeof(names) / sizeof(names[0]);

    json_w_member_list(w, "namespaces", names,
                       p->kind == SANDBOX_LANDLOCK_ONLY
                           ? 0
                           : all - (p->network.mode == PLAN_NET_NONE ? 0 : 1));
    json_w_member(w, "no_namespaces", p->native.facts->no_namespaces);
    /* A process that Landlock confines cannot mount anything, so allow_userns excludes it. */
    json_w_member_bool(w, "landlock", !p->privileges.allow_userns);
    json_w_member_bool(w, "system_call_filter", true);
    json_w_member_bool(w, "no_new_privileges", true);
    json_w_member_bool(w, "no_capabilities", true);
    json_w_member_bool(w, "user_namespaces_inside", p->privileges.allow_userns);
    print_ranges(w, "subuids", p->native.facts->subuids,
                 p->privileges.subids ? p->native.facts->subuid_count : 0);
    print_ranges(w, "subgids", p->native.facts->subgids,
                 p->privileges.subids ? p->native.facts->subgid_count : 0);
}

void print_native(struct json_w *w, const struct plan *p)
{
    struct arena a = {0};

    json_w_key(w, "native");
    json_w_object(w);
    json_w_member(w, "sandbox", p->kind == SANDBOX_LANDLOCK_ONLY ? "landlock_only" : "full");
    json_w_member(w, "no_engine", p->native.facts->no_engine);
    print_tops(w, p->native.facts, &a);
    print_programs(w, p->native.facts);
    print_confinement(w, p);
    json_w_end(w);
    arena_release(&a);
}
