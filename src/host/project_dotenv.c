/* SPDX-License-Identifier: MIT */
#include "host/project_dotenv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "trust/lookup.h"
#include "trust/trust_env.h"
#include "trust/trust_settings.h"
#include "wire/dotenv.h"
#include "wire/loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { BAD_LINES_NAMED = 5 };

/* Adds one item for all lines that are not valid, so that a file full of them hides nothing. */
static void note_bad(struct arena *a, struct facts *f, const unsigned *lines, size_t count)
{
    const size_t named = count < BAD_LINES_NAMED ? count : BAD_LINES_NAMED;
    const char *list = "";

    for (size_t i = 0; i < named; i++) {
        list = arena_printf(a, "%s%s%u", list,
                            i == 0                             ? ""
                            : i + 1 == named && i + 1 == count ? " and "
                                                               : ", ",
                            lines[i]);
    }
    if (count > named) {
        list = arena_printf(a, "%s and %zu more", list, count - named);
    }
    if (count > 0) {
        missing_add(&f->missing, a, arena_printf(a, ".env line %s", list),
                    arena_printf(a, ".env line%s %s %s not KEY=VALUE, and %s ignored",
                                 count == 1 ? "" : "s", list, count == 1 ? "is" : "are",
                                 count == 1 ? "is" : "are"));
    }
}

/* Returns 0 on success and -1 with ERR_LIMIT if there are too many variables. */
static int read_lines(struct arena *a, struct facts *f, struct str text, struct err *e)
{
    struct dotenv d;
    struct str key = {0};
    struct str value = {0};
    enum dotenv_kind kind;
    unsigned bad[BAD_LINES_NAMED];
    size_t bad_count = 0;
    size_t cap = 0;

    dotenv_init(&d, text);
    while ((kind = dotenv_next(&d, &key, &value)) != DOTENV_END) {
        if (kind == DOTENV_BAD) {
            if (bad_count < BAD_LINES_NAMED) {
                bad[bad_count] = d.line;
            }
            bad_count++;
            continue;
        }
        if (f->dotenv_count == PROJECT_DOTENV_LINES) {
            f->dotenv_count = 0;
            return err_set(e, ERR_LIMIT, ".env: more than %d variables", PROJECT_DOTENV_LINES);
        }
        f->dotenv = list_grow(a, f->dotenv, f->dotenv_count, &cap, sizeof(f->dotenv[0]));
        f->dotenv[f->dotenv_count++] = (struct fact_dotenv){
            arena_str(a, key), trust_env_rule(key) != NULL, loopback_is_address(value)};
    }
    note_bad(a, f, bad, bad_count);
    return 0;
}

void project_dotenv_probe(struct arena *a, struct facts *f)
{
    struct err e = {0};
    struct buf text;
    struct sha256 hash;
    char *digest = arena_alloc(a, SHA256_HEX);

    f->trust_items.a = a;
    buf_init(&text, LIMIT_FILE_SMALL);
    f->dotenv_dir =
        file_exists(path_join(a, f->cwd_physical, ".env")) ? f->cwd_physical : f->project;
    if (host_dotenv(f->dotenv_dir, &text, &e) == 0 &&
        read_lines(a, f, buf_str(&text), &e) == 0) {
        sha256_init(&hash);
        sha256_add(&hash, buf_data(&text), text.len);
        sha256_hex(&hash, digest);
        f->dotenv_digest = digest;
        trust_dotenv(&f->trust_items, ".env", buf_str(&text));
    } else if (e.kind != ERR_NOT_FOUND) {
        strv_add(&f->warnings, a, arena_printf(a, "%s: its variables are ignored", e.text));
    }
    buf_wipe(&text);
}

int host_dotenv(const char *dir, struct buf *out, struct err *e)
{
    struct stat st;
    int at = lookup_open(dir, O_RDONLY | O_DIRECTORY, e);
    int fd;
    int rc = -1;

    if (at < 0) {
        return -1;
    }
    fd = openat(at, ".env", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        rc = errno == ENOENT  ? err_set(e, ERR_NOT_FOUND, ".env: does not exist")
             : errno == ELOOP ? err_set(e, ERR_REFUSED, ".env is a symbolic link")
                              : err_sys(e, ".env");
    } else if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        rc = err_set(e, ERR_REFUSED, ".env is not a regular file");
    } else {
        rc = file_read_fd(fd, ".env", 0, out, e);
    }
    fd_close(&fd);
    fd_close(&at);
    return rc;
}
