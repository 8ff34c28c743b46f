/* SPDX-License-Identifier: MIT */
#include "host/audit_git.h"

#include "base/list.h"

#include <string.h>

/* The values of a harmless variable that are harmless. */
enum values { ANY, URL };

struct harmless {
    const char *section;
    const char *key; /* "*": every key of the section */
    enum values values;
};

/* git-config(1), and for lfs git-lfs-config(5). branch.*.remote can be an address as well. */
static const struct harmless table[] = {
    {"advice", "*", ANY},
    {"branch", "autosetupmerge", ANY},
    {"branch", "autosetuprebase", ANY},
    {"branch", "description", ANY},
    {"branch", "github-pr-owner-number", ANY},
    {"branch", "merge", ANY},
    {"branch", "pushremote", URL},
    {"branch", "rebase", ANY},
    {"branch", "remote", URL},
    {"branch", "sort", ANY},
    {"branch", "vscode-merge-base", ANY},
    {"color", "*", ANY},
    {"column", "*", ANY},
    {"commit", "verbose", ANY},
    {"core", "abbrev", ANY},
    {"core", "autocrlf", ANY},
    {"core", "bare", ANY},
    {"core", "commentchar", ANY},
    {"core", "commitgraph", ANY},
    {"core", "compression", ANY},
    {"core", "eol", ANY},
    {"core", "filemode", ANY},
    {"core", "ignorecase", ANY},
    {"core", "logallrefupdates", ANY},
    {"core", "longpaths", ANY},
    {"core", "multipackindex", ANY},
    {"core", "precomposeunicode", ANY},
    {"core", "preloadindex", ANY},
    {"core", "quotepath", ANY},
    {"core", "repositoryformatversion", ANY},
    {"core", "safecrlf", ANY},
    {"core", "sparsecheckout", ANY},
    {"core", "sparsecheckoutcone", ANY},
    {"core", "splitindex", ANY},
    {"core", "symlinks", ANY},
    {"core", "trustctime", ANY},
    {"core", "untrackedcache", ANY},
    {"core", "whitespace", ANY},
    {"diff", "algorithm", ANY},
    {"diff", "colormoved", ANY},
    {"diff", "mnemonicprefix", ANY},
    {"diff", "renames", ANY},
    {"extensions", "objectformat", ANY},
    {"extensions", "partialclone", ANY},
    {"extensions", "preciousobjects", ANY},
    {"extensions", "refstorage", ANY},
    {"extensions", "relativeworktrees", ANY},
    {"extensions", "worktreeconfig", ANY},
    {"feature", "*", ANY},
    {"fetch", "parallel", ANY},
    {"fetch", "prune", ANY},
    {"fetch", "prunetags", ANY},
    {"fetch", "writecommitgraph", ANY},
    {"gc", "auto", ANY},
    {"gc", "autodetach", ANY},
    {"gc", "autopacklimit", ANY},
    {"gc", "pruneexpire", ANY},
    {"gc", "writecommitgraph", ANY},
    {"index", "*", ANY},
    {"init", "defaultbranch", ANY},
    {"lfs", "access", ANY},
    {"lfs", "locksverify", ANY},
    {"lfs", "repositoryformatversion", ANY},
    {"log", "date", ANY},
    {"log", "decorate", ANY},
    {"maintenance", "auto", ANY},
    {"maintenance", "strategy", ANY},
    {"merge", "conflictstyle", ANY},
    {"merge", "ff", ANY},
    {"merge", "renamelimit", ANY},
    {"merge", "stat", ANY},
    {"pull", "ff", ANY},
    {"pull", "rebase", ANY},
    {"push", "autosetupremote", ANY},
    {"push", "default", ANY},
    {"push", "followtags", ANY},
    {"rebase", "autosquash", ANY},
    {"rebase", "autostash", ANY},
    {"rebase", "updaterefs", ANY},
    {"remote", "fetch", ANY},
    {"remote", "gh-resolved", ANY},
    {"remote", "mirror", ANY},
    {"remote", "partialclonefilter", ANY},
    {"remote", "promisor", ANY},
    {"remote", "prune", ANY},
    {"remote", "prunetags", ANY},
    {"remote", "push", ANY},
    {"remote", "pushdefault", URL},
    {"remote", "pushurl", URL},
    {"remote", "skipfetchall", ANY},
    {"remote", "tagopt", ANY},
    {"remote", "url", URL},
    {"rerere", "*", ANY},
    {"status", "*", ANY},
    {"submodule", "active", ANY},
    {"submodule", "branch", ANY},
    {"submodule", "ignore", ANY},
    {"submodule", "recurse", ANY},
    {"submodule", "shallow", ANY},
    {"submodule", "url", URL},
    {"tag", "sort", ANY},
    {"user", "email", ANY},
    {"user", "name", ANY},
};

/* Returns true if git fetches from this address, or from this path or remote, without a helper
 * program: "NAME::ADDRESS" runs git-remote-NAME, and ext:: any program. gitremote-helpers(7). A
 * scheme that git does not know runs a helper, too. */
static bool is_plain_url(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "ssh://",
                                          "git://",   "file://", "git+ssh://"};

    if (url == NULL || url[0] == '-' || strstr(url, "::") != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (str_starts(str_c(url), schemes[i])) {
            return true;
        }
    }
    return strstr(url, "://") == NULL;
}

