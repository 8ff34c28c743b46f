/* SPDX-License-Identifier: MIT */
#include "cli/option_text.h"

#include <assert.h>
#include <string.h>

const char *const option_groups[GROUP_COUNT] = {
    "Sandbox", "Image", "Network and limits", "Session", "cco", "Options of single commands",
};

/* In the order of option_table. */
static const struct option_text texts[] = {
    {"env",
     "Sets a variable in the sandbox. `NAME` without a value passes the variable of this name "
     "from this machine's environment; cco warns if it is not set there. The option overrides "
     "variables of the project's `.env`.",
     NULL, "configuration"},
    {"add-dir",
     "Mounts a directory at the path that it has on this machine, and passes it to claude as a "
     "directory that it may use. The sandbox can change it unless `:ro` follows the path.",
     "the sandbox sees the project and nothing else of your work", "security-model"},
    {"ro",
     "Mounts a file or directory read-only at the path that it has on this machine. The path "
     "may be a part of the project; `--ro .` makes the whole project read-only.",
     NULL, "security-model"},
    {"deny",
     "Hides a file or directory of the project: the sandbox sees an empty one in its place. If "
     "the file is the project's `.env`, its variables are not passed either. Patterns are not "
     "expanded. cco warns if the sandbox does not see the path anyway.",
     NULL, "security-model"},
    {"trust",
     "Uses everything that the project would run, set or reach at the start (hooks, MCP "
     "servers, helpers and other settings of claude, variables of `.env` that decide what runs "
     "or where the login goes), for this run only. In the configuration file, the option has a "
     "value: `ask`, `always` or `never`.",
     "cco asks on a terminal, remembers the answer until something changes, and otherwise "
     "starts without these files",
     "trust"},
    {"here",
     "Shares the current directory alone, even if it is in a git work tree. Git then does not "
     "work in the sandbox, unless the directory is the top level itself.",
     "the project is the top level of the git work tree that contains the current directory",
     "security-model"},
    {"ssh-keys",
     "Mounts `~/.ssh` with its private keys, read-only. Each program in the sandbox can then "
     "use and copy the keys.",
     "the sandbox gets `known_hosts`, `config` and the public keys, and can sign with the ssh "
     "agent",
     "security-model"},
    {"gpg",
     "Gives the sandbox copies of gpg's public keys, and a connection to the agent of gpg on "
     "this machine, which must run. While the session runs, each program in the sandbox can "
     "sign and decrypt with your keys, but not copy them.",
     "gpg cannot sign in the sandbox", "network"},
    {"caches",
     "Keeps the usual cache directories of build tools for the next sessions of this project: "
     "`~/.cache` (go, pip, uv, ccache, yarn), `~/.npm`, pnpm's store, `~/go/pkg/mod`, cargo's "
     "registry, and the caches of gradle and maven. They are not this machine's own caches. "
     "`cco cleanup --all` removes them.",
     "the home is new in each session", "sessions"},
    {"docker",
     "Mounts the engine's socket. Any program that can use this socket is root on the engine's "
     "machine, so the sandbox no longer protects that machine.",
     NULL, "security-model"},
    {"sudo",
     "Lets `sudo` work in the sandbox, for example to install packages during a session. This "
     "gives up `no_new_privs` and the empty capability bounding set, and nothing else.",
     NULL, "security-model"},
    {"packages",
     "Adds Debian packages to the image, separated by commas. Each set of packages is an image "
     "of its own, which is built once.",
     NULL, "images"},
    {"rebuild",
     "Builds the image again, with the newest Claude Code, before the session starts. For a "
     "native sandbox, fetches the newest one, unless this machine has a claude of yours.",
     "the image is built only if it is missing", "images"},
    {"claude-version",
     "On a machine without claude, a native sandbox uses the claude that cco fetches from the "
     "npm registry. This option chooses its version.",
     "the newest one when it is first needed; `--rebuild` fetches the newest again", "native"},
    {"base",
     "Builds cco's image on this Debian image, for example on one of a mirror. It is the same "
     "as `--build-arg BASE=REF`.",
     "the image that the Dockerfile names", "images"},
    {"build-arg",
     "Sets an `ARG` of the Dockerfile from which the image is built. Each set of arguments is "
     "an image of its own.",
     NULL, "images"},
    {"image",
     "Runs this image without changing it: any image for Linux, with any users and entry "
     "point. Claude Code must be installed in it, unless the command is `shell`.",
     "cco's own image, which is built if it is missing", "images"},
    {"network",
     "Chooses the network of the sandbox. `host` is this machine's own network, so the sandbox "
     "reaches all services on localhost (also debuggers) and the metadata service of a cloud "
     "machine, and sees this machine's connections. `bridge` is a network of the engine, from "
     "which other machines can be reached, but not this machine's localhost. With `none`, "
     "nothing can be reached.",
     "`host` if the sandbox reaches this machine's localhost that way, otherwise `bridge`",
     "network"},
    {"publish",
     "Makes a port of a sandbox on a bridge reachable from this machine: the port of this "
     "machine, and the port in the sandbox if it is another one. cco listens on 127.0.0.1 "
     "unless you name an address. `/udp` after the ports publishes UDP. The option implies "
     "`--network bridge`.",
     NULL, "network"},
    {"memory",
     "Limits the memory of the sandbox, swap included: bytes, or a number with `k`, `m`, `g` "
     "or `t` after it (powers of 1024). The least is `6m`.",
     "no limit", "engines"},
    {"cpus",
     "Limits how many processors the sandbox can use at a time. The number may have a "
     "fraction.",
     "no limit", "engines"},
    {"pids",
     "Limits how many processes and threads the sandbox can have at a time: 16 to 4194304.",
     "8192", "engines"},
    {"shm-size",
     "Sets how much the sandbox can store in `/dev/shm`, which browsers and databases use: a "
     "size as for `--memory`, at least `1m`. Only files in it take memory.",
     "half of `--memory`, or 1 GiB; natively half of this machine's memory", "engines"},
    {"name",
     "Calls the session `cco-NAME`, and passes the name on to claude, which shows it. "
     "`cco attach` and `cco stop` accept it, and also its beginning if no other session begins "
     "like that. In the name of the session, a hyphen replaces each run of other characters "
     "than letters, digits, dots, underscores and hyphens, and 60 characters are kept.",
     "`cco-`, the name of the project's directory, and four random digits", "sessions"},
    {"detach",
     "Starts the session in the background and prints its name. `cco attach NAME` shows it.",
     "the session runs at this terminal", "sessions"},
    {"detach-keys",
     "Sets the keys that detach this terminal from a session, which goes on. The keys are "
     "written as for Docker: letters, or `ctrl-` and a character, separated by commas. With "
     "`none`, no keys detach.",
     "`ctrl-\\,d`", "sessions"},
    {"no-start-line",
     "Leaves out the line in front of a session on a terminal that says where the session runs "
     "and how to leave it. `--quiet` leaves it out as well.",
     "the line is printed", "sessions"},
    {"terminal",
     "Chooses which escape sequences of the program reach this terminal and those that attach. "
     "With `safe`, cco passes on what draws, colours and titles need, and drops sequences that "
     "read files, write the clipboard, print, show images, control the window or make the "
     "terminal answer with text that the program has chosen.",
     "`full`: all of them pass", "terminal"},
    {"record",
     "Records the terminal's output in a file, in the format asciicast v2 of asciinema.", NULL,
     "sessions"},
    {"allow-oauth-refresh",
     "Gives the login's refresh token to the sandbox, for sessions that last longer than the "
     "login. The sandbox can then renew the login, and cco stores the renewed login on this "
     "machine at once, with a backup of the old one.",
     "the sandbox gets a copy of the login without the refresh token", "login"},
    {"strict",
     "Exits with status 3 if the session changed files that this machine may execute without "
     "being asked, such as git hooks or `.envrc`, or if that cannot be found out. `cco attach` "
     "does so as well if it, or the session, was started with this option.",
     "cco prints these changes, and the exit status is the command's own", "security-model"},
    {"disable-background-tasks",
     "Turns Claude Code's background tasks off: it sets "
     "`CLAUDE_CODE_DISABLE_BACKGROUND_TASKS=1` in the sandbox.",
     NULL, "configuration"},
    {"sync",
     "Chooses how the project is synchronized with a remote engine, which does not see this "
     "machine's files. `auto` and `both` send the project before the session and fetch changes "
     "after it, `push` only sends it, and `none` uses the copy on the engine unchanged. `all` "
     "includes files that git ignores, and can follow another word: `both,all`.",
     "`auto`", "remote"},
    {"engine",
     "Chooses what makes the sandbox: `docker` is any engine that speaks the Docker Engine "
     "API, `native` is cco itself, without an engine, and `auto` is native only if you name no "
     "engine and none answers.",
     "`auto`", "engines"},
    {"insecure",
     "Allows an engine at a `tcp://` address of another machine without TLS. Everyone on the "
     "way can then read and change what is sent.",
     "such an engine is refused", "remote"},
    {"require",
     "Fails with status 125 if this machine cannot provide every part of a native sandbox's "
     "confinement.",
     "if namespaces are forbidden, a native sandbox is confined by Landlock and the "
     "system-call filter only",
     "native"},
    {"allow-userns",
     "Lets programs in a native sandbox create user namespaces, which the sandboxes of "
     "browsers and bubblewrap need.",
     NULL, "native"},
    {"subids",
     "Maps your ranges of ids from `/etc/subuid` and `/etc/subgid` into a native sandbox, with "
     "`newuidmap` and `newgidmap`, so that programs in it can use more than one user id.",
     "only your own user and group id exist in the sandbox", "native"},
    {"dry-run",
     "Prints what would be done, and does nothing. For claude and `cco shell` this is the "
     "whole plan as JSON, without secrets.",
     NULL, "json"},
    {"timing", "Prints on exit, on stderr, how long each step of the command took.", NULL,
     "troubleshooting"},
    {"yes",
     "Answers yes to cco's questions, for scripts. Claude's questions, and the question at the "
     "start whether you trust a project (`--trust`), are not answered.",
     "cco asks; without a terminal to ask on, the command fails", "configuration"},
    {"quiet",
     "Prints no warnings and no progress. Errors, and changes by a session of what this "
     "machine may execute, are still printed.",
     NULL, "troubleshooting"},
    {"verbose",
     "Prints more about what cco does. Claude gets this option, too, because its output format "
     "`stream-json` needs it.",
     NULL, "troubleshooting"},
    {"help",
     "Prints help: the most used options, or the command that the option follows. Arguments "
     "for claude that precede it make it an option of claude's. Claude's own help is `cco -- "
     "--help`.",
     NULL, "getting-started"},
    {"version",
     "Prints cco's version. Arguments for claude that precede it make it an option of "
     "claude's.",
     NULL, "getting-started"},
    {"json",
     "Prints the result as JSON, for scripts. An error is printed as a JSON object, too.",
     "the command prints text for people", "json"},
    {"all",
     "`cco cleanup` also removes the caches that `--caches` keeps, and, after asking, stops "
     "sessions that run and removes copies of projects from remote engines. `cco image prune` "
     "also removes the image that the next run would use here. `cco stop` ends all sessions of "
     "yours, without asking. `cco uninstall` also removes your configuration.",
     NULL, "sessions"},
    {"list",
     "Lists the backups of the stored login, the newest first, or the decisions about projects "
     "and about files that an agent could write.",
     "the command makes a backup, or asks about this project", "login"},
    {"remove",
     "Forgets the decision about a project, or about a file that an agent could write. cco "
     "asks about the project again at its next start, and does not use the file.",
     "the command asks whether you trust the project", "trust"},
    {"read-only", "Shows the session without sending it any input.", NULL, "sessions"},
    {"wait",
     "Waits until the session ends, without showing it, and exits with its exit status.", NULL,
     "sessions"},
    {"check",
     "Only looks whether there is a newer version. The exit status is 1 if there is one.",
     "a newer version is installed", "troubleshooting"},
};

const struct option_text *option_text(const struct option *opt)
{
    const size_t count = sizeof(texts) / sizeof(texts[0]);
    size_t i = 0;

    while (i < count && strcmp(texts[i].name, opt->name) != 0) {
        i++;
    }
    assert(i < count);
    return &texts[i];
}
