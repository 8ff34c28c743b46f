/* SPDX-License-Identifier: MIT */
#include "cli/app.h"
#include "cli/options.h"

#include <string.h>

const struct command command_table[] = {
    {CMD_SHELL, "shell", NULL, "shell [WORD...]", "a login shell, or a command, in the sandbox",
     "Runs in the sandbox that claude would get. Without words it is a login shell.\n"
     "One word is run by sh -c; several are a command and its arguments, exactly.\n"
     "A command that starts with a dash goes behind --.\n"
     "\n"
     "  cco shell                    look around\n"
     "  cco shell 'make && ./app'    a line of shell\n"
     "  cco shell git log -1         a command",
     0, WORDS_ANY, NULL, COMPLETE_NOTHING, cmd_run},
    {CMD_INFO, "info", NULL, "info [--json]", "what is ready here, and how to fix the rest",
     "Shows cco, engine, confinement (what isolates a sandbox without an engine),\n"
     "image, credentials and project, and for each that is not ready the one command\n"
     "that helps. Exit status: 0 ready, 1 not.",
     0, 0, NULL, COMPLETE_NOTHING, cmd_info},
    {CMD_IMAGE_BUILD, "image", "build", "image build [--rebuild]",
     "build the image, if it is not there",
     "Builds what the next run would build. --rebuild takes the newest claude.\n"
     "~/.config/cco/Dockerfile, if there is one, replaces cco's own; the other files\n"
     "of cco's image, ca/ (certificates of this machine) and cco are in its context:\n"
     "\n"
     "  FROM debian:trixie-slim\n"
     "  COPY apt-install install-claude /usr/local/sbin/\n"
     "  RUN apt-install ca-certificates git nodejs npm && install-claude",
     0, 0, NULL, COMPLETE_NOTHING, cmd_image_build},
    {CMD_IMAGE_PULL, "image", "pull", "image pull REF", "get an image from its registry",
     "Pulls an image for --image, with the login of `docker login` if there is one.", 1, 1,
     "one image", COMPLETE_NOTHING, cmd_image_pull},
    {CMD_IMAGE_SAVE, "image", "save", "image save FILE|-",
     "write the image, and cco, into one file",
     "Writes a bundle: the image that the next run would use, cco itself, and SHA-256\n"
     "sums. For a machine without a network:\n"
     "\n"
     "  cco image save cco.tar           here; or: save - | zstd >cco.tar.zst\n"
     "  tar xOf cco.tar cco >cco         there; chmod +x cco\n"
     "  ./cco image load cco.tar",
     1, 1, "one file, or -", COMPLETE_FILE, cmd_image_save},
    {CMD_IMAGE_LOAD, "image", "load", "image load FILE|-",
     "load what image save wrote; needs no network",
     "Checks the whole bundle, then loads its image. Runs of the same cco with the\n"
     "same --packages use it from then on; certificates of this machine are mounted.",
     1, 1, "one file, or -", COMPLETE_FILE, cmd_image_load},
    {CMD_IMAGE_LIST, "image", "list", "image list [--json]", "cco's own images",
     "Lists cco's own images; * marks the one that the next run would use here.", 0, 0, NULL,
     COMPLETE_NOTHING, cmd_image_list},
    {CMD_IMAGE_PRUNE, "image", "prune", "image prune [--all]", "remove old images of cco's",
     "Removes cco's own images but for the one that the next run would use here, and\n"
     "those of containers; --all that one too. Asks first; --dry-run only tells.",
     0, 0, NULL, COMPLETE_NOTHING, cmd_image_prune},
    {CMD_SESSIONS, "sessions", NULL, "sessions [--json]",
     "what runs, in this project and elsewhere",
     "Lists the sessions of this user: name, state, age and project.", 0, 0, NULL,
     COMPLETE_NOTHING, cmd_sessions},
    {CMD_ATTACH, "attach", NULL, "attach [NAME]",
     "come back; --read-only looks on, --wait waits",
     "Comes back to a session: NAME, or the one of this project, or the newest. A name\n"
     "may be cut short. Up to 32 terminals can be attached at once. Ctrl-\\ d leaves.",
     0, 1, "one name", COMPLETE_SESSION, cmd_attach},
    {CMD_STOP, "stop", NULL, "stop [NAME]", "end a session",
     "Ends a session: NAME, or the one of this project. Its program gets ten seconds.", 0, 1,
     "one name", COMPLETE_SESSION, cmd_stop},
    {CMD_SYNC, "sync", NULL, "sync [--json]", "bring a project and its remote copy in step",
     "Where the engine does not see this machine's files, a session works on a copy of\n"
     "the project in a volume of the engine's, and what changed comes back when it\n"
     "ends. This does the same now: while a session runs, or when one was cut off.\n"
     "Files that both sides changed stay as they are here; the other is kept beside,\n"
     "as NAME.cco-conflict. What git ignores does not travel (--sync all: it does).\n"
     "--dry-run only tells. CCO_ENGINE_FILES=remote (or local) says whether the\n"
     "engine sees this machine's files, where cco does not find that out by itself.",
     0, 0, NULL, COMPLETE_NOTHING, cmd_sync},
    {CMD_CLEANUP, "cleanup", NULL, "cleanup [--all]",
     "remove what ended or killed sessions left",
     "Removes containers, sockets and private copies of sessions of yours that ended\n"
     "or were killed, and nothing else; --all also stops those that run, and removes\n"
     "what remote engines keep of projects, after asking. --dry-run only tells.\n"
     "Images stay: see cco image prune.",
     0, 0, NULL, COMPLETE_NOTHING, cmd_cleanup},
    {CMD_BACKUP_CREDS, "backup-creds", NULL, "backup-creds [--list]",
     "copy the stored login; list the copies",
     "Copies the login that claude stores to ~/.local/share/cco/backups.", 0, 0, NULL,
     COMPLETE_NOTHING, cmd_backup_creds},
    {CMD_RESTORE_CREDS, "restore-creds", NULL, "restore-creds [FILE]",
     "put a copy back: FILE, or the newest one",
     "Shows which copy, asks, backs the present login up, and puts the copy back.", 0, 1,
     "one file", COMPLETE_FILE, cmd_restore_creds},
    {CMD_SELF_UPDATE, "self-update", NULL, "self-update [--check]", "bring the newest cco",
     "Downloads the newest release, checks its signature and sum, and takes its place\n"
     "once it has answered --version. --check only tells: exit status 1 if there is a\n"
     "newer one. CCO_UPDATE_URL names another source.",
     0, 0, NULL, COMPLETE_NOTHING, cmd_self_update},
    {CMD_COMPLETION, "completion", NULL, "completion bash|zsh|fish",
     "print a completion script",
     "  bash  cco completion bash >~/.local/share/bash-completion/completions/cco\n"
     "  zsh   cco completion zsh >\"${fpath[1]}/_cco\"\n"
     "  fish  cco completion fish >~/.config/fish/completions/cco.fish",
     1, 1, "bash, zsh or fish", COMPLETE_WORDS, cmd_completion},
    {CMD_HELP, "help", NULL, "help [COMMAND]", "more about a command; `help man`: a man page",
     "  cco help image          what can be done with images\n"
     "  cco help man | man -l - the whole manual",
     0, 2, "one command", COMPLETE_COMMAND, cmd_help},
};
const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

const struct command *command_of(enum opts_command id)
{
    for (size_t i = 0; i < command_count; i++) {
        if (command_table[i].id == id) {
            return &command_table[i];
        }
    }
    return NULL;
}

const struct command *command_named(const char *words)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        size_t len = strlen(c->word);

        if (strncmp(words, c->word, len) != 0) {
            continue;
        }
        if (c->sub == NULL ? words[len] == '\0'
                           : words[len] == ' ' && strcmp(words + len + 1, c->sub) == 0) {
            return c;
        }
    }
    return NULL;
}

const char *command_name(const struct command *c, struct arena *a)
{
    return c->sub == NULL ? c->word : arena_printf(a, "%s %s", c->word, c->sub);
}
