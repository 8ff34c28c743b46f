/* SPDX-License-Identifier: MIT */
#include "cli/app.h"
#include "cli/options.h"
#include "engine/engine.h"

#include <string.h>

const struct command command_table[] = {
    {.id = CMD_SHELL,
     .word = "shell",
     .usage = "shell [WORD...]",
     .help = "a login shell, or a command, in the sandbox",
     .about = "Runs in the sandbox that claude would get. Without words it is a login shell.\n"
              "One word is run by sh -c; several are a command and its arguments, exactly.\n"
              "A command that starts with a dash goes behind --.\n"
              "\n"
              "  cco shell                    look around\n"
              "  cco shell 'make && ./app'    a line of shell\n"
              "  cco shell git log -1         a command",
     .words_max = WORDS_ANY,
     .complete = COMPLETE_FILE,
     .run = cmd_run},
    {.id = CMD_INFO,
     .word = "info",
     .usage = "info [--json]",
     .help = "what is ready here, and how to fix the rest",
     .about = "Shows cco, engine, confinement (what isolates a sandbox without an engine),\n"
              "image, credentials and project, and for each that is not ready the one command\n"
              "that helps. Exit status: 0 ready, 1 not.",
     .run = cmd_info},
    {.id = CMD_IMAGE_BUILD,
     .word = "image",
     .sub = "build",
     .usage = "image build [--rebuild]",
     .help = "build the image, if it is not there",
     .about = "Builds what the next run would build. --rebuild takes the newest claude.\n"
              "~/.config/cco/Dockerfile, if there is one, replaces cco's own; the other files\n"
              "of cco's image, ca/ (certificates of this machine) and cco are in its context:\n"
              "\n"
              "  FROM debian:trixie-slim\n"
              "  COPY apt-install install-claude /usr/local/sbin/\n"
              "  RUN apt-install ca-certificates git nodejs npm && install-claude",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_build},
    {.id = CMD_IMAGE_PULL,
     .word = "image",
     .sub = "pull",
     .usage = "image pull REF",
     .help = "get an image from its registry",
     .about = "Pulls an image for --image, with the login of `docker login` if there is one.",
     .words_min = 1,
     .words_max = 1,
     .words = "one image",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_pull},
    {.id = CMD_IMAGE_SAVE,
     .word = "image",
     .sub = "save",
     .usage = "image save FILE|-",
     .help = "write the image, and cco, into one file",
     .about =
         "Writes a bundle: the image that the next run would use, cco itself, and SHA-256\n"
         "sums. For a machine without a network:\n"
         "\n"
         "  cco image save cco.tar           here; or: save - | zstd >cco.tar.zst\n"
         "  tar xOf cco.tar cco >cco         there; chmod +x cco\n"
         "  ./cco image load cco.tar",
     .words_min = 1,
     .words_max = 1,
     .words = "one file, or -",
     .complete = COMPLETE_FILE,
     .needs = FEATURE_IMAGES,
     .run = cmd_image_save},
    {.id = CMD_IMAGE_LOAD,
     .word = "image",
     .sub = "load",
     .usage = "image load FILE|-",
     .help = "load what image save wrote; needs no network",
     .about = "Checks the whole bundle, then loads its image. Runs of the same cco with the\n"
              "same --packages use it from then on; certificates of this machine are mounted.",
     .words_min = 1,
     .words_max = 1,
     .words = "one file, or -",
     .complete = COMPLETE_FILE,
     .needs = FEATURE_IMAGES,
     .run = cmd_image_load},
    {.id = CMD_IMAGE_LIST,
     .word = "image",
     .sub = "list",
     .usage = "image list [--json]",
     .help = "cco's own images",
     .about = "Lists cco's own images; * marks the one that the next run would use here.",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_list},
    {.id = CMD_IMAGE_PRUNE,
     .word = "image",
     .sub = "prune",
     .usage = "image prune [--all]",
     .help = "remove old images of cco's",
     .about = "Removes cco's own images but for the one that the next run would use here, and\n"
              "those of containers; --all that one too. Asks first; --dry-run only tells.",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_prune},
    {.id = CMD_SESSIONS,
     .word = "sessions",
     .usage = "sessions [--json]",
     .help = "what runs, in this project and elsewhere",
     .about = "Lists the sessions of this user: name, state, age and project.",
     .run = cmd_sessions},
    {.id = CMD_ATTACH,
     .word = "attach",
     .usage = "attach [NAME]",
     .help = "come back; --read-only looks on, --wait waits",
     .about =
         "Comes back to a session: NAME, or the one of this project, or the newest. A name\n"
         "may be cut short. Up to 32 terminals can be attached at once. Ctrl-\\ d leaves.",
     .words_max = 1,
     .words = "one name",
     .complete = COMPLETE_SESSION,
     .run = cmd_attach},
    {.id = CMD_STOP,
     .word = "stop",
     .usage = "stop [NAME]",
     .help = "end a session",
     .about = "Ends a session: NAME, or the one of this project. Its program gets ten seconds.",
     .words_max = 1,
     .words = "one name",
     .complete = COMPLETE_SESSION,
     .run = cmd_stop},
    {.id = CMD_SYNC,
     .word = "sync",
     .usage = "sync [--json]",
     .help = "bring a project and its remote copy in step",
     .about =
         "Where the engine does not see this machine's files, a session works on a copy of\n"
         "the project in a volume of the engine's, and what changed comes back when it\n"
         "ends. This does the same now: while a session runs, or when one was cut off.\n"
         "Files that both sides changed stay as they are here; the other is kept beside,\n"
         "as NAME.cco-conflict. What git ignores does not go there (--sync all: it does).\n"
         "--dry-run only tells. CCO_ENGINE_FILES=remote (or local) says whether the\n"
         "engine sees this machine's files, where cco does not find that out by itself.",
     .needs = FEATURE_SYNC,
     .run = cmd_sync},
    {.id = CMD_CLEANUP,
     .word = "cleanup",
     .usage = "cleanup [--all]",
     .help = "remove what ended or killed sessions left",
     .about = "Removes containers, sockets and private copies of sessions of yours that ended\n"
              "or were killed, and nothing else; --all also stops those that run, and removes\n"
              "what remote engines keep of projects, after asking. --dry-run only tells.\n"
              "Images stay: see cco image prune.",
     .run = cmd_cleanup},
    {.id = CMD_BACKUP_CREDS,
     .word = "backup-creds",
     .usage = "backup-creds [--list]",
     .help = "copy the stored login; list the copies",
     .about = "Copies the login that claude stores to ~/.local/share/cco/backups.",
     .run = cmd_backup_creds},
    {.id = CMD_RESTORE_CREDS,
     .word = "restore-creds",
     .usage = "restore-creds [FILE]",
     .help = "put a copy back: FILE, or the newest one",
     .about = "Shows which copy, asks, backs the present login up, and puts the copy back.",
     .words_max = 1,
     .words = "one file",
     .complete = COMPLETE_FILE,
     .run = cmd_restore_creds},
    {.id = CMD_SELF_UPDATE,
     .word = "self-update",
     .usage = "self-update [--check]",
     .help = "bring the newest cco",
     .about =
         "Downloads the newest release, checks its signature and sum, and takes its place\n"
         "once it has answered --version. --check only tells: exit status 1 if there is a\n"
         "newer one. CCO_UPDATE_URL names another source.",
     .run = cmd_self_update},
    {.id = CMD_COMPLETION,
     .word = "completion",
     .usage = "completion bash|zsh|fish",
     .help = "print a completion script",
     .about = "  bash  cco completion bash >~/.local/share/bash-completion/completions/cco\n"
              "  zsh   cco completion zsh >\"${fpath[1]}/_cco\"\n"
              "  fish  cco completion fish >~/.config/fish/completions/cco.fish",
     .words_min = 1,
     .words_max = 1,
     .choices = completion_shells,
     .run = cmd_completion},
    {.id = CMD_HELP,
     .word = "help",
     .usage = "help [COMMAND]",
     .help = "more about a command; `help man`: a man page",
     .about = "  cco help image          what can be done with images\n"
              "  cco help man | man -l - the whole manual",
     .words_max = 2,
     .words = "one command",
     .complete = COMPLETE_COMMAND,
     .run = cmd_help},
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
