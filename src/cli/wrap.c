/* SPDX-License-Identifier: MIT */
#include "cli/wrap.h"

#define BOLD "\033[1m"
#define NORMAL "\033[m"

void wrap_init(struct wrap *w, struct buf *out, size_t column, size_t indent, size_t columns)
{
    *w = (struct wrap){.out = out, .indent = indent, .columns = columns, .column = column};
    buf_init(&w->word, WRAP_WORD_MAX);
}

size_t wrap_columns(struct str line)
{
    size_t columns = 0;

    for (size_t i = 0; i < line.len; i++) {
        if (line.p[i] == '\033') {
            while (i < line.len && line.p[i] != 'm') {
                i++;
            }
        } else if (((unsigned char)line.p[i] & 0xc0) != 0x80) {
            columns++; /* not a continuation byte of UTF-8 */
        }
    }
    return columns;
}

/* Writes the word, in the next line if it does not fit in this one. */
static void end_word(struct wrap *w)
{
    if (w->word.len == 0) {
        return;
    }
    if (w->in_line && w->column + 1 + w->word_columns > w->columns) {
        (void)buf_addf(w->out, "\n%*s", (int)w->indent, "");
        w->column = w->indent;
    } else if (w->in_line) {
        (void)buf_add_byte(w->out, ' ');
        w->column++;
    }
    (void)buf_add_str(w->out, buf_str(&w->word));
    w->column += w->word_columns;
    w->in_line = true;
    w->word_columns = 0;
    buf_reset(&w->word);
}

void wrap_text(struct wrap *w, struct str text, bool bold)
{
    while (text.len > 0) {
        struct str part = text;
        size_t len = 0;

        while (len < text.len && !str_is_blank(text.p[len])) {
            len++;
        }
        if (len == 0) {
            end_word(w);
            text = str_drop(text, 1);
            continue;
        }
        part.len = len;
        w->word_columns += wrap_columns(part);
        if (bold) {
            (void)buf_add_c(&w->word, BOLD);
        }
        (void)buf_add_str(&w->word, part);
        if (bold) {
            (void)buf_add_c(&w->word, NORMAL);
        }
        text = str_drop(text, len);
    }
}

void wrap_end(struct wrap *w)
{
    end_word(w);
    (void)buf_add_byte(w->out, '\n');
    w->out->overflowed |= w->word.overflowed;
    buf_release(&w->word);
}
