/* SPDX-License-Identifier: MIT */
#include "init/mount_identity.h"

#include "base/file_id.h"
#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

/* Returns the entry of the boot file that a directory has now. */
static const char *entry(const char *name)
{
    char id[FILE_ID_SIZE];

    (void)file_id_of(in_tmp(name), id);
    return arena_printf(&arena, "%s %s", id, in_tmp(name));
}

int main(void)
{
    struct boot b = {0};
    struct boot odd = {0};
    struct err e = {0};

    tmpdir_make();
    (void)mkdir(in_tmp("run"), 0700);
    (void)mkdir(in_tmp("my project"), 0700);
    (void)mkdir(in_tmp("other"), 0700);
    is_int(mount_identity_check(&b, &e), 0, "without entries there is nothing to check");
    strv_add(&b.mount_ids, &arena, entry("run"));
    strv_add(&b.mount_ids, &arena, entry("my project"));
    ok(mount_identity_check(&b, &e) == 0, "unchanged directories are accepted %s", e.text);
    ok(rename(in_tmp("my project"), in_tmp("p")) == 0 && mount_identity_check(&b, &e) < 0 &&
           e.kind == ERR_REFUSED,
       "a missing directory is refused: %s", e.text);
    err_reset(&e);
    ok(symlink("p", in_tmp("my project")) == 0 && mount_identity_check(&b, &e) < 0,
       "a link in the place of a directory is refused: %s", e.text);
    err_reset(&e);
    ok(unlink(in_tmp("my project")) == 0 &&
           rename(in_tmp("other"), in_tmp("my project")) == 0 &&
           mount_identity_check(&b, &e) < 0,
       "another directory in the place of a directory is refused: %s", e.text);
    strv_add(&odd.mount_ids, &arena, arena_printf(&arena, "1:1 %s", in_tmp("run")));
    strv_add(&odd.mount_ids, &arena, b.mount_ids.v[1]);
    err_reset(&e);
    is_int(mount_identity_check(&odd, &e), 0,
           "an engine that does not preserve identities is accepted");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
