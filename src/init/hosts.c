/* SPDX-License-Identifier: MIT */
#include "init/hosts.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"

#include <fcntl.h>

/* Takes the next word of a line from *line. Returns an empty word at the end of the line. */
static struct str next_word(struct str *line)
{
    size_t start = 0;
    size_t end;
    struct str word;

    while (start < line->len && (line->p[start] == ' ' || line->p[start] == '\t')) {
        start++;
    }
    end = start;
    while (end < line->len && line->p[end] != ' ' && line->p[end] != '\t') {
        end++;
    }
    word = str_n(line->p + start, end - start);
    *line = str_drop(*line, end);
    return word;
}

/* Returns the address of the first line of a hosts(5) file that has a name, or an empty string.
 */
static struct str address_of(struct str text, struct str name)
{
    while (text.len > 0) {
        struct str line = {0};
        struct str names = {0};
        struct str address;
        struct str word;

        (void)str_cut(&text, '\n', &names);
        (void)str_cut(&names, '#', &line);
        address = next_word(&line);
        while ((word = next_word(&line)).len > 0) {
            if (str_eq(word, name)) {
                return address;
            }
        }
    }
    return (struct str){0};
}

int hosts_missing(struct str text, struct str own, struct buf *out)
{
    static const char alias[] = "host.docker.internal";
    const char *before = text.len > 0 && text.p[text.len - 1] != '\n' ? "\n" : "";
    struct str host = address_of(text, str_c("host.containers.internal"));

    if (host.len > 0 && address_of(text, str_c(alias)).len == 0) {
        if (buf_addf(out, "%s%.*s\t%s\n", before, (int)host.len, host.p, alias) < 0) {
            return -1;
        }
        before = "";
    }
    return own.len == 0 || address_of(text, own).len > 0
               ? 0
               : buf_addf(out, "%s127.0.1.1\t%.*s\n", before, (int)own.len, own.p);
}

void hosts_complete(const char *path, struct str own)
{
    struct buf text;
    struct buf lines;
    struct err ignored = {0}; /* the session works without these names */
    int fd = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    buf_init(&lines, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &ignored) == 0 &&
        hosts_missing(buf_str(&text), own, &lines) == 0 && lines.len > 0) {
        fd = file_open(path, O_WRONLY | O_APPEND, 0, &ignored);
        if (fd >= 0) {
            (void)fd_write_all(fd, buf_data(&lines), lines.len, &ignored);
        }
    }
    fd_close(&fd);
    buf_release(&text);
    buf_release(&lines);
}
