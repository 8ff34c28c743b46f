/* SPDX-License-Identifier: MIT */
#include "host/probe.h"

#include "base/build_id.h"
#include "base/env.h"
#include "base/file.h"
#include "base/file_id.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "base/rlimits.h"
#include "base/sig.h"
#include "base/unix_socket.h"
#include "host/claude_above.h"
#include "host/claude_entries.h"
#include "host/claude_imports.h"
#include "host/claude_links.h"
#include "host/git_logins.h"
#include "host/git_repository.h"
#include "host/git_settings.h"
#include "host/git_signing.h"
#include "host/git_top.h"
#include "host/git_worktree.h"
#include "host/groups.h"
#include "host/ide.h"
#include "host/local_addresses.h"
#include "host/look.h"
#include "host/owner.h"
#include "host/places.h"
#include "host/project_dotenv.h"
#include "host/project_find.h"
#include "host/project_links.h"
#include "host/project_tools.h"
#include "host/setup_commands.h"
#include "host/shell_setup.h"
#include "host/ssh_public.h"
#include "host/ssh_settings.h"
#include "host/terminfo.h"
#include "host/timezone.h"
#include "host/tool_settings.h"
#include "host/trees.h"
#include "host/user.h"
#include "plan/claude_state.h"
#include "plan/plan.h"
#include "term/raw.h"
#include "trust/ledger.h"
#include "trust/lookup.h"
#include "wire/dotenv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RANDOM_DIGITS = 16 };

#define BASE_IMAGE "debian:trixie-slim"

/* The variables of the host that name a file of certificates. */
static const char *const ca_variables[] = {
    "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE",  "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",  "GIT_SSL_CAINFO",
};
enum { CA_VARIABLES = sizeof(ca_variables) / sizeof(ca_variables[0]) };

/* Returns the value of a variable that names a path, and NULL if it is not set. A relative path
 * is ignored, as the XDG Base Directory Specification says. */
static const char *dir_env(char *const *env, const char *name)
{
    const char *value = env_value(env, name);

    return value != NULL && value[0] == '/' ? value : NULL;
}

/* Returns cco's directory in the directory that the variable `name` contains, or in `fallback`,
 * which is relative to the home. */
static const char *xdg(char *const *env, struct arena *a, const struct facts *f,
                       const char *name, const char *fallback)
{
    const char *dir = dir_env(env, name);

    return path_clean(a,
                      path_join(a, dir != NULL ? dir : path_join(a, f->home, fallback), "cco"));
}

static int probe_user(char *const *env, struct arena *a, struct facts *f, struct err *e)
{
    struct user_entry user = {0};

    f->uid = getuid();
    f->gid = getgid();
    (void)user_find(f->uid, a, &user);
    f->user = user.name != NULL ? user.name : env_value(env, "USER");
    if (f->user == NULL || strpbrk(f->user, ":\n/ ") != NULL) {
        f->user = f->uid == 0 ? "root" : arena_printf(a, "u%llu", (unsigned long long)f->uid);
    }
    f->home = dir_env(env, "HOME");
    if (f->home == NULL) {
        f->home = user.home;
    }
    if (f->home == NULL || f->home[0] != '/') {
        const char *value = env_exact(env, "HOME");

        (void)err_set(e, ERR_NOT_FOUND, "no home directory: HOME is %s",
                      value == NULL ? "not set"
                      : value[0] == '\0'
                          ? "empty"
                          : arena_printf(a, "%s, which is not an absolute path", value));
        return err_hint(e, "Set HOME to your home directory.");
    }
    f->home = path_clean(a, f->home);
    f->home_physical = lookup_physical(a, f->home);
    if (f->home_physical == NULL) {
        f->home_physical = f->home;
    }
    if (strcmp(f->home, "/") == 0) {
        (void)err_set(e, ERR_REFUSED, "the home directory is /");
        return err_hint(e, "Set HOME to a directory of your own.");
    }
    return 0;
}

static void probe_repository(struct arena *a, struct facts *f)
{
    struct lookup l;
    const char *tree = git_top_find(a, f->cwd_physical, f->uid).nearest;

    f->git_common_dir = tree != NULL && path_is_inside(tree, f->project)
                            ? git_worktree_common_dir(a, tree)
                            : NULL;
    if (f->git_common_dir == NULL) { /* a submodule of a worktree */
        f->git_common_dir = git_worktree_common_dir(a, f->project);
    }
    if (f->git_common_dir == NULL) {
        return;
    }
    /* The identity is that of a directory which was reached without a link, because a session
     * of another project may have made the repository, and can exchange it. */
    l = lookup_path(a, NULL, f->git_common_dir, LOOKUP_NAMED);
    if (l.physical == NULL || strcmp(l.physical, f->git_common_dir) != 0) {
        f->git_common_dir = NULL;
        return;
    }
    f->git_common_id = arena_printf(a, "%llu:%llu", (unsigned long long)l.id.device,
                                    (unsigned long long)l.id.inode);
    ledger_add(f->trees, a, f->git_common_dir);
}

