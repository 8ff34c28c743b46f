/* SPDX-License-Identifier: MIT */
/* Create bodies, against the golden files tests/plan/CASE/create.json and create.json.diff
 * (golden.h). */
#include "engine/docker_spec.h"

#include "golden.h"
#include "plan.h"
#include "tap.h"
#include "wire/json.h"

/* The create body of a case, split into lines for its golden file. */
static void split_body(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                       struct buf *out)
{
    struct planned t;

    planned_init(&t, change);
    ok(planned_build(&t) == 0 && spec_create(&t.p, &t.out, &t.e) == 0, "has a body");
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
       "%s: is as before", c->name);
    planned_init(&t, c->change);
    ok(planned_build(&t) == 0 && spec_create(&t.p, &t.out, &t.e) == 0, "%s: has a body",
       c->name);
    ok(json_parse(buf_str(&t.out), &root, &t.e) == 0, "%s: is JSON", c->name);
    ok(json_get(root, "Env").type == JSON_NONE, "%s: no variable stands in the configuration",
       c->name);
    ok((t.p.container.podman || json_path(root, "HostConfig.Binds").type == JSON_NONE) &&
           json_path(root, "HostConfig.Privileged").type == JSON_NONE &&
           json_path(root, "HostConfig.Devices").type == JSON_NONE,
       "%s: neither binds nor privileges", c->name);
    is_str(json_string_dup(json_path(root, "HostConfig.LogConfig.Type"), &t.arena), "none",
           "nothing is logged by the engine");
    buf_release(&base);
    buf_release(&lines);
    planned_release(&t);
}

static void not_utf8(void)
{
    struct planned t;

    planned_init(&t, NULL);
    t.f.cwd_physical = "/srv/\xff";
    is_int(planned_build(&t), 0, "a path that is not UTF-8 can be planned");
    ok(spec_create(&t.p, &t.out, &t.e) < 0 && t.e.kind == ERR_USAGE && t.e.hint[0] != '\0',
       "but no engine can mount it: refused with a hint");
    t.out.max = 50;
    buf_reset(&t.out);
    t.f.cwd_physical = "/srv/x";
    (void)planned_build(&t);
    ok(spec_create(&t.p, &t.out, &t.e) < 0 && t.e.kind == ERR_LIMIT, "the maximum is kept");
    planned_release(&t);
}

/* What Podman would take apart at the comma is text for it, and of that a colon would be the
 * end. */
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
        t.f.cwd_physical = cases[i].path;
        (void)planned_build(&t);
        ok((spec_create(&t.p, &t.out, &t.e) == 0) == cases[i].can, "%s: %s", cases[i].path,
           t.e.text);
        if (cases[i].can) {
            struct json_iter it;

            (void)json_parse(buf_str(&t.out), &root, &t.e);
            it = json_iter(json_path(root, "HostConfig.Binds"));
            ok(json_next(&it, NULL, &first) == cases[i].text, "is text: %d", cases[i].text);
            is_str(cases[i].text ? json_string_dup(first, &t.arena) : NULL,
                   cases[i].text
                       ? arena_printf(&t.arena, "%s:%s:rw", cases[i].path, cases[i].path)
                       : NULL,
                   "the project's");
        } else {
            ok(t.e.kind == ERR_USAGE && t.e.hint[0] != '\0', "is refused with a hint");
        }
        ok(!str_contains(buf_str(&t.out), "host-gateway"), "no host-gateway");
        planned_release(&t);
    }
}

/* What was there before is not to be copied into it: it may be what is hidden. */
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
    is_int(spec_create(&p, &out, &e), 0, "memory on Podman");
    ok(str_contains(buf_str(&out), "\"Tmpfs\":{\"/p/secret\":\"ro,notmpcopyup,mode=0755\","
                                   "\"/p,x/h\":\"rw,notmpcopyup,mode=0755\"}") &&
           str_contains(buf_str(&out), "\"Mounts\":[]"),
       "stays empty");
    buf_reset(&out);
    p.container.podman = false;
    is_int(spec_create(&p, &out, &e), 0, "memory on Docker");
    ok(!str_contains(buf_str(&out), "Tmpfs\":") && str_contains(buf_str(&out), "TmpfsOptions"),
       "is a mount");
    buf_reset(&out);
    p.container.podman = true;
    mounts[0].target = "/p:q";
    ok(spec_create(&p, &out, &e) < 0 && e.kind == ERR_USAGE, "a colon ends a text: %s", e.text);
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
