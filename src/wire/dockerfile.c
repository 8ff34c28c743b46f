/* SPDX-License-Identifier: MIT */
#include "wire/dockerfile.h"

#include "base/num.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { STEPS_MAX = 10000, WORD_MAX = 64 };

/* Iterates over the instructions. */
struct reader {
    struct str text;
    size_t at;
    char escape;
    size_t start;    /* offset of the instruction in text */
    struct str line; /* its first line, trimmed */
};

static struct str line_at(struct str text, size_t at)
{
    struct str rest = str_drop(text, at);

    return str_n(rest.p, str_index(rest, '\n'));
}

/* Returns the offset of the line after the one at `at`. */
static size_t behind(struct str text, size_t at)
{
    size_t next = at + line_at(text, at).len + 1;

    return next < text.len ? next : text.len;
}

static bool is_comment(struct str line)
{
    return str_starts(str_trim(line), "#");
}

/* Returns the escape character, which "# escape=`" sets. Comments at the top of the text are
 * directives up to the first comment that does not have the form of a directive. */
static char find_escape(struct str text)
{
    for (size_t at = 0; at < text.len; at = behind(text, at)) {
        struct str line = str_trim(line_at(text, at));
        struct str key = {0};

        if (!str_starts(line, "#")) {
            break;
        }
        line = str_drop(line, 1);
        if (!str_cut(&line, '=', &key)) {
            break;
        }
        line = str_trim(line);
        if (str_eq_nocase(str_trim(key), "escape") && line.len == 1) {
            return line.p[0];
        }
    }
    return '\\';
}

static bool goes_on(const struct reader *r, struct str line)
{
    line = str_trim(line);
    return line.len > 0 && line.p[line.len - 1] == r->escape;
}

static bool is_word_byte(char c)
{
    return str_is_alnum(c) || c == '_';
}

/* Returns the offset behind the last heredoc that begins in the line ("<<EOF", "<<-'EOF'").
 * `at` is the offset behind the line. A word that no later line repeats does not begin a
 * heredoc. */
static size_t behind_heredocs(struct str text, struct str line, size_t at)
{
    for (size_t i = 0; i + 2 < line.len; i++) {
        size_t from = i + 2;
        size_t len = 0;
        size_t end = at;

        if (line.p[i] != '<' || line.p[i + 1] != '<') {
            continue;
        }
        while (from < line.len && strchr("-\"'", line.p[from]) != NULL) {
            from++;
        }
        while (from + len < line.len && is_word_byte(line.p[from + len])) {
            len++;
        }
        while (len > 0 && end < text.len &&
               !str_eq(str_trim(line_at(text, end)), str_n(line.p + from, len))) {
            end = behind(text, end);
        }
        at = len > 0 && end < text.len ? behind(text, end) : at;
        i = from + len - 1;
    }
    return at;
}

/* Reads the next instruction. Returns false at the end of the text. */
static bool next(struct reader *r)
{
    struct str line;

    while (r->at < r->text.len) {
        line = line_at(r->text, r->at);
        if (str_trim(line).len > 0 && !is_comment(line)) {
            break;
        }
        r->at = behind(r->text, r->at);
    }
    if (r->at >= r->text.len) {
        return false;
    }
    r->start = r->at;
    r->line = str_trim(line);
    for (;;) {
        struct str here = line_at(r->text, r->at);

        r->at = behind(r->text, r->at);
        if (is_comment(here) || (str_trim(here).len == 0 && r->at < r->text.len)) {
            continue; /* inside an instruction, comments and empty lines are skipped */
        }
        if (!goes_on(r, here) || r->at >= r->text.len) {
            r->at = behind_heredocs(r->text, here, r->at);
            return true;
        }
    }
}

static struct reader read_text(struct str text)
{
    return (struct reader){.text = text, .escape = find_escape(text)};
}

/* Takes the first word of the line, and the blanks behind it. */
static struct str word(struct str *line)
{
    size_t n = 0;
    struct str head;

    while (n < line->len && line->p[n] != ' ' && line->p[n] != '\t') {
        n++;
    }
    head = str_n(line->p, n);
    *line = str_trim(str_drop(*line, n));
    return head;
}

static bool is(struct str line, const char *keyword)
{
    return str_eq_nocase(word(&line), keyword);
}

