/* SPDX-License-Identifier: MIT */
#include "engine/docker_podman.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/unix_socket.h"
#include "engine/docker_api.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

enum { PROC_PATH_MAX = 64 };

static const char cgroup2_controllers[] = "/sys/fs/cgroup/cgroup.controllers";

const char *podman_arch(const char *machine)
{
    static const char *const names[][2] = {
        {"x86_64", "amd64"}, {"aarch64", "arm64"}, {"armv7l", "arm"}, {"i686", "386"}};

    for (size_t i = 0; machine != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(machine, names[i][0]) == 0) {
            return names[i][1];
        }
    }
    return machine;
}

/* Reads a short file of /proc or /sys. Returns false if that is not possible. */
static bool read_text(const char *path, struct buf *out)
{
    struct err ignored = {0};

    buf_reset(out);
    return file_read(path, out, &ignored) == 0;
}

static struct str next_word(struct str *text)
{
    struct str word = {0};

    do {
        *text = str_trim(*text);
    } while (str_cut(text, ' ', &word) && word.len == 0);
    return str_trim(word);
}

/* Returns whether this process is not in a user namespace with mapped ids, so that its ids are
 * those of the initial user namespace (user_namespaces(7)). */
static bool sees_all_ids(struct buf *text)
{
    static const char *const all[] = {"0", "0", "4294967295"};
    struct str rest;

    if (!read_text("/proc/self/uid_map", text)) {
        return false;
    }
    rest = buf_str(text);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!str_eq_c(next_word(&rest), all[i])) {
            return false;
        }
    }
    return str_trim(rest).len == 0;
}

static bool is_podman(pid_t pid, struct buf *text)
{
    char path[PROC_PATH_MAX];
    struct str name;

    if (pid <= 0) {
        return false; /* the peer is in another pid namespace */
    }
    (void)snprintf(path, sizeof(path), "/proc/%lld/comm", (long long)pid);
    if (!read_text(path, text)) {
        return false;
    }
    name = str_trim(buf_str(text));
    return str_eq_c(name, "podman") || str_eq_c(name, "systemd");
}

static bool has_word(struct str text, const char *wanted)
{
    while (text.len > 0) {
        if (str_eq_c(next_word(&text), wanted)) {
            return true;
        }
    }
    return false;
}

/* Sets which limits Podman supports. With cgroup v2 these are the controllers that the kernel
 * has. With cgroup v1, rootless Podman supports none; Podman run by root reports an error
 * itself if it cannot set a limit. */
static void limits(struct fact_engine *out, struct buf *text)
{
    bool v2 = read_text(cgroup2_controllers, text);
    struct str known = buf_str(text);

    out->pids_limit = v2 ? has_word(known, "pids") : !out->rootless;
    out->no_memory_limit = v2 ? !has_word(known, "memory") : out->rootless;
    out->no_cpu_limit = v2 ? !has_word(known, "cpu") : out->rootless;
}

bool podman_facts(struct engine *en, struct arena *a, struct fact_engine *out)
{
    struct net_wait w = api_wait(en);
    struct err ignored = {0}; /* the request for /info will fail in the same way */
    struct utsname machine;
    struct buf text;
    bool found = false;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (en->endpoint.kind == ENDPOINT_UNIX && uname(&machine) == 0 && sees_all_ids(&text) &&
        api_connect_kept(en, &w, &ignored) == 0 &&
        is_podman(unix_socket_peer_pid(en->conn.fd), &text)) {
        out->rootless = !unix_socket_peer_is(en->conn.fd, 0);
        out->no_seccomp = !file_exists("/proc/sys/kernel/seccomp");
        out->arch = arena_strdup(a, podman_arch(machine.machine));
        limits(out, &text);
        found = true;
    }
    buf_release(&text);
    return found;
}
