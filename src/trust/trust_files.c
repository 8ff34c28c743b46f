/* SPDX-License-Identifier: MIT */
#include "trust/trust_files.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "trust/lookup.h"
#include "trust/trust_settings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct reader {
    struct trust_items *t;
    const char *dir;
    const char *shown;
    int root;
    unsigned entries; /* of the tree that is walked */
    uint64_t bytes;   /* of the files that were read */
};

typedef void trust_parser(struct trust_items *t, const char *file, struct str text);

static void whole(struct trust_items *t, const char *file, struct str text, const char *effect)
{
    const struct trust_found f = {
        .file = file, .part = TRUST_CLAUDE, .name = str_c("text"), .content = text};

    trust_items_add(t, &f, "%s", effect);
}

static void add_tasks(struct trust_items *t, const char *file, struct str text)
{
    whole(t, file, text, "claude gets prompts at scheduled times");
}

static void add_programs(struct trust_items *t, const char *file, struct str text)
{
    whole(t, file, text, "claude can start the programs that it names");
}

static void add_workflow(struct trust_items *t, const char *file, struct str text)
{
    whole(t, file, text, "claude can run this script");
}

static void add_plugin(struct trust_items *t, const char *file, struct str text)
{
    whole(t, file, text, "claude loads a plugin or its hooks");
}

/* The files that Claude Code 2.1 itself protects from the commands that it runs in its own
 * sandbox, because it obeys them. */
static const struct {
    const char *path;
    trust_parser *parse;
} files[] = {
    {".claude/settings.json", trust_settings},
    {".claude/settings.local.json", trust_settings},
    {".claude/scheduled_tasks.json", add_tasks},
    {".claude/launch.json", add_programs},
    {".mcp.json", trust_mcp},
};

static const struct {
    const char *path;
    const char *ends; /* only files whose names end like this; "": all */
    trust_parser *parse;
} trees[] = {
    {".claude/skills", ".md", trust_markdown}, {".claude/commands", ".md", trust_markdown},
    {".claude/agents", ".md", trust_markdown}, {".claude/workflows", "", add_workflow},
    {".claude/routines", "", add_workflow},
};

/* Opens a name in a directory. Returns the descriptor, and -1 with errno, which is ELOOP for a
 * link also where openat(2) says ENOTDIR or opens the link itself. */
static int open_no_link(int dir, const char *name, int flags)
{
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode)) {
        errno = ELOOP;
        return -1;
    }
    return openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC);
}

/* Opens a path without leaving the root. A kernel without openat2(2) (before Linux 5.6), or a
 * filter that does not know it, follows no link at all. Returns the descriptor and -1 with
 * errno. */
static int open_inside(const struct reader *r, const char *path, int flags)
{
    const struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC),
                                 .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long fd = syscall(SYS_openat2, r->root, path, &how, sizeof(how));
    int dir = r->root;
    struct str rest = str_c(path);
    struct str name = {0};

    if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != E2BIG)) {
        return (int)fd;
    }
    while (str_cut(&rest, '/', &name)) {
        char part[NAME_MAX + 1] = {0};
        int next;

        memcpy(part, name.p, name.len < NAME_MAX ? name.len : NAME_MAX);
        next = open_no_link(dir, part, O_PATH | O_DIRECTORY);
        if (dir != r->root) {
            fd_close(&dir);
        }
        if (next < 0) {
            return -1;
        }
        dir = next;
    }
    fd = open_no_link(dir, name.p, flags);
    if (dir != r->root) {
        fd_close(&dir);
    }
    return (int)fd;
}

/* Says why a path could not be opened. NULL: it does not exist. */
static const char *why_not(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return NULL;
    case EXDEV:
        return "a link leads out of the project";
    case ELOOP:
        return "it is a link";
    case EACCES:
    case EPERM:
        return "it must not be read";
    default:
        return "it cannot be opened";
    }
}