/* Returns true if core.worktree is what git writes for a submodule: a relative path that goes
 * up from the directory of its repository, but not past the project, and then down. */
static bool is_submodule_worktree(const struct git_config_item *item, unsigned depth)
{
    const char *path = item->value;

    if (strcmp(item->section, "core") != 0 || item->subsection != NULL ||
        strcmp(item->key, "worktree") != 0 || path == NULL || path[0] != '.') {
        return false;
    }
    for (; depth > 0 && strncmp(path, "../", 3) == 0; depth--) {
        path += 3;
    }
    return path[0] != '/' && strstr(path, "..") == NULL;
}

/* Returns the row of a harmless variable; NULL if there is none. */
static const struct harmless *row_of(const struct git_config_item *item)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const struct harmless *h = &table[i];

        if (strcmp(h->section, item->section) == 0 &&
            (h->key[0] == '*' || strcmp(h->key, item->key) == 0)) {
            return h;
        }
    }
    return NULL;
}

bool audit_git_harmless(const struct git_config_item *item, unsigned depth)
{
    const struct harmless *row = row_of(item);

    if (row != NULL) {
        return row->values == ANY || is_plain_url(item->value);
    }
    return is_submodule_worktree(item, depth);
}

static void hash_text(struct sha256 *h, const char *text)
{
    static const char none = 1;

    sha256_add(h, text != NULL ? text : &none, text != NULL ? strlen(text) + 1 : 1);
}

static void add_name(struct audit_git_names *names, struct arena *a, const char *name,
                     const struct git_config_item *item)
{
    bool includes = strncmp(item->section, "include", 7) == 0;

    names->v = list_grow(a, names->v, names->count, &names->cap, sizeof(names->v[0]));
    names->v[names->count++] = (struct audit_git_named){
        .name = name,
        .included = includes,
        .is_dir = strcmp(item->key, "hookspath") == 0 || strcmp(item->key, "templatedir") == 0,
    };
}

/* Adds the repository of this machine at an address. Git takes an address for a path if no
 * colon is in front of its first slash. git-clone(1), "GIT URLS". */
static void add_repository(struct audit_git_names *names, struct arena *a, const char *url)
{
    static const char scheme[] = "file://";
    const char *path = str_starts(str_c(url), scheme) ? url + sizeof(scheme) - 1 : url;

    if (path[0] == '\0' || (path == url && path[strcspn(path, ":/")] == ':')) {
        return;
    }
    names->v = list_grow(a, names->v, names->count, &names->cap, sizeof(names->v[0]));
    names->v[names->count++] = (struct audit_git_named){.name = path, .is_repo = true};
}

/* Adds the value as a whole, and its words, because most values are commands of the shell. A
 * word cannot name a file if it has no letter. */
static void add_names(struct audit_git_names *names, struct arena *a,
                      const struct git_config_item *item)
{
    static const char between[] = " \t\n'\"`;|&()<>=$!";
    const char *at = item->value != NULL ? item->value : "";

    if (at[0] != '\0') {
        add_name(names, a, at, item);
    }
    if (strpbrk(at, between) == NULL) {
        return;
    }
    for (size_t len = 0; *at != '\0'; at += len) {
        at += strspn(at, between);
        len = strcspn(at, between);
        if (len > 0) {
            add_name(names, a, arena_str(a, str_n(at, len)), item);
        }
    }
}

void audit_git_config(struct str text, unsigned depth, struct arena *a, char digest[SHA256_HEX],
                      struct audit_git_names *names)
{
    struct git_config c = {.rest = text, .a = a};
    struct git_config_item item;
    struct sha256 h;
    bool any = false;

    digest[0] = '\0';
    sha256_init(&h);
    while (git_config_next(&c, &item)) {
        if (!audit_git_harmless(&item, depth)) {
            any = true;
            hash_text(&h, item.section);
            hash_text(&h, item.subsection);
            hash_text(&h, item.key);
            hash_text(&h, item.value);
            add_names(names, a, &item);
        } else if (row_of(&item) != NULL && row_of(&item)->values == URL) {
            add_repository(names, a, item.value);
        }
    }
    if (c.failed) {
        any = true;
        sha256_init(&h);
        sha256_add(&h, text.p, text.len);
    }
    if (any) {
        sha256_hex(&h, digest);
    }
}

void audit_git_rebase(struct str text, char digest[SHA256_HEX])
{
    struct sha256 h;
    bool any = false;

    sha256_init(&h);
    digest[0] = '\0';
    while (text.len > 0) {
        struct str line = {0};

        (void)str_cut(&text, '\n', &line);
        line = str_trim(line);
        if (str_starts(line, "exec") ||
            (str_starts(line, "x") && line.len > 1 && str_is_blank(line.p[1]))) {
            any = true;
            sha256_add(&h, line.p, line.len);
            sha256_add(&h, "\n", 1);
        }
    }
    if (any) {
        sha256_hex(&h, digest);
    }
}

const char *audit_git_file(struct str text, struct arena *a)
{
    struct str path;

    if (!str_starts(text, "gitdir: ")) {
        return NULL;
    }
    path = str_drop(text, strlen("gitdir: "));
    while (path.len > 0 && (path.p[path.len - 1] == '\n' || path.p[path.len - 1] == '\r')) {
        path.len--;
    }
    return path.len > 0 && memchr(path.p, '\0', path.len) == NULL ? arena_str(a, path) : NULL;
}
