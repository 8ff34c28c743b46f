/* SPDX-License-Identifier: MIT */
#include "cli/app.h"
#include "cli/options.h"
#include "engine/engine.h"

#include <string.h>

static const char *const also_ls[] = {"ls", NULL};
static const char *const also_ls_ps[] = {"ls", "ps", NULL};
static const char *const also_rm[] = {"rm", NULL};

const struct command command_table[] = {
    {.id = CMD_SHELL,
     .word = "shell",
     .usage = "shell [WORD...]",
     .help = "run a shell or a command in the sandbox",
     .about = "Runs a command in the sandbox that claude would get. Without words it is a "
              "login shell. One word is run by `sh -c`; several words are a command and its "
              "arguments, exactly as written. A command that starts with a dash must follow "
              "`--`. Options of cco precede the words.\n"
              "\n"
              "```\n"
              "cco shell                    a login shell\n"
              "cco shell 'make && ./app'    a line for the shell\n"
              "cco shell git log -1         a command with its arguments\n"
              "```",
     .words_max = WORDS_ANY,
     .complete = COMPLETE_FILE,
     .run = cmd_run},
    {.id = CMD_INFO,
     .word = "info",
     .usage = "info [--json]",
     .help = "show what is ready, and how to fix the rest",
     .about = "Shows what a session would use here: cco, the engine, the confinement of native "
              "sandboxes, the image, the login, the project, claude's settings and the "
              "configuration. For everything that is not ready it names one command that "
              "helps. The exit status is 0 if a session can start, and otherwise 1.",
     .run = cmd_info},
    {.id = CMD_IMAGE_BUILD,
     .word = "image",
     .sub = "build",
     .usage = "image build [--rebuild]",
     .help = "build the image if it is missing",
     .about = "Builds the image that the next run would build. `--rebuild` builds it again, "
              "with the newest claude. The file `~/.config/cco/Dockerfile` replaces cco's own "
              "Dockerfile. The build context contains the other files of cco's image, `ca/` "
              "with the certificates of this machine, and `cco`:\n"
              "\n"
              "```\n"
              "FROM debian:trixie-slim\n"
              "COPY apt-install install-claude /usr/local/sbin/\n"
              "RUN apt-install ca-certificates git nodejs npm && install-claude\n"
              "```",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_build},
    {.id = CMD_IMAGE_PULL,
     .word = "image",
     .sub = "pull",
     .usage = "image pull REF",
     .help = "pull an image for --image",
     .about = "Pulls an image for `--image` from its registry, with the login that `docker "
              "login` stored for that registry, if there is one.",
     .words_min = 1,
     .words_max = 1,
     .words = "one image",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_pull},
    {.id = CMD_IMAGE_SAVE,
     .word = "image",
     .sub = "save",
     .usage = "image save FILE|-",
     .help = "write the image and cco to one file",
     .about =
         "Writes the image that the next run would use, cco itself, and their SHA-256 sums to "
         "one file, or to standard output (`-`). A machine without a network can load this "
         "file:\n"
         "\n"
         "```\n"
         "cco image save cco.tar           here\n"
         "tar xOf cco.tar cco >cco         there\n"
         "chmod +x cco\n"
         "./cco image load cco.tar\n"
         "```",
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
     .help = "load what image save wrote, without a network",
     .about = "Checks all of a file that `cco image save` wrote, or of standard input (`-`), "
              "and then loads the image in it. Runs of the same cco with the same `--packages` "
              "use this image from then on. Certificates of this machine are mounted.",
     .words_min = 1,
     .words_max = 1,
     .words = "one file, or -",
     .complete = COMPLETE_FILE,
     .needs = FEATURE_IMAGES,
     .run = cmd_image_load},
    {.id = CMD_IMAGE_LIST,
     .word = "image",
     .sub = "list",
     .also = also_ls,
     .usage = "image list [--json]",
     .help = "list cco's own images",
     .about = "Lists cco's own images, the newest first. `*` marks the image that the next run "
              "would use here.",
     .needs = FEATURE_IMAGES,
     .run = cmd_image_list},
    {.id = CMD_IMAGE_PRUNE,
     .word = "image",
     .sub = "prune",
     .also = also_rm,
     .usage = "image prune [--all] [IMAGE...]",
     .help = "remove old images of cco's",
     .about = "Removes cco's own images, but not the image that the next run would use here, "
              "and not the images of containers. `--all` also removes the former. The "
              "command asks first; `--dry-run` only lists the images.\n"
              "\n"
              "`IMAGE` is a name that `cco image list` prints, its part after `cco:`, or the "
              "beginning of one of these. Then only these images are removed, without a "
              "question.",
     .words_max = WORDS_ANY,
     .needs = FEATURE_IMAGES,
     .run = cmd_image_prune},
    {.id = CMD_SESSIONS,
     .word = "sessions",
     .also = also_ls_ps,
     .usage = "sessions [--json]",
     .help = "list the sessions that run",
     .together = "list sessions, attach to one, end one",
     .about = "Lists your sessions on this machine and its engines: name, state, age, attached "
              "terminals, size, engine and project.",
     .run = cmd_sessions},
    {.id = CMD_ATTACH,
     .word = "attach",
     .usage = "attach [NAME]",
     .help = "attach this terminal to a session",
     .together = "list sessions, attach to one, end one",
     .about = "Attaches this terminal to a session: the session `NAME`, otherwise the session "
              "of this project, otherwise the newest. The beginning of a name is enough if no "
              "other name begins like that. Up to 32 terminals can be attached at once. The "
              "keys `Ctrl-\\ d` detach the terminal; the session goes on.",
     .words_max = 1,
     .words = "one name",
     .complete = COMPLETE_SESSION,
     .run = cmd_attach},
    {.id = CMD_STOP,
     .word = "stop",
     .also = also_rm,
     .usage = "stop [--all] [NAME...]",
     .help = "end a session",
     .together = "list sessions, attach to one, end one",
     .about = "Ends the sessions `NAME`, otherwise the session of this project, and with "
              "`--all` every session of yours. Their programs have ten seconds to end by "
              "themselves. If one of the names is not that of a session, none is ended.",
     .words_max = WORDS_ANY,
     .complete = COMPLETE_SESSION,
     .run = cmd_stop},
    {.id = CMD_SYNC,
     .word = "sync",
     .usage = "sync [--json]",
     .help = "synchronize a project with its remote copy",
     .about =
         "Synchronizes this project with its copy on a remote engine, which does not see "
         "this machine's files. A session does the same when it starts and ends. The "
         "command does it while a session runs, or after a session was cut off.\n"
         "\n"
         "If both sides changed a file, the version here is kept, and the other version is "
         "kept beside it as `NAME.cco-conflict`. Files that git ignores are not sent "
         "unless `--sync all` is given. `--dry-run` only shows what would be done.\n"
         "\n"
         "If cco is wrong about whether the engine sees this machine's files, the "
         "environment variable `CCO_ENGINE_FILES` (`local` or `remote`) corrects it.",
     .needs = FEATURE_SYNC,
     .run = cmd_sync},
    {.id = CMD_CLEANUP,
     .word = "cleanup",
     .usage = "cleanup [--all]",
     .help = "remove what ended or killed sessions left",
     .about =
         "Removes the containers, sockets and private copies that ended or killed sessions of "
         "yours left behind, and nothing else. `--all` also removes the caches that `--caches` "
         "keeps, and, after asking, ends the sessions that run and removes the copies of "
         "projects from remote engines. `--dry-run` only shows what would be removed. Images "
         "stay: `cco image prune` removes them.",
     .run = cmd_cleanup},
    {.id = CMD_TRUST,
     .word = "trust",
     .usage = "trust [--list] [PATH...]",
     .help = "show what a project runs, and trust it",
     .about = "Shows what the project in the current directory, or in the directories "
              "`PATH`, would run, set or reach at the start of a session, and asks whether "
              "you trust it. The answer is valid until one of these things changes. If "
              "`PATH` is a file of yours that a session could have written, shows where the "
              "path leads, and asks whether you accept its present content. `--list` lists the "
              "decisions, and `--remove` forgets those about this project or about `PATH`.",
     .words_max = WORDS_ANY,
     .complete = COMPLETE_FILE,
     .run = cmd_trust},
    {.id = CMD_BACKUP_CREDS,
     .word = "backup-creds",
     .usage = "backup-creds [--list]",
     .help = "copy the stored login, or list the copies",
     .together = "copy the stored login, and put a copy back",
     .about = "Copies the login that claude stored to a new file in "
              "`~/.local/share/cco/backups`. `--list` lists these files.",
     .run = cmd_backup_creds},
    {.id = CMD_RESTORE_CREDS,
     .word = "restore-creds",
     .usage = "restore-creds [FILE]",
     .help = "put a copy of the login back",
     .together = "copy the stored login, and put a copy back",
     .about = "Puts a copy of the login back: the copy in `FILE`, otherwise the newest copy "
              "that `cco backup-creds` made. The command shows the copy, asks, and backs up "
              "the present login first.",
     .words_max = 1,
     .words = "one file",
     .complete = COMPLETE_FILE,
     .run = cmd_restore_creds},
    {.id = CMD_SELF_UPDATE,
     .word = "self-update",
     .usage = "self-update [--check]",
     .help = "install the newest version of cco",
     .together = "install the newest version, or remove cco",
     .about = "Downloads the newest release, checks its signature and its SHA-256 sum, and "
              "replaces this program after the new one has answered `--version`. `--check` "
              "only looks for a newer version; the exit status is 1 if there is one. The "
              "environment variable `CCO_UPDATE_URL` names another source.",
     .run = cmd_self_update},
    {.id = CMD_UNINSTALL,
     .word = "uninstall",
     .usage = "uninstall [--all]",
     .help = "remove cco and everything that it made",
     .together = "install the newest version, or remove cco",
     .about =
         "Removes what cco has put on this machine and its engine, and nothing else: sessions, "
         "containers, copies of projects on a remote engine, images, cco's directories of data "
         "and state (with backups of the login), and this program. It lists all of it and asks "
         "first, and asks about your configuration apart; without a terminal, `--yes` removes "
         "all but the configuration, and `--all` removes that as well. `--dry-run` only lists. "
         "Projects and claude's own files stay.\n"
         "\n"
         "Images are shared by all users of an engine. To leave an engine alone, add `--engine "
         "native`.",
     .run = cmd_uninstall},
    {.id = CMD_COMPLETION,
     .word = "completion",
     .usage = "completion bash|zsh|fish",
     .help = "print a completion script for a shell",
     .about = "Prints a completion script for a shell. Write it to the place where that shell "
              "looks for it:\n"
              "\n"
              "```\n"
              "cco completion bash >~/.local/share/bash-completion/completions/cco\n"
              "cco completion zsh >\"${fpath[1]}/_cco\"\n"
              "cco completion fish >~/.config/fish/completions/cco.fish\n"
              "```",
     .words_min = 1,
     .words_max = 1,
     .choices = completion_shells,
     .run = cmd_completion},
    {.id = CMD_HELP,
     .word = "help",
     .usage = "help [COMMAND|TOPIC|--OPTION]",
     .help = "explain a command, an option or a topic",
     .about = "Explains a command, an option or a topic of the manual. Without a word it "
              "prints what `cco --help` prints, with the names of all topics.\n"
              "\n"
              "```\n"
              "cco help image               a command\n"
              "cco help --network           an option\n"
              "cco help sessions            a page of the manual\n"
              "cco help options             all options\n"
              "cco help man | man -l -      the whole manual\n"
              "```",
     .words_max = 2,
     .words = "one command, topic or option",
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

bool command_has_word(const struct command *c, const char *word)
{
    if (strcmp(c->sub != NULL ? c->sub : c->word, word) == 0) {
        return true;
    }
    for (const char *const *also = c->also; also != NULL && *also != NULL; also++) {
        if (strcmp(*also, word) == 0) {
            return true;
        }
    }
    return false;
}

const struct command *command_named(const char *words)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        size_t len = strlen(c->word);

        if (c->sub == NULL ? command_has_word(c, words)
                           : strncmp(words, c->word, len) == 0 && words[len] == ' ' &&
                                 command_has_word(c, words + len + 1)) {
            return c;
        }
    }
    return NULL;
}

const char *command_name(const struct command *c, struct arena *a)
{
    return c->sub == NULL ? c->word : arena_printf(a, "%s %s", c->word, c->sub);
}

const char *command_spellings(const struct command *c, struct arena *a)
{
    struct strv list = {0};

    for (const char *const *also = c->also; *also != NULL; also++) {
        strv_add(&list, a,
                 arena_printf(a, "cco %s%s%s", c->sub != NULL ? c->word : "",
                              c->sub != NULL ? " " : "", *also));
    }
    return strv_join(&list, ", ", a);
}