static void read_file(struct reader *r, const char *path, trust_parser *parse)
{
    const char *name = arena_printf(r->t->a, "%s%s", r->shown, path);
    struct err failed = {0};
    struct buf text;
    struct stat st;
    int fd = open_inside(r, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        const char *why = why_not(errno);

        if (why != NULL) {
            trust_items_unreadable(r->t, name, why);
        }
        return;
    }
    buf_init(&text, TRUST_FILE_MAX);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        trust_items_unreadable(r->t, name, "it is not a regular file");
    } else if ((r->bytes += (uint64_t)st.st_size) > TRUST_TREES_MAX) {
        trust_items_unreadable(r->t, name, "the files together are too large");
    } else if (st.st_size > TRUST_FILE_MAX ||
               file_read_fd(fd, path, (size_t)st.st_size, &text, &failed) < 0) {
        trust_items_unreadable(r->t, name,
                               st.st_size > TRUST_FILE_MAX || failed.kind == ERR_LIMIT
                                   ? "it is too large"
                                   : "reading it fails");
    } else {
        parse(r->t, name, buf_str(&text));
        if (parse == trust_mcp) { /* it is read again for the logins of its servers */
            trust_items_text(r->t, path_join(r->t->a, r->dir, path), buf_str(&text));
        }
    }
    buf_wipe(&text); /* a project's settings may contain a key */
    fd_close(&fd);
}

static bool is_plugin(const char *name)
{
    static const char *const names[] = {"plugin.json", "hooks.json", ".mcp.json", ".lsp.json"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds the paths of the entries of a directory to `out`, sorted, so that the digest does not
 * depend on the order in which the file system lists them. */
static void list_dir(struct reader *r, const char *path, struct strv *out)
{
    const char *name = arena_printf(r->t->a, "%s%s", r->shown, path);
    int fd = open_inside(r, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    const char *why = fd < 0 ? why_not(errno) : NULL;
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (dir == NULL) {
        if (fd >= 0 || why != NULL) {
            trust_items_unreadable(r->t, name, why != NULL ? why : "it cannot be listed");
        }
        fd_close(&fd);
        return;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (r->entries == TRUST_DIR_ENTRIES) {
            trust_items_unreadable(r->t, name, "it has too many files or directories");
            break;
        }
        r->entries++;
        strv_add(out, r->t->a, arena_printf(r->t->a, "%s/%s", path, entry->d_name));
    }
    (void)closedir(dir);
    strv_sort(out);
}

/* Returns 1 if an entry is a directory, and 0 if not. Returns -1 if it cannot be opened. Then
 * it becomes an item with any name: a link out of the project can be a directory for claude,
 * even a directory of the project, if it leads through a directory above the project. */
static int is_dir(struct reader *r, const char *path)
{
    struct stat st;
    int fd = open_inside(r, path, O_PATH);
    const char *why = fd < 0 ? why_not(errno) : NULL;
    int yes = fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);

    if (why != NULL) {
        trust_items_unreadable(r->t, arena_printf(r->t->a, "%s%s", r->shown, path), why);
        yes = -1;
    }
    fd_close(&fd);
    return yes;
}

/* Reads the files of a directory and of all directories below it. A link can lead back to a
 * directory above, which only the limit on the entries ends. */
static void read_tree(struct reader *r, size_t tree)
{
    struct strv dirs = {0};

    r->entries = 0;
    strv_add(&dirs, r->t->a, trees[tree].path);
    for (size_t i = 0; i < dirs.count; i++) {
        struct strv entries = {0};

        list_dir(r, dirs.v[i], &entries);
        for (size_t k = 0; k < entries.count; k++) {
            const char *path = entries.v[k];
            const int dir = is_dir(r, path);

            if (dir > 0) {
                strv_add(&dirs, r->t->a, path);
            } else if (dir < 0) {
                continue;
            } else if (is_plugin(path_base(path))) {
                read_file(r, path, add_plugin);
            } else if (str_ends(str_c(path), trees[tree].ends)) {
                read_file(r, path, trees[tree].parse);
            }
        }
    }
}

void trust_files(struct trust_items *t, const char *dir, const char *shown)
{
    struct err e = {0};
    struct reader r = {
        .t = t, .dir = dir, .shown = shown, .root = lookup_open(dir, O_PATH | O_DIRECTORY, &e)};

    if (r.root < 0) {
        trust_items_unreadable(t, shown[0] != '\0' ? shown : dir,
                               e.kind == ERR_REFUSED ? "a directory has become a link"
                                                     : "the directory cannot be opened");
        return;
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        read_file(&r, files[i].path, files[i].parse);
    }
    for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
        read_tree(&r, i);
    }
    fd_close(&r.root);
}
