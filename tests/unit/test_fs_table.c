/* SPDX-License-Identifier: MIT */
/* Tests the table of the fixed part of a native sandbox's file tree: conditions that every row
 * must fulfil, and a second list of the devices. */
#include "confine/fs_table.h"

#include "base/path.h"
#include "tap.h"

static const char *const devices[] = {"/dev/null",   "/dev/zero",    "/dev/full",
                                      "/dev/random", "/dev/urandom", "/dev/tty"};

enum { DEVICES = sizeof(devices) / sizeof(devices[0]) };

static const struct fs_rule *rules;
static size_t count;

static bool is_listed(const char *path)
{
    for (size_t i = 0; i < DEVICES; i++) {
        if (strcmp(devices[i], path) == 0) {
            return true;
        }
    }
    return false;
}

static void every_row_has_a_path_and_a_reason(void)
{
    bool sane = true;
    bool ordered = true;

    for (size_t i = 0; i < count; i++) {
        const struct fs_rule *r = &rules[i];
        const bool in_memory = r->form == FS_MEMORY || r->form == FS_DEV;

        sane = sane && r->path[0] == '/' && strlen(r->why) > 0 &&
               (r->form == FS_LINK) == (r->target != NULL) && in_memory == (r->mode != 0);
        for (size_t j = 0; j < i; j++) {
            sane = sane && strcmp(r->path, rules[j].path) != 0;
            ordered = ordered && !path_is_inside(rules[j].path, r->path);
        }
    }
    ok(sane, "every row has a unique path, a reason, and the members that its form needs");
    ok(ordered, "a row comes after the rows of the directories above its path");
}

static void only_harmless_devices_are_shared(void)
{
    size_t found = 0;
    bool granted = true;

    for (size_t i = 0; i < count; i++) {
        const struct fs_rule *r = &rules[i];

        if (r->form == FS_DEVICE) {
            ok(is_listed(r->path), "%s is in the list of harmless devices", r->path);
            found++;
        }
        granted = granted && (r->landlock_only == LANDLOCK_DEVICE) == (r->form == FS_DEVICE);
    }
    is_int((long long)found, DEVICES, "all devices of the list are shared");
    ok(granted, "without namespaces, each device has a grant of its own, and no other path has "
                "such a grant");
}

static void the_host_is_only_read(void)
{
    bool ok_namespaces = true;
    bool ok_landlock = true;

    for (size_t i = 0; i < count; i++) {
        const struct fs_rule *r = &rules[i];

        ok_namespaces =
            ok_namespaces && (r->namespaces != LANDLOCK_WRITE || r->form == FS_MEMORY) &&
            (r->namespaces != LANDLOCK_DEVICE || r->form == FS_DEV || r->form == FS_PROC);
        ok_landlock =
            ok_landlock && r->landlock_only != LANDLOCK_WRITE &&
            (r->landlock_only != LANDLOCK_READ || r->form == FS_HOST_DIR || r->form == FS_PROC);
    }
    ok(ok_namespaces,
       "with namespaces, only file systems in memory, devices and /proc can be written");
    ok(ok_landlock, "without namespaces, no directory of the host can be written");
}

static void parts_of_proc_are_covered(void)
{
    bool below = true;
    size_t covered = 0;

    for (size_t i = 0; i < count; i++) {
        const struct fs_rule *r = &rules[i];

        if (r->form == FS_LOCK_DIR || r->form == FS_LOCK_FILE || r->form == FS_HIDE_DIR ||
            r->form == FS_HIDE_FILE) {
            covered++;
            below = below && path_is_inside(r->path, "/proc") &&
                    r->namespaces == LANDLOCK_NONE && r->landlock_only == LANDLOCK_NONE;
        }
    }
    ok(below, "only parts of /proc are locked or hidden");
    is_int((long long)covered, 16, "all 16 such rows are there");
}

int main(void)
{
    rules = fs_rules(&count);
    every_row_has_a_path_and_a_reason();
    only_harmless_devices_are_shared();
    the_host_is_only_read();
    parts_of_proc_are_covered();
    return done_testing();
}
