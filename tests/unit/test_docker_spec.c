/* SPDX-License-Identifier: MIT */
/* Compares the bodies with the golden files tests/plan/CASE/create.json and create.json.diff
 * (golden.h). */
#include "engine/docker_spec.h"

#include "golden.h"
#include "plan.h"
#include "tap.h"
#include "wire/json.h"

/* Adds the body of a case to `out`, split into lines for its golden file. */
static void split_body(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                       struct buf *out)
{
    struct planned t;

    planned_init(&t, change);
    ok(planned_build(&t) == 0 && spec_create(&t.p, &t.out, &t.e) == 0,
       "the base case has a body");
    golden_split(buf_str(&t.out), out);
    (void)buf_add_byte(out, '\n');
    planned_release(&t);
}

static void golden(const struct plan_case *c)
{
    struct planned t;
    struct buf base;
    struct buf lines;
    struct json root = {0};

    buf_init(&base, LIMIT_REQUEST);
    buf_init(&lines, LIMIT_REQUEST);
    if (c->base != NULL) {
        split_body(c->base, &base);
    }
    split_body(c->change, &lines);
    ok(golden_case(c->name, "create.json", c->base != NULL ? buf_str(&base) : str_n(NULL, 0),
                   buf_str(&lines)),
       "%s: the body is that of the golden file", c->name);
    planned_init(&t, c->change);
    ok(planned_build(&t) == 0 && spec_create(&t.p, &t.out, &t.e) == 0, "%s: a body is written",
       c->name);
    ok(json_parse(buf_str(&t.out), &root, &t.e) == 0, "%s: the body is JSON", c->name);
    ok(json_get(root, "Env").type == JSON_NONE, "%s: the body has no variables", c->name);
    ok((t.p.container.podman || json_path(root, "HostConfig.Binds").type == JSON_NONE) &&
           json_path(root, "HostConfig.Privileged").type == JSON_NONE &&
           json_path(root, "HostConfig.Devices").type == JSON_NONE,
       "%s: the body has neither binds nor privileges", c->name);
    is_str(json_string_dup(json_path(root, "HostConfig.LogConfig.Type"), &t.arena), "none",
           "the engine logs nothing");
    buf_release(&base);
    buf_release(&lines);
    planned_release(&t);
}

static void not_utf8(void)
{
    struct planned t;

    planned_init(&t, NULL);
    t.f.project = t.f.cwd_physical = "/srv/\xff";
    is_int(planned_build(&t), 0, "a path that is not UTF-8 can be planned");
    ok(spec_create(&t.p, &t.out, &t.e) < 0 && t.e.kind == ERR_USAGE && t.e.hint[0] != '\0',
       "spec_create() refuses it with a hint");
    t.out.max = 50;
    buf_reset(&t.out);
    t.f.project = t.f.cwd_physical = "/srv/x";
    (void)planned_build(&t);
    ok(spec_create(&t.p, &t.out, &t.e) < 0 && t.e.kind == ERR_LIMIT,
       "a body that exceeds the maximum is refused");
    planned_release(&t);
}

/* Paths that Podman would split at a comma are written as a text, which cannot have a colon. */
static void podman_paths(void)
{
    static const struct {
        const char *path;
        bool text, can;
    } cases[] = {
        {"/srv/a:b c", false, true},        {"/srv/a,source=/", true, true},
        {"/srv/a\"b", true, true},          {"/srv/a\nb", true, true},
        {"/srv/a,source=/:b", true, false}, {"/srv/a\"b\":c", true, false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct planned t;
        struct json root = {0};
        struct json first = {0};

        planned_init(&t, NULL);
        t.o.network = NETWORK_BRIDGE;
        t.f.engine.podman = true;
        t.f.project = t.f.cwd_physical = cases[i].path;
        (void)planned_build(&t);
        ok((spec_create(&t.p, &t.out, &t.e) == 0) == cases[i].can, "%s: %s", cases[i].path,
           t.e.text);
        if (cases[i].can) {
            struct json_iter it;

            (void)json_parse(buf_str(&t.out), &root, &t.e);
            it = json_iter(json_path(root, "HostConfig.Binds"));
            ok(json_next(&it, NULL, &first) == cases[i].text, "it is written as a text: %d",
               cases[i].text);
            is_str(cases[i].text ? json_string_dup(first, &t.arena) : NULL,
                   cases[i].text
                       ? arena_printf(&t.arena, "%s:%s:rw", cases[i].path, cases[i].path)
                       : NULL,
                   "the text has the project's path twice");
        } else {
            ok(t.e.kind == ERR_USAGE && t.e.hint[0] != '\0', "it is refused with a hint");
        }
        ok(!str_contains(buf_str(&t.out), "host-gateway"), "Podman gets no host-gateway");
        planned_release(&t);
    }
}

/* Podman must not copy the files at the mountpoint into a new tmpfs, because it hides them. */
static void podman_memory(void)
{
    struct plan_mount mounts[2] = {
        {.kind = MOUNT_TMPFS, .source = "", .target = "/p/secret", .read_only = true},
        {.kind = MOUNT_TMPFS, .source = "", .target = "/p,x/h"}};
    struct plan p = {.image.ref = "i",
                     .container.podman = true,
                     .files.mounts = mounts,
                     .files.mount_count = 2};
    struct err e = {0};
    struct buf out;

    buf_init(&out, LIMIT_REQUEST);
    is_int(spec_create(&p, &out, &e), 0, "a tmpfs on Podman is written");
    ok(str_contains(buf_str(&out), "\"Tmpfs\":{\"/p/secret\":\"ro,notmpcopyup,mode=0755\","
                                   "\"/p,x/h\":\"rw,notmpcopyup,mode=0755\"}") &&
           str_contains(buf_str(&out), "\"Mounts\":[]"),
       "as a text, with notmpcopyup");
    buf_reset(&out);
    p.container.podman = false;
    is_int(spec_create(&p, &out, &e), 0, "a tmpfs on Docker is written");
    ok(!str_contains(buf_str(&out), "Tmpfs\":") && str_contains(buf_str(&out), "TmpfsOptions"),
       "as a structured mount");
    buf_reset(&out);
    p.container.podman = true;
    mounts[0].target = "/p:q";
    ok(spec_create(&p, &out, &e) < 0 && e.kind == ERR_USAGE,
       "a tmpfs with a colon in its path is refused on Podman: %s", e.text);
    buf_release(&out);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(plan_cases) / sizeof(plan_cases[0]); i++) {
        golden(&plan_cases[i]);
    }
    not_utf8();
    podman_paths();
    podman_memory();
    return done_testing();
}
