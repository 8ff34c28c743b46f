/* SPDX-License-Identifier: MIT */
/* Reports of synchronizations, the volumes that are made before, and a synchronization that
 * fails. */
#include "session/remote_files.h"

#include "base/clock.h"
#include "context.h"
#include "fake.h"
#include "session.h"
#include "tap.h"
#include "tmpdir.h"

static struct context c;
static struct fake f;

static bool said(const struct strv *lines, const char *text)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (strstr(lines->v[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

static void synchronizations_are_reported(void)
{
    struct sync_report r = {.to_remote = {.created = 5}};
    struct strv lines = {0};

    remote_files_report(&r, &c.arena, &lines);
    is_int((long long)lines.count, 0, "files that were only sent are not reported");
    r.to_local = (struct sync_count){.created = 2, .changed = 1, .deleted = 3};
    remote_files_report(&r, &c.arena, &lines);
    ok(lines.count == 1 && said(&lines, "1 file changed, 2 new, 3 deleted"),
       "files that were fetched are reported: %s", lines.v[0]);
    lines = (struct strv){0};
    r = (struct sync_report){.to_local = {.deleted = 1}, .conflicts = 13, .failed = 1};
    for (int i = 0; i < 13; i++) {
        strv_add(&r.kept, &c.arena, arena_printf(&c.arena, "/p/f%d.cco-conflict", i));
    }
    strv_add(&r.failed_names, &c.arena, "/p/x: permission denied");
    remote_files_report(&r, &c.arena, &lines);
    ok(said(&lines, "session: 1 deleted") && said(&lines, "/p/f9.cco-conflict") &&
           !said(&lines, "/p/f10.cco-conflict") && said(&lines, "3 more conflicts"),
       "of many conflicts only the first are named");
    ok(said(&lines, "/p/x: permission denied"), "a file that was not synchronized is named");
}

#define MADE(name, mark)                                                                       \
    FAKE_JSON("201 Created",                                                                   \
              "{\"Name\":\"" name "\",\"Labels\":{\"cco.owner\":\"0a0b\",\"cco.mark\":\"" mark \
              "\"}}")

static void plan_of(struct plan *p)
{
    static struct plan_mount mounts[2];
    static struct plan_tree trees[2];

    mounts[0] = (struct plan_mount){.kind = MOUNT_TMPFS, .source = "", .target = "/run/cco"};
    mounts[1] = (struct plan_mount){.kind = MOUNT_VOLUME, .source = "v1", .target = "/p"};
    trees[0] = (struct plan_tree){.id = "project",
                                  .local_path = tmpdir,
                                  .remote_path = "/p",
                                  .volume = "v1",
                                  .push = true,
                                  .pull = true};
    trees[1] = (struct plan_tree){
        .id = "dir-1", .local_path = tmpdir, .remote_path = "/q", .push = true};
    *p = (struct plan){.kind = SANDBOX_REMOTE_CONTAINER,
                       .command.workdir = "/p",
                       .user.home = "/h",
                       .user.uid = 7,
                       .files.mounts = mounts,
                       .files.mount_count = 2,
                       .remote.trees = trees,
                       .remote.tree_count = 2};
}

/* The remote end closes the connection before it sends anything. */
static void lost_remote_end_is_an_error(void)
{
    static const struct fake_rule rules[] = {
        {"POST /v1.41/volumes/create", MADE("v1", "abc"), false},
        {"GET /v1.41/containers/c0ffee/json", FAKE_JSON("200 OK", "{}"), false},
        {"POST /v1.41/containers/c0ffee/exec", FAKE_JSON("201 Created", "{\"Id\":\"e1\"}"),
         false},
        {"POST /v1.41/exec/e1/start", "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n", false},
        FAKE_END};
    struct remote_files t;
    struct remote_sync run = {.way = REMOTE_SEND};
    struct plan p;
    struct err e = {0};

    plan_of(&p);
    fake_engine(&c.engine, &f, rules);
    is_int(remote_files_prepare(&c.ctx, &p, &t, &e), 0, "the volumes of the plan are made");
    ok(t.count == 2 && strcmp(t.trees[0].id, "project-abc") == 0 && !t.trees[0].memory,
       "the name of a base contains the mark of its volume");
    ok(t.trees[1].memory && strcmp(t.trees[1].id, "dir-1-memory") == 0,
       "a tree in memory has no volume");
    is_str(t.volume, "v1", "the volume of the project is known");
    is_int(mode_of(t.base_dir), 0700, "the directory of the bases is private");
    put_file(arena_printf(&c.arena, "%s/dir-1-memory", t.base_dir), "of an earlier session");
    ok(remote_files_sync(&c.ctx, &t, "c0ffee", &run, &e) < 0 &&
           strstr(e.text, "send the project") != NULL && strstr(e.text, "has ended") != NULL,
       "a remote end that closes the connection is an error: %s", e.text);
    ok(!file_exists(arena_printf(&c.arena, "%s/dir-1-memory", t.base_dir)),
       "the base of a tree in memory is removed");
    conn_close(&c.engine.conn);
    fake_stop(&f);
}

static void unavailable_things_are_listed(void)
{
    struct plan p;
    const char *told =
        arena_printf(&c.arena, "%s/told/%s", c.facts.state_dir, c.facts.project_key);

    plan_of(&p);
    p.kind = SANDBOX_LOCAL_CONTAINER;
    remote_files_warn(&c.ctx, &p);
    ok(!file_exists(told), "for an engine that sees the files nothing is printed");
    p.kind = SANDBOX_REMOTE_CONTAINER;
    strv_add(&p.remote.left_out, &c.arena, "the ssh agent");
    strv_add(&p.remote.left_out, &c.arena, "this machine's localhost");
    remote_files_warn(&c.ctx, &p);
    ok(strstr(get_file(told), "the ssh agent, this machine's localhost.") != NULL,
       "everything that is not available is listed in one warning");
}

int main(void)
{
    tmpdir_make();
    (void)signal(SIGPIPE, SIG_IGN);
    context_init(&c, (char *const[]){NULL});
    c.facts =
        (struct facts){.project = tmpdir,
                       .cwd_physical = tmpdir,
                       .project_key = "p-1",
                       .owner_key = "0a0b",
                       .state_dir = arena_printf(&c.arena, "%s/state", tmpdir),
                       .home = tmpdir,
                       .engine = {.kind = SANDBOX_REMOTE_CONTAINER, .remote_why = "it is far"}};
    synchronizations_are_reported();
    lost_remote_end_is_an_error();
    unavailable_things_are_listed();
    tmpdir_remove();
    context_release(&c);
    return done_testing();
}
