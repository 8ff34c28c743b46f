/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <string.h>

#define RUNS (IN(CMD_CLAUDE) | IN(CMD_SHELL))
#define IMAGES                                                                                 \
    (IN(CMD_IMAGE_BUILD) | IN(CMD_IMAGE_SAVE) | IN(CMD_IMAGE_LIST) | IN(CMD_IMAGE_PRUNE))
/* Who asks which image it is. */
#define OF_IMAGE (RUNS | IMAGES | IN(CMD_INFO))
#define EVERY UINT64_MAX
#define ALL_BUT_CLAUDE (EVERY & ~IN(CMD_CLAUDE))

#define FLAG(member) offsetof(struct opts, member)

const char *const option_groups[GROUP_COUNT] = {
    "what is inside", "the image", "network and limits", "the session", "cco itself", "options",
};

const struct option option_table[] = {
    {OPT_ENV, "env", NULL, 'e', "NAME[=VALUE]",
     "--env NAME=VALUE, or --env NAME to copy it from here",
     "set a variable, or pass it on; repeatable", GROUP_INSIDE, COMPLETE_NOTHING, RUNS,
     FLAG_NONE, true},
    {OPT_ADD_DIR, "add-dir", NULL, '\0', "PATH[:ro]",
     "--add-dir ../lib, or --add-dir ../lib:ro", "mount a directory; claude may use it too",
     GROUP_INSIDE, COMPLETE_DIR, RUNS, FLAG_NONE, true},
    {OPT_RO, "ro", "allow-readonly", '\0', "PATH", "--ro ~/.config/gh",
     "mount read-only at the same place", GROUP_INSIDE, COMPLETE_FILE, RUNS, FLAG_NONE, true},
    {OPT_DENY, "deny", "deny-path", '\0', "PATH", "--deny .env.production",
     "hide a file or directory of the project", GROUP_INSIDE, COMPLETE_FILE, RUNS, FLAG_NONE,
     true},
    {OPT_SSH_KEYS, "ssh-keys", NULL, '\0', NULL, "--ssh-keys",
     "give ~/.ssh with its private keys, read-only", GROUP_INSIDE, COMPLETE_NOTHING, RUNS,
     FLAG(ssh_keys), true},
    {OPT_DOCKER, "docker", "docker-socket", '\0', NULL, "--docker",
     "give the engine's socket: root on this machine", GROUP_INSIDE, COMPLETE_NOTHING, RUNS,
     FLAG(docker), true},
    {OPT_SUDO, "sudo", NULL, '\0', NULL, "--sudo", "let sudo work inside", GROUP_INSIDE,
     COMPLETE_NOTHING, RUNS, FLAG(sudo), true},
    {OPT_PACKAGES, "packages", NULL, '\0', "NAME[,NAME...]", "--packages ffmpeg,graphviz",
     "add Debian packages; repeatable", GROUP_IMAGE, COMPLETE_NOTHING, OF_IMAGE, FLAG_NONE,
     true},
    {OPT_REBUILD, "rebuild", NULL, '\0', NULL, "--rebuild",
     "build with the newest claude first", GROUP_IMAGE, COMPLETE_NOTHING,
     RUNS | IN(CMD_IMAGE_BUILD), FLAG(rebuild), false},
    {OPT_BASE, "base", NULL, '\0', "REF", "--base mirror.example/debian:trixie-slim",
     "build on this Debian image instead", GROUP_IMAGE, COMPLETE_NOTHING, OF_IMAGE, FLAG_NONE,
     true},
    {OPT_BUILD_ARG, "build-arg", NULL, '\0', "NAME=VALUE",
     "--build-arg BASE=mirror.example/debian:trixie-slim",
     "set an ARG of the Dockerfile; repeatable", GROUP_IMAGE, COMPLETE_NOTHING, OF_IMAGE,
     FLAG_NONE, true},
    {OPT_IMAGE, "image", NULL, '\0', "REF", "--image debian:trixie-slim",
     "run this image, unmodified", GROUP_IMAGE, COMPLETE_NOTHING,
     RUNS | IN(CMD_INFO) | IN(CMD_SYNC), FLAG_NONE, true},
    {OPT_NETWORK, "network", NULL, '\0', "host|bridge|none", "--network bridge",
     "default: host where that works", GROUP_LIMITS, COMPLETE_WORDS, RUNS, FLAG_NONE, true},
    {OPT_PUBLISH, "publish", NULL, '\0', "[IP:]PORT[:PORT]",
     "--publish 8080, --publish 8080:80, --publish 0.0.0.0:8080:80",
     "of a bridge: reachable from here; repeatable", GROUP_LIMITS, COMPLETE_NOTHING, RUNS,
     FLAG_NONE, true},
    {OPT_MEMORY, "memory", NULL, '\0', "SIZE", "--memory 512m, --memory 4g",
     "limit of memory, swap included", GROUP_LIMITS, COMPLETE_NOTHING, RUNS, FLAG_NONE, true},
    {OPT_CPUS, "cpus", NULL, '\0', "N", "--cpus 2, --cpus 0.5", "limit of processors",
     GROUP_LIMITS, COMPLETE_NOTHING, RUNS, FLAG_NONE, true},
    {OPT_PIDS, "pids", NULL, '\0', "N", "--pids 4096", "limit of processes (default: 8192)",
     GROUP_LIMITS, COMPLETE_NOTHING, RUNS, FLAG_NONE, true},
    {OPT_NAME, "name", NULL, '\0', "NAME", "--name work", "its name", GROUP_SESSION,
     COMPLETE_NOTHING, RUNS, FLAG_NONE, false},
    {OPT_DETACH, "detach", NULL, '\0', NULL, "--detach",
     "start in the background; print its name", GROUP_SESSION, COMPLETE_NOTHING, RUNS,
     FLAG(detach), false},
    {OPT_DETACH_KEYS, "detach-keys", NULL, '\0', "KEYS|none", "--detach-keys ctrl-p,ctrl-q",
     "leave it running (default: ctrl-\\,d)", GROUP_SESSION, COMPLETE_NOTHING,
     RUNS | IN(CMD_ATTACH), FLAG_NONE, true},
    {OPT_RECORD, "record", NULL, '\0', "FILE", "--record demo.cast",
     "record it as an asciicast", GROUP_SESSION, COMPLETE_FILE, RUNS, FLAG_NONE, false},
    {OPT_ALLOW_OAUTH_REFRESH, "allow-oauth-refresh", NULL, '\0', NULL, "--allow-oauth-refresh",
     "let claude renew the login, and keep it", GROUP_SESSION, COMPLETE_NOTHING, RUNS,
     FLAG(allow_oauth_refresh), true},
    {OPT_STRICT, "strict", NULL, '\0', NULL, "--strict",
     "exit 3 if what the host may execute changed", GROUP_SESSION, COMPLETE_NOTHING, RUNS,
     FLAG(strict), true},
    {OPT_DISABLE_BACKGROUND_TASKS, "disable-background-tasks", NULL, '\0', NULL,
     "--disable-background-tasks", "turn claude's background tasks off", GROUP_SESSION,
     COMPLETE_NOTHING, RUNS, FLAG(disable_background_tasks), true},
    {OPT_SYNC, "sync", NULL, '\0', "auto|none|push|both|all", "--sync push, --sync both,all",
     "how files go to a remote engine", GROUP_SESSION, COMPLETE_WORDS, RUNS | IN(CMD_SYNC),
     FLAG_NONE, true},
    {OPT_ENGINE, "engine", "backend", '\0', "auto|docker|native", "--engine native",
     "which engine; native: none at all", GROUP_CCO, COMPLETE_WORDS, EVERY, FLAG_NONE, true},
    {OPT_INSECURE, "insecure", NULL, '\0', NULL, "--insecure",
     "allow an engine at tcp:// without TLS", GROUP_CCO, COMPLETE_NOTHING, EVERY,
     FLAG(insecure), true},
    {OPT_REQUIRE, "require", NULL, '\0', "full", "--require full",
     "without an engine: full confinement, or no start", GROUP_CCO, COMPLETE_WORDS, RUNS,
     FLAG_NONE, true},
    {OPT_ALLOW_USERNS, "allow-userns", NULL, '\0', NULL, "--allow-userns",
     "without an engine: user namespaces inside", GROUP_CCO, COMPLETE_NOTHING, RUNS,
     FLAG(allow_userns), true},
    {OPT_SUBIDS, "subids", NULL, '\0', NULL, "--subids",
     "without an engine: your ids of /etc/subuid, too", GROUP_CCO, COMPLETE_NOTHING, RUNS,
     FLAG(subids), true},
    {OPT_DRY_RUN, "dry-run", NULL, '\0', NULL, "--dry-run",
     "print the whole plan as JSON; start nothing", GROUP_CCO, COMPLETE_NOTHING,
     RUNS | IN(CMD_CLEANUP) | IN(CMD_IMAGE_PRUNE) | IN(CMD_SYNC), FLAG(dry_run), false},
    {OPT_TIMING, "timing", NULL, '\0', NULL, "--timing", "on exit, tell what took how long",
     GROUP_CCO, COMPLETE_NOTHING, EVERY, FLAG(timing), true},
    {OPT_YES, "yes", NULL, 'y', NULL, "--yes", "answer yes to cco's questions", GROUP_CCO,
     COMPLETE_NOTHING, EVERY, FLAG(yes), true},
    {OPT_QUIET, "quiet", NULL, '\0', NULL, "--quiet", "no warnings, no progress", GROUP_CCO,
     COMPLETE_NOTHING, EVERY, FLAG(quiet), true},
    {OPT_VERBOSE, "verbose", NULL, '\0', NULL, "--verbose",
     "tell more; claude gets this flag as well", GROUP_CCO, COMPLETE_NOTHING, EVERY,
     FLAG(verbose), true},
    {OPT_HELP, "help", NULL, 'h', NULL, "--help", "this text (`cco -- --help`: claude's)",
     GROUP_CCO, COMPLETE_NOTHING, EVERY, FLAG_NONE, false},
    {OPT_VERSION, "version", NULL, 'v', NULL, "--version", "cco's version", GROUP_CCO,
     COMPLETE_NOTHING, EVERY, FLAG_NONE, false},
    {OPT_JSON, "json", NULL, '\0', NULL, "cco info --json", "print JSON, for machines",
     GROUP_COMMAND, COMPLETE_NOTHING,
     IN(CMD_INFO) | IN(CMD_SESSIONS) | IN(CMD_BACKUP_CREDS) | IN(CMD_IMAGE_LIST) |
         IN(CMD_CLEANUP) | IN(CMD_SELF_UPDATE) | IN(CMD_SYNC),
     FLAG(json), false},
    {OPT_ALL, "all", NULL, '\0', NULL, "cco cleanup --all",
     "also what runs (cleanup), or is current (prune)", GROUP_COMMAND, COMPLETE_NOTHING,
     IN(CMD_CLEANUP) | IN(CMD_IMAGE_PRUNE), FLAG(all), false},
    {OPT_LIST, "list", NULL, '\0', NULL, "cco backup-creds --list", "list the copies there are",
     GROUP_COMMAND, COMPLETE_NOTHING, IN(CMD_BACKUP_CREDS), FLAG(list), false},
    {OPT_READ_ONLY, "read-only", NULL, '\0', NULL, "cco attach --read-only", "only look on",
     GROUP_COMMAND, COMPLETE_NOTHING, IN(CMD_ATTACH), FLAG(read_only), false},
    {OPT_WAIT, "wait", NULL, '\0', NULL, "cco attach --wait",
     "only wait for its end and exit with its status", GROUP_COMMAND, COMPLETE_NOTHING,
     IN(CMD_ATTACH), FLAG(wait), false},
    {OPT_CHECK, "check", NULL, '\0', NULL, "cco self-update --check",
     "only tell whether there is a newer one (exit 1)", GROUP_COMMAND, COMPLETE_NOTHING,
     IN(CMD_SELF_UPDATE), FLAG(check), false},
};
const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

/* "--NAME" or "--NAME=VALUE". */
static bool is_spelled(const char *arg, const char *name, const char **value)
{
    size_t len;

    if (name == NULL || arg[1] != '-') {
        return false;
    }
    len = strlen(name);
    if (strncmp(arg + 2, name, len) != 0 || (arg[2 + len] != '\0' && arg[2 + len] != '=')) {
        return false;
    }
    *value = arg[2 + len] == '=' ? arg + 2 + len + 1 : NULL;
    return true;
}

const struct option *option_named(const char *arg, const char **value)
{
    *value = NULL;
    if (arg[0] != '-') {
        return NULL;
    }
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if ((opt->letter != '\0' && arg[1] == opt->letter && arg[2] == '\0') ||
            is_spelled(arg, opt->name, value) || is_spelled(arg, opt->alias, value)) {
            return opt;
        }
    }
    return NULL;
}