static void probe_dirs(char *const *env, struct arena *a, struct facts *f)
{
    const char *config = dir_env(env, "CLAUDE_CONFIG_DIR");
    struct fact_path dir;

    f->data_dir = xdg(env, a, f, "XDG_DATA_HOME", ".local/share");
    f->config_dir = xdg(env, a, f, "XDG_CONFIG_HOME", ".config");
    f->runtime_dir = owner_runtime_dir(dir_env(env, "XDG_RUNTIME_DIR"), a, f);
    f->claude_path = config != NULL ? path_clean(a, config) : path_join(a, f->home, ".claude");
    dir = look_unpinned(a, f, f->claude_path);
    f->claude_dir = dir.physical != NULL ? dir.physical : f->claude_path;
    trees_add_state(a, f);
    f->claude_json = look_unpinned(
        a, f, path_join(a, config != NULL ? f->claude_dir : f->home, ".claude.json"));
    (void)look_unpinned(a, f, f->data_dir);
    (void)look_unpinned(a, f, f->state_dir);
    (void)look_unpinned(a, f, f->runtime_dir);
    f->claude_state = arena_array(a, claude_state_count, sizeof(f->claude_state[0]));
    for (size_t i = 0; i < claude_state_count; i++) {
        struct fact_path p = look_state(a, f, &claude_state[i]);

        f->claude_state[i] = (struct fact_state){.type = p.type, .physical = p.physical};
    }
}

static void probe_ssh(char *const *env, struct arena *a, struct facts *f)
{
    const char *agent = dir_env(env, "SSH_AUTH_SOCK");
    const char *dir = path_join(a, f->home, ".ssh");
    struct strv names = {0};

    f->known_hosts = look_readable(a, f, path_join(a, dir, "known_hosts"));
    f->ssh_config = look_readable(a, f, path_join(a, dir, "config"));
    f->ssh_dir = look_obeyed(a, f, dir);
    ssh_public_names(a, dir, &names);
    f->ssh_public = arena_array(a, names.count, sizeof(f->ssh_public[0]));
    for (size_t i = 0; i < names.count; i++) {
        struct fact_path p = look_readable(a, f, path_join(a, dir, names.v[i]));

        if (p.type == FACT_FILE && ssh_public_is_key(p.physical)) {
            f->ssh_public[f->ssh_public_count++] = p;
        }
    }
    ssh_settings_probe(a, f);
    if (agent != NULL && unix_socket_is_live(agent)) {
        f->ssh_agent = look_obeyed(a, f, agent);
    }
}

/* Finds the files of certificates. Only absolute paths count, because a relative path would be
 * looked up in the project. A file in the project may be used, if no link leads there. */
static void probe_cas(char *const *env, struct arena *a, struct facts *f)
{
    const char **names = arena_array(a, CA_VARIABLES, sizeof(*names));

    f->ca_files = arena_array(a, CA_VARIABLES, sizeof(f->ca_files[0]));
    f->ca_names = names;
    for (size_t i = 0; i < CA_VARIABLES; i++) {
        const char *path = dir_env(env, ca_variables[i]);
        struct fact_path p = {0};
        const char *why = NULL;

        if (path != NULL) {
            p = look_certificates(a, f, path, &why);
        }
        if (p.type == FACT_FILE && why != NULL) {
            strv_add(&f->warnings, a,
                     arena_printf(a, "%s=%s is not shared with the sandbox: %s",
                                  ca_variables[i], path, why));
        } else if (p.type == FACT_FILE && access(p.physical, R_OK) == 0) {
            names[f->ca_count] = ca_variables[i];
            f->ca_files[f->ca_count++] = p;
        }
    }
}

static void probe_environment(char *const *env, struct arena *a, struct facts *f)
{
    for (size_t i = 0; env[i] != NULL; i++) {
        struct str rest = str_c(env[i]);
        struct str name = {0};

        if (str_cut(&rest, '=', &name) && dotenv_is_key(name)) {
            const char *copy = arena_str(a, name);

            if (!strv_has(&f->env_names, copy)) {
                strv_add(&f->env_names, a, copy);
            }
        }
    }
    strv_sort(&f->env_names);
}

