/* SPDX-License-Identifier: MIT */
#include "creds/aws_config.h"

/* Takes the next line from *rest. Returns false at the end. */
static bool next_line(struct str *rest, struct str *line)
{
    if (rest->len == 0) {
        return false;
    }
    (void)str_cut(rest, '\n', line);
    return true;
}

/* Sets *name to the profile of a line "[NAME]" or "[profile NAME]", and to all of the header's
 * text for another kind of section, such as "[sso-session NAME]". Returns false if the line is
 * not a header.
 */
static bool is_header(struct str line, struct str *name)
{
    struct str s = str_trim(line);
    size_t end;

    if (s.len == 0 || s.p[0] != '[') {
        return false;
    }
    end = str_index(s, ']');
    s = str_trim(str_n(s.p + 1, end - 1));
    if (str_starts(s, "profile ") || str_starts(s, "profile\t")) {
        s = str_trim(str_drop(s, sizeof("profile ") - 1));
    }
    *name = s;
    return true;
}

const char *aws_config_value(struct str text, const char *name, const char *key,
                             struct arena *a)
{
    struct str line = {0};
    struct str section = {0};
    bool wanted = false;

    while (next_line(&text, &line)) {
        struct str before = {0};

        if (is_header(line, &section)) {
            wanted = str_eq_c(section, name);
        } else if (wanted && line.len > 0 && line.p[0] != ' ' && line.p[0] != '\t' &&
                   str_cut(&line, '=', &before) && str_eq_c(str_trim(before), key)) {
            return arena_str(a, str_trim(line));
        }
    }
    return NULL;
}

bool aws_config_has(struct str text, const char *name)
{
    struct str line = {0};
    struct str section = {0};

    while (next_line(&text, &line)) {
        if (is_header(line, &section) && str_eq_c(section, name)) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(struct str section, const char *names)
{
    struct str rest = str_c(names);
    struct str name = {0};

    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &name);
        if (section.len > 0 && str_eq(section, name)) {
            return true;
        }
    }
    return false;
}

int aws_config_keep(struct str text, const char *names, struct buf *out)
{
    struct str line = {0};
    struct str section = {0};
    bool wanted = false;

    while (next_line(&text, &line)) {
        if (is_header(line, &section)) {
            wanted = is_one_of(section, names);
        }
        if (wanted && (buf_add_str(out, line) < 0 || buf_add_byte(out, '\n') < 0)) {
            return -1;
        }
    }
    return 0;
}
