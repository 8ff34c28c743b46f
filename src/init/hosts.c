/* SPDX-License-Identifier: MIT */
#include "init/hosts.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"

#include <fcntl.h>

static const char wanted[] = "host.docker.internal";
static const char known[] = "host.containers.internal";

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

int hosts_alias(struct str text, struct buf *out)
{
    struct str address = {0};
    const char *before = text.len > 0 && text.p[text.len - 1] != '\n' ? "\n" : "";

    while (text.len > 0) {
        struct str line = {0};
        struct str names = {0};
        struct str first;
        struct str word;

        (void)str_cut(&text, '\n', &names);
        (void)str_cut(&names, '#', &line);
        first = next_word(&line);
        while ((word = next_word(&line)).len > 0) {
            if (str_eq_c(word, wanted)) {
                return 0;
            }
            if (address.len == 0 && str_eq_c(word, known)) {
                address = first;
            }
        }
    }
    return address.len == 0
               ? 0
               : buf_addf(out, "%s%.*s\t%s\n", before, (int)address.len, address.p, wanted);
}

void hosts_name_host(const char *path)
{
    struct buf text;
    struct buf line;
    struct err ignored = {0}; /* the session works without this name */
    int fd = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    buf_init(&line, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &ignored) == 0 && hosts_alias(buf_str(&text), &line) == 0 &&
        line.len > 0) {
        fd = file_open(path, O_WRONLY | O_APPEND, 0, &ignored);
        if (fd >= 0) {
            (void)fd_write_all(fd, buf_data(&line), line.len, &ignored);
        }
    }
    fd_close(&fd);
    buf_release(&text);
    buf_release(&line);
}
