/* SPDX-License-Identifier: MIT */
#include "host/shell_words.h"

#include "base/buf.h"
#include "base/list.h"

#include <string.h>

struct lexer {
    struct str rest;
    const char *home;
    const struct shell_variable *vars;
    size_t var_count;
    struct arena *a;
    struct shell_words *out;
    struct buf word;
    bool in_word; /* a word has begun; it may be empty, as '' is */
    bool quoted;  /* a part of the word was quoted */
    bool unknown;
    bool starts; /* the next word is the first of its command */
    bool drops;  /* the next word is the target of a redirection */
};

static bool is_name(char c)
{
    return str_is_alnum(c) || c == '_';
}

static char peek(const struct lexer *l)
{
    return l->rest.len > 0 ? l->rest.p[0] : '\0';
}

static char take(struct lexer *l)
{
    const char c = peek(l);

    l->rest = str_drop(l->rest, l->rest.len > 0 ? 1 : 0);
    return c;
}

static void add(struct lexer *l, char c)
{
    l->in_word = true;
    if (buf_add(&l->word, &c, 1) < 0) {
        l->unknown = true;
    }
}

/* Returns whether the word is an assignment, NAME=VALUE. */
static bool is_assignment(const char *word)
{
    size_t n = 0;

    while (is_name(word[n])) {
        n++;
    }
    return n > 0 && word[n] == '=' && !(word[0] >= '0' && word[0] <= '9');
}

static void end_word(struct lexer *l)
{
    const char *text;

    if (!l->in_word) {
        return;
    }
    text = arena_str(l->a, buf_str(&l->word));
    if (l->drops || (l->starts && !l->quoted && is_assignment(text))) {
        l->drops = false;
    } else if (l->out->count < SHELL_WORDS_MAX) {
        l->out->list =
            list_grow(l->a, l->out->list, l->out->count, &l->out->cap, sizeof(*l->out->list));
        l->out->list[l->out->count++] = (struct shell_word){text, l->unknown, l->starts};
        l->starts = false;
    }
    buf_reset(&l->word);
    l->in_word = l->quoted = l->unknown = false;
}

static void end_command(struct lexer *l)
{
    end_word(l);
    l->starts = true;
    l->drops = false;
}

static void add_value(struct lexer *l, struct str name)
{
    l->in_word = true;
    for (size_t i = 0; i < l->var_count; i++) {
        if (str_eq_c(name, l->vars[i].name)) {
            for (const char *p = l->vars[i].value; *p != '\0'; p++) {
                add(l, *p);
            }
            return;
        }
    }
    l->unknown = true;
}

/* Takes the expansion behind a '$'. */
static void expand(struct lexer *l)
{
    const bool braces = peek(l) == '{';
    struct str name;
    size_t len = 0;

    if (braces) {
        (void)take(l);
    }
    while (len < l->rest.len && is_name(l->rest.p[len])) {
        len++;
    }
    name = str_n(l->rest.p, len);
    l->rest = str_drop(l->rest, len);
    if (braces) {
        while (l->rest.len > 0 && take(l) != '}') {
        }
        add_value(l, name);
    } else if (len > 0) {
        add_value(l, name);
    } else {
        l->unknown = l->in_word = true; /* $( and $1, $@ and the like */
    }
}

static void single_quotes(struct lexer *l)
{
    l->in_word = l->quoted = true;
    while (l->rest.len > 0 && peek(l) != '\'') {
        add(l, take(l));
    }
    (void)take(l);
}

static void double_quotes(struct lexer *l)
{
    l->in_word = l->quoted = true;
    while (l->rest.len > 0 && peek(l) != '"') {
        char c = take(l);

        if (c == '$') {
            expand(l);
        } else if (c == '`') {
            l->unknown = true;
        } else {
            if (c == '\\' && l->rest.len > 0 && strchr("$`\"\\\n", peek(l)) != NULL) {
                c = take(l);
            }
            add(l, c);
        }
    }
    (void)take(l);
}

static void redirect(struct lexer *l)
{
    /* The digits in front of it are the number of a descriptor. */
    if (l->in_word && !l->quoted && l->word.len > 0 &&
        strspn(buf_c(&l->word), "0123456789") == l->word.len) {
        buf_reset(&l->word);
        l->in_word = false;
    }
    end_word(l);
    while (peek(l) == '<' || peek(l) == '>' || peek(l) == '&' || peek(l) == '|') {
        (void)take(l);
    }
    l->drops = peek(l) != '(';
}

static void plain(struct lexer *l, char c)
{
    if (c == '~' && !l->in_word &&
        (l->rest.len == 0 || strchr("/ \t\n;&|)", peek(l)) != NULL)) {
        for (const char *p = l->home; *p != '\0'; p++) {
            add(l, *p);
        }
        return;
    }
    if (c == '\\') {
        l->quoted = true;
        c = take(l);
        if (c == '\n' || c == '\0') {
            return;
        }
    }
    add(l, c);
}

void shell_words_split(struct str text, const char *home, const struct shell_variable *vars,
                       size_t count, struct arena *a, struct shell_words *out)
{
    struct lexer l = {.rest = text,
                      .home = home,
                      .vars = vars,
                      .var_count = count,
                      .a = a,
                      .out = out,
                      .starts = true};

    buf_init(&l.word, SHELL_WORD_BYTES);
    while (l.rest.len > 0) {
        const char c = take(&l);

        if (c == ' ' || c == '\t' || c == '\r' || c == '\0') {
            end_word(&l);
        } else if (c == '\n' || strchr(";&|()`", c) != NULL) {
            end_command(&l);
        } else if (c == '\'') {
            single_quotes(&l);
        } else if (c == '"') {
            double_quotes(&l);
        } else if (c == '$') {
            expand(&l);
        } else if (c == '<' || c == '>') {
            redirect(&l);
        } else if (c == '#' && !l.in_word) {
            while (l.rest.len > 0 && peek(&l) != '\n') {
                (void)take(&l);
            }
        } else {
            plain(&l, c);
        }
    }
    end_word(&l);
    buf_release(&l.word);
}