/* Returns true if BuildKit counts this instruction. It also counts FROM. */
static bool is_counted(struct str line)
{
    return is(line, "RUN") || is(line, "COPY") || is(line, "ADD") || is(line, "WORKDIR");
}

/* Reads "7/12". */
static bool fraction(struct str s, uint64_t *number, uint64_t *total)
{
    struct str head = {0};

    return str_cut(&s, '/', &head) && str_u64(head, 10, STEPS_MAX, number) &&
           str_u64(s, 10, STEPS_MAX, total) && *number > 0 && *number <= *total;
}

/* Returns the offset of the number-th of all instructions. */
static size_t before_number(struct str text, uint64_t number)
{
    struct reader r = read_text(text);
    bool has_base = false;

    while (next(&r)) {
        if (--number == 0) {
            return has_base ? r.start : 0;
        }
        has_base = has_base || is(r.line, "FROM");
    }
    return 0;
}

/* Returns true if this FROM instruction begins the stage `want`. BuildKit names a stage after
 * the word behind AS, or "stage-2" if there is none. */
static bool names_copies(struct str line, unsigned index, struct str want)
{
    char own[WORD_MAX];
    struct str last = {0};
    struct str before = {0};

    while (line.len > 0) {
        before = last;
        last = word(&line);
    }
    if (str_eq_nocase(before, "as")) {
        (void)snprintf(own, sizeof(own), "%.*s", (int)want.len, want.p);
        return str_eq_nocase(last, own); /* a name that was cut is equal to nothing */
    }
    (void)snprintf(own, sizeof(own), "stage-%u", index);
    return str_eq_c(want, own);
}

/* A step of BuildKit: the number-th of `total` in a stage. */
struct counted {
    uint64_t number, total;
    struct str stage;       /* empty: the only stage */
    char keyword[WORD_MAX]; /* of the instruction */
};

/* Returns the offset of the step, or 0. BuildKit does not count the FROM of a stage that begins
 * with another stage or with "scratch"; the caller tries both ways. */
static size_t before_counted(struct str text, const struct counted *c, bool from_counts)
{
    struct reader r = read_text(text);
    unsigned stages = 0;
    bool inside = false;
    uint64_t steps = 0;
    size_t found = 0;

    while (next(&r)) {
        if (is(r.line, "FROM")) {
            if (inside) {
                break;
            }
            inside = c->stage.len == 0 || names_copies(r.line, stages, c->stage);
            stages++;
            steps = from_counts ? 1 : 0;
        } else if (inside && is_counted(r.line) && ++steps == c->number) {
            found = is(r.line, c->keyword) ? r.start : 0;
        }
    }
    return steps == c->total ? found : 0;
}

/* Reads the text in the brackets: "4/9", " 4/12", "name 4/9", "linux/amd64 name 4/9". */
static bool read_brackets(struct str s, struct counted *c)
{
    struct str last = {0};
    struct str before = {0};

    s = str_trim(s);
    while (s.len > 0) {
        before = last;
        last = word(&s);
    }
    c->stage = str_index(before, '/') == before.len ? before : str_c(NULL);
    return fraction(last, &c->number, &c->total);
}

size_t dockerfile_before(struct str text, struct str step)
{
    struct counted c = {0};
    struct str head = {0};
    size_t found;

    if (str_starts(step, "Step ") || str_starts(step, "STEP ")) {
        step = str_drop(step, 5);
        (void)str_cut(&step, ':', &head);
        return fraction(str_trim(head), &c.number, &c.total) ? before_number(text, c.number)
                                                             : 0;
    }
    if (!str_starts(step, "[") || !str_cut(&step, ']', &head) ||
        !read_brackets(str_drop(head, 1), &c)) {
        return 0;
    }
    step = str_trim(step);
    head = word(&step);
    (void)snprintf(c.keyword, sizeof(c.keyword), "%.*s", (int)head.len, head.p);
    found = before_counted(text, &c, true);
    return found > 0 ? found : before_counted(text, &c, false);
}

bool dockerfile_has_arg(struct str text, const char *name)
{
    struct reader r = read_text(text);
    size_t len = strlen(name);

    while (next(&r)) {
        struct str line = r.line;

        if (!str_eq_nocase(word(&line), "ARG")) {
            continue;
        }
        while (line.len > 0) {
            struct str one = word(&line);

            if (str_starts(one, name) && (one.len == len || one.p[len] == '=')) {
                return true;
            }
        }
    }
    return false;
}