static int probe_self(struct arena *a, struct facts *f, struct err *e)
{
    char *digits = arena_alloc(a, RANDOM_DIGITS + 1);
    char *digest = arena_alloc(a, SHA256_HEX);
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
    f->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    f->version = CCO_VERSION;
    f->base = BASE_IMAGE;
    f->exe = lookup_physical(a, "/proc/self/exe");
    if (f->exe == NULL) {
        return err_sys(e, "/proc/self/exe");
    }
    if ((!build_id(digest) && file_sha256("/proc/self/exe", digest, e) < 0) ||
        random_hex(digits, RANDOM_DIGITS, e) < 0) {
        return -1;
    }
    f->exe_digest = digest;
    f->random = digits;
    return 0;
}

/* Reads the attributes that a program inherits from the process that starts it. */
static void probe_process(struct arena *a, struct facts *f)
{
    const mode_t mask = umask(0); /* there is no call that only reads it */
    const int nice = getpriority(PRIO_PROCESS, 0);

    (void)umask(mask);
    f->umask = mask;
    sig_ignored(&f->ignored, a);
    if (nice > 0) {
        f->nice = (unsigned)nice;
    }
    groups_find(f->gid, &f->groups, a);
    owner_probe(a, f);
    f->project_group = groups_of_dir(&f->groups, f->uid, f->gid, f->project);
    rlimits_read(&f->limits, a);
}

/* Returns whether a file of the firmware's facts has this line. */
static bool firmware_is(const char *name, const char *line)
{
    struct err ignored = {0};
    struct buf text;
    bool is;

    buf_init(&text, LIMIT_NAME);
    is = file_read(name, &text, &ignored) == 0 && str_eq_c(str_trim(buf_str(&text)), line);
    buf_release(&text);
    return is;
}

static void probe_machine(struct facts *f)
{
    f->cloud_machine = firmware_is("/sys/class/dmi/id/sys_vendor", "Amazon EC2") ? MACHINE_AWS
                       : firmware_is("/sys/class/dmi/id/product_name", "Google Compute Engine")
                           ? MACHINE_GOOGLE
                           : MACHINE_OTHER;
}

static void probe_terminal(struct facts *f)
{
    f->stdin_tty = isatty(STDIN_FILENO) == 1;
    f->stdout_tty = isatty(STDOUT_FILENO) == 1;
    f->stderr_tty = isatty(STDERR_FILENO) == 1;
    if (f->stdout_tty) {
        tty_size(STDOUT_FILENO, &f->rows, &f->cols);
    }
}

/* Does what host_probe() does. With `here`, the current directory is the project. */
static int probe(char *const *env, bool here, struct arena *a, struct facts *f, struct err *e)
{
    if (probe_user(env, a, f, e) < 0) {
        return -1;
    }
    f->state_dir = xdg(env, a, f, "XDG_STATE_HOME", ".local/state");
    if (project_find(env_value(env, "PWD"), here, a, f, e) < 0 || probe_self(a, f, e) < 0) {
        return -1;
    }
    probe_repository(a, f);
    probe_environment(env, a, f);
    local_addresses_probe(env, a, f);
    probe_dirs(env, a, f);
    host_places(a, f);
    claude_entries_probe(a, f);
    claude_links_probe(a, f);
    claude_imports_probe(a, f);
    claude_above_probe(a, f);
    setup_commands_probe(env, a, f);
    ide_probe(env, a, f);
    git_settings_probe(env, a, f);
    git_logins_probe(env, a, f);
    git_repository_probe(a, f);
    git_worktrees_probe(a, f);
    probe_ssh(env, a, f);
    git_signing_probe(a, f);
    probe_cas(env, a, f);
    probe_process(a, f);
    probe_machine(f);
    probe_terminal(f);
    terminfo_probe(env, a, f);
    tool_settings_probe(a, f);
    project_links_probe(a, f);
    project_tools_probe(a, f);
    shell_setup_probe(env_value(env, "PATH"), a, f);
    f->tz = timezone_name(a, env_value(env, "TZ"));
    project_dotenv_probe(a, f);
    return 0;
}

int host_probe(char *const *env, bool here, struct arena *a, struct facts *f, struct err *e)
{
    const struct facts before = *f;
    const char *why = NULL;
    const char *top;

    if (probe(env, here, a, f, e) < 0) {
        return -1;
    }
    if (strcmp(f->project, f->cwd_physical) != 0) {
        f->project_leads_to = look_through(a, f, f->project);
        why = project_refusal(f, f->project, a);
    }
    if (why == NULL) {
        project_find_note(a, f);
        return 0;
    }
    /* The facts depend on which directory the sandbox can write. */
    top = f->project;
    *f = before;
    if (probe(env, true, a, f, e) < 0) {
        return -1;
    }
    f->git_top = top;
    f->git_top_why = why;
    project_find_note(a, f);
    return 0;
}
