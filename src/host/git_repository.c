/* SPDX-License-Identifier: MIT */
#include "host/git_repository.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"
#include "host/git_config.h"
#include "host/git_top.h"
#include "plan/plan.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Returns true if the sandbox gets the file or a directory in which it is. */
static bool is_shown(const struct facts *f, const char *path, const char *physical)
{
    bool shown = path_is_inside(physical, f->project) ||
                 (f->git_common_dir != NULL && path_is_inside(physical, f->git_common_dir));

    for (size_t i = 0; i < f->brought_count; i++) {
        shown = shown || path_is_inside(path, f->brought[i].target);
    }
    return shown;
}

/* Returns true for variables whose file or directory git reads, or runs, without being told. */
static bool names_file(const struct git_config_item *item)
{
    static const char *const variables[] = {
        "core.excludesfile", "core.attributesfile", "core.hookspath",
        "commit.template",   "include.path",        "includeif.path",
    };
    char name[64];

    (void)snprintf(name, sizeof(name), "%s.%s", item->section, item->key);
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (strcmp(name, variables[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds a line if the file that the variable names is outside. Returns true if it did. */
static bool note_file(struct arena *a, struct facts *f, const char *config, const char *value)
{
    const char *path = path_named(a, f->home, NULL, value);
    const char *physical = path != NULL ? lookup_physical(a, path) : NULL;
    struct stat st;

    if (physical == NULL || stat(physical, &st) < 0 ||
        (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) || is_shown(f, path, physical) ||
        project_secrets(f, physical) != NULL) {
        return false; /* a line must not propose to share a key that an agent wrote there */
    }
    missing_add(&f->missing, a, arena_printf(a, "git-names %s", path),
                arena_printf(a, "%s names %s, which is missing inside. To share it: --ro %s",
                             config, path, path_word(a, path)));
    return true;
}

/* Names only the program: what follows it, or is set in front of it, can be a password. */
static void note_passwords(struct arena *a, struct facts *f)
{
    const char *helper = f->credential_helper;
    const char *next =
        strstr(helper, "gh ") != NULL      ? ". To share gh's login: --ro ~/.config/gh"
        : strncmp(helper, "store", 5) == 0 ? ". To share them: --ro ~/.git-credentials"
                                           : "";

    missing_add(&f->missing, a, "git-passwords",
                arena_printf(a,
                             "the passwords that git gets from credential.helper = %.*s are "
                             "missing inside: git push over https fails there%s",
                             (int)strcspn(helper, " \t\n=;&|<>()\"'`$"), helper, next));
}

/* Returns true if git reaches the remote over ssh: "ssh://HOST/PATH" or "HOST:PATH".
 * git-clone(1), "GIT URLS". */
static bool is_ssh(const char *url)
{
    const char *colon = strchr(url, ':');
    const char *slash = strchr(url, '/');

    if (strstr(url, "://") != NULL) {
        return strncmp(url, "ssh://", 6) == 0 || strncmp(url, "git+ssh://", 10) == 0;
    }
    return colon != NULL && colon[1] != ':' && (slash == NULL || colon < slash);
}

static bool is_url_of_remote(const struct git_config_item *item)
{
    return strcmp(item->section, "remote") == 0 &&
           (strcmp(item->key, "url") == 0 || strcmp(item->key, "pushurl") == 0);
}

void git_repository_probe(struct arena *a, struct facts *f)
{
    const char *git =
        f->git_common_dir != NULL ? f->git_common_dir : git_top_dir(a, f->project);
    const char *config = git != NULL ? path_join(a, git, "config") : NULL;
    struct git_config c = {.a = a};
    struct git_config_item item;
    struct err ignored = {0};
    struct buf text;
    bool https = false;
    size_t notes = 0;

    if (config == NULL || (f->git_common_dir == NULL && !path_is_inside(config, f->project))) {
        return;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (obeyed_read(config, NULL, &text, &ignored) == 0) {
        c.rest = buf_str(&text);
        while (git_config_next(&c, &item)) {
            if (item.value == NULL) {
                continue;
            }
            if (is_url_of_remote(&item)) {
                https = https || strncmp(item.value, "https://", 8) == 0;
                f->ssh_remote = f->ssh_remote || is_ssh(item.value);
            }
            if (notes < GIT_REPOSITORY_NAMES && names_file(&item) &&
                note_file(a, f, config, item.value)) {
                notes++;
            }
        }
    }
    buf_wipe(&text);
    if (https && f->credential_helper != NULL) {
        note_passwords(a, f);
    }
}
