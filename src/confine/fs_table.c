/* SPDX-License-Identifier: MIT */
#include "confine/fs_table.h"

enum { MODE_USUAL = 0755, MODE_ALL = 01777 };

#define NONE LANDLOCK_NONE
#define READ LANDLOCK_READ
#define WRITE LANDLOCK_WRITE
#define DEVICE LANDLOCK_DEVICE

/* clang-format off */
#define DEVICE_NODE(path, why) {path, FS_DEVICE, 0, NULL, NONE, DEVICE, why}
#define LINK(path, target, why) {path, FS_LINK, 0, target, NONE, NONE, why}
#define LOCK(form, path) {path, form, 0, NULL, NONE, NONE, "settings of the machine, which uid 0 may change without any capability"}
#define HIDE(form, path, why) {path, form, 0, NULL, NONE, NONE, why}

static const struct fs_rule rules[] = {
    {"/", FS_ROOT, 0, NULL, READ, NONE, "the new root contains only what this table and the plan put there"},
    {"/var/lib/ca-certificates", FS_HOST_DIR, 0, NULL, NONE, READ, "certificates: /etc links to them on some systems"},
    {"/sys/devices/system", FS_HOST_DIR, 0, NULL, NONE, READ, "programs read the number of processors there"},
    {"/proc", FS_PROC, 0, NULL, DEVICE, READ, "the sandbox's own processes; without a pid namespace those of the whole machine, read-only"},
    LOCK(FS_LOCK_DIR, "/proc/bus"),
    LOCK(FS_LOCK_DIR, "/proc/fs"),
    LOCK(FS_LOCK_DIR, "/proc/irq"),
    LOCK(FS_LOCK_DIR, "/proc/sys"),
    LOCK(FS_LOCK_FILE, "/proc/sysrq-trigger"),
    HIDE(FS_HIDE_DIR, "/proc/acpi", "describes the machine's hardware"),
    HIDE(FS_HIDE_DIR, "/proc/asound", "describes the machine's hardware"),
    HIDE(FS_HIDE_DIR, "/proc/scsi", "describes the machine's hardware"),
    HIDE(FS_HIDE_FILE, "/proc/kcore", "the machine's memory"),
    HIDE(FS_HIDE_FILE, "/proc/keys", "keyrings belong to no namespace"),
    HIDE(FS_HIDE_FILE, "/proc/key-users", "keyrings belong to no namespace"),
    HIDE(FS_HIDE_FILE, "/proc/latency_stats", "describes what other processes do"),
    HIDE(FS_HIDE_FILE, "/proc/sched_debug", "describes what other processes do"),
    HIDE(FS_HIDE_FILE, "/proc/timer_list", "describes what other processes do"),
    HIDE(FS_HIDE_FILE, "/proc/kallsyms", "addresses in the kernel"),
    HIDE(FS_HIDE_FILE, "/proc/kmsg", "the kernel's messages"),
    {"/dev", FS_DEV, MODE_USUAL, NULL, DEVICE, NONE, "contains only the devices of the rows below"},
    DEVICE_NODE("/dev/null", "discards what is written"),
    DEVICE_NODE("/dev/zero", "reads as zero bytes"),
    DEVICE_NODE("/dev/full", "reports a full disk"),
    DEVICE_NODE("/dev/random", "random bytes"),
    DEVICE_NODE("/dev/urandom", "random bytes"),
    DEVICE_NODE("/dev/tty", "the process's own controlling terminal"),
    {"/dev/pts", FS_PTS, 0, NULL, NONE, NONE, "terminals of the sandbox, and none of the host"},
    LINK("/dev/ptmx", "pts/ptmx", "opens a terminal of the sandbox"),
    LINK("/dev/fd", "/proc/self/fd", "the process's own descriptors"),
    LINK("/dev/stdin", "/proc/self/fd/0", "the process's own descriptors"),
    LINK("/dev/stdout", "/proc/self/fd/1", "the process's own descriptors"),
    LINK("/dev/stderr", "/proc/self/fd/2", "the process's own descriptors"),
    {"/dev/shm", FS_MEMORY, MODE_ALL, NULL, WRITE, NONE, "shared memory of the sandbox"},
    {"/tmp", FS_MEMORY, MODE_ALL, NULL, WRITE, NONE, "temporary files of the sandbox"},
    {"/var/tmp", FS_MEMORY, MODE_ALL, NULL, WRITE, NONE, "temporary files of the sandbox"},
    {"/run", FS_MEMORY, MODE_USUAL, NULL, WRITE, NONE, "sockets of the sandbox, and none of the host"},
    LINK("/var/run", "/run", "the older name of /run"),
};
/* clang-format on */

const struct fs_rule *fs_rules(size_t *count)
{
    *count = sizeof(rules) / sizeof(rules[0]);
    return rules;
}
